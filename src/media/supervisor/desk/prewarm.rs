// SPDX-License-Identifier: MIT OR Apache-2.0
//! When to make the worker that is kept ready.

use std::time::Duration;

use crate::core::Moment;

/// Between attempts that go wrong.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

#[derive(Debug, Default)]
pub(super) struct Prewarm {
    next: Option<Moment>,
    pause: Duration,
}

impl Prewarm {
    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        self.next
    }

    pub(super) fn there_is_none(&mut self, now: Moment) {
        self.next.get_or_insert(now);
    }

    /// `proven`: it does what it is kept for, so the next one may be made at once.
    pub(super) fn there_is_one(&mut self, proven: bool) {
        self.next = None;
        if proven {
            self.pause = Duration::ZERO;
        }
    }

    /// Not again at once: what went wrong may go wrong for long.
    pub(super) fn stumble(&mut self, now: Moment) {
        self.pause = (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        self.next = Some(now + self.pause);
    }
}
