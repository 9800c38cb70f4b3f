// SPDX-License-Identifier: MIT OR Apache-2.0
//! How well a handset comes through.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Its sound, as the station got it lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reception {
    pub lost_percent: u8,
    /// How unevenly packets come.
    pub jitter: Duration,
    /// To the handset and back; none before it said a word about it.
    pub round_trip: Option<Duration>,
    /// How loud it is, in dB below full scale.
    pub level: i8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    Good,
    /// Some of it is missing or late.
    Fair,
    /// Hard to understand.
    Poor,
}

impl Grade {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Fair => "fair",
            Self::Poor => "poor",
        }
    }
}

impl Reception {
    /// As the browser handset grades what it gets.
    #[must_use]
    pub fn grade(&self) -> Grade {
        let millis = |duration: Duration| duration.as_millis();
        let round_trip = self.round_trip.map_or(0, millis);
        match (self.lost_percent, millis(self.jitter), round_trip) {
            (9.., ..) | (_, 81.., _) | (.., 601..) => Grade::Poor,
            (3.., ..) | (_, 31.., _) | (.., 251..) => Grade::Fair,
            _ => Grade::Good,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_loss_jitter_and_delay_is_the_grade() {
        let grade = |lost_percent, jitter, round_trip: Option<u64>| {
            let jitter = Duration::from_millis(jitter);
            let round_trip = round_trip.map(Duration::from_millis);
            Reception { lost_percent, jitter, round_trip, level: -20 }.grade()
        };
        assert_eq!(grade(2, 30, Some(250)), Grade::Good);
        assert_eq!(grade(0, 0, None), Grade::Good);
        for fair in [grade(3, 0, None), grade(0, 31, None), grade(8, 80, Some(600))] {
            assert_eq!(fair, Grade::Fair);
        }
        for poor in [grade(9, 0, None), grade(0, 81, Some(1)), grade(0, 0, Some(601))] {
            assert_eq!(poor, Grade::Poor);
        }
    }
}
