// SPDX-License-Identifier: MIT OR Apache-2.0
//! At most so many within so long.

use std::{collections::VecDeque, time::Duration};

use super::{profile::Rate, time::Moment};

#[derive(Clone, Debug)]
pub(super) struct Limiter {
    rate: Rate,
    taken: VecDeque<Moment>,
}

impl Limiter {
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate, taken: VecDeque::new() }
    }

    /// Counts one, or tells when one will be possible again.
    pub(super) fn take(&mut self, now: Moment) -> Result<(), Duration> {
        while self.taken.front().is_some_and(|&at| now >= at + self.rate.per) {
            self.taken.pop_front();
        }
        if self.taken.len() < self.rate.count as usize {
            self.taken.push_back(now);
            return Ok(());
        }
        let too_many = self.taken.len().saturating_sub(self.rate.count as usize);
        let leaves = self.taken.get(too_many);
        Err(leaves.map_or(self.rate.per, |&at| (at + self.rate.per).since(now)))
    }

    pub(super) fn set_rate(&mut self, rate: Rate) {
        self.rate = rate;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_window_of_its_length_ever_holds_more_than_the_count() {
        let mut limiter = Limiter::new(Rate { count: 2, per: Duration::from_secs(10) });
        let at = Moment::from_millis;
        assert_eq!(limiter.take(at(0)), Ok(()));
        assert_eq!(limiter.take(at(9_000)), Ok(()));
        assert_eq!(limiter.take(at(9_999)), Err(Duration::from_millis(1)));
        assert_eq!(limiter.take(at(10_000)), Ok(()));
        assert_eq!(limiter.take(at(10_001)), Err(Duration::from_millis(8_999)));
        assert_eq!(limiter.take(at(19_000)), Ok(()));
    }

    #[test]
    fn a_stricter_rate_promises_no_more_than_it_keeps() {
        let per = Duration::from_secs(10);
        let mut limiter = Limiter::new(Rate { count: 2, per });
        let at = Moment::from_millis;
        assert_eq!(limiter.take(at(0)), Ok(()));
        assert_eq!(limiter.take(at(4_000)), Ok(()));
        limiter.set_rate(Rate { count: 1, per });
        assert_eq!(limiter.take(at(5_000)), Err(Duration::from_secs(9)));
        assert_eq!(limiter.take(at(13_999)), Err(Duration::from_millis(1)));
        assert_eq!(limiter.take(at(14_000)), Ok(()));
    }
}
