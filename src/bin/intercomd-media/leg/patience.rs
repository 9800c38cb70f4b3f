// SPDX-License-Identifier: MIT OR Apache-2.0
//! How long a leg may take to connect, and when one that was connected counts as lost: webrtcbin
//! 1.22 does not notice that a peer is gone.

use std::time::Duration;

use intercomd::core::Moment;

const SET_UP: Duration = Duration::from_secs(12);
/// A handset sends sound always, be it silence.
const QUIET_MAX: Duration = Duration::from_millis(2500);
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Until a new session is tried: with a handset that said nothing to the last one, and with one
/// that answered and may be about to connect.
const NEXT_TRY: Duration = Duration::from_secs(3);
const AFTER_ANSWER: Duration = Duration::from_secs(6);

#[derive(Debug)]
pub(crate) struct Patience(Stage);

#[derive(Debug)]
enum Stage {
    First { until: Moment, second_chance: bool },
    Connected { arrived: u64, at: Moment, next_look: Moment },
    Again { next_try: Moment },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wait,
    /// It never connected.
    GiveUp,
    /// It was connected and is not any more.
    Lost,
    TryAgain,
}

impl Patience {
    pub(crate) fn new(now: Moment) -> Self {
        Self(Stage::First { until: now + SET_UP, second_chance: true })
    }

    pub(crate) fn connected(&mut self, now: Moment) {
        self.0 = Stage::Connected { arrived: 0, at: now, next_look: now + LOOK_EVERY };
    }

    pub(crate) fn answered(&mut self, now: Moment) {
        if let Stage::Again { next_try } = &mut self.0 {
            *next_try = (*next_try).max(now + AFTER_ANSWER);
        }
    }

    /// A new session was begun in place of a broken one.
    pub(crate) fn trying_again(&mut self, now: Moment) {
        self.0 = Stage::Again { next_try: now + NEXT_TRY };
    }

    pub(crate) fn is_connected(&self) -> bool {
        matches!(self.0, Stage::Connected { .. })
    }

    pub(crate) fn never_connected(&self) -> bool {
        matches!(self.0, Stage::First { .. })
    }

    /// A first session whose path failed may have begun before the handset knew its own
    /// addresses. Once.
    pub(crate) fn take_second_chance(&mut self) -> bool {
        match &mut self.0 {
            Stage::First { second_chance, .. } => std::mem::take(second_chance),
            Stage::Connected { .. } | Stage::Again { .. } => false,
        }
    }

    pub(crate) fn poll_timeout(&self) -> Moment {
        match self.0 {
            Stage::First { until, .. } => until,
            Stage::Connected { next_look, .. } => next_look,
            Stage::Again { next_try } => next_try,
        }
    }

    /// `packets` is how many have come in the present session.
    pub(crate) fn handle_timeout(&mut self, now: Moment, packets: u64) -> Verdict {
        match &mut self.0 {
            Stage::First { until, .. } if now >= *until => Verdict::GiveUp,
            Stage::Again { next_try } if now >= *next_try => Verdict::TryAgain,
            Stage::Connected { arrived, at, next_look } if now >= *next_look => {
                *next_look = now + LOOK_EVERY;
                if *arrived != packets {
                    (*arrived, *at) = (packets, now);
                }
                if now.since(*at) >= QUIET_MAX { Verdict::Lost } else { Verdict::Wait }
            }
            Stage::First { .. } | Stage::Connected { .. } | Stage::Again { .. } => Verdict::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    #[test]
    fn a_handset_that_never_connects_is_given_up_after_twelve_seconds() {
        let mut patience = Patience::new(at(0));
        patience.answered(at(1000));
        assert_eq!(patience.poll_timeout(), at(12_000));
        assert_eq!(patience.handle_timeout(at(11_999), 0), Verdict::Wait);
        assert_eq!(patience.handle_timeout(at(12_000), 0), Verdict::GiveUp);
    }

    #[test]
    fn there_is_one_second_chance_and_no_more_time_for_it() {
        let mut patience = Patience::new(at(0));
        assert!(patience.take_second_chance() && !patience.take_second_chance());
        assert_eq!(patience.poll_timeout(), at(12_000));
        patience.connected(at(1));
        assert!(!patience.take_second_chance());
    }

    #[test]
    fn a_peer_that_sends_is_not_lost_and_one_that_stopped_is_within_three_seconds() {
        let mut patience = Patience::new(at(0));
        patience.connected(at(100));
        let mut now = 100;
        for packets in 1..100 {
            now += 250;
            assert_eq!(patience.handle_timeout(at(now), packets), Verdict::Wait);
        }
        let silent =
            (1..).find(|step| patience.handle_timeout(at(now + 250 * step), 99) == Verdict::Lost);
        assert_eq!(silent, Some(10));
    }

    #[test]
    fn a_lost_peer_is_tried_again_until_it_is_back_and_gets_time_once_it_answers() {
        let mut patience = Patience::new(at(0));
        patience.connected(at(0));
        patience.trying_again(at(5000));
        assert_eq!(patience.handle_timeout(at(7999), 0), Verdict::Wait);
        assert_eq!(patience.handle_timeout(at(8000), 0), Verdict::TryAgain);
        patience.trying_again(at(8000));
        patience.answered(at(10_900));
        assert_eq!(patience.handle_timeout(at(11_000), 0), Verdict::Wait);
        assert_eq!(patience.poll_timeout(), at(16_900));
        patience.connected(at(12_000));
        assert!(patience.is_connected() && !patience.never_connected());
    }
}
