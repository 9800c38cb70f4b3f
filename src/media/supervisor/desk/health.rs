// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a worker is there and answers.

use std::time::Duration;

use crate::core::Moment;

/// GStreamer's first start, from a cold card on a slow board, which also makes a list of its plugins
/// for the next ones: cut short, it would begin anew each time. One that crashes is noticed at once.
pub(super) const TO_START: Duration = Duration::from_secs(30);
pub(super) const PING: Duration = Duration::from_millis(500);
pub(super) const TO_ANSWER: Duration = Duration::from_secs(2);
/// The first answer of a worker that got something to do: it opens a sound card and a camera before.
pub(super) const TO_OPEN: Duration = Duration::from_secs(10);
/// Whoever comes so late to a deadline has slept itself and asks once more before it judges.
pub(super) const OVERSLEPT: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(super) struct Health {
    state: State,
    number: u32,
    /// Opens its devices until it answers that question.
    opens_until: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Starting {
        until: Moment,
    },
    /// Ready and not used: nobody asks how it is.
    Resting,
    /// `unanswered` is when the oldest question without an answer was asked.
    Watched {
        next: Moment,
        unanswered: Option<Moment>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    Ask(u32),
    NeverReady,
    Silent,
}

impl Health {
    pub(super) fn starting(now: Moment) -> Self {
        Self { state: State::Starting { until: now + TO_START }, number: 0, opens_until: None }
    }

    pub(super) fn is_up(&self) -> bool {
        match self.state {
            State::Starting { .. } => false,
            State::Resting | State::Watched { .. } => true,
        }
    }

    pub(super) fn ready(&mut self, now: Moment, is_spare: bool) {
        match self.state {
            State::Starting { .. } if is_spare => self.state = State::Resting,
            State::Starting { .. } => {
                self.state = State::Watched { next: now, unanswered: None };
                self.opens_devices();
            }
            State::Resting | State::Watched { .. } => {}
        }
    }

    /// It is used from now on, or for more than before.
    pub(super) fn watch(&mut self, now: Moment) {
        match self.state {
            State::Resting => self.state = State::Watched { next: now, unanswered: None },
            State::Starting { .. } | State::Watched { .. } => {}
        }
        self.opens_devices();
    }

    fn opens_devices(&mut self) {
        self.opens_until = Some(self.number.wrapping_add(1));
    }

    fn to_answer(&self) -> Duration {
        if self.opens_until.is_some() { TO_OPEN } else { TO_ANSWER }
    }

    pub(super) fn answered(&mut self, number: u32) {
        self.opens_until = self.opens_until.filter(|until| number < *until);
        match &mut self.state {
            State::Watched { unanswered, .. } => *unanswered = None,
            State::Starting { .. } | State::Resting => {}
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        match self.state {
            State::Starting { until } => Some(until),
            State::Resting => None,
            State::Watched { next, unanswered } => {
                Some(unanswered.map_or(next, |asked| next.min(asked + self.to_answer())))
            }
        }
    }

    pub(super) fn handle_timeout(&mut self, now: Moment) -> Option<Finding> {
        let to_answer = self.to_answer();
        match &mut self.state {
            State::Starting { until } => (*until <= now).then_some(Finding::NeverReady),
            State::Resting => None,
            State::Watched { next, unanswered } => {
                if let Some(asked) = *unanswered {
                    let late = now.since(asked + to_answer);
                    if late >= OVERSLEPT {
                        *unanswered = None;
                        *next = now;
                    } else if asked + to_answer <= now {
                        return Some(Finding::Silent);
                    }
                }
                if now < *next {
                    return None;
                }
                *next = now + PING;
                unanswered.get_or_insert(now);
                self.number = self.number.wrapping_add(1);
                Some(Finding::Ask(self.number))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    fn watched() -> Health {
        let mut health = Health::starting(at(0));
        health.ready(at(0), false);
        health
    }

    /// Whose devices are open.
    fn at_work() -> Health {
        let mut health = watched();
        health.handle_timeout(at(0));
        health.answered(1);
        health
    }

    #[test]
    fn a_worker_in_use_is_asked_twice_a_second() {
        let mut health = watched();
        assert_eq!(health.handle_timeout(at(0)), Some(Finding::Ask(1)));
        health.answered(1);
        assert_eq!(health.poll_timeout(), Some(at(500)));
        assert_eq!(health.handle_timeout(at(499)), None);
        assert_eq!(health.handle_timeout(at(500)), Some(Finding::Ask(2)));
    }

    #[test]
    fn silence_counts_from_the_oldest_question_without_an_answer() {
        let mut health = at_work();
        for ms in [500, 1000, 1500, 2000] {
            assert!(matches!(health.handle_timeout(at(ms)), Some(Finding::Ask(_))), "{ms}");
        }
        assert_eq!(health.poll_timeout(), Some(at(2500)));
        assert_eq!(health.handle_timeout(at(2499)), None);
        assert_eq!(health.handle_timeout(at(2500)), Some(Finding::Silent));
    }

    #[test]
    fn a_worker_that_opens_its_devices_has_longer_to_answer() {
        let mut health = watched();
        for ms in (0..10_000).step_by(500) {
            assert!(matches!(health.handle_timeout(at(ms)), Some(Finding::Ask(_))), "{ms}");
        }
        assert_eq!(health.handle_timeout(at(10_000)), Some(Finding::Silent));

        // Also one that made sounds and is to serve a call; what it was asked before does not count.
        let mut health = at_work();
        assert_eq!(health.handle_timeout(at(500)), Some(Finding::Ask(2)));
        health.watch(at(600));
        health.answered(2);
        for ms in (1000..11_000).step_by(500) {
            assert!(matches!(health.handle_timeout(at(ms)), Some(Finding::Ask(_))), "{ms}");
        }
        assert_eq!(health.handle_timeout(at(11_000)), Some(Finding::Silent));
    }

    #[test]
    fn whoever_overslept_asks_again_instead_of_judging() {
        let mut health = at_work();
        health.handle_timeout(at(500));
        assert_eq!(health.handle_timeout(at(9500)), Some(Finding::Ask(3)));
        assert_eq!(health.handle_timeout(at(10_000)), Some(Finding::Ask(4)));
        assert_eq!(health.handle_timeout(at(11_500)), Some(Finding::Silent));
    }

    #[test]
    fn a_spare_worker_is_left_alone_until_it_is_used() {
        let mut health = Health::starting(at(0));
        assert_eq!(health.handle_timeout(at(29_999)), None);
        health.ready(at(29_999), true);
        assert_eq!(health.poll_timeout(), None);
        health.watch(at(60_000));
        assert_eq!(health.handle_timeout(at(60_000)), Some(Finding::Ask(1)));
    }

    #[test]
    fn a_worker_that_never_gets_ready_is_found_out() {
        let mut health = Health::starting(at(0));
        assert_eq!(health.poll_timeout(), Some(at(30_000)));
        assert_eq!(health.handle_timeout(at(30_000)), Some(Finding::NeverReady));
    }
}
