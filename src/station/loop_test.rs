// SPDX-License-Identifier: MIT OR Apache-2.0
//! When the loop between loudspeaker and microphone is tested, and what comes of it. A test is worth no call: whatever
//! else is to be heard ends it.

use std::time::Duration;

use tokio::sync::oneshot;

use super::{clock, engine::Engine, panel_port::PanelPort, request::SelfTestReport};
use crate::{
    core::{Moment, status::Problem, time::LocalTime},
    media::{
        LoopTest, LoopTested, MediaCommand,
        setup::{Capture, Playback},
    },
};

/// The name of this check in a self-test.
const SOUND: &str = "sound";

#[derive(Debug, Default)]
pub(super) struct LoopTests {
    /// Self-tests that lack nothing else.
    waiting: Vec<(SelfTestReport, oneshot::Sender<SelfTestReport>)>,
    under_way: Option<Asked>,
    pub(super) last: Option<LoopTested>,
    schedule: Schedule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    BySomebody,
    BySchedule,
}

impl LoopTests {
    /// Each day at that second of it.
    pub(super) fn at(second: Option<u32>) -> Self {
        Self { schedule: Schedule::at(second), ..Self::default() }
    }

    pub(super) fn reschedule(&mut self, second: Option<u32>) {
        if self.schedule.second != second {
            self.schedule = Schedule::at(second);
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        self.schedule.poll_timeout()
    }
}

const HOUR: Duration = Duration::from_secs(3600);
const DAY: u32 = 24 * 3600;
/// While it is not convenient.
const AGAIN_AFTER: Duration = Duration::from_secs(15 * 60);

/// The clock may be set at any time, so it is looked at each hour.
#[derive(Debug, Default, PartialEq, Eq)]
struct Schedule {
    second: Option<u32>,
    look_at: Moment,
    is_due: bool,
}

impl Schedule {
    fn at(second: Option<u32>) -> Self {
        Self { second, ..Self::default() }
    }

    fn poll_timeout(&self) -> Option<Moment> {
        self.second.map(|_| self.look_at)
    }

    /// Whether it is time for a test.
    fn look(&mut self, now: Moment, local: Option<LocalTime>) -> bool {
        let Some(second) = self.second.filter(|_| self.look_at <= now) else { return false };
        let passed = local.map(|local| (local.second + DAY - second) % DAY);
        let ahead = passed.map(|passed| Duration::from_secs((DAY - passed).into()));
        self.look_at = now + ahead.unwrap_or(HOUR).min(HOUR);
        self.is_due |= passed.is_some_and(|passed| passed < 60);
        std::mem::take(&mut self.is_due)
    }

    fn not_now(&mut self, now: Moment) {
        self.is_due = true;
        self.look_at = self.look_at.min(now + AGAIN_AFTER);
    }
}

impl Engine {
    /// The answer may take as long as [`LoopTest::LONGEST`].
    pub(super) fn complete(
        &mut self,
        panel: &PanelPort,
        mut report: SelfTestReport,
        reply: oneshot::Sender<SelfTestReport>,
    ) {
        match self.no_loop() {
            None => {
                self.loop_tests.waiting.push((report, reply));
                self.test_loop(panel, Asked::BySomebody);
            }
            Some(why) => {
                report.skipped.insert(SOUND.to_owned(), why.to_owned());
                drop(reply.send(report));
            }
        }
    }

    pub(super) fn look_at_schedule(&mut self, panel: &PanelPort) {
        let now = clock::now();
        if !self.loop_tests.schedule.look(now, clock::local_time()) {
            return;
        }
        let is_quiet = self.core.snapshot(now).station.quiet;
        if is_quiet || self.no_loop().is_some() {
            self.loop_tests.schedule.not_now(now);
        } else {
            self.test_loop(panel, Asked::BySchedule);
        }
    }

    /// Why there is nothing to be tested.
    fn no_loop(&self) -> Option<&'static str> {
        let audio = &self.config.media.setup.audio;
        if !self.media.is_real() {
            Some("sound is simulated")
        } else if audio.capture == Capture::Silence {
            Some("there is no microphone: capture in [audio] is none")
        } else if audio.playback == Playback::Nowhere {
            Some("there is no loudspeaker: playback in [audio] is none")
        } else if self.core.snapshot(clock::now()).station.active_call.is_some() {
            Some("there is a call")
        } else {
            None
        }
    }

    fn test_loop(&mut self, panel: &PanelPort, asked: Asked) {
        if self.loop_tests.under_way.is_none() {
            self.loop_tests.under_way = Some(asked);
            if self.media.tell(MediaCommand::TestLoop).is_err() {
                self.loop_tested(panel, LoopTest::Lost);
            }
        }
    }

    pub(super) fn loop_tested(&mut self, panel: &PanelPort, result: LoopTest) {
        let by_schedule = self.loop_tests.under_way.take() == Some(Asked::BySchedule);
        match result {
            LoopTest::Heard { .. } => {
                tracing::info!(%result, "loop test");
                self.problem(Problem::SoundUnheard, false);
            }
            LoopTest::NotHeard { .. } | LoopTest::Silent => {
                tracing::warn!(%result, "loop test");
                self.problem(Problem::SoundUnheard, true);
            }
            LoopTest::NoDevice(_) | LoopTest::Lost => tracing::warn!(%result, "loop test"),
            LoopTest::Interrupted => {
                tracing::info!(%result, "loop test");
                if by_schedule {
                    self.loop_tests.schedule.not_now(clock::now());
                }
            }
        }
        if result != LoopTest::Interrupted {
            let at_unix_ms = clock::unix_ms();
            self.loop_tests.last = Some(LoopTested { result, at_unix_ms });
        }
        let waiting = std::mem::take(&mut self.loop_tests.waiting);
        self.settle(panel);
        for (mut report, reply) in waiting {
            report.tell(result);
            drop(reply.send(report));
        }
    }
}

impl SelfTestReport {
    fn tell(&mut self, result: LoopTest) {
        let name = SOUND.to_owned();
        match result {
            LoopTest::Heard { .. } => {
                self.passed.push(name.clone());
                self.measured.insert(name, result.to_string());
            }
            LoopTest::Interrupted => drop(self.skipped.insert(name, result.to_string())),
            LoopTest::NotHeard { .. }
            | LoopTest::Silent
            | LoopTest::NoDevice(_)
            | LoopTest::Lost => drop(self.failed.insert(name, result.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::time::Weekday;

    const NOON: u32 = DAY / 2;

    fn at(second: u32) -> Option<LocalTime> {
        Some(LocalTime { weekday: Weekday::Monday, second: second % DAY })
    }

    /// Seconds on both clocks at which there is a test within so many days; `wall` says how the one follows the other.
    fn tests(second: u32, days: u32, wall: impl Fn(u32) -> Option<u32>) -> Vec<u32> {
        let mut schedule = Schedule::at(Some(second));
        let mut tests = Vec::new();
        while let Some(due) = schedule.poll_timeout() {
            let passed = u32::try_from(due.0.as_secs()).unwrap();
            if passed >= days * DAY {
                break;
            }
            if schedule.look(due, wall(passed).and_then(at)) {
                tests.push(passed);
            }
            assert!(schedule.poll_timeout() > Some(due), "it looks without end");
        }
        tests
    }

    #[test]
    fn there_is_one_test_a_day_at_its_time() {
        assert_eq!(tests(NOON, 3, Some), [NOON, NOON + DAY, NOON + 2 * DAY]);
        assert_eq!(tests(0, 3, Some), [0, DAY, 2 * DAY]);
        assert_eq!(Schedule::at(None).poll_timeout(), None);
    }

    #[test]
    fn a_clock_that_is_set_later_is_noticed() {
        let unset = |passed: u32| (passed > NOON).then(|| passed + NOON);
        assert_eq!(tests(3 * 3600, 1, unset), [NOON + 3 * 3600]);
        let wrong = |passed: u32| Some(if passed > 3600 { passed + 6 * 3600 } else { passed });
        assert_eq!(tests(NOON, 1, wrong), [6 * 3600]);
    }

    #[test]
    fn a_clock_that_is_an_hour_back_in_autumn_brings_no_second_test() {
        let autumn = |passed: u32| Some(if passed >= 3 * 3600 { passed - 3600 } else { passed });
        assert_eq!(tests(NOON, 1, autumn), [NOON + 3600]);
    }

    #[test]
    fn what_is_not_convenient_is_done_later() {
        let mut schedule = Schedule::at(Some(NOON));
        let now = Moment::from_millis(0);
        assert!(schedule.look(now, at(NOON)));
        schedule.not_now(now);
        let again = now + AGAIN_AFTER;
        assert_eq!(schedule.poll_timeout(), Some(again));
        assert!(!schedule.look(now, at(NOON)));
        assert!(schedule.look(again, at(NOON + 900)));
        assert!(!schedule.look(again + HOUR, at(NOON + 4500)));
    }
}
