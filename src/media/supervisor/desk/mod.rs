// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is to become of the workers. Decisions only: whoever owns a desk drains
//! [`Desk::poll_act`] after every call and calls [`Desk::handle_timeout`] at
//! [`Desk::poll_timeout`].

mod health;
#[cfg(test)]
mod histories;
mod loop_test;
mod prewarm;
#[cfg(test)]
mod tests;
mod time;

use std::{collections::VecDeque, time::Duration};

use self::{health::Health, prewarm::Prewarm};
use crate::{
    core::{CallId, LegId, Moment, status::Tone},
    media::{
        AudioFault, LoopTest, MediaCommand, MediaEvent,
        sounds::Sounds,
        wire::{FromWorker, ToWorker},
    },
};

/// The last sound of a call is heard to its end.
const LAST_SOUND: Duration = Duration::from_secs(1);
/// A worker that has heard that nothing more will be said goes, or is killed.
const TO_LEAVE: Duration = Duration::from_secs(1);
/// A worker that only made sounds stays for the next one, or for the call that follows.
const QUIET: Duration = Duration::from_secs(5);
/// The station's own word that a call is over has come, and its order to stop has not.
const DOUBT: Duration = Duration::from_secs(1);
/// Counts up: what a worker says after it was given up is known by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WorkerNo(pub(super) u64);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Asked(MediaCommand),
    /// The call that the station is in. It comes on a way of its own, which loses nothing.
    InCall(Option<CallId>),
    /// Workers from now on get a new setup, and somebody has to find out whether it works.
    Reconfigured {
        prewarm: bool,
    },
    /// Sound devices came or went.
    DevicesChanged,
    /// A worker or another program has closed one.
    DeviceLetGo,
    Said(WorkerNo, FromWorker),
    /// The worker ended, never began, or cannot be spoken with.
    Lost(WorkerNo),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// The first line that it gets is its setup.
    Launch(WorkerNo),
    Tell(WorkerNo, ToWorker),
    /// Nothing more will be said to it, so it ends.
    Dismiss(WorkerNo),
    Kill(WorkerNo, Why),
    Report(MediaEvent),
}

/// Why a worker is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It was to leave, and has.
    Left,
    /// There is nothing left to talk with.
    Lost,
    NeverReady,
    Silent,
    /// It should have left by itself.
    Overdue,
    /// The next call needs the sound device.
    InTheWay,
    /// It told something that is not its to tell.
    Nonsense,
}

/// At most one worker is alive: it has the sound device.
#[derive(Debug)]
pub(super) struct Desk {
    worker: Option<Worker>,
    last: WorkerNo,
    in_call: Option<CallId>,
    volume: Option<MediaCommand>,
    gain: Option<MediaCommand>,
    tone: Option<Tone>,
    /// Own sounds, which may be long.
    sounds: Sounds,
    /// Until then the newest of them is heard.
    sounding: Moment,
    /// The setup or the devices are new, and nobody has tried them: from then on it may be done.
    untried: Option<Moment>,
    /// Another program had a device when it was last tried.
    busy: bool,
    /// When the last worker was gone.
    alone_since: Moment,
    /// Somebody waits for the result of a loop test until then.
    testing: Option<Moment>,
    prewarm: Option<Prewarm>,
    acts: VecDeque<Act>,
}

#[derive(Debug)]
struct Worker {
    no: WorkerNo,
    health: Health,
    role: Role,
}

#[derive(Debug)]
enum Role {
    /// Waits for its call.
    Spare,
    /// Makes sounds outside of any call, the last of them begun then.
    Sounds { since: Moment },
    /// `over_at`: the station is not in this call any more and nobody said so.
    Call { call: CallId, over_at: Option<Moment> },
    /// The call is over; its last sound may still be heard.
    Ending { until: Moment },
    /// Can be told nothing more.
    Dismissed { until: Moment },
}

impl Desk {
    pub(super) fn new(prewarm: bool) -> Self {
        Self {
            worker: None,
            last: WorkerNo::default(),
            in_call: None,
            volume: None,
            gain: None,
            tone: None,
            sounds: Sounds::default(),
            sounding: Moment::default(),
            untried: Some(Moment::default()),
            busy: false,
            alone_since: Moment::default(),
            testing: None,
            prewarm: prewarm.then(Prewarm::default),
            acts: VecDeque::new(),
        }
    }

    pub(super) fn knows(&mut self, sounds: &Sounds) {
        self.sounds = sounds.clone();
    }

    pub(super) fn poll_act(&mut self) -> Option<Act> {
        self.acts.pop_front()
    }

    pub(super) fn handle(&mut self, now: Moment, input: Input) {
        match input {
            Input::Asked(command) => self.asked(now, command),
            Input::InCall(call) => self.in_call(now, call),
            Input::Reconfigured { prewarm } => self.reconfigured(now, prewarm),
            Input::DevicesChanged => self.devices_changed(now),
            Input::DeviceLetGo => self.device_let_go(now),
            Input::Said(no, line) if self.is_current(no) => self.said(now, line),
            Input::Lost(no) if self.is_current(no) => self.lose(now, Why::Lost),
            Input::Said(..) | Input::Lost(_) => {}
        }
        self.follow_test(now);
        self.plan_spare(now);
    }

    pub(super) fn is_current(&self, no: WorkerNo) -> bool {
        self.worker.as_ref().is_some_and(|worker| worker.no == no)
    }

    fn asked(&mut self, now: Moment, command: MediaCommand) {
        match command {
            MediaCommand::Start { call, .. } => self.start(now, call, command),
            MediaCommand::Stop { call } => self.stop(now, call),
            MediaCommand::OpenLeg { ref leg, .. }
            | MediaCommand::CloseLeg { ref leg }
            | MediaCommand::Signal { ref leg, .. }
            | MediaCommand::Gate { ref leg, .. } => {
                if self.is_in(leg) {
                    self.tell(command);
                }
            }
            MediaCommand::Play(sound) => {
                self.sounding = self.sounding.max(now + self.sounds.lasts(sound));
                self.make_audible(now);
                self.tell(command);
            }
            MediaCommand::Tone(tone) => {
                if tone.is_some() {
                    self.make_audible(now);
                }
                self.tone = tone;
                self.tell_if_heard(now, command);
            }
            MediaCommand::TestLoop => self.test_loop(now),
            MediaCommand::Volume { .. } => {
                self.volume = Some(command.clone());
                self.tell_if_heard(now, command);
            }
            MediaCommand::Gain { .. } => {
                self.gain = Some(command.clone());
                self.tell_if_heard(now, command);
            }
        }
    }

    fn start(&mut self, now: Moment, call: CallId, command: MediaCommand) {
        let over_at = (self.in_call != Some(call)).then(|| now + DOUBT);
        let role = Role::Call { call, over_at };
        match self.worker.as_ref().map(|worker| &worker.role) {
            Some(Role::Call { call: running, .. }) if *running == call => return,
            Some(Role::Spare | Role::Sounds { .. }) => self.take(now, role),
            Some(Role::Call { .. } | Role::Ending { .. } | Role::Dismissed { .. }) => {
                self.kill(now, Why::InTheWay);
                self.launch(now, role);
            }
            None => self.launch(now, role),
        }
        self.tell(command);
    }

    fn stop(&mut self, now: Moment, over: CallId) {
        let Some(worker) = &mut self.worker else { return };
        match worker.role {
            Role::Call { call, .. } if call == over => {
                worker.role = Role::Ending { until: self.sounding.max(now) + LAST_SOUND };
                self.tell(MediaCommand::Stop { call });
            }
            Role::Call { .. }
            | Role::Spare
            | Role::Sounds { .. }
            | Role::Ending { .. }
            | Role::Dismissed { .. } => {}
        }
    }

    /// From here on there is a worker that makes sounds, whether there is a call or not.
    fn make_audible(&mut self, now: Moment) {
        let sounds = Role::Sounds { since: now };
        match self.worker.as_mut().map(|worker| &mut worker.role) {
            Some(Role::Sounds { since }) => *since = now,
            Some(Role::Ending { until }) => *until = self.sounding.max(now) + LAST_SOUND,
            Some(Role::Call { .. }) => {}
            Some(Role::Spare) => self.take(now, sounds),
            Some(Role::Dismissed { .. }) => {
                self.kill(now, Why::InTheWay);
                self.launch(now, sounds);
            }
            None => self.launch(now, sounds),
        }
    }

    fn tell_if_heard(&mut self, now: Moment, command: MediaCommand) {
        match self.worker.as_mut().map(|worker| &mut worker.role) {
            Some(Role::Sounds { since }) => *since = now,
            Some(Role::Call { .. } | Role::Ending { .. }) => {}
            Some(Role::Spare | Role::Dismissed { .. }) | None => return,
        }
        self.tell(command);
    }

    fn is_in(&self, leg: &LegId) -> bool {
        match self.worker.as_ref().map(|worker| &worker.role) {
            Some(Role::Call { call, .. }) => *call == leg.call,
            Some(
                Role::Spare | Role::Sounds { .. } | Role::Ending { .. } | Role::Dismissed { .. },
            )
            | None => false,
        }
    }

    fn in_call(&mut self, now: Moment, now_in: Option<CallId>) {
        self.in_call = now_in;
        match self.worker.as_mut().map(|worker| &mut worker.role) {
            Some(Role::Call { call, over_at }) if now_in == Some(*call) => *over_at = None,
            Some(Role::Call { over_at, .. }) => {
                over_at.get_or_insert(now + DOUBT);
            }
            Some(
                Role::Spare | Role::Sounds { .. } | Role::Ending { .. } | Role::Dismissed { .. },
            )
            | None => {}
        }
    }

    fn reconfigured(&mut self, now: Moment, prewarm: bool) {
        self.prewarm = prewarm.then(Prewarm::default);
        self.untried = Some(now);
        match self.worker.as_ref().map(|worker| &worker.role) {
            Some(Role::Spare | Role::Sounds { .. }) => self.dismiss(now),
            Some(Role::Call { .. } | Role::Ending { .. } | Role::Dismissed { .. }) | None => {}
        }
    }

    fn said(&mut self, now: Moment, line: FromWorker) {
        let Some(worker) = &mut self.worker else { return };
        match line {
            FromWorker::Ready => {
                worker.health.ready(now, matches!(worker.role, Role::Spare));
                if let Role::Sounds { since } = &mut worker.role {
                    *since = now;
                }
                self.testing = self.testing.map(|_| now + LoopTest::LONGEST);
            }
            FromWorker::Pong(number) => worker.health.answered(number),
            FromWorker::Said(event) => self.learn(now, event),
        }
    }

    fn learn(&mut self, now: Moment, event: MediaEvent) {
        let passed_on = match &event {
            MediaEvent::Leg { leg, .. }
            | MediaEvent::Signal { leg, .. }
            | MediaEvent::Received { leg, .. } => self.is_in(leg),
            MediaEvent::Level { .. } | MediaEvent::Echo(_) => self.call().is_some(),
            MediaEvent::AudioChanged { faults } => {
                self.busy = faults.contains(&AudioFault::Busy);
                true
            }
            MediaEvent::LoopTested(_) => self.testing.take().is_some(),
            // It knows that it cannot go on.
            MediaEvent::WorkerCrashed { call } => {
                let own = self.call() == Some(*call);
                return self.lose(now, if own { Why::Lost } else { Why::Nonsense });
            }
        };
        if passed_on {
            self.acts.push_back(Act::Report(event));
        }
    }

    fn call(&self) -> Option<CallId> {
        match self.worker.as_ref()?.role {
            Role::Call { call, .. } => Some(call),
            Role::Spare | Role::Sounds { .. } | Role::Ending { .. } | Role::Dismissed { .. } => {
                None
            }
        }
    }

    /// The worker is given up, and with it its call.
    fn lose(&mut self, now: Moment, why: Why) {
        match self.worker.as_ref().map(|worker| &worker.role) {
            Some(Role::Ending { .. } | Role::Dismissed { .. }) => {
                self.kill(now, if why == Why::Lost { Why::Left } else { why });
            }
            Some(Role::Spare | Role::Sounds { .. } | Role::Call { .. }) | None => {
                let call = self.call();
                self.kill(now, why);
                if let Some(prewarm) = &mut self.prewarm {
                    prewarm.stumble(now);
                }
                let crashed = call.map(|call| MediaEvent::WorkerCrashed { call });
                self.acts.extend(crashed.map(Act::Report));
            }
        }
    }

    fn kill(&mut self, now: Moment, why: Why) {
        self.alone_since = now;
        self.acts.extend(self.worker.take().map(|worker| Act::Kill(worker.no, why)));
    }

    fn dismiss(&mut self, now: Moment) {
        if let Some(worker) = &mut self.worker {
            worker.role = Role::Dismissed { until: now + TO_LEAVE };
            self.acts.push_back(Act::Dismiss(worker.no));
        }
    }

    fn launch(&mut self, now: Moment, role: Role) {
        self.last.0 += 1;
        let no = self.last;
        self.acts.push_back(Act::Launch(no));
        self.worker = Some(Worker { no, health: Health::starting(now), role: Role::Spare });
        if self.untried.take().is_some() {
            self.acts.push_back(Act::Tell(no, ToWorker::Rehearse));
        }
        match role {
            Role::Spare => {}
            Role::Sounds { .. }
            | Role::Call { .. }
            | Role::Ending { .. }
            | Role::Dismissed { .. } => self.take(now, role),
        }
    }

    /// A worker that waited, or that made sounds, gets a role in which it is heard.
    fn take(&mut self, now: Moment, role: Role) {
        let Some(worker) = &mut self.worker else { return };
        worker.health.watch(now);
        let heard_already = matches!(worker.role, Role::Sounds { .. });
        worker.role = role;
        if heard_already {
            return;
        }
        for level in [self.volume.clone(), self.gain.clone()].into_iter().flatten() {
            self.tell(level);
        }
        if self.tone.is_some() {
            self.tell(MediaCommand::Tone(self.tone));
        }
    }

    fn tell(&mut self, command: MediaCommand) {
        if let Some(worker) = &self.worker {
            self.acts.push_back(Act::Tell(worker.no, ToWorker::Do(command)));
        }
    }
}
