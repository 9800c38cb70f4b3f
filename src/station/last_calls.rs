// SPDX-License-Identifier: MIT OR Apache-2.0
//! The newest line of the call log, noted in memory before anybody hears of the call. The log
//! itself takes the disk's time; a daemon that was killed meanwhile finds the note.

use std::{fs, path::PathBuf};

use super::runtime;
use crate::store::LoggedCall;

#[derive(Debug)]
pub(super) struct LastCall {
    note: Option<PathBuf>,
}

impl LastCall {
    pub(super) fn find() -> Self {
        Self { note: runtime::file("last-call.json") }
    }

    pub(super) fn note(&self, call: &LoggedCall) {
        let Some(note) = &self.note else { return };
        let text = serde_json::to_vec(call).unwrap_or_default();
        if let Err(error) = runtime::replace(note, &text) {
            tracing::debug!(%error, "the call is not noted");
        }
    }

    pub(super) fn read(&self) -> Option<LoggedCall> {
        let text = fs::read(self.note.as_ref()?).ok()?;
        serde_json::from_slice(&text).ok()
    }
}
