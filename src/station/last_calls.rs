// SPDX-License-Identifier: MIT OR Apache-2.0
//! The newest lines of the call log, noted in memory before anybody hears of a call. The log
//! itself takes the disk's time; a daemon that was killed meanwhile finds the note.

use std::{fs, path::PathBuf};

use super::runtime;
use crate::store::{CallLog, LoggedCall};

/// More calls than anybody makes while a disk writes once.
const NOTED: usize = 8;

#[derive(Debug)]
pub(super) struct LastCalls {
    note: Option<PathBuf>,
}

impl LastCalls {
    pub(super) fn find() -> Self {
        Self { note: runtime::file("last-calls.json") }
    }

    pub(super) fn note(&self, calls: &CallLog) {
        let Some(note) = &self.note else { return };
        let newest: Vec<_> = calls.newest_first().take(NOTED).collect();
        let text = serde_json::to_vec(&newest).unwrap_or_default();
        if let Err(error) = runtime::replace(note, &text) {
            tracing::debug!(%error, "the call is not noted");
        }
    }

    /// The newest one first.
    pub(super) fn read(&self) -> Vec<LoggedCall> {
        let text = self.note.as_ref().and_then(|note| fs::read(note).ok()).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }
}
