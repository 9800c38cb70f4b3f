// SPDX-License-Identifier: MIT OR Apache-2.0
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::mpsc;

use super::*;
use crate::core::{
    HandsetId, Reason, Status,
    event::{DialKind, LegFact},
    profile::{Grant, QuietHours, Rights},
    snapshot::CallView,
    status::{Media, Sound, Tone},
    time::Weekday,
};
use crate::media::{EchoFigures, LoopTest, LoopTested, Reception};
use crate::station::request::{Request, SelfTestReport};

const FILE: &str = "[panel]\nbackend = 'sim'\n[contacts.home]\n";

struct Stage {
    engine: Engine,
    panel: PanelPort,
    state: watch::Receiver<Arc<Published>>,
    _directory: TempDir,
}

/// A station that nobody drives but the test, without a panel.
fn stage(config: Config) -> Stage {
    let directory = tempfile::tempdir().unwrap();
    let loaded = crate::store::load(directory.path(), config.store.calls, Vec::new());
    let store = StoreThread::start(directory.path(), &[], |_| {}).unwrap();
    let now = clock::now();
    let core = core::Station::new(now, config.profile.clone(), durable_of(&loaded, &config));
    let published = Published::new(Arc::new(configured(&config)), core.snapshot(now));
    let (publish, state) = watch::channel(Arc::new(published));
    let engine = Engine::new(core, None, config, store, loaded.calls, publish);
    let panel = PanelPort::Missing { retry_at: now, pause: Duration::from_secs(1) };
    Stage { engine, panel, state, _directory: directory }
}

impl Stage {
    fn pair(&mut self, handset: &str) {
        let rights = Rights { answer: true, ..Rights::default() };
        let (handset, label) = (handset.parse().unwrap(), String::new());
        self.engine.fact(&self.panel, Event::HandsetPaired { handset, label, rights });
    }

    fn command(&mut self, command: Command) -> Result<Reply, Rejected> {
        self.engine.command(&self.panel, &Origin::Bus, command)
    }

    async fn open_pairing(&mut self) -> oneshot::Receiver<Result<Pairing, PairingRefused>> {
        let (reply, answer) = oneshot::channel();
        let lifetime = Duration::from_secs(300);
        let open = Request::OpenPairing { lifetime, grant: Grant::default(), reply };
        self.engine.request(&mut self.panel, None, open).await;
        answer
    }

    fn call(&mut self) -> Result<Reply, Rejected> {
        self.command(Command::Call { contact: "home".parse().unwrap(), media: None })
    }
}

#[test]
fn what_the_clock_decides_is_told_at_once() {
    let mut config = crate::config::parse(FILE).unwrap();
    config.profile.quiet =
        vec![QuietHours { days: Weekday::ALL.into_iter().collect(), from: 0, to: 0 }];
    let mut stage = stage(config);
    assert!(!stage.state.borrow().snapshot.station.quiet);
    stage.engine.read_clock(&stage.panel);
    assert!(stage.state.borrow().snapshot.station.quiet);
}

#[test]
fn a_ring_that_the_link_does_not_carry_is_a_handset_out_of_reach() {
    let mut stage = stage(crate::config::parse(FILE).unwrap());
    let (link, mut carried) = mpsc::channel(1);
    stage.engine.links.direct = Some(link);
    stage.pair("hall");
    stage.pair("kitchen");
    stage.call().unwrap();
    let call = newest(&stage);
    assert_eq!(call.status, Status::Initiated);
    assert_eq!(call.legs[&handset("kitchen")].reason, Some(Reason::Unreachable));
    assert!(
        matches!(carried.try_recv(), Ok(LinkCommand::Ring { leg, .. }) if leg.handset == handset("hall"))
    );

    stage.command(Command::HangUpAll).unwrap();
    drop(carried);
    stage.call().unwrap();
    let call = newest(&stage);
    assert_eq!((call.status, call.reason), (Status::Failed, Some(Reason::Unreachable)));
}

#[test]
fn a_call_whose_media_cannot_be_told_anything_fails() {
    let mut stage = stage(crate::config::parse(FILE).unwrap());
    let (link, _carried) = mpsc::channel(16);
    let (media, worker) = mpsc::channel(16);
    stage.engine.links.direct = Some(link);
    stage.engine.media.commands = Some(media);
    stage.pair("hall");
    drop(worker);
    stage.call().unwrap();
    let call = newest(&stage);
    assert_eq!((call.status, call.reason), (Status::Failed, Some(Reason::WorkerCrashed)));
}

/// Whether the tone of a listener reached a worker with room for so many orders, and what became
/// of the call.
fn listens_in(room: usize) -> (bool, Status) {
    const LIGHT: &str = "[lights.call]\nline = 'none'\nshows = { connected = 'on' }";
    let mut stage = stage(crate::config::parse(LIGHT).unwrap());
    let (media, mut worker) = mpsc::channel(room);
    stage.engine.media.commands = Some(media);
    let (hall, rights) = (handset("hall"), Rights { monitor: true, ..Rights::default() });
    let paired = Event::HandsetPaired { handset: hall.clone(), label: String::new(), rights };
    stage.engine.fact(&stage.panel, paired);
    let kind = DialKind::Monitor;
    let dial = Command::Dial { handset: hall.clone(), media: Media::Audio, kind };
    stage.engine.command(&stage.panel, &Origin::Handset(hall), dial).unwrap();
    let mut told = std::iter::from_fn(|| worker.try_recv().ok());
    (told.any(|order| order == MediaCommand::Tone(Some(Tone::Monitor))), newest(&stage).status)
}

#[test]
fn nobody_listens_in_where_the_visitor_cannot_be_told() {
    // The volume, the gain, the call, the notice, the gate, the tone.
    for room in 1..6 {
        assert_eq!(listens_in(room), (false, Status::Failed), "{room}");
    }
    assert_eq!(listens_in(6), (true, Status::Connecting));
}

#[test]
fn the_simulation_hears_what_a_real_worker_is_told_and_may_miss_some_of_it() {
    let mut stage = stage(crate::config::parse(FILE).unwrap());
    let (media, mut worker) = mpsc::channel(16);
    let (listener, mut simulated) = mpsc::channel(1);
    (stage.engine.media.commands, stage.engine.media.listener) = (Some(media), Some(listener));
    stage.call().unwrap();
    let volume = simulated.try_recv().unwrap();
    assert_eq!(worker.try_recv(), Ok(volume));
    assert_eq!(worker.try_recv(), Ok(MediaCommand::Gain { decibels: 0 }));
    assert_eq!(worker.try_recv(), Ok(MediaCommand::Play(Sound::Failed)));
    assert!(simulated.try_recv().is_err());
}

/// What the link is told would be lost with its other end.
fn rings_the_hall() -> (Stage, LegId, mpsc::Receiver<LinkCommand>) {
    let mut stage = stage(crate::config::parse(FILE).unwrap());
    let (link, carried) = mpsc::channel(16);
    stage.engine.links.direct = Some(link);
    stage.pair("hall");
    let Ok(Reply::Call(call)) = stage.call() else { panic!("no call") };
    (stage, LegId { call, handset: handset("hall") }, carried)
}

#[test]
fn a_call_is_encrypted_while_the_worker_knows_that_its_handset_is_the_right_one() {
    let (mut stage, leg, _carried) = rings_the_hall();
    let connected = LegFact::MediaConnected;
    let of_worker = |fact| MediaEvent::Leg { leg: leg.clone(), fact };
    let legs = |stage: &Stage| stage.state.borrow().heard.len();

    stage.engine.link_event(&stage.panel, LinkEvent::Leg { leg: leg.clone(), fact: connected });
    assert_eq!(legs(&stage), 0, "whoever only says so is not believed");
    stage.engine.media_event(&stage.panel, of_worker(connected));
    assert!(stage.state.borrow().heard.contains_key(&leg));
    stage.engine.media_event(&stage.panel, of_worker(LegFact::MediaLost));
    assert_eq!(legs(&stage), 0);
    stage.engine.media_event(&stage.panel, of_worker(connected));
    stage.command(Command::HangUpAll).unwrap();
    assert_eq!(legs(&stage), 0);
    stage.engine.media_event(&stage.panel, of_worker(connected));
    assert_eq!(legs(&stage), 0, "the call is over");
}

#[test]
fn how_well_a_handset_comes_through_is_published_while_it_is_connected() {
    let (mut stage, leg, _carried) = rings_the_hall();
    let jitter = Duration::from_millis(3);
    let reception = Reception { lost_percent: 4, jitter, round_trip: None, level: -20 };
    let of_worker = |fact| MediaEvent::Leg { leg: leg.clone(), fact };
    let heard = MediaEvent::Received { leg: leg.clone(), reception };
    let told = |stage: &Stage| stage.state.borrow().heard.get(&leg).copied();

    stage.engine.media_event(&stage.panel, heard.clone());
    assert_eq!(told(&stage), None, "it is not connected");
    stage.engine.media_event(&stage.panel, of_worker(LegFact::MediaConnected));
    assert_eq!(told(&stage), Some(None));
    stage.engine.media_event(&stage.panel, heard);
    assert_eq!(told(&stage), Some(Some(reception)));
    let echo = EchoFigures {
        return_loss: 11,
        enhancement: 12,
        delay: Duration::from_millis(40),
        one_at_a_time: false,
    };
    stage.engine.media_event(&stage.panel, MediaEvent::Echo(echo));
    assert_eq!(stage.state.borrow().echo, Some(echo));
    stage.engine.media_event(&stage.panel, of_worker(LegFact::MediaLost));
    assert_eq!(told(&stage), None);
    stage.command(Command::HangUpAll).unwrap();
    assert_eq!(stage.state.borrow().echo, None);
}

/// A station with workers, and what they are told.
fn employed(config: Config) -> (Stage, mpsc::Receiver<MediaCommand>) {
    let mut stage = stage(config);
    let (media, worker) = mpsc::channel(64);
    stage.engine.media.commands = Some(media);
    stage.engine.media.ended = Some(tokio::spawn(async {}));
    (stage, worker)
}

fn tests_ordered(worker: &mut mpsc::Receiver<MediaCommand>) -> usize {
    let told = std::iter::from_fn(|| worker.try_recv().ok());
    told.filter(|order| *order == MediaCommand::TestLoop).count()
}

impl Stage {
    async fn self_test(&mut self) -> oneshot::Receiver<SelfTestReport> {
        let (reply, answer) = oneshot::channel();
        self.engine.request(&mut self.panel, None, Request::SelfTest { reply }).await;
        answer
    }

    fn loop_tested(&mut self, result: LoopTest) -> (Option<LoopTest>, bool) {
        self.engine.media_event(&self.panel, MediaEvent::LoopTested(result));
        let published = self.state.borrow();
        let problems = &published.snapshot.station.problems;
        let result = published.loop_tested.map(|LoopTested { result, .. }| result);
        (result, problems.contains(&Problem::SoundUnheard))
    }
}

#[tokio::test]
async fn a_self_test_waits_for_the_loop_and_tells_what_was_heard() {
    let (mut stage, mut worker) = employed(crate::config::parse(FILE).unwrap());
    let mut answers = [stage.self_test().await, stage.self_test().await];
    assert_eq!(tests_ordered(&mut worker), 1);
    assert!(answers.iter_mut().all(|answer| answer.try_recv().is_err()));
    let heard = LoopTest::Heard {
        level: -31,
        noise: -60,
        delay: Duration::from_millis(45),
        return_loss: 14,
    };
    assert_eq!(stage.loop_tested(heard), (Some(heard), false));
    for mut answer in answers {
        let report = answer.try_recv().unwrap();
        assert!(report.passed.contains(&"sound".to_owned()), "{report:?}");
        assert_eq!(report.measured["sound"], heard.to_string());
    }

    let mut answer = stage.self_test().await;
    assert_eq!(tests_ordered(&mut worker), 1);
    assert_eq!(stage.loop_tested(LoopTest::Silent), (Some(LoopTest::Silent), true));
    assert!(answer.try_recv().unwrap().failed["sound"].contains("nothing but silence"));

    let mut answer = stage.self_test().await;
    assert_eq!(stage.loop_tested(LoopTest::Interrupted), (Some(LoopTest::Silent), true));
    assert!(answer.try_recv().unwrap().skipped["sound"].contains("came between"));
    assert_eq!(stage.loop_tested(heard), (Some(heard), false));
    drop(worker);
    let report = stage.self_test().await.try_recv().unwrap();
    assert!(report.failed["sound"].contains("worker"), "{report:?}");
}

#[tokio::test]
async fn there_is_no_chirp_where_it_makes_no_sense() {
    let (mut stage, mut worker) = employed(crate::config::parse(FILE).unwrap());
    let (link, _carried) = mpsc::channel(16);
    stage.engine.links.direct = Some(link);
    stage.pair("hall");
    stage.call().unwrap();
    let skipped = |report: SelfTestReport| report.skipped["sound"].clone();
    assert_eq!(skipped(stage.self_test().await.try_recv().unwrap()), "there is a call");
    stage.command(Command::HangUpAll).unwrap();
    stage.engine.config.media.setup.audio.capture = crate::media::setup::Capture::Silence;
    let why = skipped(stage.self_test().await.try_recv().unwrap());
    assert!(why.contains("no microphone"), "{why}");
    stage.engine.media.ended = None;
    assert_eq!(skipped(stage.self_test().await.try_recv().unwrap()), "sound is simulated");
    assert_eq!(tests_ordered(&mut worker), 0);
}

#[tokio::test]
async fn the_daily_test_waits_until_it_disturbs_nobody() {
    let mut config = crate::config::parse(FILE).unwrap();
    let local = clock::local_time().unwrap();
    config.media.loop_test = Some(local.second);
    let (mut stage, mut worker) = employed(config);
    stage.command(Command::SetDoNotDisturb { on: true }).unwrap();
    stage.engine.timeout(&stage.panel);
    assert_eq!(tests_ordered(&mut worker), 0, "it is quiet");
    stage.command(Command::SetDoNotDisturb { on: false }).unwrap();
    let soon = clock::now() + Duration::from_secs(15 * 60);
    assert!(stage.engine.poll_timeout().is_some_and(|due| due <= soon));

    stage.engine.loop_tests.reschedule(None);
    stage.engine.loop_tests.reschedule(Some(local.second));
    stage.engine.timeout(&stage.panel);
    assert_eq!(tests_ordered(&mut worker), 1);
    stage.engine.timeout(&stage.panel);
    assert_eq!(tests_ordered(&mut worker), 0);
}

#[tokio::test]
async fn a_pairing_link_that_nobody_will_give_is_not_waited_for() {
    let mut stage = stage(crate::config::parse(FILE).unwrap());
    let (link, carried) = mpsc::channel(1);
    stage.engine.links.direct = Some(link);
    drop(carried);
    let mut answer = stage.open_pairing().await;
    assert_eq!(answer.try_recv(), Ok(Err(PairingRefused::Unavailable)));
    assert_eq!(stage.state.borrow().snapshot.station.pairing_until, None);
}

#[tokio::test]
async fn a_window_that_is_over_before_it_was_open_is_refused_and_an_older_one_is_nothing_to_it() {
    let mut stage = stage(crate::config::parse(FILE).unwrap());
    let (link, _carried) = mpsc::channel(16);
    stage.engine.links.direct = Some(link);
    drop(stage.open_pairing().await);
    let mut answer = stage.open_pairing().await;
    let mut closed = |window| {
        let closed = LinkEvent::PairingClosed { window: PairingWindow(window) };
        stage.engine.link_event(&stage.panel, closed);
        stage.state.borrow().snapshot.station.pairing_until.is_none()
    };
    assert!(!closed(1));
    assert!(answer.try_recv().is_err(), "it may yet open");
    assert!(closed(2));
    assert_eq!(answer.try_recv(), Ok(Err(PairingRefused::Unreachable)));
}

#[tokio::test]
async fn only_the_link_of_the_newest_pairing_window_is_given_out() {
    let mut stage = stage(crate::config::parse(FILE).unwrap());
    let (link, _carried) = mpsc::channel(16);
    stage.engine.links.direct = Some(link);
    let mut answers = Vec::new();
    for _ in 0..2 {
        answers.push(stage.open_pairing().await);
    }
    // The first window's link was lost on the way, or comes too late.
    for (window, text) in [(2, "new"), (1, "old")] {
        let (window, link) = (PairingWindow(window), PairingLink(text.to_owned()));
        stage.engine.link_event(&stage.panel, LinkEvent::PairingOpened { window, link });
    }
    for mut answer in answers {
        assert_eq!(answer.try_recv().unwrap().unwrap().link, PairingLink("new".to_owned()));
    }
}

fn handset(id: &str) -> HandsetId {
    id.parse().unwrap()
}

fn newest(stage: &Stage) -> CallView {
    stage.state.borrow().snapshot.calls.values().next_back().unwrap().clone()
}
