// SPDX-License-Identifier: MIT OR Apache-2.0
//! Do-not-disturb and softer chimes by the clock. A station that does not know the time rings, as
//! loud as it can.

use std::time::Duration;

use super::{
    profile::{QuietHours, Quieter},
    time::{LocalTime, Moment},
};

const DAY: u32 = 24 * 60 * 60;

/// The local time as last told, counted on by the monotonic clock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LocalClock {
    told: Option<(Moment, LocalTime)>,
}

impl LocalClock {
    pub(super) fn told(now: Moment, local: Option<LocalTime>) -> Self {
        Self { told: local.map(|local| (now, local)) }
    }

    fn at(&self, now: Moment) -> Option<LocalTime> {
        let (when, local) = self.told?;
        let passed = now.since(when).as_secs() + u64::from(local.second);
        let mut weekday = local.weekday;
        for _ in 0..(passed / u64::from(DAY)) % 7 {
            weekday = weekday.next();
        }
        let second = u32::try_from(passed % u64::from(DAY)).unwrap_or_default();
        Some(LocalTime { weekday, second })
    }

    pub(super) fn is_quiet(&self, now: Moment, hours: &[QuietHours]) -> bool {
        self.at(now).is_some_and(|local| hours.iter().any(|span| span.covers(local)))
    }

    /// The share of the volume that chimes get, in percent: where spans overlap, the least.
    pub(super) fn chimes(&self, now: Moment, quieter: &[Quieter]) -> u8 {
        let Some(local) = self.at(now) else { return 100 };
        let now = quieter.iter().filter(|span| span.hours.covers(local));
        now.map(|span| span.chimes).min().unwrap_or(100)
    }

    /// When the next span begins or ends, as far as the clock is known.
    pub(super) fn next_change<'h>(
        &self,
        now: Moment,
        hours: impl IntoIterator<Item = &'h QuietHours>,
    ) -> Option<Moment> {
        let (when, _) = self.told?;
        let local = self.at(now)?;
        let into_second = now.since(when).subsec_nanos();
        let ahead = hours
            .into_iter()
            .flat_map(|span| [span.from, span.to])
            .map(|edge| (edge + DAY - local.second - 1) % DAY + 1)
            .min()?;
        let ahead = Duration::from_secs(ahead.into());
        Some(now + ahead.saturating_sub(Duration::from_nanos(into_second.into())))
    }
}

impl QuietHours {
    fn covers(&self, local: LocalTime) -> bool {
        let LocalTime { weekday, second } = local;
        if self.from < self.to {
            return self.days.contains(&weekday) && (self.from..self.to).contains(&second);
        }
        (self.days.contains(&weekday) && second >= self.from)
            || (self.days.contains(&weekday.previous()) && second < self.to)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::core::time::Weekday::{self, Friday, Monday, Saturday, Sunday, Thursday};

    const HOUR: u32 = 3_600;

    fn nights(days: &[Weekday]) -> Vec<QuietHours> {
        vec![QuietHours { days: days.iter().copied().collect(), from: 22 * HOUR, to: 7 * HOUR }]
    }

    fn clock(weekday: Weekday, second: u32) -> LocalClock {
        LocalClock::told(Moment::default(), Some(LocalTime { weekday, second }))
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_starts() {
        let friday = nights(&[Friday]);
        let quiet = |day, second| clock(day, second).is_quiet(Moment::default(), &friday);
        assert!(!quiet(Friday, 6 * HOUR), "that night began on Thursday");
        assert!(!quiet(Friday, 22 * HOUR - 1));
        assert!(quiet(Friday, 22 * HOUR));
        assert!(quiet(Saturday, 7 * HOUR - 1));
        assert!(!quiet(Saturday, 7 * HOUR));
        assert!(!quiet(Thursday, 23 * HOUR));
    }

    #[test]
    fn an_unknown_clock_never_keeps_the_station_quiet() {
        let clock = LocalClock::told(Moment::default(), None);
        assert!(!clock.is_quiet(Moment::default(), &nights(&Weekday::ALL)));
        assert_eq!(clock.next_change(Moment::default(), &nights(&Weekday::ALL)), None);
    }

    #[test]
    fn the_clock_counts_on_over_midnight_and_the_week() {
        let clock = clock(Sunday, 21 * HOUR);
        let every_sunday = nights(&[Sunday]);
        let after = |hours: u64| Moment(Duration::from_secs(hours * 3_600));
        assert!(!clock.is_quiet(after(0), &every_sunday));
        assert!(clock.is_quiet(after(1), &every_sunday));
        assert!(clock.is_quiet(after(9), &every_sunday));
        assert!(!clock.is_quiet(after(10), &every_sunday));
        assert!(!clock.is_quiet(after(25), &every_sunday));
        assert!(clock.is_quiet(after(1 + 7 * 24), &every_sunday));
    }

    #[test]
    fn every_change_of_the_schedule_falls_on_an_announced_moment() {
        let hours = nights(&[Monday, Friday]);
        let clock = clock(Sunday, 12 * HOUR + 17);
        let mut now = Moment::from_millis(123);
        let mut changes = 0;
        for _ in 0..40 {
            let next = clock.next_change(now, &hours).expect("the clock is known");
            assert!(next > now);
            let before = clock.is_quiet(now, &hours);
            let last = Moment(next.0 - Duration::from_millis(1));
            assert_eq!(clock.is_quiet(last, &hours), before, "it changed unannounced");
            changes += u32::from(clock.is_quiet(next, &hours) != before);
            now = next;
        }
        assert!(changes >= 8, "two quiet nights a week over nearly three weeks, got {changes}");
    }

    fn softer(days: &[Weekday], from: u32, to: u32, chimes: u8) -> Quieter {
        Quieter { hours: QuietHours { days: days.iter().copied().collect(), from, to }, chimes }
    }

    #[test]
    fn where_spans_overlap_the_softest_holds_and_elsewhere_nothing_is_softer() {
        let nap = softer(&[Sunday], 13 * HOUR, 15 * HOUR, 50);
        let siesta = softer(&Weekday::ALL, 14 * HOUR, 16 * HOUR, 30);
        let spans = [nap, siesta];
        let at = |hour: u32| clock(Sunday, hour * HOUR).chimes(Moment::default(), &spans);
        assert_eq!([12, 13, 14, 15, 16].map(at), [100, 50, 30, 30, 100]);
        assert_eq!(clock(Monday, 13 * HOUR).chimes(Moment::default(), &spans), 100);
    }

    #[test]
    fn an_unknown_clock_makes_nothing_softer() {
        let always =
            [softer(&Weekday::ALL, 0, 12 * HOUR, 0), softer(&Weekday::ALL, 12 * HOUR, 0, 0)];
        let unknown = LocalClock::told(Moment::default(), None);
        assert_eq!(unknown.chimes(Moment::default(), &always), 100);
        assert_eq!(clock(Friday, 3 * HOUR).chimes(Moment::default(), &always), 0);
    }

    /// Whole minutes, as in the configuration; no span is empty.
    fn span() -> impl Strategy<Value = Quieter> {
        let days = prop::collection::btree_set(prop::sample::select(&Weekday::ALL[..]), 1..=7);
        (days, 0..1440u32, 1..1440u32, 0..=100u8).prop_map(|(days, from, lasts, chimes)| Quieter {
            hours: QuietHours { days, from: from * 60, to: (from + lasts) % 1440 * 60 },
            chimes,
        })
    }

    /// Minute by minute from the beginning of each day on which it starts.
    fn covers_by_counting(span: &Quieter, local: LocalTime) -> bool {
        let QuietHours { days, from, to } = &span.hours;
        let lasts = (to + DAY - from) % DAY;
        let since = |days_ago: u32| (local.second + days_ago * DAY).checked_sub(*from);
        let today = days.contains(&local.weekday) && since(0).is_some_and(|s| s < lasts);
        let before = local.weekday.previous();
        today || days.contains(&before) && since(1).is_some_and(|s| s < lasts)
    }

    proptest! {
        #[test]
        fn chimes_are_as_soft_as_the_softest_span_and_change_at_announced_moments_only(
            spans in prop::collection::vec(span(), 0..4),
            day in prop::sample::select(&Weekday::ALL[..]),
            second in 0..DAY,
            late_ms in 0..1000u64,
        ) {
            let clock = clock(day, second);
            let mut now = Moment::from_millis(late_ms);
            for _ in 0..30 {
                let local = clock.at(now).unwrap();
                let covering = spans.iter().filter(|span| covers_by_counting(span, local));
                let expected = covering.map(|span| span.chimes).min().unwrap_or(100);
                let chimes = clock.chimes(now, &spans);
                prop_assert_eq!(chimes, expected);
                let next = clock.next_change(now, spans.iter().map(|span| &span.hours));
                let Some(next) = next else { break };
                prop_assert!(next > now);
                let last = Moment(next.0 - Duration::from_nanos(1));
                prop_assert_eq!(clock.chimes(last, &spans), chimes);
                now = next;
            }
        }
    }
}
