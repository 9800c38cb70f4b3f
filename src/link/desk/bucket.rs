// SPDX-License-Identifier: MIT OR Apache-2.0
//! How often somebody may do something: a burst, and a pace in the long run.

use std::time::Duration;

use crate::core::Moment;

#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) burst: u32,
    pub(super) every: Duration,
}

/// Of one who does it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    pace: Pace,
    /// When all of the burst is there again.
    full_at: Moment,
}

impl Bucket {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, full_at: Moment::default() }
    }

    /// How long to wait, if it is too soon.
    pub(super) fn take(&mut self, now: Moment) -> Result<(), Duration> {
        let full_at = self.full_at.max(now) + self.pace.every;
        let debt = full_at.since(now);
        let credit = self.pace.every * self.pace.burst;
        if debt > credit {
            return Err(debt.saturating_sub(credit));
        }
        self.full_at = full_at;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_burst_the_pace_holds() {
        let every = Duration::from_millis(50);
        let mut bucket = Bucket::new(Pace { burst: 3, every });
        let now = Moment::from_millis(1000);
        for _ in 0..3 {
            assert_eq!(bucket.take(now), Ok(()));
        }
        assert_eq!(bucket.take(now), Err(every));
        assert_eq!(bucket.take(Moment::from_millis(1049)), Err(Duration::from_millis(1)));
        assert_eq!(bucket.take(now + every), Ok(()));
        assert_eq!(bucket.take(now + every), Err(every));
    }
}
