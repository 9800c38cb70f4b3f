// SPDX-License-Identifier: MIT OR Apache-2.0
use super::*;
use crate::media::AudioFault;
use crate::{
    core::{
        event::LegFact,
        status::{Gate, Media, Sound},
    },
    media::sounds::Own,
};

pub(super) fn at(ms: u64) -> Moment {
    Moment::from_millis(ms)
}

pub(super) fn start(call: u64) -> MediaCommand {
    MediaCommand::Start { call: CallId(call), media: Media::Video }
}

fn stop(call: u64) -> MediaCommand {
    MediaCommand::Stop { call: CallId(call) }
}

fn leg(call: u64) -> LegId {
    LegId { call: CallId(call), handset: "hall".parse().unwrap() }
}

fn gate(call: u64) -> MediaCommand {
    MediaCommand::Gate { leg: leg(call), gate: Gate::Open }
}

fn connected(call: u64) -> MediaEvent {
    MediaEvent::Leg { leg: leg(call), fact: LegFact::MediaConnected }
}

fn crashed(call: u64) -> Act {
    Act::Report(MediaEvent::WorkerCrashed { call: CallId(call) })
}

pub(super) fn told(no: u64, command: MediaCommand) -> Act {
    Act::Tell(WorkerNo(no), ToWorker::Do(command))
}

pub(super) fn launched(no: u64) -> Act {
    Act::Launch(WorkerNo(no))
}

fn killed(no: u64, why: Why) -> Act {
    Act::Kill(WorkerNo(no), why)
}

const TONE: MediaCommand = MediaCommand::Tone(Some(Tone::Ringback));
const CHIME: MediaCommand = MediaCommand::Play(Sound::Activated);

impl Desk {
    pub(super) fn acts(&mut self) -> Vec<Act> {
        std::iter::from_fn(|| self.poll_act()).collect()
    }

    pub(super) fn ask(&mut self, ms: u64, command: MediaCommand) -> Vec<Act> {
        self.handle(at(ms), Input::Asked(command));
        self.acts()
    }

    pub(super) fn say(&mut self, ms: u64, no: u64, line: FromWorker) -> Vec<Act> {
        self.handle(at(ms), Input::Said(WorkerNo(no), line));
        self.acts()
    }

    pub(super) fn lost(&mut self, ms: u64, no: u64) -> Vec<Act> {
        self.handle(at(ms), Input::Lost(WorkerNo(no)));
        self.acts()
    }

    fn station_in(&mut self, ms: u64, call: Option<u64>) {
        self.handle(at(ms), Input::InCall(call.map(CallId)));
    }

    pub(super) fn time(&mut self, ms: u64) -> Vec<Act> {
        self.handle_timeout(at(ms));
        self.acts()
    }

    /// The questions answered, up to that moment.
    pub(super) fn answer_until(&mut self, no: u64, ms: u64) {
        while let Some(due) = self.poll_timeout().filter(|due| *due < at(ms)) {
            self.handle_timeout(due);
            for act in self.acts() {
                let Act::Tell(_, ToWorker::Ping(number)) = act else { panic!("{act:?}") };
                self.handle(due, Input::Said(WorkerNo(no), FromWorker::Pong(number)));
            }
        }
    }
}

/// No worker, and none wanted.
pub(super) fn rested() -> Desk {
    let mut desk = Desk::new(false);
    assert_eq!(desk.time(0), [launched(1), Act::Tell(WorkerNo(1), ToWorker::Rehearse)]);
    desk.say(0, 1, FromWorker::Ready);
    desk.answer_until(1, 5000);
    assert_eq!(desk.time(5000), [Act::Dismiss(WorkerNo(1))]);
    assert_eq!(desk.lost(5000, 1), [killed(1, Why::Left)]);
    assert_eq!(desk.poll_timeout(), None);
    desk
}

/// Call 7 has worker 2, which is ready.
pub(super) fn in_call() -> Desk {
    let mut desk = rested();
    assert_eq!(desk.ask(10_000, start(7)), [launched(2), told(2, start(7))]);
    desk.station_in(10_000, Some(7));
    desk.say(10_000, 2, FromWorker::Ready);
    desk
}

#[test]
fn a_daemon_that_idles_has_no_worker_and_no_timer() {
    let mut desk = rested();
    assert_eq!(desk.ask(9000, MediaCommand::Tone(None)), []);
    assert_eq!(desk.ask(9000, MediaCommand::Volume { percent: 30, chimes: 100 }), []);
    assert_eq!(desk.poll_timeout(), None);
}

#[test]
fn a_long_sound_of_ones_own_is_heard_to_its_end_after_the_call() {
    let mut desk = in_call();
    let own = Own { file: None, volume: 100, lasts: Duration::from_secs(8) };
    desk.knows(&Sounds { once: [(Sound::Activated, own)].into(), ..Sounds::default() });
    desk.ask(20_000, CHIME);
    desk.ask(20_500, MediaCommand::Stop { call: CallId(7) });
    assert_eq!(desk.poll_timeout(), Some(Moment::from_millis(29_000)));
}

#[test]
fn a_new_worker_hears_first_how_loud_it_is_and_which_tone_sounds() {
    let mut desk = rested();
    let volume = MediaCommand::Volume { percent: 30, chimes: 100 };
    let gain = MediaCommand::Gain { decibels: -6 };
    desk.ask(9000, volume.clone());
    desk.ask(9000, gain.clone());
    let acts = desk.ask(10_000, TONE);
    let levels = |no| [told(no, volume.clone()), told(no, gain.clone())];
    assert_eq!(acts[1..], [&levels(2)[..], &[told(2, TONE)]].concat());
    assert_eq!(desk.lost(10_000, 2), [killed(2, Why::Lost)]);
    let acts = desk.ask(10_000, start(7));
    assert_eq!(acts[1..], [&levels(3)[..], &[told(3, TONE), told(3, start(7))]].concat());
}

#[test]
fn a_sound_outside_of_a_call_has_a_worker_that_the_call_takes_over() {
    let mut desk = rested();
    assert_eq!(desk.ask(9000, CHIME), [launched(2), told(2, CHIME)]);
    desk.say(9000, 2, FromWorker::Ready);
    assert_eq!(desk.ask(9001, start(7)), [told(2, start(7))]);
}

#[test]
fn a_worker_that_only_makes_sounds_stays_while_there_are_any() {
    let mut desk = rested();
    desk.ask(9000, CHIME);
    desk.say(9000, 2, FromWorker::Ready);
    desk.ask(10_000, TONE);
    desk.answer_until(2, 60_000);
    desk.ask(60_000, MediaCommand::Tone(None));
    desk.answer_until(2, 65_000);
    assert_eq!(desk.time(65_000), [Act::Dismiss(WorkerNo(2))]);
    // Whoever was dismissed plays nothing any more.
    assert_eq!(desk.ask(65_001, CHIME), [killed(2, Why::InTheWay), launched(3), told(3, CHIME)]);
}

#[test]
fn what_belongs_to_a_call_goes_to_its_worker_and_comes_from_it() {
    let mut desk = in_call();
    assert_eq!(desk.ask(10_001, gate(7)), [told(2, gate(7))]);
    assert_eq!(desk.ask(10_001, gate(6)), []);
    let said = |call| FromWorker::Said(connected(call));
    assert_eq!(desk.say(10_002, 2, said(7)), [Act::Report(connected(7))]);
    assert_eq!(desk.say(10_002, 2, said(6)), []);
    assert_eq!(desk.say(10_002, 1, said(7)), []);
    desk.ask(10_003, stop(7));
    assert_eq!(desk.say(10_003, 2, said(7)), []);
    assert_eq!(desk.ask(10_003, gate(7)), []);
    let audio = MediaEvent::AudioChanged { faults: [AudioFault::Busy].into() };
    assert_eq!(desk.say(10_003, 2, FromWorker::Said(audio.clone())), [Act::Report(audio)]);
}

#[test]
fn a_worker_that_is_told_to_stop_may_finish_its_sound() {
    let mut desk = in_call();
    assert_eq!(desk.ask(11_000, stop(7)), [told(2, stop(7))]);
    assert_eq!(desk.ask(11_900, CHIME), [told(2, CHIME)]);
    assert_eq!(desk.time(12_899), []);
    assert_eq!(desk.time(12_900), [Act::Dismiss(WorkerNo(2))]);
    assert_eq!(desk.lost(12_901, 2), [killed(2, Why::Left)]);
    assert_eq!(desk.poll_timeout(), None);
}

#[test]
fn a_worker_that_does_not_leave_is_killed() {
    let mut desk = in_call();
    desk.ask(11_000, stop(7));
    assert_eq!(desk.time(12_000), [Act::Dismiss(WorkerNo(2))]);
    assert_eq!(desk.time(12_999), []);
    assert_eq!(desk.time(13_000), [killed(2, Why::Overdue)]);
    assert_eq!(desk.poll_timeout(), None);
}

#[test]
fn the_next_call_does_not_wait_for_a_worker_that_leaves() {
    let mut desk = in_call();
    desk.ask(11_000, stop(7));
    let acts = desk.ask(11_001, start(8));
    assert_eq!(acts, [killed(2, Why::InTheWay), launched(3), told(3, start(8))]);
    assert_eq!(desk.lost(11_002, 2), []);
}

#[test]
fn a_call_whose_stop_was_lost_ends_with_the_next_start() {
    let mut desk = in_call();
    let acts = desk.ask(11_000, start(8));
    assert_eq!(acts, [killed(2, Why::InTheWay), launched(3), told(3, start(8))]);
}

#[test]
fn a_call_whose_stop_was_lost_ends_when_the_station_is_not_in_it() {
    let mut desk = in_call();
    desk.station_in(11_000, None);
    desk.answer_until(2, 12_000);
    assert_eq!(desk.time(12_000), [told(2, stop(7))]);
    assert_eq!(desk.time(13_000), [Act::Dismiss(WorkerNo(2))]);
}

#[test]
fn a_call_that_the_station_never_was_in_ends_as_well() {
    let mut desk = rested();
    desk.ask(10_000, start(7));
    assert_eq!(desk.time(11_000), [told(2, stop(7))]);
    // And one that it is in goes on.
    let mut desk = rested();
    desk.ask(10_000, start(7));
    desk.station_in(10_999, Some(7));
    assert_eq!(desk.time(11_000), []);
}

#[test]
fn a_worker_that_ends_in_a_call_is_reported_once() {
    let mut desk = in_call();
    assert_eq!(desk.lost(11_000, 2), [killed(2, Why::Lost), crashed(7)]);
    assert_eq!(desk.lost(11_000, 2), []);
    assert_eq!(desk.ask(11_001, stop(7)), []);
    assert_eq!(desk.ask(11_002, start(8)), [launched(3), told(3, start(8))]);
}

#[test]
fn a_worker_that_does_not_answer_is_killed_and_reported() {
    let mut desk = in_call();
    assert_eq!(desk.time(10_000), [Act::Tell(WorkerNo(2), ToWorker::Ping(1))]);
    desk.say(10_000, 2, FromWorker::Pong(1));
    for ms in (10_500..12_500).step_by(500) {
        assert!(matches!(desk.time(ms)[..], [Act::Tell(WorkerNo(2), ToWorker::Ping(_))]), "{ms}");
    }
    assert_eq!(desk.time(12_500), [killed(2, Why::Silent), crashed(7)]);
}

#[test]
fn a_worker_that_never_gets_ready_is_killed_and_reported() {
    let mut desk = rested();
    desk.ask(10_000, start(7));
    desk.station_in(10_000, Some(7));
    assert_eq!(desk.poll_timeout(), Some(at(40_000)));
    assert_eq!(desk.time(40_000), [killed(2, Why::NeverReady), crashed(7)]);
}

#[test]
fn a_worker_may_say_that_it_cannot_go_on_and_nothing_of_another_call() {
    let cannot = |call| FromWorker::Said(MediaEvent::WorkerCrashed { call: CallId(call) });
    let mut desk = in_call();
    assert_eq!(desk.say(11_000, 2, cannot(7)), [killed(2, Why::Lost), crashed(7)]);
    let mut desk = in_call();
    assert_eq!(desk.say(11_000, 2, cannot(6)), [killed(2, Why::Nonsense), crashed(7)]);
}

/// Worker 2 is kept ready; the first one has tried the setup.
fn prewarmed() -> Desk {
    let mut desk = Desk::new(true);
    assert_eq!(desk.time(0), [launched(1), Act::Tell(WorkerNo(1), ToWorker::Rehearse)]);
    desk.say(0, 1, FromWorker::Ready);
    desk.answer_until(1, 5000);
    assert_eq!(desk.time(5000), [Act::Dismiss(WorkerNo(1))]);
    assert_eq!(desk.lost(5000, 1), [killed(1, Why::Left)]);
    assert_eq!(desk.time(5000), [launched(2)]);
    desk.say(5300, 2, FromWorker::Ready);
    assert_eq!(desk.poll_timeout(), None);
    desk
}

#[test]
fn a_worker_kept_ready_is_used_at_once_and_replaced_after_use() {
    let mut desk = prewarmed();
    assert_eq!(desk.ask(10_000, start(7)), [told(2, start(7))]);
    desk.station_in(10_000, Some(7));
    assert!(matches!(desk.time(10_000)[..], [Act::Tell(_, ToWorker::Ping(1))]));
    desk.ask(10_100, stop(7));
    assert_eq!(desk.lost(10_200, 2), [killed(2, Why::Left)]);
    assert_eq!(desk.poll_timeout(), Some(at(10_200)));
    assert_eq!(desk.time(10_200), [launched(3)]);
}

#[test]
fn a_worker_that_cannot_be_kept_ready_is_tried_less_and_less_often() {
    let mut desk = prewarmed();
    let mut pauses = Vec::new();
    let mut now = 6000;
    for no in 2..13 {
        assert_eq!(desk.lost(now, no), [killed(no, Why::Lost)]);
        let due = desk.poll_timeout().unwrap();
        pauses.push(due.since(at(now)).as_secs());
        now = u64::try_from(due.0.as_millis()).unwrap();
        assert_eq!(desk.time(now), [launched(no + 1)]);
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    // A press does not wait for any of that.
    desk.lost(now, 13);
    assert_eq!(desk.ask(now, start(7)), [launched(14), told(14, start(7))]);
}

#[test]
fn a_new_configuration_is_tried_as_soon_as_there_is_no_call() {
    let mut desk = prewarmed();
    desk.handle(at(6000), Input::Reconfigured { prewarm: false });
    assert_eq!(desk.acts(), [Act::Dismiss(WorkerNo(2))]);
    assert_eq!(desk.lost(6010, 2), [killed(2, Why::Left)]);
    assert_eq!(desk.time(6010), [launched(3), Act::Tell(WorkerNo(3), ToWorker::Rehearse)]);

    let mut desk = in_call();
    desk.handle(at(10_001), Input::Reconfigured { prewarm: false });
    assert_eq!(desk.acts(), []);
    desk.ask(10_002, stop(7));
    desk.lost(10_003, 2);
    assert_eq!(desk.time(10_003), [launched(3), Act::Tell(WorkerNo(3), ToWorker::Rehearse)]);
}

#[test]
fn a_configuration_that_does_not_work_is_tried_once() {
    let mut desk = Desk::new(false);
    desk.time(0);
    assert_eq!(desk.lost(10, 1), [killed(1, Why::Lost)]);
    assert_eq!(desk.poll_timeout(), None);
}

#[test]
fn devices_that_come_are_tried_when_they_have_settled() {
    let rehearse = |no| [launched(no), Act::Tell(WorkerNo(no), ToWorker::Rehearse)];
    let mut desk = rested();
    desk.handle(at(9000), Input::DevicesChanged);
    desk.handle(at(9100), Input::DevicesChanged);
    assert_eq!(desk.poll_timeout(), Some(at(10_100)));
    assert_eq!(desk.time(10_099), []);
    assert_eq!(desk.time(10_100), rehearse(2));
    assert_eq!(desk.time(10_101), []);

    // A worker that waits has not tried them, and its successor waits until they have settled.
    let mut desk = prewarmed();
    desk.handle(at(9000), Input::DevicesChanged);
    assert_eq!(desk.acts(), [Act::Dismiss(WorkerNo(2))]);
    assert_eq!(desk.lost(9010, 2), [killed(2, Why::Left)]);
    assert_eq!(desk.poll_timeout(), Some(at(10_000)));
    assert_eq!(desk.time(10_000), rehearse(3));

    // A press is not for later, and whoever is in a call notices by himself.
    let mut desk = in_call();
    desk.handle(at(10_001), Input::DevicesChanged);
    assert_eq!(desk.acts(), []);
    let mut desk = rested();
    desk.handle(at(9000), Input::DevicesChanged);
    let acts = desk.ask(9001, start(7));
    assert_eq!(acts, [rehearse(2).as_slice(), &[told(2, start(7))]].concat());
}

#[test]
fn a_busy_card_is_tried_again_when_another_program_has_let_go_of_it() {
    let mut desk = in_call();
    let audio = |faults: &[AudioFault]| {
        FromWorker::Said(MediaEvent::AudioChanged { faults: faults.iter().copied().collect() })
    };
    desk.say(10_001, 2, audio(&[AudioFault::Busy]));
    desk.ask(11_000, stop(7));
    desk.handle(at(11_001), Input::DeviceLetGo);
    desk.time(12_000);
    desk.lost(12_001, 2);
    // What the worker itself had.
    desk.handle(at(12_900), Input::DeviceLetGo);
    assert_eq!(desk.poll_timeout(), None);
    desk.handle(at(20_000), Input::DeviceLetGo);
    let rehearse = [launched(3), Act::Tell(WorkerNo(3), ToWorker::Rehearse)];
    assert_eq!(desk.time(21_000), rehearse);
    desk.say(21_100, 3, FromWorker::Ready);
    desk.say(21_101, 3, audio(&[]));
    desk.lost(22_000, 3);
    // Nobody waits for it any more.
    desk.handle(at(30_000), Input::DeviceLetGo);
    assert_eq!(desk.poll_timeout(), None);
}
