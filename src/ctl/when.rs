// SPDX-License-Identifier: MIT OR Apache-2.0
//! Times as people say them.

use std::time::Duration;

use jiff::{Timestamp, Zoned, tz::TimeZone};

/// The clock on the wall, here and now.
#[derive(Clone, Debug)]
pub(super) struct Wall {
    now: Option<Timestamp>,
    zone: TimeZone,
}

impl Wall {
    /// `now_ms` is absent while the clock of the machine is not set.
    pub(super) fn new(now_ms: Option<u64>, zone: TimeZone) -> Self {
        Self { now: now_ms.and_then(timestamp), zone }
    }

    pub(super) fn of_this_machine() -> Self {
        let zone = TimeZone::try_system().unwrap_or(TimeZone::UTC);
        Self::new(crate::station::clock::unix_ms(), zone)
    }

    /// To the minute, and the day as seen from today.
    pub(super) fn moment(&self, unix_ms: u64) -> String {
        let Some(then) = self.local(timestamp(unix_ms)) else { return "?".to_owned() };
        let clock = then.strftime("%H:%M");
        match self.local(self.now).map(|now| (now.date() - then.date()).get_days()) {
            Some(0) => format!("today {clock}"),
            Some(1) => format!("yesterday {clock}"),
            Some(2..=6) => then.strftime("%A %H:%M").to_string(),
            Some(_) | None => then.strftime("%Y-%m-%d %H:%M").to_string(),
        }
    }

    /// To the millisecond.
    pub(super) fn now(&self) -> String {
        self.local(self.now).map_or_else(
            || "--:--:--.---".to_owned(),
            |now| now.strftime("%H:%M:%S.%3f").to_string(),
        )
    }

    fn local(&self, time: Option<Timestamp>) -> Option<Zoned> {
        time.map(|time| time.to_zoned(self.zone.clone()))
    }
}

fn timestamp(unix_ms: u64) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(unix_ms).ok()?).ok()
}

/// Two units at most.
pub(super) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, rest) => format!("{rest} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, rest) => format!("{minutes} min {rest} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(year: i16, month: i8, day: i8, hour: i8, minute: i8) -> u64 {
        let time = date(year, month, day).at(hour, minute, 0, 0);
        let time = time.to_zoned(zone()).unwrap().timestamp();
        u64::try_from(time.as_millisecond()).unwrap()
    }

    fn zone() -> TimeZone {
        TimeZone::fixed(jiff::tz::offset(2))
    }

    #[test]
    fn a_day_is_told_as_seen_from_today() {
        let wall = Wall::new(Some(at(2026, 3, 2, 0, 5)), zone());
        assert_eq!(wall.moment(at(2026, 3, 2, 0, 1)), "today 00:01");
        assert_eq!(wall.moment(at(2026, 3, 1, 23, 59)), "yesterday 23:59");
        assert_eq!(wall.moment(at(2026, 2, 25, 8, 0)), "Wednesday 08:00");
        assert_eq!(wall.moment(at(2026, 2, 20, 8, 0)), "2026-02-20 08:00");
        assert_eq!(wall.moment(at(2026, 3, 3, 8, 0)), "2026-03-03 08:00");
    }

    #[test]
    fn without_a_clock_only_the_past_has_times() {
        let wall = Wall::new(None, zone());
        assert_eq!(wall.moment(at(2026, 3, 2, 8, 0)), "2026-03-02 08:00");
        assert_eq!(wall.now(), "--:--:--.---");
    }

    #[test]
    fn spans_have_two_units_at_most() {
        let told: Vec<String> =
            [0, 59, 60, 125, 3600, 7384].map(|s| span(Duration::from_secs(s))).into();
        assert_eq!(told, ["0 s", "59 s", "1 min", "2 min 5 s", "1 h", "2 h 3 min"]);
    }
}
