// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writes what changed, on a thread of its own: a card that takes a second for an fsync delays
//! nobody's ring. Only the newest of each file waits, so there is no queue to fill.

use std::{
    fmt, io,
    path::Path,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use serde_json::Value;

use super::{CallLog, Claim, FileFault, Files, LoggedCall, file};
use crate::core::Durable;

/// How often a write that failed is tried again when nothing new is to be written.
const RETRY: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub enum Written {
    Fine,
    Failed(FileFault),
}

#[derive(Debug)]
pub struct StoreThread {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
    /// Let go of after the last write.
    claim: Option<Claim>,
}

#[derive(Debug, Default)]
struct Desk {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    state: Option<Durable>,
    calls: Option<Vec<LoggedCall>>,
    handsets: Option<Value>,
    /// Those who wait for these handsets, or newer ones, to be on the disk.
    keeping: Vec<Kept>,
    /// Those who wait until what was asked for before them was tried.
    acks: Vec<Ack>,
    /// Something was asked for since the last attempt.
    news: bool,
    closing: bool,
}

struct Ack(Box<dyn FnOnce() + Send>);

impl fmt::Debug for Ack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ack")
    }
}

struct Kept(Box<dyn FnOnce(bool) + Send>);

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

/// Saves who is paired, from wherever that is decided.
#[derive(Clone, Debug)]
pub struct HandsetKeeper(Arc<Desk>);

impl HandsetKeeper {
    /// Told whether they are on the disk. They will be tried again if not.
    pub fn save(&self, handsets: Value, then: impl FnOnce(bool) + Send + 'static) {
        self.0.put(|waiting| {
            waiting.handsets = Some(handsets);
            waiting.keeping.push(Kept(Box::new(then)));
        });
    }
}

impl Desk {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, change: impl FnOnce(&mut Waiting)) {
        let mut waiting = self.waiting();
        change(&mut waiting);
        waiting.news = true;
        self.changed.notify_one();
    }
}

impl StoreThread {
    /// `faults` are those of loading: a file from the future is not written over, a damaged one
    /// is set aside first. `report` is called after the first write, and when writing begins to fail
    /// and when it works again.
    pub fn start(
        directory: &Path,
        faults: &[FileFault],
        report: impl FnMut(Written) + Send + 'static,
    ) -> io::Result<Self> {
        let files = Files { directory: directory.to_owned() };
        for fault in faults.iter().filter(|fault| fault.is_worth_keeping()) {
            // Not being able to move it is found out by the first write.
            drop(file::set_aside(&fault.path));
        }
        let desk = Arc::new(Desk::default());
        let may_write =
            |path| !faults.iter().any(|fault| fault.path == path && fault.forbids_writing());
        let mut writer = Writer {
            write_state: may_write(files.state()),
            write_calls: may_write(files.calls()),
            write_handsets: may_write(files.handsets()),
            files,
            desk: desk.clone(),
            failing: None,
            report,
        };
        let thread =
            std::thread::Builder::new().name("store".to_owned()).spawn(move || writer.run())?;
        Ok(Self { desk, thread: Some(thread), claim: None })
    }

    #[must_use]
    pub fn holding(mut self, claim: Claim) -> Self {
        self.claim = Some(claim);
        self
    }

    pub fn save_state(&self, state: Durable) {
        self.desk.put(|waiting| waiting.state = Some(state));
    }

    pub fn save_calls(&self, log: &CallLog) {
        self.desk.put(|waiting| waiting.calls = Some(log.oldest_first()));
    }

    pub fn handset_keeper(&self) -> HandsetKeeper {
        HandsetKeeper(Arc::clone(&self.desk))
    }

    /// Called when everything saved before is on the disk, or could not be written.
    pub fn when_tried(&self, then: impl FnOnce() + Send + 'static) {
        self.desk.put(|waiting| waiting.acks.push(Ack(Box::new(then))));
    }
}

impl Drop for StoreThread {
    /// Everything that waits is written first.
    fn drop(&mut self) {
        self.desk.put(|waiting| waiting.closing = true);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

struct Writer<R> {
    files: Files,
    desk: Arc<Desk>,
    write_state: bool,
    write_calls: bool,
    write_handsets: bool,
    /// Unknown before the first write.
    failing: Option<bool>,
    report: R,
}

impl<R: FnMut(Written)> Writer<R> {
    fn run(&mut self) {
        loop {
            let Waiting { state, calls, handsets, keeping, acks, closing, .. } = self.wait();
            let mut failed = None;
            if let Some(state) = state.filter(|_| self.write_state)
                && let Err(fault) = file::write(&self.files.state(), &state)
            {
                failed = Some(fault);
                self.desk.waiting().state.get_or_insert(state);
            }
            if let Some(calls) = calls.filter(|_| self.write_calls)
                && let Err(fault) = file::write(&self.files.calls(), &calls)
            {
                failed = Some(fault);
                self.desk.waiting().calls.get_or_insert(calls);
            }
            let kept = self.keep(handsets);
            let kept = kept.map_err(|fault| failed = Some(fault)).is_ok() && self.write_handsets;
            self.tell(failed);
            for Kept(then) in keeping {
                then(kept);
            }
            for Ack(then) in acks {
                then();
            }
            if closing {
                return;
            }
        }
    }

    /// Twice, so that the copy does not know a handset any more that was forgotten on purpose.
    fn keep(&self, handsets: Option<Value>) -> Result<(), FileFault> {
        let Some(handsets) = handsets.filter(|_| self.write_handsets) else { return Ok(()) };
        let path = self.files.handsets();
        let written = file::write(&path, &handsets).and_then(|()| file::write(&path, &handsets));
        if written.is_err() {
            self.desk.waiting().handsets.get_or_insert(handsets);
        }
        written
    }

    fn wait(&self) -> Waiting {
        let mut waiting = self.desk.waiting();
        // What failed stays on the desk; it is tried again with the next news or after a pause.
        while !waiting.news {
            if self.failing == Some(true) {
                let woken = self.desk.changed.wait_timeout(waiting, RETRY);
                let (after, pause) = woken.unwrap_or_else(PoisonError::into_inner);
                waiting = after;
                waiting.news |= pause.timed_out();
            } else {
                waiting = self.desk.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            }
        }
        std::mem::take(&mut waiting)
    }

    fn tell(&mut self, failed: Option<FileFault>) {
        let fails = failed.is_some();
        if self.failing.replace(fails) == Some(fails) {
            return;
        }
        match failed {
            Some(fault) => (self.report)(Written::Failed(fault)),
            None if self.write_state && self.write_calls && self.write_handsets => {
                (self.report)(Written::Fine)
            }
            None => {}
        }
    }
}
