// SPDX-License-Identifier: MIT OR Apache-2.0
//! `state_is`.

use std::time::Duration;

use intercomd::{
    core::{
        CallId, Moment, Snapshot, Status,
        snapshot::{CallView, DoorView, LegView},
        status::{Direction, DoorAlarm, DoorContact, DoorState, Gate, Media, MediaState},
    },
    link::message::{
        FromStation,
        from_station::{Busy, StateIs},
    },
};
use serde_json::json;

use crate::phone::{Phone, mid};
use crate::stage::{Stage, id};

fn snapshot(doors: &[(&str, DoorState)]) -> Snapshot {
    let view = |state| DoorView {
        label: "House".to_owned(),
        state,
        alarm: DoorAlarm::Normal,
        contact: DoorContact::Unknown,
        relay_active: false,
        relay_until: None,
        locked: state == DoorState::Locked,
        pulse: Duration::from_secs(3),
    };
    let doors = doors.iter().map(|(name, state)| (name.parse().unwrap(), view(*state))).collect();
    Snapshot { doors, ..Snapshot::default() }
}

fn state(phone: &mut Phone, stage: &mut Stage) -> StateIs {
    let said = phone.hear(stage);
    match &said[..] {
        [(_, FromStation::StateIs(state))] => state.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_names_the_station_the_handset_and_the_doors_that_it_may_open() {
    let mut stage = Stage::new();
    stage.state(snapshot(&[("house", DoorState::Locked), ("garden", DoorState::Closed)]));
    let mut phone = Phone::new(&mut stage, "handset");
    phone.hello(&mut stage);
    phone.request(&mut stage, mid(1), "resume", json!({}));
    let said = serde_json::to_value(state(&mut phone, &mut stage)).unwrap();
    let expected = json!({
        "name": "Front door",
        "handset": {"id": "kitchen", "label": "Kitchen", "rights": ["answer", "preview"]},
        "doors": [{
            "name": "house", "label": "House", "state": "locked",
            "contact": "unknown", "alarm": "normal", "locked": true,
        }],
    });
    assert_eq!(said, expected);
}

#[test]
fn it_is_said_when_something_changed_that_the_handset_may_know() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.state(snapshot(&[("house", DoorState::Closed)]));
    assert_eq!(state(&mut phone, &mut stage).doors[0].state, DoorState::Closed);
    stage.state(snapshot(&[("house", DoorState::Closed), ("garden", DoorState::Open)]));
    stage.wait(Duration::from_secs(1));
    assert!(phone.hear(&mut stage).is_empty());
    stage.state(snapshot(&[("house", DoorState::Open)]));
    assert_eq!(state(&mut phone, &mut stage).doors[0].state, DoorState::Open);
}

#[test]
fn a_door_that_opens_and_one_that_is_forced_are_told_at_once() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    let mut doors = snapshot(&[("house", DoorState::Closed)]);
    for (contact, alarm) in [
        (DoorContact::Closed, DoorAlarm::Normal),
        (DoorContact::Open, DoorAlarm::Normal),
        (DoorContact::Open, DoorAlarm::OpenTooLong),
        (DoorContact::Closed, DoorAlarm::Normal),
        (DoorContact::Open, DoorAlarm::ForcedOpen),
    ] {
        let house = doors.doors.get_mut(&"house".parse().unwrap()).unwrap();
        (house.contact, house.alarm) = (contact, alarm);
        stage.state(doors.clone());
        let told = state(&mut phone, &mut stage).doors.remove(0);
        assert_eq!((told.contact, told.alarm), (contact, alarm));
    }
}

#[test]
fn a_call_is_there_for_as_long_as_the_handset_has_a_part_in_it() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    stage.wait(Duration::from_secs(5));
    phone.request(&mut stage, mid(1), "resume", json!({}));
    let said = phone.hear(&mut stage);
    let FromStation::StateIs(told) = &said[0].1 else { panic!("{said:?}") };
    let call = told.call.clone().unwrap();
    assert_eq!((call.cid, call.status), (CallId(7), Status::Ringing));
    assert_eq!(call.ring_ms, Some(40_000));
    stage.end(7, "kitchen", None);
    phone.hear(&mut stage);
    stage.state(Snapshot::default());
    assert_eq!(state(&mut phone, &mut stage).call, None);
}

/// Call 7, with these legs.
fn in_call(legs: &[(&str, Status)], answered_by: Option<&str>) -> Snapshot {
    let view = |status| LegView {
        status,
        reason: None,
        media_state: MediaState::None,
        gate: Gate::Closed,
    };
    let call = CallView {
        status: if answered_by.is_some() { Status::Ongoing } else { Status::Ringing },
        reason: None,
        direction: Direction::Outgoing,
        media: Media::Audio,
        monitor: false,
        contact: None,
        legs: legs.iter().map(|(handset, status)| (id(handset), view(*status))).collect(),
        handset: answered_by.map(id),
        answered_by: answered_by.map(id),
        started_at: Moment::from_millis(1),
        answered_at: None,
        ended_at: None,
        ring_deadline: None,
        deadline: None,
        media_state: MediaState::None,
        muted: false,
        held: false,
        silenced: false,
    };
    let mut snapshot = Snapshot::default();
    snapshot.station.active_call = Some(CallId(7));
    snapshot.calls.insert(CallId(7), call);
    snapshot
}

#[test]
fn a_call_of_others_is_told_and_who_answered_only_to_those_whom_it_rang() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.state(in_call(&[("hall", Status::Ringing)], None));
    assert_eq!(state(&mut phone, &mut stage).busy, Some(Busy { by: None }));
    stage.state(in_call(&[("hall", Status::Ongoing)], Some("hall")));
    stage.wait(Duration::from_secs(1));
    assert!(phone.hear(&mut stage).is_empty());
    stage
        .state(in_call(&[("hall", Status::Ongoing), ("kitchen", Status::Elsewhere)], Some("hall")));
    assert_eq!(state(&mut phone, &mut stage).busy, Some(Busy { by: Some("Hall".to_owned()) }));
    stage.state(Snapshot::default());
    assert_eq!(state(&mut phone, &mut stage).busy, None);
}

#[test]
fn no_station_is_busy_with_a_call_that_the_handset_is_in() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.state(in_call(&[("kitchen", Status::Ringing)], None));
    stage.ring(7, "kitchen", 45);
    stage.state(in_call(&[("kitchen", Status::Ringing), ("hall", Status::Ringing)], None));
    stage.state(in_call(&[("kitchen", Status::Ongoing)], Some("kitchen")));
    let busy: Vec<_> = phone
        .hear(&mut stage)
        .into_iter()
        .filter_map(|(_, said)| {
            let FromStation::StateIs(state) = said else { return None };
            Some(state.busy)
        })
        .collect();
    assert!(!busy.is_empty() && busy.iter().all(Option::is_none), "{busy:?}");
}

#[test]
fn time_that_goes_by_is_no_change() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    stage.state(Snapshot::default());
    assert_eq!(phone.words(&mut stage), ["ring", "state_is"]);
    stage.wait(Duration::from_secs(2));
    stage.state(Snapshot::default());
    assert!(phone.hear(&mut stage).is_empty());
}
