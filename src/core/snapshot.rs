// SPDX-License-Identifier: MIT OR Apache-2.0
//! Everything that others may know of the station, at one moment. D-Bus properties, lights and
//! tests are functions of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    ids::{ButtonName, CallId, ContactName, DoorName, HandsetId, LightName},
    profile::Rights,
    status::{
        Direction, DoorAlarm, DoorContact, DoorState, Gate, Indication, Media, MediaState, Pattern,
        Problem, Reason, Status, Tone,
    },
    time::Moment,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub station: StationView,
    /// The call, and those that ended a moment ago.
    pub calls: BTreeMap<CallId, CallView>,
    pub doors: BTreeMap<DoorName, DoorView>,
    pub buttons: BTreeMap<ButtonName, ButtonView>,
    pub lights: BTreeMap<LightName, LightView>,
    pub handsets: BTreeMap<HandsetId, HandsetView>,
    pub contacts: BTreeMap<ContactName, ContactView>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StationView {
    /// The call that is not over yet.
    pub active_call: Option<CallId>,
    /// Set by hand.
    pub do_not_disturb: bool,
    /// Set by hand or by the clock.
    pub quiet: bool,
    pub audio_available: bool,
    pub volume: u8,
    /// Of the microphone, in decibels.
    pub gain: i16,
    pub tampered: bool,
    /// A call failed a moment ago and the visitor is being told.
    pub failure_shown: bool,
    pub tone: Option<Tone>,
    pub indications: BTreeSet<Indication>,
    pub problems: BTreeSet<Problem>,
    pub pairing_until: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallView {
    pub status: Status,
    pub reason: Option<Reason>,
    pub direction: Direction,
    pub media: Media,
    /// Auto-answered for listening in.
    pub monitor: bool,
    pub contact: Option<ContactName>,
    pub legs: BTreeMap<HandsetId, LegView>,
    /// Who accepted, or who dialled.
    pub handset: Option<HandsetId>,
    pub answered_by: Option<HandsetId>,
    pub started_at: Moment,
    pub answered_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    /// While it rings: when ringing ends.
    pub ring_deadline: Option<Moment>,
    /// When the present state ends by itself; every state of a call that is not over has one.
    pub deadline: Option<Moment>,
    pub media_state: MediaState,
    pub muted: bool,
    pub held: bool,
    pub silenced: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegView {
    /// As the handset sees it.
    pub status: Status,
    pub reason: Option<Reason>,
    pub media_state: MediaState,
    pub gate: Gate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorView {
    pub label: String,
    pub state: DoorState,
    pub alarm: DoorAlarm,
    pub contact: DoorContact,
    /// The relay is energised.
    pub relay_active: bool,
    /// When the relay falls back by itself.
    pub relay_until: Option<Moment>,
    pub locked: bool,
    pub pulse: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ButtonView {
    pub label: String,
    pub pressed: bool,
    pub presses: u64,
    /// Too short to be a press.
    pub glitches: u64,
    /// Over the rate limit.
    pub ignored: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightView {
    pub pattern: Pattern,
    pub shows: Indication,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandsetView {
    pub label: String,
    pub rights: Rights,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactView {
    pub label: String,
    pub media: Media,
}
