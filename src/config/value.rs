// SPDX-License-Identifier: MIT OR Apache-2.0
//! The kinds of values that a key may have.

use std::{collections::BTreeSet, fmt::Display, ops::RangeInclusive, str::FromStr, time::Duration};

use toml::de::DeValue;

use super::{
    reader::Entry,
    spelling::{listed, nearest, quoted},
};
use crate::core::{
    ids::NAME_MAX,
    profile::{RING_TIMEOUT, Rate},
};

const TEXT_MAX: usize = 64;
const RING_MAX_S: i64 = 600;

impl<'r> Entry<'r> {
    pub(super) fn flag(&self) -> Option<bool> {
        self.take("true or false", DeValue::as_bool)
    }

    pub(super) fn whole(&self, range: RangeInclusive<u32>) -> Option<u32> {
        let allowed = format!("{} to {}", range.start(), range.end());
        self.take(&allowed, |value| {
            u32::try_from(integer(value)?).ok().filter(|number| range.contains(number))
        })
    }

    pub(super) fn millis(&self, range: RangeInclusive<u32>) -> Option<Duration> {
        self.whole(range).map(|ms| Duration::from_millis(ms.into()))
    }

    pub(super) fn seconds(&self, range: RangeInclusive<u32>) -> Option<Duration> {
        self.whole(range).map(|s| Duration::from_secs(s.into()))
    }

    pub(super) fn ring_time(&self) -> Duration {
        let usual = RING_TIMEOUT.as_secs();
        let allowed = format!("1 to {RING_MAX_S}; zero or less means {usual}");
        let seconds = self.take(&allowed, |value| integer(value).filter(|s| *s <= RING_MAX_S));
        match seconds.map(u64::try_from) {
            Some(Ok(seconds)) if seconds > 0 => Duration::from_secs(seconds),
            Some(_) | None => RING_TIMEOUT,
        }
    }

    /// Something for people to read.
    pub(super) fn text(&self) -> Option<String> {
        let allowed = format!("text of 1 to {TEXT_MAX} characters on one line");
        self.take(&allowed, |value| plain(value, TEXT_MAX).map(str::to_owned))
    }

    pub(super) fn word<T: Copy>(&self, all: &[T], word: fn(T) -> &'static str) -> Option<T> {
        let allowed = listed(all.iter().map(|one| word(*one)));
        self.take(&allowed, |value| {
            let text = value.as_str()?;
            all.iter().copied().find(|one| word(*one) == text)
        })
    }

    pub(super) fn name<N: FromStr>(&self) -> Option<N> {
        self.take(&name_rule(), |value| value.as_str()?.parse().ok())
    }

    /// A name that the file declares somewhere.
    pub(super) fn known<N: FromStr + Ord + Display>(
        &self,
        declared: &BTreeSet<N>,
        kind: &str,
    ) -> Option<N> {
        let text = self.take(&format!("the name of a {kind}"), DeValue::as_str)?;
        self.declared(text, declared, kind)
    }

    pub(super) fn declared<N: FromStr + Ord + Display>(
        &self,
        text: &str,
        declared: &BTreeSet<N>,
        kind: &str,
    ) -> Option<N> {
        let name = text.parse().ok().filter(|name| declared.contains(name));
        if name.is_none() {
            let names: Vec<String> = declared.iter().map(N::to_string).collect();
            let guess = nearest(text, names.iter().map(String::as_str));
            let guess = guess.map(|guess| format!(", did you mean {guess}?")).unwrap_or_default();
            let what = format!("there is no {kind} \"{}\"{guess}", quoted(text, 40));
            let none = format!("none, the file declares no {kind}");
            self.clash(what, &if names.is_empty() { none } else { listed(names) });
        }
        name
    }

    /// A list in which nothing occurs twice.
    pub(super) fn set<T: Ord + Display>(
        &self,
        allowed: &str,
        item: impl Fn(&Entry<'r>) -> Option<T>,
    ) -> Option<BTreeSet<T>> {
        let mut set = BTreeSet::new();
        for entry in self.items(allowed)? {
            let Some(item) = item(&entry) else { continue };
            if set.contains(&item) {
                entry.wrong(format!("{item} is in the list already"), "each one once");
            }
            set.insert(item);
        }
        Some(set)
    }

    /// Seconds since midnight.
    pub(super) fn time_of_day(&self) -> Option<u32> {
        self.take("a time of day, \"00:00\" to \"23:59\"", |value| {
            let (hour, minute) = match value {
                DeValue::String(text) => {
                    let (hour, minute) = text.split_once(':')?;
                    (two_digits(hour)?, two_digits(minute)?)
                }
                DeValue::Datetime(moment) if moment.date.is_none() => {
                    let time = moment.time.filter(|time| time.second.unwrap_or(0) == 0)?;
                    (u32::from(time.hour), u32::from(time.minute))
                }
                DeValue::Datetime(_)
                | DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Array(_)
                | DeValue::Table(_) => return None,
            };
            (hour < 24 && minute < 60).then_some((hour * 60 + minute) * 60)
        })
    }

    /// Notes it when the key is not there.
    pub(super) fn required(&self, allowed: &str) {
        if !self.is_set() {
            self.clash("is missing".to_owned(), allowed);
        }
    }
}

/// `count` and `per_s`, as in "6 presses in 10 seconds".
pub(super) fn rate(count: &Entry<'_>, per: &Entry<'_>, usual: Rate) -> Rate {
    Rate {
        count: count.whole(1..=1000).unwrap_or(usual.count),
        per: per.seconds(1..=3600).unwrap_or(usual.per),
    }
}

pub(super) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

pub(super) fn name_rule() -> String {
    format!("1 to {NAME_MAX} characters of a-z, 0-9 and _, the first one a letter")
}

/// Text without control characters, neither empty nor longer than `limit` nor mere blanks.
pub(super) fn plain<'v>(value: &'v DeValue<'_>, limit: usize) -> Option<&'v str> {
    value.as_str().filter(|text| {
        !text.trim().is_empty()
            && text.chars().count() <= limit
            && !text.chars().any(char::is_control)
    })
}

fn two_digits(text: &str) -> Option<u32> {
    let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// A value as a message quotes it.
pub(super) fn shown(value: &DeValue<'_>) -> String {
    const LIMIT: usize = 40;
    match value {
        DeValue::String(text) => format!("the text \"{}\"", quoted(text, LIMIT)),
        DeValue::Integer(number) => quoted(&number.to_string(), LIMIT),
        DeValue::Float(number) => format!("{}, no whole number", quoted(number.as_str(), LIMIT)),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(moment) => format!("the time {moment}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
