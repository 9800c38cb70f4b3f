// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[call]` and `[do_not_disturb]`: the rules of every call.

use std::{collections::BTreeSet, fmt};

use super::reader::Table;
use crate::core::{
    profile::{CallRules, QuietHours},
    time::Weekday,
};

pub(super) fn read(table: &Table<'_>) -> CallRules {
    let usual = CallRules::default();
    let (max, warn) = (table.key("max_duration_s"), table.key("warn_before_s"));
    let max_duration = max.seconds(10..=86_400).unwrap_or(usual.max_duration);
    let warn_before = warn.seconds(0..=3600).unwrap_or(usual.warn_before);
    if warn_before >= max_duration {
        // Whichever of the two the file has is the one to change.
        let culprit = if warn.is_set() { &warn } else { &max };
        let what = format!(
            "would warn {} s{} before the end of a call of {} s{}",
            warn_before.as_secs(),
            warn.whence(),
            max_duration.as_secs(),
            max.whence()
        );
        culprit.clash(what, "warn_before_s less than max_duration_s");
    }
    let connect = table.key("connect_timeout_s");
    CallRules {
        connect_timeout: connect.seconds(1..=120).unwrap_or(usual.connect_timeout),
        max_duration,
        warn_before,
        grace: table.key("grace_s").seconds(0..=120).unwrap_or(usual.grace),
        // What local programs may rely on; no matter of taste.
        linger: usual.linger,
        show_failure: table.key("show_failure_ms").millis(0..=60_000).unwrap_or(usual.show_failure),
        answered_at_door: table.key("answered_at_door").flag().unwrap_or(usual.answered_at_door),
        ring_timeout: table.key("ring_timeout_s").ring_time(),
    }
}

pub(super) fn read_quiet(table: &Table<'_>) -> Vec<QuietHours> {
    let hours = table.key("hours").items("a list of tables with days, from and to");
    hours.unwrap_or_default().iter().map(|entry| read_hours(&entry.section())).collect()
}

pub(super) fn read_hours(table: &Table<'_>) -> QuietHours {
    let names: Vec<&str> = Weekday::ALL.iter().map(|day| day_word(*day)).collect();
    let days = table.key("days");
    let allowed = format!("a list of {}", names.join(", "));
    let set = days.set(&allowed, |item| item.word(&Weekday::ALL, day_word).map(Day));
    if set.as_ref().is_some_and(BTreeSet::is_empty) {
        days.clash("names no day".to_owned(), &allowed);
    }
    let (from, to) = (table.key("from"), table.key("to"));
    for entry in [&from, &to] {
        entry.required("a time of day, \"00:00\" to \"23:59\"");
    }
    let (start, end) = (from.time_of_day(), to.time_of_day());
    if start.is_some() && start == end {
        let what = format!("is the same time as from{}", from.whence());
        to.clash(what, "another time; past midnight is fine");
    }
    QuietHours {
        days: set
            .map_or_else(|| Weekday::ALL.into(), |days| days.iter().map(|day| day.0).collect()),
        from: start.unwrap_or_default(),
        to: end.unwrap_or_default(),
    }
}

/// A day that a message can name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Day(Weekday);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(day_word(self.0))
    }
}

const fn day_word(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}
