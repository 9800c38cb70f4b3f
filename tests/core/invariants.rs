// SPDX-License-Identifier: MIT OR Apache-2.0
//! What must always hold, whatever the rules say: watched from outside, on the effects as a panel,
//! a link and a media worker would carry them out, and on the snapshots.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use intercomd::core::{
    CallId, DoorName, Durable, Effect, LegId, LightName, Moment, Profile, Snapshot, Status,
    effect::{CallRecord, Drive, Signal},
    lights,
    snapshot::CallView,
    status::{Direction, DoorState, Gate, Pattern, Tone},
};

/// A call as the bus, the link, the worker and the log know it.
#[derive(Debug, Default)]
struct Known {
    status: Option<Status>,
    terminal: Option<Status>,
    rung: BTreeMap<LegId, (Moment, Duration)>,
    ended_legs: BTreeSet<LegId>,
    selected: Option<LegId>,
    media: bool,
    had_media: bool,
    records: Vec<CallRecord>,
}

/// A relay line that falls back at the latest when it was told to.
#[derive(Debug, Default)]
struct Line {
    on_since: Option<Moment>,
    falls_at: Moment,
    /// Told to stay on while it was.
    prolonged: bool,
    by_exit: bool,
    /// Of the rules in force when it went on.
    pulse: Duration,
    max_hold: Duration,
}

#[derive(Debug)]
pub(crate) struct Watch {
    calls: BTreeMap<CallId, Known>,
    lines: BTreeMap<DoorName, Line>,
    gates: BTreeMap<LegId, Gate>,
    lamps: BTreeMap<LightName, Pattern>,
    tone: Option<Tone>,
    durable: Durable,
    readable: BTreeSet<CallId>,
    /// Where an exit button went down since the last look.
    pub(crate) exits: BTreeSet<DoorName>,
}

impl Watch {
    pub(crate) fn new(durable: Durable) -> Self {
        Self {
            calls: BTreeMap::new(),
            lines: BTreeMap::new(),
            gates: BTreeMap::new(),
            lamps: BTreeMap::new(),
            tone: None,
            durable,
            readable: BTreeSet::new(),
            exits: BTreeSet::new(),
        }
    }

    /// New lines are inactive lines, and lamps that nobody has told anything.
    pub(crate) fn rewired(&mut self) {
        self.lines.clear();
        self.lamps.clear();
    }

    pub(crate) fn hear(&mut self, now: Moment, effect: &Effect, profile: &Profile) {
        match effect {
            Effect::DriveRelay { door, drive } => self.drive(now, door, *drive, profile),
            Effect::ShowLight { light, pattern } => {
                let before = self.lamps.insert(light.clone(), *pattern);
                assert_ne!(before, Some(*pattern), "a light is told what it shows already");
            }
            Effect::SetTone(tone) => self.tone = *tone,
            Effect::SetGate { leg, gate } => {
                self.gates.insert(leg.clone(), *gate);
            }
            Effect::StartMedia { call, .. } => {
                let known = self.calls.entry(*call).or_default();
                assert!(!known.had_media, "media of {call} starts twice");
                (known.media, known.had_media) = (true, true);
            }
            Effect::StopMedia { call } => {
                let known = self.calls.entry(*call).or_default();
                assert!(std::mem::take(&mut known.media), "media of {call} stops unstarted");
            }
            Effect::RecordCall(record) => {
                self.calls.entry(record.id).or_default().records.push(record.clone());
            }
            Effect::SaveState(durable) => self.durable = durable.clone(),
            Effect::Announce(signal) => self.announced(signal),
            Effect::RingHandset { leg, ring_for, .. } => {
                let known = self.calls.entry(leg.call).or_default();
                let before = known.rung.insert(leg.clone(), (now, *ring_for));
                assert_eq!(before, None, "{leg} is rung twice");
                assert!(!ring_for.is_zero(), "{leg} rings for no time");
            }
            Effect::NudgeHandset { leg } | Effect::WarnHandset { leg, .. } => self.is_open(leg),
            Effect::TellHeld { leg, .. } => self.is_open(leg),
            Effect::SelectHandset { leg } => {
                self.is_open(leg);
                let known = self.calls.entry(leg.call).or_default();
                let before = known.selected.replace(leg.clone());
                assert_eq!(before, None, "two winners of call {}", leg.call);
            }
            Effect::EndLeg { leg, status, .. } => {
                assert!(status.is_terminal(), "{leg} ends {status}");
                let known = self.calls.entry(leg.call).or_default();
                assert!(known.ended_legs.insert(leg.clone()), "{leg} ends twice");
            }
            Effect::Play(_)
            | Effect::SetVolume { .. }
            | Effect::SetGain { .. }
            | Effect::OpenPairing { .. }
            | Effect::ClosePairing => {}
        }
    }

    fn is_open(&self, leg: &LegId) {
        let over = self.calls.get(&leg.call).is_some_and(|known| known.ended_legs.contains(leg));
        assert!(!over, "{leg} is over and told more");
    }

    fn drive(&mut self, now: Moment, door: &DoorName, drive: Drive, profile: &Profile) {
        let line = self.lines.entry(door.clone()).or_default();
        match drive {
            Drive::Off => *line = Line::default(),
            Drive::On { at_most } => {
                let lit = line.on_since.filter(|_| now < line.falls_at);
                let rules = profile.doors.get(door).unwrap();
                (line.pulse, line.max_hold) = (rules.pulse, rules.max_hold);
                line.prolonged = lit.is_some();
                line.by_exit = lit.map_or(self.exits.contains(door), |_| line.by_exit);
                line.on_since = Some(lit.unwrap_or(now));
                line.falls_at = now + at_most;
            }
        }
    }

    fn announced(&mut self, signal: &Signal) {
        let Signal::StatusChanged { call, old, new, reason } = signal else { return };
        let known = self.calls.entry(*call).or_default();
        assert_eq!(known.status.unwrap_or(*old), *old, "the statuses of {call} do not chain");
        assert_ne!(old, new);
        assert!(!old.is_terminal(), "{call} was over and is {new}");
        assert_eq!(reason.is_some(), new.is_terminal());
        known.status = Some(*new);
    }

    /// After everything was drained.
    pub(crate) fn check(
        &mut self,
        now: Moment,
        seen: &Snapshot,
        due: Option<Moment>,
        profile: &Profile,
    ) {
        for (id, call) in &seen.calls {
            self.check_call(now, *id, call);
        }
        let live: Vec<_> =
            seen.calls.iter().filter(|(_, c)| !c.status.is_terminal()).map(|(id, _)| *id).collect();
        assert_eq!(live, Vec::from_iter(seen.station.active_call), "the call that is not over");
        for id in self.readable.iter().filter(|id| !seen.calls.contains_key(id)) {
            let known = &self.calls[id];
            assert!(!known.media && known.records.last().is_some_and(|r| r.reason.is_some()));
        }
        assert!(due.is_none_or(|due| due >= now), "the clock is set to the past");
        let set = due.map_or(Duration::MAX, |due| due.0);
        assert!(deadline(seen).is_none_or(|at| set <= at.0), "the clock is set too late");
        self.check_gates(seen);
        self.check_lights(seen, profile);
        self.check_lines(now, seen);
        self.check_durable(seen);
        self.readable = seen.calls.keys().copied().collect();
    }

    fn check_call(&mut self, now: Moment, id: CallId, call: &CallView) {
        let known = self.calls.entry(id).or_default();
        let over = call.status.is_terminal();
        assert_eq!(known.status.unwrap_or(call.status), call.status, "{id} changed unheard");
        assert_eq!(call.reason.is_some(), over);
        if let Some(terminal) = known.terminal {
            assert_eq!(terminal, call.status, "{id} ended twice");
        }
        known.terminal = over.then_some(call.status);
        if !over {
            assert!(call.deadline.is_some_and(|at| at > now), "{id} has no end: {call:?}");
            assert!(call.deadline.is_some_and(|at| at <= now + Duration::from_secs(1_800)));
        }
        assert_eq!(known.media, !over, "media of {id}");
        let told = known.rung.keys().chain(&known.selected).chain(&known.ended_legs);
        assert!(told.clone().all(|leg| call.legs.contains_key(&leg.handset)));
        for (handset, leg) in &call.legs {
            let leg_id = LegId { call: id, handset: handset.clone() };
            let ended = known.ended_legs.contains(&leg_id);
            assert_eq!(ended, leg.status.is_terminal(), "{leg_id} and what it was told");
            assert!(!over || ended, "{leg_id} was not told of the end");
            if let (false, Some((at, ring_for)), None) =
                (ended, known.rung.get(&leg_id), &known.selected)
            {
                assert!(now < *at + *ring_for, "{leg_id} rings on beyond its lifetime");
            }
        }
        let closing = known.records.iter().filter(|record| record.reason.is_some()).count();
        let opening = known.records.len() - closing;
        assert_eq!((opening, closing), (usize::from(known.had_media), usize::from(over)));
        let answered = call.answered_at.is_some();
        assert_eq!(known.selected.is_some(), answered, "{id} is accepted by its one winner");
        assert_eq!(call.answered_by.is_some(), answered && call.direction == Direction::Outgoing);
    }

    fn check_gates(&self, seen: &Snapshot) {
        for (leg, gate) in &self.gates {
            let call = seen.calls.get(&leg.call);
            let shown = call.and_then(|c| c.legs.get(&leg.handset)).map(|leg| leg.gate);
            assert_eq!(shown.unwrap_or(Gate::Closed), *gate, "the gate of {leg}");
            let winner = self.calls[&leg.call].selected.as_ref() == Some(leg);
            let alive = seen.station.active_call == Some(leg.call);
            assert!(*gate == Gate::Closed || winner && alive, "{leg} is {gate}");
        }
    }

    fn check_lights(&mut self, seen: &Snapshot, profile: &Profile) {
        assert_eq!(lights::indications(seen), seen.station.indications);
        assert_eq!(self.tone, lights::tone(seen), "the tone");
        self.lamps.retain(|lamp, _| profile.lights.contains_key(lamp));
        let shown = |light| lights::show(light, &seen.station.indications).pattern;
        let all: BTreeMap<_, _> =
            profile.lights.iter().map(|(name, light)| (name.clone(), shown(light))).collect();
        assert_eq!(self.lamps, all, "the lights");
    }

    fn check_lines(&mut self, now: Moment, seen: &Snapshot) {
        for (name, door) in &seen.doors {
            let line = self.lines.entry(name.clone()).or_default();
            let active = line.on_since.filter(|_| now < line.falls_at);
            assert_eq!(active.is_some(), door.relay_active, "the relay of {name}");
            let Some(since) = active else { continue };
            assert!(!door.locked || line.by_exit, "{name} is locked and open");
            match door.state {
                DoorState::Held => assert!(line.falls_at <= now + line.max_hold),
                DoorState::Open => {
                    assert!(line.falls_at <= since + line.pulse, "a pulse of {name} is too long");
                    assert!(!line.prolonged, "a pulse of {name} is prolonged");
                }
                DoorState::Closed | DoorState::Locked => panic!("{name} is {}", door.state),
            }
        }
        self.exits.clear();
    }

    fn check_durable(&self, seen: &Snapshot) {
        let station = &seen.station;
        assert_eq!(self.durable.tampered, station.tampered);
        assert_eq!(self.durable.do_not_disturb, station.do_not_disturb);
        assert_eq!(self.durable.volume, station.volume);
        for (name, door) in &seen.doors {
            assert_eq!(self.durable.locked.contains(name), door.locked, "the lock of {name}");
        }
        let newest = seen.calls.keys().last().copied().unwrap_or_default();
        assert!(self.durable.last_call >= newest, "an id could come twice after a restart");
    }
}

fn deadline(seen: &Snapshot) -> Option<Moment> {
    let relays = seen.doors.values().filter_map(|door| door.relay_until);
    let calls = seen.calls.values().filter_map(|call| call.deadline);
    relays.chain(calls).min()
}
