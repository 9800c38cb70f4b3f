// SPDX-License-Identifier: MIT OR Apache-2.0
//! The only place that reads a clock.

use std::{sync::OnceLock, time::Instant};

use crate::core::Moment;

static ORIGIN: OnceLock<Instant> = OnceLock::new();

/// Monotonic, counted from the first call in this process.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "everybody else asks here")]
pub fn now() -> Moment {
    let now = Instant::now();
    Moment(now.saturating_duration_since(*ORIGIN.get_or_init(|| now)))
}
