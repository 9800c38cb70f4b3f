// SPDX-License-Identifier: MIT OR Apache-2.0
//! What outlives the process: a little state and the call log, each one versioned JSON file that
//! is replaced whole. Nothing here is ever waited for, and nothing here stops the station: a
//! directory that cannot be written is a problem to show, not a reason to end.

mod claim;
mod file;
mod log;
mod thread;

use std::path::{Path, PathBuf};

pub use self::{
    claim::{Claim, InUse, claim},
    file::FileFault,
    log::{CallLog, LoggedCall},
    thread::{StoreThread, Written},
};
use crate::core::Durable;

const STATE: &str = "state.json";
const CALLS: &str = "calls.json";

/// What was there at the start.
#[derive(Debug)]
pub struct Loaded {
    /// `None`: it was there and cannot be read, so nobody knows which doors were locked.
    pub durable: Option<Durable>,
    pub calls: CallLog,
    pub faults: Vec<FileFault>,
    /// A call was under way when the process ended.
    pub interrupted: usize,
}

/// Reads without writing, so that it works on any file system. `noted` is what is known of the
/// last call besides.
pub fn load(directory: &Path, calls: usize, noted: Option<LoggedCall>) -> Loaded {
    let mut faults = Vec::new();
    let durable = load_state(directory, &mut faults);
    let path = directory.join(CALLS);
    let entries = match file::read::<Vec<LoggedCall>>(&path) {
        Ok(entries) => entries.unwrap_or_default(),
        Err(fault) => {
            faults.push(fault);
            Vec::new()
        }
    };
    let mut calls = CallLog::new(calls, entries);
    if let Some(noted) = noted {
        calls.catch_up(noted);
    }
    let interrupted = calls.close_interrupted();
    Loaded { durable, calls, faults, interrupted }
}

fn load_state(directory: &Path, faults: &mut Vec<FileFault>) -> Option<Durable> {
    let path = directory.join(STATE);
    let fault = match file::read::<Durable>(&path) {
        Ok(state) => return Some(state.unwrap_or_else(first_state)),
        Err(fault) => fault,
    };
    faults.push(fault);
    match file::read::<Durable>(&file::previous(&path)) {
        Ok(state) => state,
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}

/// Of a station that has never run before.
pub fn first_state() -> Durable {
    Durable { volume: 70, ..Durable::default() }
}

/// Where the two files are.
#[derive(Clone, Debug)]
struct Files {
    directory: PathBuf,
}

impl Files {
    fn state(&self) -> PathBuf {
        self.directory.join(STATE)
    }

    fn calls(&self) -> PathBuf {
        self.directory.join(CALLS)
    }
}

#[cfg(test)]
mod tests;
