// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stations and steps drawn from plain numbers, so that proptest can make ten thousand histories
//! in seconds and shrink them towards zero.

use std::{collections::BTreeSet, time::Duration};

use intercomd::core::{
    CallId, Command, Event, HandsetId, LegId, Moment, Origin, Profile, Reason,
    event::{CallVerb, DialKind, DoorVerb, Input, LegFact},
    profile::{
        Action, Actions, Button, CallRules, Chord, Contact, Door, HoldAction, Light, Rate, Rights,
        Tier, Whom,
    },
    status::{Indication, Media, Pattern, Problem},
};

const HANDSETS: [&str; 5] = ["hall", "kitchen", "phone_one", "phone_two", "stranger"];
const CONTACTS: [&str; 2] = ["flat", "office"];
const DOORS: [&str; 2] = ["front", "back"];
const BUTTONS: [&str; 3] = ["bell", "side", "inside"];

fn name<T: std::str::FromStr<Err = intercomd::core::ids::InvalidName>>(text: &str) -> T {
    text.parse().unwrap()
}

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

    fn handset(&mut self) -> HandsetId {
        name(self.of(&HANDSETS))
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
        Light { shows: shows.into_iter().map(|i| (i, self.of(Pattern::ALL))).collect() }
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

/// One thing done to the station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Nothing,
    Event(Event),
    Command(Origin, Command),
    Reconfigure { rewired: bool },
}

/// How long before it, seen from the next thing that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    For(Duration),
    UntilDue,
    UntilJustBeforeDue,
}

impl Wait {
    pub(crate) fn from(self, now: Moment, due: Option<Moment>) -> Moment {
        let due = due.unwrap_or(now);
        match self {
            Self::For(time) => now + time,
            Self::UntilDue => due.max(now),
            Self::UntilJustBeforeDue => {
                Moment(due.0.saturating_sub(Duration::from_nanos(1))).max(now)
            }
        }
    }
}

impl Draw {
    pub(crate) fn wait(&mut self) -> Wait {
        let millis = |ms| Wait::For(Duration::from_millis(ms));
        match self.below(16) {
            0..=6 => Wait::For(Duration::ZERO),
            7 | 8 => Wait::UntilDue,
            9 => Wait::UntilJustBeforeDue,
            10 => millis(30),
            11 => millis(100 + 100 * self.below(10)),
            12 => millis(1000 + 500 * self.below(8)),
            13 => millis(5_000 + 1000 * self.below(30)),
            14 => millis(60_000 + 1000 * self.below(60)),
            _ if self.one_in(4) => millis(4_000_000),
            _ => millis(1),
        }
    }

    fn origin(&mut self) -> Origin {
        match self.below(4) {
            0 => Origin::Bus,
            1 => Origin::Panel,
            _ => Origin::Handset(self.handset()),
        }
    }

    /// Mostly the newest call, at times an older one or none.
    fn call_id(&mut self, newest: CallId) -> CallId {
        match self.below(8) {
            7 => CallId(newest.0.saturating_sub(1 + self.below(3))),
            6 if self.one_in(3) => CallId(newest.0 + 1),
            _ => newest,
        }
    }

    fn fact(&mut self) -> LegFact {
        match self.below(14) {
            0..=2 => LegFact::Rang,
            3 => LegFact::Unreachable,
            4 => LegFact::Busy,
            5 => LegFact::SessionClosed,
            6 => LegFact::SessionTimedOut,
            7..=10 => LegFact::MediaConnected,
            11 | 12 => LegFact::MediaLost,
            _ => LegFact::MediaFailed(self.of(&[Reason::IceFailed, Reason::NoUserMedia])),
        }
    }

    fn call_verb(&mut self) -> CallVerb {
        match self.below(14) {
            0..=3 => CallVerb::Accept,
            4 | 5 => CallVerb::Reject,
            6 => CallVerb::HangUp,
            7 => CallVerb::Nudge,
            8 => CallVerb::Silence,
            9 | 10 => CallVerb::Hold,
            11 => CallVerb::Unhold,
            12 => CallVerb::Mute(true),
            _ => CallVerb::Mute(false),
        }
    }

    fn dial(&mut self) -> Act {
        let handset = self.handset();
        let media = self.of(&[Media::Audio, Media::Video]);
        let kind = self.of(&[DialKind::Talk, DialKind::Talk, DialKind::Monitor]);
        let origin = if self.one_in(12) { self.origin() } else { Origin::Handset(handset.clone()) };
        Act::Command(origin, Command::Dial { handset, media, kind })
    }

    fn at_door(&mut self) -> Act {
        let door = name(self.of(&DOORS));
        let verb = match self.below(8) {
            0..=2 => DoorVerb::Open,
            3 => DoorVerb::Hold,
            4 => DoorVerb::Release,
            5 => DoorVerb::Lock,
            _ => DoorVerb::Unlock,
        };
        Act::Command(self.origin(), Command::AtDoor { door, verb })
    }

    /// Something about calls.
    pub(crate) fn call_act(&mut self, newest: CallId) -> Act {
        match self.below(16) {
            0 | 1 => {
                let origin = if self.one_in(8) { self.origin() } else { Origin::Bus };
                let contact = name(self.of(&CONTACTS));
                let media = self.of(&[None, Some(Media::Audio)]);
                Act::Command(origin, Command::Call { contact, media })
            }
            2 | 3 => self.dial(),
            4..=8 => {
                let leg = LegId { call: self.call_id(newest), handset: self.handset() };
                Act::Event(Event::Leg { leg, fact: self.fact() })
            }
            9..=12 => {
                let (call, origin) = (self.call_id(newest), self.origin());
                Act::Command(origin, Command::InCall { call, verb: self.call_verb() })
            }
            13 => Act::Event(Event::HandsetRevoked { handset: self.handset() }),
            14 => {
                let index = self.below(4) as usize;
                Act::Event(self.paired(index))
            }
            _ => match self.below(6) {
                0 => Act::Event(Event::WorkerCrashed { call: self.call_id(newest) }),
                1 => Act::Command(self.origin(), Command::HangUpAll),
                2 | 3 => {
                    let on = self.below(2) == 1;
                    Act::Command(self.origin(), Command::SetDoNotDisturb { on })
                }
                4 => Act::Nothing,
                _ => Act::Reconfigure { rewired: false },
            },
        }
    }

    /// Something about the panel and the doors.
    pub(crate) fn panel_act(&mut self) -> Act {
        let (door, button) = (name(self.of(&DOORS)), name(self.of(&BUTTONS)));
        let active = self.below(2) == 0;
        let level = |input| Act::Event(Event::InputChanged { input, active });
        match self.below(16) {
            0..=5 => level(Input::Button(button)),
            6 | 7 => level(Input::DoorContact(door)),
            8 => level(Input::ExitButton(door)),
            9 if self.one_in(2) => level(Input::Tamper),
            9 => Act::Event(Event::RelayFault { door, faulty: active }),
            10..=12 => self.at_door(),
            13 => Act::Command(self.origin(), Command::PressButton { button }),
            14 => Act::Command(self.origin(), Command::HoldButton { button }),
            _ => self.rare_act(active),
        }
    }

    fn rare_act(&mut self, active: bool) -> Act {
        match self.below(6) {
            0 => Act::Event(Event::AudioChanged { available: active }),
            1 => {
                let problem = self.of(Problem::ALL);
                Act::Event(Event::ProblemChanged { problem, present: active })
            }
            2 => {
                let percent = self.of(&[0, 60, 100, 101, 255]);
                Act::Command(self.origin(), Command::SetVolume { percent })
            }
            3 => {
                let lasts = self.secs(&[300, 2]);
                Act::Command(self.origin(), Command::OpenPairing { lasts })
            }
            4 if active => Act::Event(Event::PairingClosed),
            4 => Act::Command(self.origin(), Command::ClosePairing),
            _ => Act::Reconfigure { rewired: active },
        }
    }
}
