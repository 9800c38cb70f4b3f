// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stations and steps drawn from plain numbers, so that proptest can make ten thousand histories
//! in seconds and shrink them towards zero.

mod steps;

use std::{collections::BTreeSet, time::Duration};

use intercomd::core::{
    Event, HandsetId, Profile,
    profile::{
        Action, Actions, Button, CallRules, Chord, Contact, Door, HoldAction, Light, Rate, Rights,
        Tier, Whom,
    },
    status::{Indication, Media, Pattern},
};

pub(crate) use self::steps::{Act, Cast};
use crate::scene::name;

const HANDSETS: [&str; 5] = ["hall", "kitchen", "phone_one", "phone_two", "stranger"];
const CONTACTS: [&str; 2] = ["flat", "office"];
const DOORS: [&str; 2] = ["front", "back"];
const BUTTONS: [&str; 3] = ["bell", "side", "inside"];

/// Digits of a number in changing bases; zeros when it is used up.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        let digit = self.0 % n;
        self.0 /= n;
        digit
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == n - 1
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize].clone()
    }

    fn secs(&mut self, all: &[u64]) -> Duration {
        Duration::from_secs(self.of(all))
    }

    pub(crate) fn rights(&mut self) -> Rights {
        let doors = DOORS.iter().filter(|_| self.below(2) == 0).map(|door| name(door)).collect();
        Rights {
            answer: !self.one_in(4),
            preview: self.below(2) == 0,
            monitor: self.below(2) == 0,
            admin: self.one_in(8),
            doors,
        }
    }

    pub(crate) fn paired(&mut self, index: usize) -> Event {
        let handset: HandsetId = name(HANDSETS[index]);
        Event::HandsetPaired { label: handset.to_string(), handset, rights: self.rights() }
    }

    fn tier(&mut self) -> Tier {
        let bits = self.below(16);
        let these: BTreeSet<_> =
            (0..4).filter(|bit| bits >> bit & 1 == 1).map(|bit| name(HANDSETS[bit])).collect();
        let handsets = if self.below(3) == 0 { Whom::Everyone } else { Whom::These(these) };
        Tier { handsets, ring_for: self.secs(&[45, 10, 20, 1]), joins: self.below(2) == 1 }
    }

    fn contact(&mut self) -> Contact {
        let tiers = (0..=self.below(3)).map(|_| self.tier()).collect();
        Contact {
            label: String::new(),
            tiers,
            media: self.of(&[Media::Video, Media::Audio]),
            always: self.one_in(3),
        }
    }

    fn action(&mut self) -> Action {
        match self.below(14) {
            0 => Action::Nothing,
            1 | 2 => Action::Call(name(CONTACTS[0])),
            3 => Action::Call(name(CONTACTS[1])),
            4 => Action::Accept,
            5 => Action::Reject,
            6 => Action::HangUp,
            7 => Action::Nudge,
            8 => Action::Silence,
            9 => Action::OpenDoor(name(DOORS[0])),
            10 => Action::OpenDoor(name(DOORS[1])),
            11 => Action::OpenPairing,
            12 => Action::ToggleMute,
            _ => Action::ToggleDoNotDisturb,
        }
    }

    fn actions(&mut self) -> Actions {
        let typical = self.below(2) == 0;
        let idle = self.of(&[Action::Call(name(CONTACTS[0])), Action::Call(name(CONTACTS[1]))]);
        if typical {
            let calling = self.of(&[Action::Nothing, Action::HangUp, Action::Nudge]);
            return Actions { idle, calling, ringing: Action::Accept, ongoing: Action::HangUp };
        }
        Actions {
            idle: self.action(),
            calling: self.action(),
            ringing: self.action(),
            ongoing: self.action(),
        }
    }

    fn rate(&mut self) -> Rate {
        let count = self.of(&[100, 2, 1, 5]);
        Rate { count, per: self.secs(&[60, 10, 3]) }
    }

    fn button(&mut self, hold: Option<HoldAction>) -> Button {
        let min_press = Duration::from_millis(self.of(&[50, 0, 200]));
        Button { label: String::new(), press: self.actions(), hold, min_press, rate: self.rate() }
    }

    fn door(&mut self) -> Door {
        Door {
            label: String::new(),
            pulse: self.secs(&[3, 1, 10]),
            max_hold: self.secs(&[60, 5, 3600]),
            rate: self.rate(),
            has_contact: !self.one_in(4),
            open_alarm_after: self.of(&[Some(30), None, Some(4)]).map(Duration::from_secs),
            settle: self.secs(&[5, 0, 2]),
            forced_open_alarm: !self.one_in(4),
        }
    }

    fn call_rules(&mut self) -> CallRules {
        CallRules {
            connect_timeout: self.secs(&[15, 2]),
            max_duration: self.secs(&[1800, 30, 5]),
            warn_before: self.secs(&[10, 0, 3, 60]),
            grace: self.secs(&[10, 4, 40]),
            linger: self.secs(&[10, 1, 120]),
            show_failure: self.secs(&[4, 60]),
            answered_at_door: !self.one_in(4),
            ring_timeout: self.secs(&[45, 7]),
        }
    }

    fn light(&mut self) -> Light {
        let shows = Indication::ALL.iter().filter(|_| self.below(2) == 0);
        let shows: Vec<_> = shows.copied().collect();
        let shows = shows.into_iter().map(|i| (i, self.of(Pattern::ALL))).collect();
        Light { shows, is_seen: !self.one_in(4) }
    }
}

/// How many numbers a station is drawn from.
pub(crate) const WORDS: usize = 16;

pub(crate) fn profile(words: &[u64]) -> Profile {
    let draw = |index: usize| Draw(words[index]);
    let mut size = draw(0);
    let mut profile = Profile { call: draw(1).call_rules(), ..Profile::default() };
    for (index, contact) in CONTACTS.iter().enumerate().take(2 - size.one_in(6) as usize) {
        profile.contacts.insert(name(contact), draw(2 + index).contact());
    }
    for (index, door) in DOORS.iter().enumerate().take(1 + size.below(2) as usize) {
        profile.doors.insert(name(door), draw(4 + index).door());
    }
    for (index, button) in BUTTONS.iter().enumerate().take(1 + size.below(3) as usize) {
        let mut hold = draw(6 + index);
        let holds = hold.one_in(2);
        let hold = HoldAction { after: hold.secs(&[2, 1]), actions: hold.actions() };
        let button_rules = draw(9 + index).button(holds.then_some(hold));
        profile.buttons.insert(name(button), button_rules);
    }
    for chord in [BUTTONS[..2].to_vec(), BUTTONS.to_vec()] {
        if size.one_in(3) && profile.buttons.len() >= chord.len() {
            let buttons = chord.iter().map(|button| name(button)).collect();
            let mut draw = draw(12);
            let after = draw.secs(&[3, 1]);
            profile.chords.push(Chord { buttons, after, actions: draw.actions() });
        }
    }
    for (index, light) in ["lamp", "ring"].iter().enumerate().take(size.below(3) as usize) {
        profile.lights.insert(name(light), draw(13 + index).light());
    }
    profile
}
