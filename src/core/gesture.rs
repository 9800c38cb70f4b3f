// SPDX-License-Identifier: MIT OR Apache-2.0
//! From levels to gestures: a short press, a hold, several buttons held together.
//!
//! A button that knows only the short press acts when it goes down; one that can also be held
//! has to wait for its release.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    ids::ButtonName,
    profile::{Button as Rules, Chord},
    rate::Limiter,
    snapshot::ButtonView,
    time::Moment,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gesture {
    Press(ButtonName),
    Hold(ButtonName),
    /// By its place in the profile.
    Chord(usize),
}

#[derive(Debug, Default)]
pub(super) struct Gestures {
    buttons: BTreeMap<ButtonName, Button>,
    chords: Vec<Chord>,
}

#[derive(Debug)]
struct Button {
    rules: Rules,
    finger: Finger,
    limiter: Limiter,
    presses: u64,
    glitches: u64,
    ignored: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finger {
    /// Not seen released since the start; a button that is stuck calls nobody.
    Unknown,
    Off,
    /// Down, but not yet for the shortest press.
    Touching {
        until: Moment,
    },
    /// Down; the release or a longer hold decides what it was.
    Down {
        since: Moment,
        /// Later than `since` when a chord was let go of meanwhile.
        hold_from: Moment,
    },
    /// Down, and what it does is done.
    Spent,
}

impl Gestures {
    pub(super) fn new(rules: &BTreeMap<ButtonName, Rules>, chords: &[Chord]) -> Self {
        let buttons = rules.iter().map(|(name, rules)| {
            let button = Button {
                rules: rules.clone(),
                finger: Finger::Unknown,
                limiter: Limiter::new(rules.rate),
                presses: 0,
                glitches: 0,
                ignored: 0,
            };
            (name.clone(), button)
        });
        Self { buttons: buttons.collect(), chords: chords.to_vec() }
    }

    /// New rules on the same lines: fingers stay where they are, and how long they have been
    /// down counts anew.
    pub(super) fn adopt(
        &mut self,
        now: Moment,
        rules: &BTreeMap<ButtonName, Rules>,
        chords: &[Chord],
    ) {
        let old = std::mem::replace(self, Self::new(rules, chords));
        for (name, before) in old.buttons {
            if let Some(button) = self.buttons.get_mut(&name) {
                button.finger = match before.finger {
                    Finger::Down { .. } => Finger::Down { since: now, hold_from: now },
                    Finger::Unknown | Finger::Off | Finger::Touching { .. } | Finger::Spent => {
                        before.finger
                    }
                };
                button.presses = before.presses;
                button.glitches = before.glitches;
                button.ignored = before.ignored;
            }
        }
    }

    pub(super) fn changed(
        &mut self,
        now: Moment,
        name: &ButtonName,
        down: bool,
    ) -> Option<Gesture> {
        let chorded = self.chorded();
        let gesture = self.level(now, name, down);
        self.count_holds_anew(now, chorded);
        gesture
    }

    fn level(&mut self, now: Moment, name: &ButtonName, down: bool) -> Option<Gesture> {
        let in_chord = self.chords.iter().any(|chord| chord.buttons.contains(name));
        let button = self.buttons.get_mut(name)?;
        match (button.finger, down) {
            (Finger::Off, true) if button.rules.min_press.is_zero() => {
                button.settle(now, in_chord).then(|| Gesture::Press(name.clone()))
            }
            (Finger::Off, true) => {
                button.finger = Finger::Touching { until: now + button.rules.min_press };
                None
            }
            (Finger::Touching { .. }, false) => {
                button.glitches += 1;
                button.finger = Finger::Off;
                None
            }
            (Finger::Down { .. }, false) => {
                button.finger = Finger::Off;
                Some(Gesture::Press(name.clone()))
            }
            (Finger::Unknown | Finger::Spent | Finger::Off, false) => {
                button.finger = Finger::Off;
                None
            }
            (
                Finger::Unknown | Finger::Touching { .. } | Finger::Down { .. } | Finger::Spent,
                true,
            ) => None,
        }
    }

    /// A press that comes from a program: the same limit, no finger.
    pub(super) fn press(&mut self, now: Moment, name: &ButtonName) -> Result<(), Duration> {
        match self.buttons.get_mut(name) {
            Some(button) => button.count(now),
            None => Ok(()),
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        let chords = self.chords.iter().filter_map(|chord| self.chord_due(chord));
        let buttons = self.buttons.iter().filter_map(|(name, button)| match button.finger {
            Finger::Touching { until } => Some(until),
            Finger::Down { hold_from, .. } => self.hold_due(name, button, hold_from),
            Finger::Unknown | Finger::Off | Finger::Spent => None,
        });
        chords.chain(buttons).min()
    }

    /// At most one gesture a time; call again while something is due.
    pub(super) fn fire(&mut self, due: Moment) -> Option<Gesture> {
        let chorded = self.chorded();
        let gesture = self.next_gesture(due);
        self.count_holds_anew(due, chorded);
        gesture
    }

    fn next_gesture(&mut self, due: Moment) -> Option<Gesture> {
        let is_due = |at: Option<Moment>| at.is_some_and(|at| at <= due);
        let chord = self.chords.iter().position(|chord| is_due(self.chord_due(chord)));
        if let Some(place) = chord {
            let buttons = self.chords.get(place)?.buttons.clone();
            for name in &buttons {
                if let Some(button) = self.buttons.get_mut(name) {
                    button.finger = Finger::Spent;
                }
            }
            return Some(Gesture::Chord(place));
        }
        let (name, finger) = self.buttons.iter().find_map(|(name, button)| {
            let at = match button.finger {
                Finger::Touching { until } => Some(until),
                Finger::Down { hold_from, .. } => self.hold_due(name, button, hold_from),
                Finger::Unknown | Finger::Off | Finger::Spent => None,
            };
            is_due(at).then(|| (name.clone(), button.finger))
        })?;
        let in_chord = self.chords.iter().any(|chord| chord.buttons.contains(&name));
        let button = self.buttons.get_mut(&name)?;
        match finger {
            Finger::Touching { until } => {
                button.settle(until, in_chord).then_some(Gesture::Press(name))
            }
            Finger::Down { .. } => {
                button.finger = Finger::Spent;
                Some(Gesture::Hold(name))
            }
            Finger::Unknown | Finger::Off | Finger::Spent => None,
        }
    }

    /// The buttons of the chords that are being held.
    fn chorded(&self) -> BTreeSet<ButtonName> {
        let held = self.chords.iter().filter(|chord| self.chord_due(chord).is_some());
        held.flat_map(|chord| chord.buttons.iter().cloned()).collect()
    }

    /// Whoever lets go of a chord lifts one finger first; what the other has held until then was
    /// the chord.
    fn count_holds_anew(&mut self, now: Moment, chorded: BTreeSet<ButtonName>) {
        let still = self.chorded();
        for name in chorded.difference(&still) {
            if let Some(Finger::Down { hold_from, .. }) =
                self.buttons.get_mut(name).map(|button| &mut button.finger)
            {
                *hold_from = now;
            }
        }
    }

    /// A hold is not counted while the button is part of a chord that is being held.
    fn hold_due(&self, name: &ButtonName, button: &Button, from: Moment) -> Option<Moment> {
        let in_held_chord = self
            .chords
            .iter()
            .any(|chord| chord.buttons.contains(name) && self.chord_due(chord).is_some());
        let hold = button.rules.hold.as_ref().filter(|_| !in_held_chord)?;
        Some(from + hold.after)
    }

    fn chord_due(&self, chord: &Chord) -> Option<Moment> {
        let mut last = Moment::default();
        for name in &chord.buttons {
            match self.buttons.get(name)?.finger {
                Finger::Down { since, .. } => last = last.max(since),
                Finger::Unknown | Finger::Off | Finger::Touching { .. } | Finger::Spent => {
                    return None;
                }
            }
        }
        Some(last + chord.after)
    }

    pub(super) fn views(&self) -> BTreeMap<ButtonName, ButtonView> {
        let view = |button: &Button| ButtonView {
            label: button.rules.label.clone(),
            pressed: match button.finger {
                Finger::Touching { .. } | Finger::Down { .. } | Finger::Spent => true,
                Finger::Unknown | Finger::Off => false,
            },
            presses: button.presses,
            glitches: button.glitches,
            ignored: button.ignored,
        };
        self.buttons.iter().map(|(name, button)| (name.clone(), view(button))).collect()
    }
}

impl Button {
    fn count(&mut self, now: Moment) -> Result<(), Duration> {
        let taken = self.limiter.take(now);
        match taken {
            Ok(()) => self.presses += 1,
            Err(_) => self.ignored += 1,
        }
        taken
    }

    /// The press is long enough to be one. True when it acts at once.
    fn settle(&mut self, now: Moment, in_chord: bool) -> bool {
        if self.count(now).is_err() {
            self.finger = Finger::Spent;
            return false;
        }
        let waits = in_chord || self.rules.hold.is_some();
        self.finger =
            if waits { Finger::Down { since: now, hold_from: now } } else { Finger::Spent };
        !waits
    }
}
