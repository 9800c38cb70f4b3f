// SPDX-License-Identifier: MIT OR Apache-2.0
//! What outlives the process: a little state, the call log, who is paired, each one versioned
//! JSON file that is replaced whole, and the keys, which are written once. Nothing here is ever
//! waited for, and nothing here stops the station: a directory that cannot be written is a problem
//! to show, not a reason to end.

mod claim;
mod file;
mod log;
mod secret;
mod thread;

use std::path::{Path, PathBuf};

use serde_json::Value;

pub use self::{
    claim::{Claim, InUse, claim},
    file::FileFault,
    log::{CallLog, LoggedCall},
    secret::{Secret, secret},
    thread::{HandsetKeeper, StoreThread, Written},
};
use crate::core::Durable;

const STATE: &str = "state.json";
const CALLS: &str = "calls.json";
const HANDSETS: &str = "handsets.json";

/// What was there at the start.
#[derive(Debug)]
pub struct Loaded {
    /// `None`: it was there and cannot be read, so nobody knows which doors were locked.
    pub durable: Option<Durable>,
    pub calls: CallLog,
    /// Who is paired, as the link wrote it; `None` when nobody ever was, or when nobody knows.
    pub handsets: Option<Value>,
    pub faults: Vec<FileFault>,
    /// A call was under way when the process ended.
    pub interrupted: usize,
    /// The call log on the disk is not this one.
    pub is_ahead: bool,
}

/// Reads without writing, so that it works on any file system. `noted` is what is known of the
/// last calls besides.
pub fn load(directory: &Path, calls: usize, noted: Vec<LoggedCall>) -> Loaded {
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
    let caught_up = calls.catch_up(noted);
    let interrupted = calls.close_interrupted();
    let is_ahead = caught_up || interrupted > 0 || !faults.is_empty();
    let handsets = load_handsets(directory, &mut faults);
    Loaded { durable, calls, handsets, faults, interrupted, is_ahead }
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

/// Both copies are the same, so the second one brings back nobody who was forgotten.
fn load_handsets(directory: &Path, faults: &mut Vec<FileFault>) -> Option<Value> {
    let path = directory.join(HANDSETS);
    match file::read::<Value>(&path) {
        Ok(handsets) => return handsets,
        Err(fault) => faults.push(fault),
    }
    let previous = file::read::<Value>(&file::previous(&path));
    previous.map_err(|fault| faults.push(fault)).ok().flatten()
}

/// Of a station that has never run before.
pub fn first_state() -> Durable {
    Durable { volume: 70, ..Durable::default() }
}

/// Where the files are.
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

    fn handsets(&self) -> PathBuf {
        self.directory.join(HANDSETS)
    }
}

#[cfg(test)]
mod tests;
