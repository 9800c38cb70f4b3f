// SPDX-License-Identifier: MIT OR Apache-2.0
//! The daemon's side of the media worker: a process for each call, started at the press, watched,
//! and gone with the call. What breaks in it breaks one call.

mod cards;
mod desk;
mod lines;
mod nest;
mod process;

use std::{path::Path, sync::Arc};

use tokio::{
    sync::{
        mpsc::{self, error::SendError},
        watch,
    },
    task::JoinHandle,
};

use self::{
    cards::{Cards, Change},
    desk::{Act, Desk, Input, Why, WorkerNo},
    nest::Nest,
    process::{Loss, News, Process, Recipe, What},
};
use super::{Media, MediaCommand, MediaEvent, place::Program, setup::Setup};
use crate::{
    core::{CallId, Moment},
    station::clock,
};

const QUEUE: usize = 256;
const NEWS: usize = 64;

/// What the supervisor works with. A change concerns the next worker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub setup: Arc<Setup>,
    /// A worker is kept ready, so that a call need not wait for one to start.
    pub prewarm: bool,
}

/// What of the station the supervisor sees without being told.
#[derive(Debug)]
pub struct Sight {
    pub settings: watch::Receiver<Settings>,
    /// An order to stop may be lost in a full queue; this is not.
    pub in_call: watch::Receiver<Option<CallId>>,
}

/// Kills the worker that is running, for whoever wants to see what happens then.
#[derive(Clone, Debug)]
pub struct Axe(mpsc::Sender<()>);

impl Axe {
    pub fn swing(&self) {
        if self.0.try_send(()).is_err() {
            tracing::debug!("the media worker is being killed already");
        }
    }
}

/// Lives until nobody can command it any more.
///
/// What is returned last ends when every worker has.
pub fn start(sight: Sight, directory: &Path) -> (Media, Axe, JoinHandle<()>) {
    with(Program::Installed, Nest::find(directory), sight, Path::new("/dev"))
}

fn with(
    program: Program,
    nest: Nest,
    sight: Sight,
    devices: &Path,
) -> (Media, Axe, JoinHandle<()>) {
    let (commands, asked) = mpsc::channel(QUEUE);
    let (events, facts) = mpsc::channel(QUEUE);
    let (axe, struck) = mpsc::channel(1);
    let (news_to_us, news) = mpsc::channel(NEWS);
    let Settings { setup, prewarm } = sight.settings.borrow().clone();
    let mut desk = Desk::new(prewarm);
    desk.knows(&setup.sounds);
    let supervisor = Supervisor {
        desk,
        process: None,
        loss: None,
        program,
        nest: Arc::new(nest),
        sight,
        cards: Cards::watch(devices),
        news_to_us,
        events,
    };
    let ended = tokio::spawn(supervisor.run(Inbox { asked, news, struck }));
    (Media { commands, events: facts }, Axe(axe), ended)
}

struct Supervisor {
    desk: Desk,
    /// The one that the desk speaks of.
    process: Option<Process>,
    /// What is known of the newest loss.
    loss: Option<Loss>,
    program: Program,
    nest: Arc<Nest>,
    sight: Sight,
    cards: Cards,
    news_to_us: mpsc::Sender<News>,
    events: mpsc::Sender<MediaEvent>,
}

struct Inbox {
    asked: mpsc::Receiver<MediaCommand>,
    news: mpsc::Receiver<News>,
    struck: mpsc::Receiver<()>,
}

enum Wake {
    News(News),
    Asked(MediaCommand),
    InCall,
    Settings,
    Cards(Change),
    Struck,
    Timer,
    /// The station has ended.
    Over,
}

impl Supervisor {
    async fn run(mut self, mut inbox: Inbox) {
        self.supervise(&mut inbox).await;
        let Self { process, news_to_us, .. } = self;
        drop((process, news_to_us));
        // Each worker has an end of this queue for as long as it lives.
        while inbox.news.recv().await.is_some() {}
    }

    async fn supervise(&mut self, inbox: &mut Inbox) {
        loop {
            if self.carry_out().await.is_err() {
                return;
            }
            match self.next(inbox).await {
                Wake::News(news) => self.learn(news),
                Wake::Asked(command) => self.handle(Input::Asked(command)),
                Wake::InCall => {
                    let call = *self.sight.in_call.borrow_and_update();
                    self.handle(Input::InCall(call));
                }
                Wake::Settings => {
                    let Settings { setup, prewarm } =
                        self.sight.settings.borrow_and_update().clone();
                    self.desk.knows(&setup.sounds);
                    self.handle(Input::Reconfigured { prewarm });
                }
                Wake::Cards(change) if self.sight.settings.borrow().setup.audio.has_card() => {
                    self.handle(match change {
                        Change::CameOrWent => Input::DevicesChanged,
                        Change::LetGo => Input::DeviceLetGo,
                    });
                }
                Wake::Cards(_) => {}
                Wake::Struck => self.process.iter().for_each(Process::kill),
                Wake::Timer => {}
                Wake::Over => return,
            }
            // An answer that is here already was given in time.
            for _ in 0..NEWS {
                let Ok(news) = inbox.news.try_recv() else { break };
                self.learn(news);
            }
            self.desk.handle_timeout(clock::now());
        }
    }

    async fn next(&mut self, inbox: &mut Inbox) -> Wake {
        let due = self.desk.poll_timeout();
        let Sight { settings, in_call } = &mut self.sight;
        let Inbox { asked, news, struck } = inbox;
        tokio::select! {
            biased;
            Some(news) = news.recv() => Wake::News(news),
            command = asked.recv() => command.map_or(Wake::Over, Wake::Asked),
            changed = in_call.changed() => if changed.is_ok() { Wake::InCall } else { Wake::Over },
            changed = settings.changed() => if changed.is_ok() { Wake::Settings } else { Wake::Over },
            Some(()) = struck.recv() => Wake::Struck,
            change = self.cards.changed() => Wake::Cards(change),
            () = until(due) => Wake::Timer,
        }
    }

    fn handle(&mut self, input: Input) {
        self.desk.handle(clock::now(), input);
    }

    fn learn(&mut self, News { from, what }: News) {
        match what {
            What::Line(line) => self.handle(Input::Said(from, line)),
            What::Lost(loss) => self.lose(from, loss),
        }
    }

    fn lose(&mut self, no: WorkerNo, loss: Loss) {
        if self.desk.is_current(no) {
            self.loss = Some(loss);
        }
        self.handle(Input::Lost(no));
    }

    /// Fails when the station has ended.
    async fn carry_out(&mut self) -> Result<(), SendError<MediaEvent>> {
        while let Some(act) = self.desk.poll_act() {
            match act {
                Act::Launch(no) => {
                    let recipe = Recipe {
                        program: self.program.clone(),
                        nest: self.nest.clone(),
                        setup: self.sight.settings.borrow().setup.clone(),
                    };
                    self.process = Some(Process::launch(no, recipe, &self.news_to_us));
                }
                Act::Tell(no, line) => {
                    let told = self.process.as_ref().map(|process| process.tell(line));
                    if let Some(Err(loss)) = told {
                        self.lose(no, loss);
                    }
                }
                Act::Dismiss(_) => self.process.iter_mut().for_each(Process::dismiss),
                Act::Kill(no, why) => {
                    self.report(no, why);
                    self.process = None;
                }
                Act::Report(event) => self.events.send(event).await?,
            }
        }
        Ok(())
    }

    /// What an owner of the house may wonder about; the rest is everyday.
    fn report(&mut self, no: WorkerNo, why: Why) {
        let loss = self.loss.take();
        let loss = loss.as_ref().map(tracing::field::display);
        let worker = no.0;
        match why {
            Why::Left => tracing::debug!(worker, loss, "media worker left"),
            Why::InTheWay => tracing::debug!(worker, "media worker was in the way"),
            Why::Lost => tracing::error!(worker, loss, "media worker lost"),
            Why::NeverReady => tracing::error!(worker, "media worker does not get ready"),
            Why::Silent => tracing::error!(worker, "media worker does not answer"),
            Why::Overdue => tracing::warn!(worker, "media worker does not end by itself"),
            Why::Nonsense => tracing::error!(worker, "media worker speaks of another's call"),
        }
    }
}

async fn until(due: Option<Moment>) {
    match due {
        Some(due) => tokio::time::sleep(due.since(clock::now())).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
