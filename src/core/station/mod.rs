// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station: one call, its doors, its panel.

mod buttons;
mod calls;
mod commands;
mod doors;
mod outputs;
mod view;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use self::outputs::Shown;
use super::{
    call::{Call, Effects},
    door::Door,
    effect::Effect,
    event::{Durable, Event, Input, Origin},
    gesture::Gestures,
    ids::{CallId, DoorName, HandsetId},
    profile::{Profile, Rights},
    quiet::LocalClock,
    snapshot::CallView,
    status::Problem,
    time::Moment,
};

/// How long a pairing window stays open that a button opened.
const PAIRING_WINDOW: Duration = Duration::from_secs(5 * 60);
/// Ended calls that are still readable; a flood of calls forgets the oldest early.
const ENDED_CALLS: usize = 8;

/// Decides. After every call of a `&mut self` function drain [`Station::poll_effect`] until it is
/// empty, then wait no longer than [`Station::poll_timeout`] before [`Station::handle_timeout`].
#[derive(Debug)]
pub struct Station {
    profile: Profile,
    handsets: BTreeMap<HandsetId, Handset>,
    call: Option<Call>,
    ended: VecDeque<EndedCall>,
    doors: BTreeMap<DoorName, Door>,
    exit_buttons: BTreeMap<DoorName, bool>,
    gestures: Gestures,
    tamper_active: bool,
    durable: Durable,
    clock: LocalClock,
    hours_change_at: Option<Moment>,
    failure_until: Option<Moment>,
    pairing_until: Option<Moment>,
    audio_available: bool,
    problems: BTreeSet<Problem>,
    effects: Effects,
    shown: Shown,
}

#[derive(Debug)]
struct Handset {
    label: String,
    rights: Rights,
}

#[derive(Debug)]
struct EndedCall {
    id: CallId,
    view: CallView,
    forget_at: Moment,
}

/// Who set a door in motion.
#[derive(Clone, Debug)]
enum Cause {
    Somebody(Origin),
    ExitButton,
    Tamper,
    Timer,
    /// A fact that moves no door.
    Fact,
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Somebody(origin) => origin.fmt(f),
            Self::ExitButton => f.write_str("exit_button"),
            Self::Tamper => f.write_str("tamper"),
            Self::Timer => f.write_str("timer"),
            Self::Fact => f.write_str("fact"),
        }
    }
}

impl Station {
    pub fn new(now: Moment, profile: Profile, durable: Durable) -> Self {
        let door = |(name, rules): (&DoorName, _)| {
            (name.clone(), Door::new(Clone::clone(rules), durable.locked.contains(name)))
        };
        let mut station = Self {
            doors: profile.doors.iter().map(door).collect(),
            gestures: Gestures::new(&profile.buttons, &profile.chords),
            profile,
            handsets: BTreeMap::new(),
            call: None,
            ended: VecDeque::new(),
            exit_buttons: BTreeMap::new(),
            tamper_active: false,
            shown: Shown::new(durable.clone()),
            durable,
            clock: LocalClock::default(),
            hours_change_at: None,
            failure_until: None,
            pairing_until: None,
            audio_available: false,
            problems: BTreeSet::new(),
            effects: VecDeque::new(),
        };
        station.lock_if_tampered(now);
        station.settle(now, &Cause::Fact);
        station
    }

    /// A new configuration. The call goes on under the rules it began with. When the lines were
    /// let go of and requested anew (`rewired`), every relay has fallen back.
    pub fn reconfigure(&mut self, now: Moment, profile: Profile, rewired: bool) {
        self.advance(now);
        self.doors.retain(|name, _| profile.doors.contains_key(name));
        for (name, rules) in &profile.doors {
            let locked = self.durable.locked.contains(name);
            self.doors
                .entry(name.clone())
                .and_modify(|door| door.set_rules(rules.clone()))
                .or_insert_with(|| Door::new(rules.clone(), locked));
        }
        self.profile = profile;
        if rewired {
            self.gestures = Gestures::new(&self.profile.buttons, &self.profile.chords);
            self.doors.values_mut().for_each(Door::let_go);
            self.exit_buttons.clear();
            self.tamper_active = false;
            self.shown.forget_panel();
        } else {
            self.gestures.adopt(now, &self.profile.buttons, &self.profile.chords);
        }
        self.lock_if_tampered(now);
        if !self.profile.shows_listeners() {
            self.nobody_listens_in_the_dark(now);
        }
        self.settle(now, &Cause::Fact);
    }

    pub fn handle(&mut self, now: Moment, event: Event) {
        self.advance(now);
        let cause = self.take_in(now, event);
        self.settle(now, &cause);
    }

    fn take_in(&mut self, now: Moment, event: Event) -> Cause {
        match event {
            Event::InputChanged { input, active } => return self.input(now, input, active),
            Event::RelayFault { door, faulty } => {
                if let Some(door) = self.doors.get_mut(&door) {
                    door.relay_fault(faulty);
                }
            }
            Event::HandsetPaired { handset, label, rights } => {
                if let Some(call) = self.call.as_mut().filter(|_| !rights.answer) {
                    call.rings_no_more(&handset);
                }
                self.handsets.insert(handset, Handset { label, rights });
            }
            Event::HandsetRevoked { handset } => {
                self.handsets.remove(&handset);
                if let Some(call) = &mut self.call {
                    call.revoked(now, &handset, &mut self.effects);
                }
            }
            Event::AudioChanged { available } => self.audio_available = available,
            Event::ProblemChanged { problem, present: true } => {
                self.problems.insert(problem);
            }
            Event::ProblemChanged { problem, present: false } => {
                self.problems.remove(&problem);
            }
            Event::PairingClosed => self.pairing_until = None,
            Event::ClockRead { local } => self.clock = LocalClock::told(now, local),
            Event::WorkerCrashed { call } => {
                if let Some(active) = self.call.as_mut().filter(|active| active.id() == call) {
                    active.worker_crashed(now, &mut self.effects);
                }
            }
            Event::Leg { leg, fact } => {
                if let Some(call) = self.call.as_mut().filter(|call| call.id() == leg.call) {
                    call.learn(now, &leg.handset, fact, &mut self.effects);
                }
            }
        }
        Cause::Fact
    }

    fn input(&mut self, now: Moment, input: Input, active: bool) -> Cause {
        match input {
            Input::Button(name) => {
                if let Some(gesture) = self.gestures.changed(now, &name, active) {
                    self.perform(now, gesture);
                }
                Cause::Somebody(Origin::Panel)
            }
            Input::DoorContact(name) => {
                let by_hand =
                    self.doors.get_mut(&name).is_some_and(|door| door.contact_changed(now, active));
                if by_hand {
                    self.opened_by_hand(now);
                }
                Cause::Fact
            }
            Input::ExitButton(name) => {
                let before = self.exit_buttons.insert(name.clone(), active);
                let pressed = before == Some(false) && active;
                if let Some(door) = self.doors.get_mut(&name).filter(|_| pressed) {
                    door.exit_pressed(now);
                    self.opened_by_hand(now);
                }
                Cause::ExitButton
            }
            Input::Tamper => {
                self.tamper_active = active;
                if active {
                    self.tampered(now);
                }
                Cause::Tamper
            }
        }
    }

    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    pub fn poll_timeout(&self) -> Option<Moment> {
        [self.clockwork(), self.gestures.poll_timeout()].into_iter().flatten().min()
    }

    /// What is due without anybody's finger on a button.
    fn clockwork(&self) -> Option<Moment> {
        let own = [self.failure_until, self.pairing_until, self.hours_change_at];
        let call = self.call.as_ref().and_then(Call::poll_timeout);
        let forget = self.ended.iter().map(|ended| ended.forget_at);
        own.into_iter()
            .flatten()
            .chain(call)
            .chain(forget)
            .chain(self.doors.values().filter_map(Door::poll_timeout))
            .min()
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        self.advance(now);
    }

    /// Everything that was due happens in the order in which it was due, before anything newer.
    fn advance(&mut self, now: Moment) {
        while let Some(due) = self.poll_timeout().filter(|due| *due <= now) {
            if self.clockwork().is_some_and(|at| at <= due) {
                self.fire(due);
                self.settle(due, &Cause::Timer);
            } else {
                self.finger_stayed(due);
            }
        }
    }

    /// One gesture at a time, after everything else of its moment, as any press would be.
    fn finger_stayed(&mut self, due: Moment) {
        if let Some(gesture) = self.gestures.fire(due) {
            self.perform(due, gesture);
        }
        self.settle(due, &Cause::Somebody(Origin::Panel));
    }

    fn fire(&mut self, due: Moment) {
        let is_due = |at: Option<Moment>| at.is_some_and(|at| at <= due);
        for door in self.doors.values_mut() {
            door.fire(due);
        }
        if let Some(call) = self.call.as_mut().filter(|call| is_due(call.poll_timeout())) {
            call.fire(due, &mut self.effects);
        }
        self.ended.retain(|ended| ended.forget_at > due);
        if is_due(self.failure_until) {
            self.failure_until = None;
        }
        if is_due(self.pairing_until) {
            self.pairing_until = None;
            self.effects.push_back(Effect::ClosePairing);
        }
        if is_due(self.hours_change_at) {
            self.hours_change_at = None;
        }
    }

    fn is_quiet(&self, now: Moment) -> bool {
        self.durable.do_not_disturb || self.clock.is_quiet(now, &self.profile.quiet)
    }
}
