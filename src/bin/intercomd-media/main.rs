// SPDX-License-Identifier: MIT OR Apache-2.0
//! The media worker: sound and pictures of one call, in a process that may die with it. Started
//! by the daemon with one end of a socket pair as standard input.

mod cards;
mod confine;
mod fact;
mod fan_out;
mod graph;
mod leg;
mod legs;
mod loop_test;
mod pass;
mod picture;
mod port;
mod sound;
mod start;
mod worker;

use std::{future, io, process::ExitCode, time::Duration};

use anyhow::Context;
use clap::Parser;
use intercomd::{
    config::{Log, LogLevel, LogTarget},
    core::Moment,
    logging,
    media::wire::{FromWorker, ToWorker},
    station::clock,
};
use tokio::sync::mpsc;

use self::{fact::Teller, graph::Time, port::Lines, worker::Worker};

#[derive(Debug, Parser)]
#[command(version, about = "The media worker of intercomd, which starts it")]
struct Line {
    /// How much to say on standard error: error, warn, info or debug.
    #[arg(long, env = "INTERCOMD_LOG", default_value = "info")]
    log: LogLevel,
    /// Tell the sound cards of this machine as JSON, and no more
    #[arg(long)]
    cards: bool,
}

/// More than this, and streaming threads are asking for something in a loop.
const FACTS_MAX: usize = 1024;

fn main() -> ExitCode {
    let line = Line::parse();
    if line.cards {
        let told = serde_json::to_writer(io::stdout(), &cards::list());
        return if told.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    // The daemon alone writes to the journal; this goes wherever it sends our standard error.
    if logging::start(&Log { level: line.log, to: LogTarget::Stderr }).is_err() {
        return ExitCode::FAILURE;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = runtime.context("no event loop").and_then(|runtime| runtime.block_on(run()));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let (mut lines, outgoing) = port::open()?;
    let setup = match lines.next().await? {
        None => return Ok(()),
        Some(ToWorker::Setup(setup)) => *setup,
        Some(ToWorker::Do(_) | ToWorker::Rehearse | ToWorker::Ping(_)) => {
            anyhow::bail!("no setup")
        }
    };
    // Before there are threads, which would escape it.
    confine::enter(&setup)?;
    start::gstreamer(&setup)?;
    let (facts, learned) = mpsc::channel(FACTS_MAX);
    let worker = Worker::new(setup, Time::start(), Teller::new(facts))?;
    outgoing.try_send(FromWorker::Ready)?;
    serve(worker, lines, learned, outgoing).await
}

/// Until the daemon hangs up.
async fn serve(
    mut worker: Worker,
    lines: Lines,
    mut learned: mpsc::Receiver<fact::Fact>,
    outgoing: mpsc::Sender<FromWorker>,
) -> anyhow::Result<()> {
    let mut lines = lines.forward();
    loop {
        tokio::select! {
            biased;
            line = lines.recv() => match line.transpose()? {
                None => return Ok(()),
                Some(ToWorker::Do(command)) => worker.handle(clock::now(), command),
                Some(ToWorker::Rehearse) => worker.rehearse(clock::now()),
                Some(ToWorker::Ping(number)) => outgoing.try_send(FromWorker::Pong(number))?,
                Some(ToWorker::Setup(_)) => anyhow::bail!("a second setup"),
            },
            Some(fact) = learned.recv() => worker.learn(clock::now(), fact),
            () = until(worker.poll_timeout()) => worker.handle_timeout(clock::now()),
        }
        while let Some(event) = worker.poll_event() {
            outgoing.try_send(FromWorker::Said(event))?;
        }
    }
}

async fn until(deadline: Option<Moment>) {
    match deadline {
        Some(deadline) => tokio::time::sleep(left(deadline)).await,
        None => future::pending().await,
    }
}

fn left(deadline: Moment) -> Duration {
    deadline.since(clock::now())
}
