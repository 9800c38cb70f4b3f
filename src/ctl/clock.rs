// SPDX-License-Identifier: MIT OR Apache-2.0
//! The clocks of this program, which is not the daemon: the one that the station's deadlines are
//! told on, and the one on the wall.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// On CLOCK_MONOTONIC, as all times on the bus.
pub(super) fn monotonic_us() -> u64 {
    micros(clock_gettime(ClockId::Monotonic))
}

pub(super) fn unix_ms() -> u64 {
    micros(clock_gettime(ClockId::Realtime)) / 1000
}

fn micros(time: Timespec) -> u64 {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let rest = u32::try_from(time.tv_nsec).unwrap_or(0);
    u64::try_from(Duration::new(seconds, rest).as_micros()).unwrap_or(u64::MAX)
}
