// SPDX-License-Identifier: MIT OR Apache-2.0
//! How often something is tried, and what becomes of it. Time is a parameter.

use std::time::Duration;

use crate::{core::Moment, link::push::Fate};

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// Of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Taken,
    Gone,
    /// It will not be taken the next time either.
    Refused,
    /// Not before the time that the service says, if it does.
    Later(Option<Duration>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    AgainAt(Moment),
    Over(Fate),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Delivery {
    until: Moment,
    pause: Duration,
}

impl Delivery {
    pub(super) fn new(until: Moment) -> Self {
        Self { until, pause: FIRST_PAUSE }
    }

    pub(super) fn left(&self, now: Moment) -> Duration {
        self.until.since(now)
    }

    pub(super) fn after(&mut self, now: Moment, outcome: Outcome) -> Next {
        let wait = match outcome {
            Outcome::Taken => return Next::Over(Fate::Taken),
            Outcome::Gone => return Next::Over(Fate::Gone),
            Outcome::Refused => return Next::Over(Fate::Failed),
            Outcome::Later(after) => self.pause.max(after.unwrap_or_default()),
        };
        self.pause = (2 * self.pause).min(LONGEST_PAUSE);
        // It would come when nothing rings any more.
        if wait >= self.left(now) { Next::Over(Fate::Failed) } else { Next::AgainAt(now + wait) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    fn seconds(s: u64) -> Duration {
        Duration::from_secs(s)
    }

    #[test]
    fn what_is_decided_is_not_tried_again() {
        for (outcome, fate) in [
            (Outcome::Taken, Fate::Taken),
            (Outcome::Gone, Fate::Gone),
            (Outcome::Refused, Fate::Failed),
        ] {
            assert_eq!(Delivery::new(at(45_000)).after(at(0), outcome), Next::Over(fate));
        }
    }

    #[test]
    fn pauses_grow_and_end_with_the_ring() {
        let mut delivery = Delivery::new(at(30_000));
        let (mut now, mut tries) = (at(0), Vec::new());
        while let Next::AgainAt(next) = delivery.after(now, Outcome::Later(None)) {
            tries.push(next);
            now = next;
        }
        assert_eq!(tries, [1_000, 3_000, 7_000, 15_000, 23_000].map(at));
    }

    #[test]
    fn a_service_that_says_when_is_not_bothered_before() {
        let mut delivery = Delivery::new(at(45_000));
        let later = |s| Outcome::Later(Some(seconds(s)));
        assert_eq!(delivery.after(at(0), later(20)), Next::AgainAt(at(20_000)));
        assert_eq!(delivery.after(at(20_000), later(0)), Next::AgainAt(at(22_000)));
        assert_eq!(delivery.after(at(22_000), later(23)), Next::Over(Fate::Failed));
        assert_eq!(
            Delivery::new(at(45_000)).after(at(0), later(u64::MAX)),
            Next::Over(Fate::Failed)
        );
    }

    fn outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            8 => proptest::option::of(0_u64..60).prop_map(|s| Outcome::Later(s.map(seconds))),
            1 => Just(Outcome::Taken),
            1 => Just(Outcome::Gone),
            1 => Just(Outcome::Refused),
        ]
    }

    proptest! {
        /// Whatever a service answers, and however slowly.
        #[test]
        fn every_delivery_is_over_with_its_ring(
            until_ms in 0_u64..600_000,
            steps in proptest::collection::vec((outcome(), 0_u64..10_000), 1..200),
        ) {
            let mut delivery = Delivery::new(at(until_ms));
            let mut now = at(0);
            let mut tries = 0;
            for (outcome, lasts_ms) in steps {
                let heard = now + Duration::from_millis(lasts_ms);
                match delivery.after(heard, outcome) {
                    Next::Over(fate) => {
                        prop_assert_eq!(fate == Fate::Taken, outcome == Outcome::Taken);
                        prop_assert_eq!(fate == Fate::Gone, outcome == Outcome::Gone);
                        break;
                    }
                    Next::AgainAt(next) => {
                        let Outcome::Later(after) = outcome else { panic!("{outcome:?}") };
                        prop_assert!(next >= heard + FIRST_PAUSE && next < at(until_ms));
                        prop_assert!(next >= heard + after.unwrap_or_default());
                        now = next;
                        tries += 1;
                    }
                }
            }
            prop_assert!(tries <= 80, "{}", tries);
        }
    }
}
