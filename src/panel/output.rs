// SPDX-License-Identifier: MIT OR Apache-2.0
//! The thread that owns the output lines. It waits for a command or for the end of a pulse and
//! for nothing else, so that a main loop that hangs cannot hold a door open.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use tokio::sync::mpsc::{Sender, error::TrySendError};

use super::{
    Output, PanelCommand, PanelEvent,
    drive::{Driver, NotWired},
};
use crate::{core::Moment, station::clock};

/// How soon a line that failed, or a report that found no room, is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// The lines of a backend. They are inactive when they come here.
pub(super) trait OutputLines: Send + 'static {
    fn set(&mut self, output: &Output, active: bool) -> Result<(), WriteError>;
}

#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error("the simulator says so")]
    Planted,
    #[cfg(any(feature = "gpiochip", feature = "rppal"))]
    #[error("the line was never requested")]
    NotRequested,
    #[cfg(feature = "gpiochip")]
    #[error(transparent)]
    Kernel(gpiocdev::Error),
}

/// Commands on their way to the thread: one place for each output, in which the newest command
/// replaces the one before. It cannot be full, so the command that closes a door is never lost,
/// and it never holds more than there are outputs.
#[derive(Debug)]
struct Mailbox {
    post: Mutex<Post>,
    posted: Condvar,
}

#[derive(Debug)]
struct Post {
    newest: BTreeMap<Output, Option<(Moment, PanelCommand)>>,
    stop: bool,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Post> {
        self.post.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, command: PanelCommand) -> Result<(), NotWired> {
        let output = command.output();
        match self.lock().newest.get_mut(&output) {
            Some(place) => *place = Some((clock::now(), command)),
            None => return Err(NotWired(output)),
        }
        self.posted.notify_one();
        Ok(())
    }

    fn stop(&self) {
        self.lock().stop = true;
        self.posted.notify_one();
    }

    /// What was posted, possibly nothing; `None` when it is time to stop.
    fn wait(&self, until: Option<Moment>) -> Option<Vec<(Moment, PanelCommand)>> {
        let mut post = self.lock();
        loop {
            if post.stop {
                return None;
            }
            let commands: Vec<_> = post.newest.values_mut().filter_map(Option::take).collect();
            let left = until.map(|until| until.since(clock::now()));
            if !commands.is_empty() || left == Some(Duration::ZERO) {
                return Some(commands);
            }
            post = match left {
                None => self.posted.wait(post).unwrap_or_else(PoisonError::into_inner),
                Some(left) => {
                    let woken = self.posted.wait_timeout(post, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

/// Dropping it makes every output inactive before it returns.
#[derive(Debug)]
pub(super) struct OutputThread {
    mailbox: Arc<Mailbox>,
    thread: Option<JoinHandle<()>>,
}

impl OutputThread {
    pub(super) fn start<L: OutputLines>(
        outputs: impl IntoIterator<Item = Output>,
        lines: L,
        events: Sender<PanelEvent>,
    ) -> io::Result<Self> {
        let written: BTreeMap<_, _> =
            outputs.into_iter().map(|output| (output, Written::Level(false))).collect();
        let newest = written.keys().map(|output| (output.clone(), None)).collect();
        let mailbox = Arc::new(Mailbox {
            post: Mutex::new(Post { newest, stop: false }),
            posted: Condvar::new(),
        });
        let mut writer = Writer {
            driver: Driver::new(written.keys().cloned()),
            lines,
            written,
            unreported: BTreeMap::new(),
            events,
        };
        let inbox = Arc::clone(&mailbox);
        let thread = std::thread::Builder::new()
            .name("outputs".to_owned())
            .spawn(move || writer.run(&inbox))?;
        Ok(Self { mailbox, thread: Some(thread) })
    }

    pub(super) fn command(&self, command: PanelCommand) -> Result<(), NotWired> {
        self.mailbox.put(command)
    }
}

impl Drop for OutputThread {
    fn drop(&mut self) {
        self.mailbox.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the output thread panicked");
        }
    }
}

struct Writer<L: OutputLines> {
    driver: Driver,
    lines: L,
    written: BTreeMap<Output, Written>,
    /// The newest news of each output that the main loop had no room for yet.
    unreported: BTreeMap<Output, PanelEvent>,
    events: Sender<PanelEvent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Level(bool),
    Failed { level: bool, again: Moment },
}

impl Written {
    fn needs(self, level: bool, now: Moment) -> bool {
        match self {
            Self::Level(written) => written != level,
            Self::Failed { level: tried, again } => tried != level || again <= now,
        }
    }

    fn again(self) -> Option<Moment> {
        match self {
            Self::Level(_) => None,
            Self::Failed { again, .. } => Some(again),
        }
    }
}

impl<L: OutputLines> Writer<L> {
    fn run(&mut self, inbox: &Mailbox) {
        while let Some(commands) = inbox.wait(self.poll_timeout()) {
            // A pulse is as long as its sender meant, counted from when it was sent.
            for (sent, command) in commands {
                if let Err(NotWired(output)) = self.driver.handle(sent, &command) {
                    tracing::error!(%output, "no such output");
                }
            }
            let now = clock::now();
            self.driver.handle_timeout(now);
            self.write(now);
            self.report();
        }
    }

    fn poll_timeout(&self) -> Option<Moment> {
        let again = self.written.values().filter_map(|written| written.again());
        let report = (!self.unreported.is_empty()).then(|| clock::now() + RETRY);
        again.chain(self.driver.poll_timeout()).chain(report).min()
    }

    fn write(&mut self, now: Moment) {
        for (output, level) in self.driver.levels() {
            let Some(written) = self.written.get_mut(output) else { continue };
            if !written.needs(level, now) {
                continue;
            }
            let was_faulty = written.again().is_some();
            let why = match self.lines.set(output, level) {
                Ok(()) => {
                    *written = Written::Level(level);
                    None
                }
                Err(error) => {
                    *written = Written::Failed { level, again: now + RETRY };
                    Some(error.to_string())
                }
            };
            if was_faulty != why.is_some() {
                let fault = PanelEvent::OutputFault {
                    output: output.clone(),
                    faulty: why.is_some(),
                    why: why.unwrap_or_default(),
                };
                self.unreported.insert(output.clone(), fault);
            }
        }
    }

    /// Never waits: the main loop may be the one that hangs.
    fn report(&mut self) {
        while let Some((output, event)) = self.unreported.pop_first() {
            match self.events.try_send(event) {
                Ok(()) | Err(TrySendError::Closed(_)) => {}
                Err(TrySendError::Full(event)) => {
                    self.unreported.insert(output, event);
                    return;
                }
            }
        }
    }
}

/// Also when the thread unwinds.
impl<L: OutputLines> Drop for Writer<L> {
    fn drop(&mut self) {
        for output in self.written.keys() {
            if let Err(error) = self.lines.set(output, false) {
                tracing::error!(%output, %error, "an output could not be made inactive");
            }
        }
    }
}

#[cfg(test)]
#[path = "output_tests.rs"]
mod tests;
