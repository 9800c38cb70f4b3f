// SPDX-License-Identifier: MIT OR Apache-2.0
//! How evenly packets come: how late most of them are against the fastest of the last few.

use std::collections::VecDeque;

/// Ten seconds of somebody who speaks all the time.
const KEPT: usize = 500;
/// Where all of so many were slow, the path became slower.
const LAST: usize = 25;
/// Of a hundred packets so many are to be there when they are due.
const IN_TIME: usize = 97;

/// In samples, by our clock less the sender's; what the two begin with does not matter.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    transits: VecDeque<i64>,
    fastest: i64,
    late: i64,
}

impl Arrivals {
    pub(super) fn note(&mut self, transit: i64) {
        if self.transits.len() == KEPT {
            self.transits.pop_front();
        }
        self.transits.push_back(transit);
        self.fastest = self.transits.iter().rev().take(LAST).copied().min().unwrap_or(transit);
        let mut all = self.transits.iter().copied().collect::<Vec<_>>();
        let (_, in_time, _) = all.select_nth_unstable((self.transits.len() - 1) * IN_TIME / 100);
        self.late = (*in_time - self.fastest).max(0);
    }

    /// It is from somewhere else altogether: the sender began anew.
    pub(super) fn is_foreign(&self, transit: i64, most: i64) -> bool {
        !self.transits.is_empty() && (transit - self.fastest).abs() > most
    }

    pub(super) fn fastest(&self) -> i64 {
        self.fastest
    }

    pub(super) fn late(&self) -> i64 {
        self.late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straggler_does_not_count_and_what_is_long_ago_is_forgotten() {
        let mut arrivals = Arrivals::default();
        for _ in 0..99 {
            arrivals.note(1000);
        }
        arrivals.note(9000);
        assert_eq!((arrivals.fastest(), arrivals.late()), (1000, 0));
        for late in [480, 960].repeat(KEPT / 2) {
            arrivals.note(500 + late);
        }
        assert_eq!((arrivals.fastest(), arrivals.late()), (980, 480));
    }
}
