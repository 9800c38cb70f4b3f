// SPDX-License-Identifier: MIT OR Apache-2.0
//! The call log, newest first when read, bounded.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::core::{CallId, Reason, Status, effect::CallRecord};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedCall {
    #[serde(flatten)]
    pub record: CallRecord,
    /// Absent when the clock was not set.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub started_at_unix_ms: Option<u64>,
}

#[derive(Clone, Debug)]
pub struct CallLog {
    length: usize,
    calls: VecDeque<LoggedCall>,
}

impl CallLog {
    pub fn new(length: usize, calls: Vec<LoggedCall>) -> Self {
        let mut log = Self { length, calls: calls.into() };
        log.shorten();
        log
    }

    /// The second record of a call replaces the first; when it started was known then.
    pub fn record(&mut self, record: CallRecord, started_at_unix_ms: Option<u64>) {
        match self.calls.iter_mut().find(|logged| logged.record.id == record.id) {
            Some(logged) => {
                logged.record = record;
                logged.started_at_unix_ms = logged.started_at_unix_ms.or(started_at_unix_ms);
            }
            None => self.calls.push_back(LoggedCall { record, started_at_unix_ms }),
        }
        self.shorten();
    }

    pub fn set_length(&mut self, length: usize) {
        self.length = length;
        self.shorten();
    }

    fn shorten(&mut self) {
        let excess = self.calls.len().saturating_sub(self.length);
        self.calls.drain(..excess);
    }

    /// What was noted of calls, the newest first, while the log was on its way to the disk. False
    /// if it got there.
    pub(super) fn catch_up(&mut self, noted: Vec<LoggedCall>) -> bool {
        let mut is_news = false;
        for LoggedCall { record, started_at_unix_ms } in noted.into_iter().rev() {
            let logged = self.calls.iter().find(|logged| logged.record.id == record.id);
            if logged.is_none_or(|logged| !logged.record.status.is_terminal()) {
                self.record(record, started_at_unix_ms);
                is_news = true;
            }
        }
        is_news
    }

    /// The process ended before these calls did.
    pub(super) fn close_interrupted(&mut self) -> usize {
        let open = self.calls.iter_mut().filter(|call| !call.record.status.is_terminal());
        open.map(|call| {
            call.record.status = Status::Failed;
            call.record.reason = Some(Reason::Interrupted);
        })
        .count()
    }

    pub fn newest_first(&self) -> impl Iterator<Item = &LoggedCall> {
        self.calls.iter().rev()
    }

    pub(super) fn oldest_first(&self) -> Vec<LoggedCall> {
        self.calls.iter().cloned().collect()
    }

    pub fn last_id(&self) -> CallId {
        self.calls.iter().map(|call| call.record.id).max().unwrap_or_default()
    }
}
