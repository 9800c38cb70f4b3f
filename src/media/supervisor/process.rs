// SPDX-License-Identifier: MIT OR Apache-2.0
//! One worker as a process. A thread of its own begins it and waits for its end: starting an
//! executable waits for the disk, the kernel ends a worker with the thread that began it, and
//! nobody else can be too busy to bury it.

use std::{
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::net::UnixStream,
    },
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use tokio::sync::mpsc;

use super::{
    desk::WorkerNo,
    lines::{self, Breach},
    nest::Nest,
};
use crate::media::{
    place::{NotFound, Program},
    setup::Setup,
    wire::{FromWorker, ToWorker},
};

/// Far more than a worker that reads ever has before it.
const QUEUE: usize = 128;
/// It starts a process and waits for it.
const STACK: usize = 128 * 1024;

/// From a worker.
#[derive(Debug)]
pub(super) struct News {
    pub(super) from: WorkerNo,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    Line(FromWorker),
    Lost(Loss),
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Loss {
    #[error("it cannot be started: {0}")]
    NotStarted(#[from] StartError),
    #[error("it ended")]
    Ended,
    #[error("it does not read what it is told")]
    Clogged,
    #[error("it closed its end")]
    Closed,
    #[error(transparent)]
    Breach(#[from] Breach),
}

#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    #[error(transparent)]
    NotFound(#[from] NotFound),
    #[error("{path}: {error}")]
    Exec { path: String, error: io::Error },
    #[error("no thread, socket or handle for it: {0}")]
    Resources(#[from] io::Error),
}

/// Dropped, it is killed.
#[derive(Debug)]
pub(super) struct Process {
    lines: Option<mpsc::Sender<ToWorker>>,
    leash: Arc<Leash>,
}

/// Everything that a process is made from.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) program: Program,
    pub(super) nest: Arc<Nest>,
    pub(super) setup: Arc<Setup>,
}

impl Process {
    /// What goes wrong comes as news. The first line that the worker reads is its setup.
    pub(super) fn launch(no: WorkerNo, recipe: Recipe, news: &mpsc::Sender<News>) -> Self {
        let leash = Arc::new(Leash::default());
        let (lines, queue) = mpsc::channel(QUEUE);
        let process = Self { lines: Some(lines), leash: leash.clone() };
        // The queue is empty and has room.
        drop(process.tell(ToWorker::Setup(Box::new(Setup::clone(&recipe.setup)))));
        if let Err(error) = begin(no, recipe, queue, leash, news) {
            let (news, what) = (news.clone(), What::Lost(Loss::NotStarted(error.into())));
            tokio::spawn(async move { drop(news.send(News { from: no, what }).await) });
        }
        process
    }

    pub(super) fn tell(&self, line: ToWorker) -> Result<(), Loss> {
        let Some(lines) = &self.lines else { return Ok(()) };
        lines.try_send(line).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Loss::Clogged,
            mpsc::error::TrySendError::Closed(_) => Loss::Closed,
        })
    }

    /// It reads what it was told so far, and then the end.
    pub(super) fn dismiss(&mut self) {
        self.lines = None;
    }

    pub(super) fn kill(&self) {
        self.leash.pull();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn begin(
    no: WorkerNo,
    recipe: Recipe,
    queue: mpsc::Receiver<ToWorker>,
    leash: Arc<Leash>,
    news: &mpsc::Sender<News>,
) -> io::Result<()> {
    let (ours, theirs) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let ours = tokio::net::UnixStream::from_std(ours)?;
    let to_us = news.clone();
    thread::Builder::new().name("worker".to_owned()).stack_size(STACK).spawn(move || {
        live(no, &recipe, theirs.into(), &leash, &to_us);
        // Whoever sees the end of the queue knows that nobody needs the nest any more.
        drop(recipe);
        drop(to_us);
    })?;
    tokio::spawn(lines::exchange(no, ours, queue, news.clone()));
    Ok(())
}

/// From its beginning to its end.
fn live(no: WorkerNo, recipe: &Recipe, socket: OwnedFd, leash: &Leash, news: &mpsc::Sender<News>) {
    // Until it is told why: an end that closes earlier would be all that is known.
    let held = socket.try_clone();
    let loss = match start(recipe, socket) {
        Ok(mut child) => {
            drop(held);
            let pid = child.id();
            tracing::debug!(worker = no.0, pid, "media worker started");
            leash.tie(&mut child);
            report_end(no, child.wait(), leash.release());
            Loss::Ended
        }
        Err(error) => Loss::NotStarted(error),
    };
    // The daemon may have ended.
    drop(news.blocking_send(News { from: no, what: What::Lost(loss) }));
}

fn start(recipe: &Recipe, socket: OwnedFd) -> Result<Child, StartError> {
    let (path, arguments) = recipe.program.find()?;
    let exec = |error| StartError::Exec { path: path.display().to_string(), error };
    let mut command = Command::new(&path);
    command.args(arguments).env_clear().envs(recipe.nest.environment(&recipe.setup));
    command.current_dir("/").stdin(Stdio::from(socket)).stdout(Stdio::null());
    command.spawn().map_err(exec)
}

fn report_end(no: WorkerNo, status: io::Result<ExitStatus>, was_killed: bool) {
    match status {
        Ok(status) if status.success() || was_killed => {
            tracing::debug!(worker = no.0, %status, "media worker ended");
        }
        Ok(status) => tracing::warn!(worker = no.0, %status, "media worker ended by itself"),
        Err(error) => tracing::error!(worker = no.0, %error, "media worker cannot be waited for"),
    }
}

/// Holds a process by a handle: its number may be another's as soon as it was waited for.
#[derive(Debug, Default)]
struct Leash(Mutex<Held>);

#[derive(Debug, Default)]
enum Held {
    #[default]
    NotYet,
    Alive(OwnedFd),
    Killed,
    Gone,
}

impl Leash {
    fn set(&self, change: impl FnOnce(&mut Held)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn tie(&self, child: &mut Child) {
        let handle = pidfd_open(Pid::from_child(child), PidfdFlags::empty());
        self.set(|held| {
            *held = match (std::mem::take(held), handle) {
                (Held::NotYet, Ok(handle)) => Held::Alive(handle),
                // Nobody waits for a process that cannot be killed.
                (Held::NotYet | Held::Alive(_) | Held::Killed | Held::Gone, _) => {
                    // It may be quicker.
                    drop(child.kill());
                    Held::Killed
                }
            };
        });
    }

    fn pull(&self) {
        self.set(|held| {
            *held = match std::mem::take(held) {
                Held::Alive(handle) => {
                    if let Err(error) = pidfd_send_signal(handle.as_fd(), Signal::KILL) {
                        // It may have been quicker.
                        tracing::debug!(%error, "media worker cannot be killed");
                    }
                    Held::Killed
                }
                Held::NotYet | Held::Killed => Held::Killed,
                Held::Gone => Held::Gone,
            };
        });
    }

    /// Whether it had been killed.
    fn release(&self) -> bool {
        let mut was_killed = false;
        self.set(|held| was_killed = matches!(std::mem::replace(held, Held::Gone), Held::Killed));
        was_killed
    }
}
