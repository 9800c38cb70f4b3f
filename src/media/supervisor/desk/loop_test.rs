// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whoever asked for a loop test hears of its end, whatever becomes of the worker.

use super::{Act, Desk, Role};
use crate::{
    core::Moment,
    media::{LoopTest, MediaCommand, MediaEvent},
};

impl Desk {
    /// A sound of a worker that makes sounds. In a call, and while its last sound is heard, nothing is tested.
    pub(super) fn test_loop(&mut self, now: Moment) {
        self.testing = Some(now + LoopTest::LONGEST);
        match self.worker.as_ref().map(|worker| &worker.role) {
            Some(Role::Call { .. } | Role::Ending { .. }) => {}
            Some(Role::Spare | Role::Sounds { .. } | Role::Dismissed { .. }) | None => {
                self.make_audible(now);
                self.tell(MediaCommand::TestLoop);
            }
        }
    }

    /// Called after everything that may have ended it.
    pub(super) fn follow_test(&mut self, now: Moment) {
        let Some(until) = self.testing else { return };
        let result = match self.worker.as_ref().map(|worker| &worker.role) {
            Some(Role::Spare | Role::Sounds { .. }) if now < until => return,
            Some(Role::Spare | Role::Sounds { .. }) | None => LoopTest::Lost,
            Some(Role::Call { .. } | Role::Ending { .. } | Role::Dismissed { .. }) => {
                LoopTest::Interrupted
            }
        };
        self.testing = None;
        self.acts.push_back(Act::Report(MediaEvent::LoopTested(result)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, in_call, launched, rested, start, told};
    use super::*;
    use crate::media::wire::FromWorker;

    const TEST: MediaCommand = MediaCommand::TestLoop;

    fn tested(result: LoopTest) -> Act {
        Act::Report(MediaEvent::LoopTested(result))
    }

    fn said(result: LoopTest) -> FromWorker {
        FromWorker::Said(MediaEvent::LoopTested(result))
    }

    /// Worker 2 tests.
    fn testing() -> Desk {
        let mut desk = rested();
        assert_eq!(desk.ask(10_000, TEST), [launched(2), told(2, TEST)]);
        assert_eq!(desk.say(10_500, 2, FromWorker::Ready), []);
        desk
    }

    #[test]
    fn a_test_has_a_worker_that_is_gone_soon_after() {
        let mut desk = testing();
        let silent = said(LoopTest::Silent);
        assert_eq!(desk.say(12_000, 2, silent.clone()), [tested(LoopTest::Silent)]);
        assert_eq!(desk.say(12_000, 2, silent), [], "nobody waits any more");
        desk.answer_until(2, 15_500);
        assert_eq!(desk.time(15_500), [Act::Dismiss(super::super::WorkerNo(2))]);
    }

    #[test]
    fn a_call_has_the_worker_at_once_and_the_test_is_over() {
        let mut desk = testing();
        let acts = desk.ask(11_000, start(7));
        assert_eq!(acts, [told(2, start(7)), tested(LoopTest::Interrupted)]);
        assert_eq!(desk.say(11_001, 2, said(LoopTest::Interrupted)), []);
    }

    #[test]
    fn nothing_is_tested_in_a_call() {
        let mut desk = in_call();
        assert_eq!(desk.ask(11_000, TEST), [tested(LoopTest::Interrupted)]);
        assert_eq!(desk.ask(12_000, MediaCommand::Stop { call: crate::core::CallId(7) }).len(), 1);
        assert_eq!(desk.ask(12_000, TEST), [tested(LoopTest::Interrupted)]);
    }

    #[test]
    fn a_worker_that_is_lost_or_never_done_leaves_nobody_waiting() {
        let mut desk = testing();
        assert_eq!(desk.lost(11_000, 2).last(), Some(&tested(LoopTest::Lost)));

        let mut desk = testing();
        desk.answer_until(2, 25_500);
        assert_eq!(desk.poll_timeout(), Some(at(25_500)));
        assert!(desk.time(25_500).contains(&tested(LoopTest::Lost)));
    }
}
