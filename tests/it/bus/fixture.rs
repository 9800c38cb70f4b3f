// SPDX-License-Identifier: MIT OR Apache-2.0
//! A station with one object of each kind.

use std::{collections::BTreeMap, time::Duration};

use intercomd::core::{
    CallId, Moment, Profile, Snapshot, Status,
    profile::{Action, Actions, Button, Rate, Rights},
    snapshot::{ButtonView, CallView, ContactView, DoorView, HandsetView, LegView, LightView},
    status::{
        Direction, DoorAlarm, DoorContact, DoorState, Gate, Indication, Media, MediaState, Pattern,
    },
};

/// The bell may open the door.
pub(crate) fn profile() -> Profile {
    let actions = Actions {
        idle: Action::Call("hall".parse().unwrap()),
        calling: Action::Nothing,
        ringing: Action::Accept,
        ongoing: Action::OpenDoor("front".parse().unwrap()),
    };
    let bell = Button {
        label: "Bell".into(),
        press: actions,
        hold: None,
        min_press: Duration::from_millis(30),
        rate: Rate { count: 5, per: Duration::from_secs(10) },
    };
    Profile { buttons: BTreeMap::from([("bell".parse().unwrap(), bell)]), ..Profile::default() }
}

pub(crate) fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot::default();
    snapshot.station.volume = 60;
    snapshot.station.audio_available = true;
    snapshot.station.indications.insert(Indication::Idle);
    snapshot.calls.insert(CallId(7), ended_call());
    snapshot.doors.insert("front".parse().unwrap(), closed_door());
    snapshot.buttons.insert("bell".parse().unwrap(), button());
    let light = LightView { pattern: Pattern::Off, shows: Indication::Idle };
    snapshot.lights.insert("ring".parse().unwrap(), light);
    let contact = ContactView { label: "Hall".into(), media: Media::Video };
    snapshot.contacts.insert("hall".parse().unwrap(), contact);
    snapshot.handsets.insert("phone_one".parse().unwrap(), handset());
    snapshot
}

pub(crate) fn ringing_call() -> CallView {
    let leg = LegView {
        status: Status::Ringing,
        reason: None,
        media_state: MediaState::None,
        gate: Gate::Closed,
    };
    CallView {
        status: Status::Ringing,
        reason: None,
        direction: Direction::Outgoing,
        media: Media::Video,
        monitor: false,
        contact: Some("hall".parse().unwrap()),
        legs: BTreeMap::from([("phone_one".parse().unwrap(), leg)]),
        handset: None,
        answered_by: None,
        started_at: Moment::from_millis(1),
        answered_at: None,
        ended_at: None,
        ring_deadline: Some(Moment::from_millis(45_001)),
        deadline: Some(Moment::from_millis(45_001)),
        media_state: MediaState::None,
        muted: false,
        held: false,
        silenced: false,
    }
}

fn ended_call() -> CallView {
    CallView {
        status: Status::Ended,
        reason: Some(intercomd::core::Reason::Ended),
        direction: Direction::Incoming,
        contact: None,
        legs: BTreeMap::new(),
        handset: Some("phone_one".parse().unwrap()),
        ring_deadline: None,
        ended_at: Some(Moment::from_millis(5)),
        ..ringing_call()
    }
}

fn closed_door() -> DoorView {
    DoorView {
        label: "Front door".into(),
        state: DoorState::Closed,
        alarm: DoorAlarm::Normal,
        contact: DoorContact::Closed,
        relay_active: false,
        relay_until: None,
        locked: false,
        pulse: Duration::from_secs(3),
    }
}

fn button() -> ButtonView {
    ButtonView { label: "Bell".into(), pressed: false, presses: 0, glitches: 0, ignored: 0 }
}

fn handset() -> HandsetView {
    let rights = Rights {
        answer: true,
        admin: true,
        doors: ["front".parse().unwrap()].into(),
        ..Rights::default()
    };
    HandsetView { label: "Phone".into(), rights }
}
