// SPDX-License-Identifier: MIT OR Apache-2.0
//! What happened, and what somebody wants.

use std::{collections::BTreeSet, fmt, time::Duration};

use super::{
    ids::{ButtonName, CallId, ContactName, DoorName, HandsetId, LegId},
    profile::{Grant, Rights},
    status::{Media, Problem, Reason, Status},
    time::LocalTime,
};

/// A line that the station reads. Levels are logical: `active` means pressed, open, tampered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    Button(ButtonName),
    DoorContact(DoorName),
    ExitButton(DoorName),
    Tamper,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Button(name) => write!(f, "buttons.{name}"),
            Self::DoorContact(name) => write!(f, "doors.{name}.contact"),
            Self::ExitButton(name) => write!(f, "doors.{name}.exit_button"),
            Self::Tamper => f.write_str("tamper"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A debounced level. The first one of an input tells how things stand; it is no press.
    InputChanged {
        input: Input,
        active: bool,
    },
    /// A door's relay line cannot be driven, or can again.
    RelayFault {
        door: DoorName,
        faulty: bool,
    },

    HandsetPaired {
        handset: HandsetId,
        label: String,
        rights: Rights,
    },
    /// Unpaired; its legs end at once.
    HandsetRevoked {
        handset: HandsetId,
    },
    Leg {
        leg: LegId,
        fact: LegFact,
    },
    WorkerCrashed {
        call: CallId,
    },
    AudioChanged {
        available: bool,
    },
    /// Something in the environment degrades the station, or no longer does.
    ProblemChanged {
        problem: Problem,
        present: bool,
    },
    PairingClosed,
    /// The local time, where it is known. Told often; between two of these the core counts on.
    ClockRead {
        local: Option<LocalTime>,
    },
}

/// What the link or the media worker knows of one leg. About a leg that is over it changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegFact {
    /// The handset was reached and rings.
    Rang,
    Unreachable,
    /// The handset is in another call.
    Busy,
    /// The session ended without a word from a person.
    SessionClosed,
    SessionTimedOut,
    /// Media flows: for the first time, or again after a loss.
    MediaConnected,
    MediaLost,
    MediaFailed(Reason),
}

/// Who wants something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A button on the board.
    Panel,
    /// A local program, authorised by the bus.
    Bus,
    /// A handset, authenticated by the link.
    Handset(HandsetId),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panel => f.write_str("panel"),
            Self::Bus => f.write_str("bus"),
            Self::Handset(id) => write!(f, "handset:{id}"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The station calls a contact; `media` overrides the contact's own.
    Call {
        contact: ContactName,
        media: Option<Media>,
    },
    /// A handset calls the station. While it is being rung this accepts instead.
    Dial {
        handset: HandsetId,
        media: Media,
        kind: DialKind,
    },
    InCall {
        call: CallId,
        verb: CallVerb,
    },
    HangUpAll,
    AtDoor {
        door: DoorName,
        verb: DoorVerb,
    },

    PressButton {
        button: ButtonName,
    },
    HoldButton {
        button: ButtonName,
    },

    SetDoNotDisturb {
        on: bool,
    },
    SetVolume {
        percent: u8,
    },
    /// Of the microphone.
    SetGain {
        decibels: i16,
    },
    OpenPairing {
        lasts: Duration,
        grant: Grant,
    },
    ClosePairing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallVerb {
    Accept,
    Reject,
    HangUp,
    /// Ring the phones of an unanswered call once more.
    Nudge,
    /// Stop the panel's ringing without answering.
    Silence,
    Hold,
    Unhold,
    Mute(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoorVerb {
    Open,
    Hold,
    Release,
    Lock,
    Unlock,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialKind {
    /// Rings at the panel.
    Talk,
    /// Listens in without ringing; a right of its own.
    Monitor,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Done,
    Call(CallId),
}

/// Why a command was not carried out. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("there is no {0}")]
    NotFound(Subject),
    #[error("the call is {status}")]
    WrongState { status: Status },
    #[error("the call was answered by {by}")]
    AnsweredBy { by: HandsetId },
    #[error("the door is {state}")]
    WrongDoorState { state: super::status::DoorState },
    #[error("the button does nothing in this state")]
    NothingToDo,
    #[error("call {call} is in the way")]
    Busy { call: CallId },
    #[error("the handset has no right to do this")]
    NotAuthorized,
    #[error("too often; possible again in {} ms", retry_after.as_millis())]
    RateLimited { retry_after: Duration },
    #[error("the door is locked")]
    Locked,
    #[error("the station was tampered with and its doors are locked")]
    Tampered,
    #[error("the relay cannot be driven")]
    RelayFault,
    #[error("{0}")]
    OutOfRange(&'static str),
}

/// What a command named and the station does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Call(CallId),
    Contact(ContactName),
    Door(DoorName),
    Button(ButtonName),
    Handset(HandsetId),
    Leg(LegId),
    HoldAction(ButtonName),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(id) => write!(f, "call {id}"),
            Self::Contact(name) => write!(f, "contact {name}"),
            Self::Door(name) => write!(f, "door {name}"),
            Self::Button(name) => write!(f, "button {name}"),
            Self::Handset(id) => write!(f, "handset {id}"),
            Self::Leg(id) => write!(f, "leg {id}"),
            Self::HoldAction(name) => write!(f, "hold action on button {name}"),
        }
    }
}

/// What outlives the process, small enough to be rewritten at every change.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Durable {
    pub last_call: CallId,
    pub locked: BTreeSet<DoorName>,
    /// The station was pried open and nobody has unlocked it since.
    pub tampered: bool,
    /// What was locked was not known at a start, so everything was; nobody has unlocked it since.
    #[serde(default)]
    pub locks_lost: bool,
    pub do_not_disturb: bool,
    pub volume: u8,
    #[serde(default)]
    pub gain: i16,
}
