// SPDX-License-Identifier: MIT OR Apache-2.0
//! The only place that reads clocks.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{Timestamp, civil, tz::TimeZone};
use rustix::time::{ClockId, clock_gettime};

use crate::core::{
    Moment,
    time::{LocalTime, Weekday},
};

/// Before this the clock was never set: a board without a battery starts near 1970, or where it
/// was last shut down.
const FIRST_PLAUSIBLE: Duration = Duration::from_secs(1_735_689_600);

/// CLOCK_MONOTONIC, so that other programs can compare deadlines with their own.
#[must_use]
pub fn now() -> Moment {
    let now = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or_default();
    let nanos = u32::try_from(now.tv_nsec).unwrap_or_default();
    Moment(Duration::new(seconds, nanos))
}

/// `None` while the clock is not set.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "everybody else asks here")]
fn since_epoch() -> Option<Duration> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().filter(|now| *now >= FIRST_PLAUSIBLE)
}

#[must_use]
pub fn unix_ms() -> Option<u64> {
    since_epoch().and_then(|now| u64::try_from(now.as_millis()).ok())
}

/// In the zone of the machine, as it is now: the zone may be set while the station runs.
#[must_use]
pub fn local_time() -> Option<LocalTime> {
    let now = Timestamp::from_duration(since_epoch()?.try_into().ok()?).ok()?;
    let local = now.to_zoned(TimeZone::try_system().ok()?).datetime();
    let second = local.time().duration_since(civil::Time::midnight()).as_secs();
    let weekday = usize::try_from(local.date().weekday().to_monday_zero_offset()).ok()?;
    Some(LocalTime { weekday: *Weekday::ALL.get(weekday)?, second: u32::try_from(second).ok()? })
}
