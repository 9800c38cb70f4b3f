// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fingers on buttons, and what their gestures mean at the moment.

use std::{collections::BTreeMap, time::Duration};

use intercomd::core::{
    ButtonName, ContactName, Moment, Origin, Rejected, Reply, Status,
    event::{CallVerb, DoorVerb, Subject},
    profile::{Action, Actions, Button},
    snapshot::ButtonView,
    status::Direction,
};

use super::{Due, Finger, Model, doors::fits};

impl Model {
    pub(super) fn adopt_buttons(&mut self) {
        let old = std::mem::take(&mut self.fingers);
        for name in self.profile.buttons.keys() {
            self.fingers.insert(name.clone(), old.get(name).cloned().unwrap_or_default());
        }
        let fingers = &self.fingers;
        self.due.retain(|due, _| match due {
            Due::PressIsReal(button) | Due::HoldCounts(button) => fingers.contains_key(button),
            Due::Chord(_) => false,
            _ => true,
        });
    }

    fn plain(&self, name: &ButtonName) -> bool {
        let held = self.profile.buttons[name].hold.is_some();
        !held && !self.profile.chords.iter().any(|chord| chord.buttons.contains(name))
    }

    pub(super) fn button_level(&mut self, now: Moment, name: &ButtonName, active: bool) {
        let Some(rules) = self.profile.buttons.get(name).cloned() else { return };
        let finger = self.fingers.get_mut(name).unwrap();
        if !std::mem::replace(&mut finger.known, true) {
            finger.stuck = active;
            return;
        }
        if finger.stuck || finger.down_since.is_some() == active {
            finger.stuck &= active;
            return;
        }
        if active {
            finger.down_since = Some(now);
            self.due.insert(Due::PressIsReal(name.clone()), now + rules.min_press);
        } else {
            self.released(now, name);
        }
    }

    fn released(&mut self, now: Moment, name: &ButtonName) {
        let glitch = self.due.remove(&Due::PressIsReal(name.clone())).is_some();
        self.due.remove(&Due::HoldCounts(name.clone()));
        for (index, chord) in self.profile.chords.iter().enumerate() {
            if chord.buttons.contains(name) {
                self.due.remove(&Due::Chord(index));
            }
        }
        let finger = self.fingers.get_mut(name).unwrap();
        finger.down_since = None;
        finger.real = false;
        let used = std::mem::replace(&mut finger.used, false);
        finger.glitches += u64::from(glitch);
        if !glitch && !used {
            self.gesture(now, name, self.profile.buttons[name].press.clone());
        }
        self.watch_holds(now);
    }

    pub(super) fn press_is_real(&mut self, now: Moment, name: &ButtonName) {
        let rate = self.profile.buttons[name].rate;
        let plain = self.plain(name);
        let finger = self.fingers.get_mut(name).unwrap();
        finger.real = true;
        if fits(&finger.counted, rate, now).is_err() {
            finger.ignored += 1;
            finger.used = true;
            return;
        }
        finger.counted.push(now);
        finger.presses += 1;
        if plain {
            finger.used = true;
            self.gesture(now, name, self.profile.buttons[name].press.clone());
        } else {
            self.watch_holds(now);
        }
    }

    fn down_for(&self, name: &ButtonName) -> Option<Moment> {
        let finger = &self.fingers.get(name)?;
        finger.down_since.filter(|_| finger.real && !finger.used)
    }

    /// Holds of buttons whose chord is complete wait.
    fn watch_holds(&mut self, now: Moment) {
        let chords = self.profile.chords.clone();
        let mut in_chord = Vec::new();
        for (index, chord) in chords.iter().enumerate() {
            let since: Option<Vec<_>> = chord.buttons.iter().map(|b| self.down_for(b)).collect();
            let due = Due::Chord(index);
            match since.and_then(|all| all.into_iter().max()) {
                Some(last) => {
                    self.due.entry(due).or_insert((last + chord.after).max(now));
                    in_chord.extend(chord.buttons.iter().cloned());
                }
                None => drop(self.due.remove(&due)),
            }
        }
        for (name, rules) in &self.profile.buttons {
            let due = Due::HoldCounts(name.clone());
            match (&rules.hold, self.down_for(name)) {
                (Some(hold), Some(since)) if !in_chord.contains(name) => {
                    self.due.entry(due).or_insert((since + hold.after).max(now));
                }
                _ => drop(self.due.remove(&due)),
            }
        }
    }

    pub(super) fn hold_counts(&mut self, now: Moment, name: &ButtonName) {
        self.fingers.get_mut(name).unwrap().used = true;
        self.watch_holds(now);
        if let Some(hold) = self.profile.buttons[name].hold.clone() {
            self.gesture(now, name, hold.actions);
        }
    }

    pub(super) fn chord_counts(&mut self, now: Moment, index: usize) {
        let chord = self.profile.chords[index].clone();
        for button in &chord.buttons {
            self.fingers.get_mut(button).unwrap().used = true;
        }
        self.watch_holds(now);
        let _ = self.act(now, None, chord.actions);
    }

    fn gesture(&mut self, now: Moment, name: &ButtonName, actions: Actions) {
        let _ = self.act(now, Some(name), actions);
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
        self.act(now, Some(name), button.press)
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
        match button.hold {
            Some(hold) => self.act(now, Some(name), hold.actions),
            None => Err(Rejected::NotFound(Subject::HoldAction(name.clone()))),
        }
    }

    fn act(
        &mut self,
        now: Moment,
        _by: Option<&ButtonName>,
        actions: Actions,
    ) -> Result<Reply, Rejected> {
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
            Action::Call(contact) => return self.call(now, &Origin::Panel, &contact, None),
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
                pressed: finger.real,
                presses: finger.presses,
                glitches: finger.glitches,
                ignored: finger.ignored,
            };
            (name.clone(), view)
        };
        self.profile.buttons.iter().map(view).collect()
    }
}
