// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the station wants done. Every effect is safe to carry out late and needs no answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    event::{Durable, Origin},
    ids::{ButtonName, CallId, ContactName, DoorName, HandsetId, LegId, LightName},
    profile::Grant,
    status::{Direction, DoorAlarm, DoorState, Gate, Media, Pattern, Reason, Sound, Status, Tone},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    DriveRelay {
        door: DoorName,
        drive: Drive,
    },
    ShowLight {
        light: LightName,
        pattern: Pattern,
    },
    Play(Sound),
    SetTone(Option<Tone>),
    /// `percent` is what people chose; of that the station's own sounds get the share `chimes`, in
    /// percent.
    SetVolume {
        percent: u8,
        chimes: u8,
    },
    /// Of the microphone.
    SetGain {
        decibels: i16,
    },

    StartMedia {
        call: CallId,
        media: Media,
    },
    StopMedia {
        call: CallId,
    },
    SetGate {
        leg: LegId,
        gate: Gate,
    },

    RingHandset {
        leg: LegId,
        contact: Option<ContactName>,
        ring_for: Duration,
        media: Media,
    },
    /// The same ring again, for a phone that did not notice.
    NudgeHandset {
        leg: LegId,
    },
    /// This handset is in the call now: it accepted, or it dialled and was accepted.
    SelectHandset {
        leg: LegId,
    },
    /// The handset's part is over. Sent once for each leg that was rung or that dialled.
    EndLeg {
        leg: LegId,
        status: Status,
        reason: Reason,
        answered_by: Option<HandsetId>,
    },
    TellHeld {
        leg: LegId,
        held: bool,
    },
    WarnHandset {
        leg: LegId,
        ends_in: Duration,
    },
    OpenPairing {
        by: Origin,
        lasts: Duration,
        grant: Grant,
    },
    ClosePairing,

    /// Written when a call begins and again when it ends.
    RecordCall(CallRecord),
    SaveState(Durable),
    Announce(Signal),
}

/// `On` carries its own end, so that whoever drives the line can end it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drive {
    Off,
    On { at_most: Duration },
}

/// One line of the call log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallRecord {
    pub id: CallId,
    pub direction: Direction,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contact: Option<ContactName>,
    /// The handset that dialled or answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub handset: Option<HandsetId>,
    pub status: Status,
    /// Empty while the call lasts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    /// From its start to its end, and from its answer to its end.
    #[serde(default)]
    pub lasted_ms: u64,
    #[serde(default)]
    pub talked_ms: u64,
}

/// What local programs hear besides changed properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    StatusChanged {
        call: CallId,
        old: Status,
        new: Status,
        reason: Option<Reason>,
    },
    ButtonPressed {
        button: ButtonName,
    },
    ButtonHeld {
        button: ButtonName,
    },
    DoorStateChanged {
        door: DoorName,
        old: DoorState,
        new: DoorState,
        by: String,
    },
    DoorAlarmChanged {
        door: DoorName,
        old: DoorAlarm,
        new: DoorAlarm,
    },
    /// The call ends soon.
    EndingSoon {
        call: CallId,
        ends_in: Duration,
    },
}
