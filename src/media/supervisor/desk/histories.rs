// SPDX-License-Identifier: MIT OR Apache-2.0
//! Any history: what the station asks for, what workers do, how time passes.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    core::status::{Gate, Media, Sound},
    media::LoopTest,
};

#[derive(Clone, Debug)]
enum Step {
    Start(u64),
    Stop(u64),
    Gate(u64),
    Play,
    Tone(bool),
    InCall(Option<u64>),
    Reconfigure(bool),
    DevicesChange,
    DeviceLetGo,
    TestLoop,
    /// By the worker that many before the newest.
    Say(u64, FromWorker),
    Lost(u64),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let call = || 1..6_u64;
    let line = prop_oneof![
        3 => Just(FromWorker::Ready),
        3 => Just(FromWorker::Pong(1)),
        1 => call().prop_map(|call| FromWorker::Said(MediaEvent::WorkerCrashed { call: CallId(call) })),
        1 => Just(FromWorker::Said(MediaEvent::AudioChanged { faults: Default::default() })),
        2 => Just(FromWorker::Said(MediaEvent::LoopTested(LoopTest::Silent))),
        1 => Just(FromWorker::Said(MediaEvent::Level { heard: -20, said: -30 })),
    ];
    prop_oneof![
        6 => call().prop_map(Step::Start),
        6 => call().prop_map(Step::Stop),
        2 => call().prop_map(Step::Gate),
        3 => Just(Step::Play),
        3 => any::<bool>().prop_map(Step::Tone),
        4 => prop::option::of(call()).prop_map(Step::InCall),
        1 => any::<bool>().prop_map(Step::Reconfigure),
        1 => Just(Step::DevicesChange),
        1 => Just(Step::DeviceLetGo),
        2 => Just(Step::TestLoop),
        8 => (0..2_u64, line).prop_map(|(back, line)| Step::Say(back, line)),
        3 => (0..2_u64).prop_map(Step::Lost),
        10 => (0..4000_u64).prop_map(Step::Wait),
    ]
}

/// What is known from outside.
#[derive(Default)]
struct Watcher {
    now: Moment,
    launched: u64,
    alive: Option<u64>,
    dismissed: BTreeSet<u64>,
    /// The call that was started and neither stopped nor given up.
    running: Option<u64>,
    /// Somebody waits for the result of a loop test.
    testing: bool,
}

impl Watcher {
    fn judge(&mut self, act: Act) -> Result<(), TestCaseError> {
        match act {
            Act::Launch(WorkerNo(no)) => {
                prop_assert_eq!(self.alive, None, "two at once");
                prop_assert_eq!(no, self.launched + 1);
                (self.launched, self.alive) = (no, Some(no));
            }
            Act::Tell(WorkerNo(no), line) => {
                prop_assert_eq!(self.alive, Some(no), "{:?} to nobody", line);
                prop_assert!(!self.dismissed.contains(&no), "{line:?} after the end");
                if let ToWorker::Do(MediaCommand::TestLoop) = line {
                    prop_assert_eq!(self.running, None, "a chirp in a call");
                }
                if let ToWorker::Do(MediaCommand::Gate { leg, .. }) = line {
                    prop_assert_eq!(self.running, Some(leg.call.0));
                }
            }
            Act::Dismiss(WorkerNo(no)) => {
                prop_assert_eq!(self.alive, Some(no));
                prop_assert!(self.dismissed.insert(no));
                prop_assert_eq!(self.running, None, "dismissed in a call");
            }
            Act::Kill(WorkerNo(no), _) => {
                prop_assert_eq!(self.alive.take(), Some(no));
            }
            Act::Report(MediaEvent::WorkerCrashed { call }) => {
                prop_assert_eq!(self.running.take(), Some(call.0), "not its call");
            }
            Act::Report(
                MediaEvent::Level { .. } | MediaEvent::Received { .. } | MediaEvent::Echo(_),
            ) => {
                prop_assert!(self.running.is_some())
            }
            Act::Report(MediaEvent::LoopTested(_)) => {
                prop_assert!(std::mem::take(&mut self.testing), "nobody asked");
            }
            Act::Report(_) => {}
        }
        Ok(())
    }

    fn judge_all(&mut self, desk: &mut Desk) -> Result<(), TestCaseError> {
        while let Some(act) = desk.poll_act() {
            // A call that ends because the station is not in it is stopped by the desk itself.
            if let Act::Tell(_, ToWorker::Do(MediaCommand::Stop { call })) = &act
                && self.running == Some(call.0)
            {
                self.running = None;
            }
            self.judge(act)?;
        }
        let idle = desk.worker.is_none() && desk.prewarm.is_none() && desk.untried.is_none();
        prop_assert!(!idle || desk.poll_timeout().is_none(), "a timer without a worker");
        prop_assert!(self.running.is_none() || self.alive.is_some(), "a call without a worker");
        Ok(())
    }

    /// Time passes, never backwards, and no timer is asked for twice at one moment.
    fn wait(&mut self, desk: &mut Desk, until: Moment) -> Result<(), TestCaseError> {
        let mut at_once = 0;
        while let Some(due) = desk.poll_timeout().filter(|due| *due <= until) {
            at_once = if due <= self.now { at_once + 1 } else { 0 };
            prop_assert!(at_once < 4, "a timer that never rests");
            self.now = self.now.max(due);
            desk.handle_timeout(self.now);
            self.judge_all(desk)?;
        }
        self.now = self.now.max(until);
        Ok(())
    }

    fn take(&mut self, desk: &mut Desk, step: Step) -> Result<(), TestCaseError> {
        let no = |back: u64| WorkerNo(self.launched.saturating_sub(back));
        let leg = |call| LegId { call: CallId(call), handset: "hall".parse().unwrap() };
        let input = match step {
            Step::Wait(ms) => return self.wait(desk, self.now + Duration::from_millis(ms)),
            Step::Start(call) => {
                self.running = Some(call);
                Input::Asked(MediaCommand::Start { call: CallId(call), media: Media::Audio })
            }
            Step::Stop(call) => {
                self.running = self.running.filter(|running| *running != call);
                Input::Asked(MediaCommand::Stop { call: CallId(call) })
            }
            Step::Gate(call) => {
                Input::Asked(MediaCommand::Gate { leg: leg(call), gate: Gate::Open })
            }
            Step::Play => Input::Asked(MediaCommand::Play(Sound::Activated)),
            Step::Tone(on) => Input::Asked(MediaCommand::Tone(on.then_some(Tone::Ring))),
            Step::InCall(call) => Input::InCall(call.map(CallId)),
            Step::Reconfigure(prewarm) => Input::Reconfigured { prewarm },
            Step::DevicesChange => Input::DevicesChanged,
            Step::DeviceLetGo => Input::DeviceLetGo,
            Step::TestLoop => {
                self.testing = true;
                Input::Asked(MediaCommand::TestLoop)
            }
            Step::Say(back, line) => Input::Said(no(back), line),
            Step::Lost(back) => Input::Lost(no(back)),
        };
        desk.handle(self.now, input);
        self.judge_all(desk)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_one_worker_at_most_is_alive_and_every_call_has_it_or_is_reported(
        prewarm in any::<bool>(),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let (mut desk, mut watcher) = (Desk::new(prewarm), Watcher::default());
        for step in steps {
            watcher.take(&mut desk, step)?;
        }
        // Nothing more is asked for, no worker ever answers, the station is in no call.
        desk.handle(watcher.now, Input::InCall(None));
        desk.handle(watcher.now, Input::Reconfigured { prewarm: false });
        desk.handle(watcher.now, Input::Asked(MediaCommand::Tone(None)));
        watcher.judge_all(&mut desk)?;
        watcher.wait(&mut desk, watcher.now + Duration::from_secs(60))?;
        prop_assert!(!watcher.testing, "a test without a result");
        prop_assert_eq!(watcher.alive, None, "a worker that nobody needs");
        prop_assert_eq!(desk.poll_timeout(), None);
    }
}
