// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fingers on buttons, and what their gestures mean at the moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use intercomd::core::{
    ButtonName, ContactName, Moment, Origin, Rejected, Reply, Status,
    event::{CallVerb, DoorVerb, Subject},
    profile::{Action, Actions, Button},
    snapshot::ButtonView,
    status::{Direction, Sound},
};

use super::{Due, Finger, FingerAt, Model, doors::fits};

impl Model {
    pub(super) fn adopt_buttons(&mut self, now: Moment) {
        let old = std::mem::take(&mut self.fingers);
        for name in self.profile.buttons.keys() {
            let mut finger = old.get(name).cloned().unwrap_or_default();
            finger.counted.clear();
            (finger.real_since, finger.hold_since) = match finger.at {
                FingerAt::Touching => (finger.real_since, finger.hold_since),
                FingerAt::NeverSeenUp | FingerAt::Up | FingerAt::Down | FingerAt::Done => {
                    (now, now)
                }
            };
            self.fingers.insert(name.clone(), finger);
        }
        self.due.retain(|due, _| !matches!(due, Due::Finger(_) | Due::Chord(_)));
        self.watch(now, &BTreeSet::new());
    }

    fn plain(&self, name: &ButtonName) -> bool {
        let held = self.profile.buttons[name].hold.is_some();
        !held && !self.profile.chords.iter().any(|chord| chord.buttons.contains(name))
    }

    /// Buttons of the chords that are down completely.
    fn chorded(&self) -> BTreeSet<ButtonName> {
        let down = |name: &ButtonName| {
            self.fingers.get(name).is_some_and(|finger| finger.at == FingerAt::Down)
        };
        let chords = self.profile.chords.iter();
        let complete = chords.filter(|chord| chord.buttons.iter().all(down));
        complete.flat_map(|chord| chord.buttons.iter().cloned()).collect()
    }

    pub(super) fn button_level(&mut self, now: Moment, name: &ButtonName, active: bool) {
        let Some(rules) = self.profile.buttons.get(name).cloned() else { return };
        let before = self.chorded();
        let finger = self.fingers.get_mut(name).unwrap();
        let was = finger.at;
        match (was, active) {
            (FingerAt::Up, true) => {
                finger.at = FingerAt::Touching;
                finger.real_since = now + rules.min_press;
            }
            (_, true) => {}
            (_, false) => finger.at = FingerAt::Up,
        }
        if was == FingerAt::Touching && !active {
            finger.glitches += 1;
        }
        if was == FingerAt::Up && active && rules.min_press.is_zero() {
            return self.finger_stays(now, name);
        }
        self.watch(now, &before);
        if was == FingerAt::Down && !active {
            self.finger_wants(now, rules.press);
        }
    }

    pub(super) fn finger_stays(&mut self, now: Moment, name: &ButtonName) {
        let before = self.chorded();
        let (rules, plain) = (self.profile.buttons[name].clone(), self.plain(name));
        let finger = self.fingers.get_mut(name).unwrap();
        let actions = if finger.at == FingerAt::Down {
            finger.at = FingerAt::Done;
            rules.hold.map(|hold| hold.actions)
        } else if fits(&mut finger.counted, rules.rate, now).is_err() {
            finger.ignored += 1;
            finger.at = FingerAt::Done;
            None
        } else {
            finger.counted.push(now);
            finger.presses += 1;
            (finger.real_since, finger.hold_since) = (now, now);
            finger.at = if plain { FingerAt::Done } else { FingerAt::Down };
            plain.then_some(rules.press)
        };
        self.watch(now, &before);
        if let Some(actions) = actions {
            self.finger_wants(now, actions);
        }
    }

    pub(super) fn chord_counts(&mut self, now: Moment, index: usize) {
        let before = self.chorded();
        let chord = self.profile.chords[index].clone();
        for button in &chord.buttons {
            self.fingers.get_mut(button).unwrap().at = FingerAt::Done;
        }
        self.watch(now, &before);
        self.finger_wants(now, chord.actions);
    }

    /// What the fingers wait for. A hold counts anew once its chord is no longer complete.
    fn watch(&mut self, now: Moment, chorded_before: &BTreeSet<ButtonName>) {
        let chorded = self.chorded();
        for (name, rules) in &self.profile.buttons {
            let finger = self.fingers.get_mut(name).unwrap();
            if chorded_before.contains(name) && !chorded.contains(name) {
                finger.hold_since = now;
            }
            let hold = rules.hold.as_ref().filter(|_| !chorded.contains(name));
            let due = match finger.at {
                FingerAt::Touching => Some(finger.real_since),
                FingerAt::Down => hold.map(|hold| finger.hold_since + hold.after),
                FingerAt::NeverSeenUp | FingerAt::Up | FingerAt::Done => None,
            };
            set_due(&mut self.due, Due::Finger(name.clone()), due);
        }
        for (index, chord) in self.profile.chords.iter().enumerate() {
            let since = |name: &ButtonName| {
                self.fingers.get(name).filter(|f| f.at == FingerAt::Down).map(|f| f.real_since)
            };
            let all: Option<Vec<_>> = chord.buttons.iter().map(since).collect();
            let last = all.and_then(|all| all.into_iter().max());
            let due = last.map(|last| last + chord.after);
            set_due(&mut self.due, Due::Chord(index), due);
        }
    }

    fn count(&mut self, now: Moment, name: &ButtonName) -> Result<(), Rejected> {
        let rate = self.profile.buttons[name].rate;
        let finger = self.fingers.get_mut(name).unwrap();
        match fits(&mut finger.counted, rate, now) {
            Ok(()) => {
                finger.counted.push(now);
                finger.presses += 1;
                Ok(())
            }
            Err(retry_after) => {
                finger.ignored += 1;
                Err(Rejected::RateLimited { retry_after })
            }
        }
    }

    pub(super) fn program_presses(
        &mut self,
        now: Moment,
        origin: &Origin,
        name: &ButtonName,
    ) -> Result<Reply, Rejected> {
        self.local_only(origin)?;
        let Some(button) = self.profile.buttons.get(name).cloned() else {
            return Err(Rejected::NotFound(Subject::Button(name.clone())));
        };
        self.count(now, name)?;
        self.act(now, button.press)
    }

    pub(super) fn program_holds(
        &mut self,
        now: Moment,
        origin: &Origin,
        name: &ButtonName,
    ) -> Result<Reply, Rejected> {
        self.local_only(origin)?;
        let Some(button) = self.profile.buttons.get(name).cloned() else {
            return Err(Rejected::NotFound(Subject::Button(name.clone())));
        };
        let Some(hold) = button.hold else {
            return Err(Rejected::NotFound(Subject::HoldAction(name.clone())));
        };
        self.count(now, name)?;
        self.act(now, hold.actions)
    }

    fn finger_wants(&mut self, now: Moment, actions: Actions) {
        match self.act(now, actions) {
            Ok(_) | Err(Rejected::NothingToDo) => {}
            Err(_) => self.plays(Sound::Refused),
        }
    }

    fn act(&mut self, now: Moment, actions: Actions) -> Result<Reply, Rejected> {
        let Some((id, call)) = self.live() else { return self.carry_out(now, None, actions.idle) };
        let action = match (call.status, call.direction) {
            (Status::Connecting | Status::Ongoing, _) => actions.ongoing,
            (_, Direction::Incoming) => actions.ringing,
            (_, Direction::Outgoing) => {
                let other = |contact: &ContactName| Some(contact) != call.contact.as_ref();
                if matches!(&actions.idle, Action::Call(contact) if other(contact)) {
                    return Err(Rejected::Busy { call: id });
                }
                actions.calling
            }
        };
        self.carry_out(now, Some(id), action)
    }

    fn carry_out(
        &mut self,
        now: Moment,
        call: Option<intercomd::core::CallId>,
        action: Action,
    ) -> Result<Reply, Rejected> {
        let verb = match action {
            Action::Nothing => return Err(Rejected::NothingToDo),
            Action::Call(contact) => {
                return self.call(now, &Origin::Panel, &contact, None).map(|_| Reply::Done);
            }
            Action::OpenDoor(door) => {
                return self.at_door(now, &Origin::Panel, &door, DoorVerb::Open);
            }
            Action::OpenPairing => {
                return self.open_pairing(now, &Origin::Panel, Duration::from_secs(300));
            }
            Action::ToggleDoNotDisturb => {
                let on = !self.seen.station.do_not_disturb;
                return self.set_do_not_disturb(&Origin::Panel, on);
            }
            Action::ToggleMute => {
                let muted = self.live().is_some_and(|(_, call)| call.muted);
                CallVerb::Mute(!muted)
            }
            Action::Accept => CallVerb::Accept,
            Action::Reject => CallVerb::Reject,
            Action::HangUp => CallVerb::HangUp,
            Action::Nudge => CallVerb::Nudge,
            Action::Silence => CallVerb::Silence,
        };
        match call {
            Some(call) => self.in_call(now, &Origin::Panel, call, verb),
            None => Err(Rejected::NothingToDo),
        }
    }

    pub(super) fn button_views(&self) -> BTreeMap<ButtonName, ButtonView> {
        let view = |(name, button): (&ButtonName, &Button)| {
            let finger: &Finger = &self.fingers[name];
            let view = ButtonView {
                label: button.label.clone(),
                pressed: !matches!(finger.at, FingerAt::NeverSeenUp | FingerAt::Up),
                presses: finger.presses,
                glitches: finger.glitches,
                ignored: finger.ignored,
            };
            (name.clone(), view)
        };
        self.profile.buttons.iter().map(view).collect()
    }
}

fn set_due(table: &mut BTreeMap<Due, Moment>, due: Due, at: Option<Moment>) {
    match at {
        Some(at) => drop(table.insert(due, at)),
        None => drop(table.remove(&due)),
    }
}
