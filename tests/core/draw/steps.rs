// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is done to a station, and when.

use std::time::Duration;

use intercomd::core::{
    CallId, Command, Event, HandsetId, LegId, Moment, Origin, Reason,
    event::{CallVerb, DialKind, DoorVerb, Input, LegFact},
    profile::Grant,
    status::{Media, Problem},
};

use super::{BUTTONS, CONTACTS, DOORS, Draw, HANDSETS, name};

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

/// Whom most of what happens is about: without it, chance rarely finds the one handset in a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cast {
    pub(crate) newest: CallId,
    /// With a leg that is not over.
    pub(crate) handsets: Vec<HandsetId>,
}

impl Draw {
    fn handset(&mut self, cast: &Cast) -> HandsetId {
        let anybody = cast.handsets.is_empty() || self.below(4) == 3;
        if anybody { name(self.of(&HANDSETS)) } else { self.of(&cast.handsets) }
    }

    /// Short mostly: calls that are over have little to tell.
    pub(crate) fn wait(&mut self) -> Wait {
        let millis = |ms| Wait::For(Duration::from_millis(ms));
        match self.below(24) {
            0..=13 => Wait::For(Duration::ZERO),
            14 | 15 => Wait::UntilDue,
            16 => Wait::UntilJustBeforeDue,
            17 => millis(30),
            18 | 19 => millis(100 + 100 * self.below(10)),
            20 | 21 => millis(1000 + 500 * self.below(8)),
            22 => millis(5_000 + 1000 * self.below(30)),
            _ if self.one_in(3) => millis(60_000 + 1000 * self.below(60)),
            _ if self.one_in(8) => millis(4_000_000),
            _ => millis(1),
        }
    }

    fn origin(&mut self, cast: &Cast) -> Origin {
        match self.below(4) {
            0 => Origin::Bus,
            1 => Origin::Panel,
            _ => Origin::Handset(self.handset(cast)),
        }
    }

    /// Mostly the newest call, at times an older one or none.
    fn call_id(&mut self, Cast { newest, .. }: &Cast) -> CallId {
        match self.below(8) {
            7 => CallId(newest.0.saturating_sub(1 + self.below(3))),
            6 if self.one_in(3) => CallId(newest.0 + 1),
            _ => *newest,
        }
    }

    fn fact(&mut self) -> LegFact {
        match self.below(20) {
            0..=3 => LegFact::Rang,
            4 => LegFact::Unreachable,
            5 => LegFact::Busy,
            6..=12 => LegFact::MediaConnected,
            13..=17 => LegFact::MediaLost,
            18 => self.of(&[LegFact::SessionClosed, LegFact::SessionTimedOut]),
            _ => LegFact::MediaFailed(self.of(&[Reason::IceFailed, Reason::NoUserMedia])),
        }
    }

    fn call_verb(&mut self) -> CallVerb {
        match self.below(16) {
            0..=5 => CallVerb::Accept,
            14 => CallVerb::Reject,
            6 => CallVerb::HangUp,
            7 => CallVerb::Nudge,
            8 => CallVerb::Silence,
            9 | 10 => CallVerb::Hold,
            11 => CallVerb::Unhold,
            12 => CallVerb::Mute(true),
            _ => CallVerb::Mute(false),
        }
    }

    fn dial(&mut self, cast: &Cast) -> Act {
        let handset = self.handset(cast);
        let media = self.of(&[Media::Audio, Media::Video]);
        let kind = self.of(&[DialKind::Talk, DialKind::Talk, DialKind::Monitor]);
        let origin =
            if self.one_in(12) { self.origin(cast) } else { Origin::Handset(handset.clone()) };
        Act::Command(origin, Command::Dial { handset, media, kind })
    }

    fn at_door(&mut self, cast: &Cast) -> Act {
        let door = name(self.of(&DOORS));
        let verb = match self.below(8) {
            0..=2 => DoorVerb::Open,
            3 => DoorVerb::Hold,
            4 => DoorVerb::Release,
            5 => DoorVerb::Lock,
            _ => DoorVerb::Unlock,
        };
        Act::Command(self.origin(cast), Command::AtDoor { door, verb })
    }

    fn call(&mut self, cast: &Cast) -> Act {
        let origin = if self.one_in(8) { self.origin(cast) } else { Origin::Bus };
        let contact = name(self.of(&CONTACTS));
        let media = self.of(&[None, Some(Media::Audio)]);
        Act::Command(origin, Command::Call { contact, media })
    }

    /// Something about calls.
    pub(crate) fn call_act(&mut self, cast: &Cast) -> Act {
        let idle = cast.handsets.is_empty();
        match self.below(32) {
            0..=13 if idle => self.call(cast),
            14..=21 if idle => self.dial(cast),
            0 => self.call(cast),
            1 | 2 => self.dial(cast),
            3..=17 => {
                let leg = LegId { call: self.call_id(cast), handset: self.handset(cast) };
                Act::Event(Event::Leg { leg, fact: self.fact() })
            }
            18..=28 => {
                let (call, origin) = (self.call_id(cast), self.origin(cast));
                Act::Command(origin, Command::InCall { call, verb: self.call_verb() })
            }
            29 if self.below(2) == 0 => {
                Act::Event(Event::HandsetRevoked { handset: self.handset(cast) })
            }
            29 | 30 => {
                let index = self.below(4) as usize;
                Act::Event(self.paired(index))
            }
            _ => match self.below(6) {
                0 => Act::Event(Event::WorkerCrashed { call: self.call_id(cast) }),
                1 => Act::Command(self.origin(cast), Command::HangUpAll),
                2 | 3 => {
                    let on = self.below(2) == 1;
                    Act::Command(self.origin(cast), Command::SetDoNotDisturb { on })
                }
                4 => Act::Nothing,
                _ => Act::Reconfigure { rewired: false },
            },
        }
    }

    /// Something about the panel and the doors.
    pub(crate) fn panel_act(&mut self, cast: &Cast) -> Act {
        let (door, button) = (name(self.of(&DOORS)), name(self.of(&BUTTONS)));
        let active = self.below(2) == 0;
        let level = |input| Act::Event(Event::InputChanged { input, active });
        match self.below(16) {
            0..=5 => level(Input::Button(button)),
            6 | 7 => level(Input::DoorContact(door)),
            8 => level(Input::ExitButton(door)),
            9 if self.one_in(2) => level(Input::Tamper),
            9 => Act::Event(Event::RelayFault { door, faulty: active }),
            10..=12 => self.at_door(cast),
            13 => Act::Command(self.origin(cast), Command::PressButton { button }),
            14 => Act::Command(self.origin(cast), Command::HoldButton { button }),
            _ => self.rare_act(cast, active),
        }
    }

    fn rare_act(&mut self, cast: &Cast, active: bool) -> Act {
        match self.below(7) {
            0 => Act::Event(Event::AudioChanged { available: active }),
            1 => {
                let problem = self.of(Problem::ALL);
                Act::Event(Event::ProblemChanged { problem, present: active })
            }
            2 => {
                let percent = self.of(&[0, 60, 100, 101, 255]);
                Act::Command(self.origin(cast), Command::SetVolume { percent })
            }
            3 => {
                let lasts = self.secs(&[300, 2]);
                Act::Command(
                    self.origin(cast),
                    Command::OpenPairing { lasts, grant: Grant::default() },
                )
            }
            4 => {
                let decibels = self.of(&[0, -30, 20, -31, 21]);
                Act::Command(self.origin(cast), Command::SetGain { decibels })
            }
            5 if active => Act::Event(Event::PairingClosed),
            5 => Act::Command(self.origin(cast), Command::ClosePairing),
            _ => Act::Reconfigure { rewired: active },
        }
    }
}
