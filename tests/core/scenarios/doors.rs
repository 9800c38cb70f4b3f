// SPDX-License-Identifier: MIT OR Apache-2.0
//! Doors open when they may, fall back when they must, and tell of force.

use std::time::Duration;

use intercomd::core::{
    Command, Durable, Effect, Origin, Profile, Reason, Rejected, Status,
    effect::Drive,
    event::{CallVerb, DoorVerb, Input, LegFact},
    profile::Rate,
    status::{DoorAlarm, DoorState},
};

use crate::scene::{Scene, name, one_button_door, secs};

fn state(scene: &Scene) -> DoorState {
    scene.seen().doors[&name("front")].state
}

fn alarm(scene: &Scene) -> DoorAlarm {
    scene.seen().doors[&name("front")].alarm
}

fn pulses(scene: &Scene) -> usize {
    scene.count(|said| {
        matches!(said, Effect::DriveRelay { drive: Drive::On { at_most }, .. } if *at_most == secs(3))
    })
}

#[test]
fn asking_again_does_not_prolong_a_pulse() {
    let mut scene = Scene::new(one_button_door());
    for _ in 0..5 {
        scene.door("front", DoorVerb::Open).unwrap();
        scene.wait(Duration::from_millis(590));
    }
    assert_eq!(state(&scene), DoorState::Open);
    scene.wait(Duration::from_millis(50));
    assert_eq!(state(&scene), DoorState::Closed);
    assert_eq!(pulses(&scene), 1);
}

#[test]
fn the_exit_button_opens_a_locked_and_tampered_door_as_often_as_it_is_pressed() {
    let mut scene = Scene::new(one_button_door());
    scene.input(Input::Tamper, true);
    for _ in 0..30 {
        scene.exit_button("front");
        assert_eq!(state(&scene), DoorState::Open);
        scene.wait(secs(3));
        assert_eq!(state(&scene), DoorState::Locked);
    }
    assert_eq!(pulses(&scene), 30);
    assert_eq!(scene.door("front", DoorVerb::Open), Err(Rejected::Tampered));
}

#[test]
fn locking_drops_what_was_asked_for_but_not_the_way_out() {
    let mut scene = Scene::new(one_button_door());
    for verb in [DoorVerb::Open, DoorVerb::Hold] {
        scene.door("front", verb).unwrap();
        scene.door("front", DoorVerb::Lock).unwrap();
        assert_eq!(state(&scene), DoorState::Locked);
        assert_eq!(scene.door("front", DoorVerb::Hold), Err(Rejected::Locked));
        scene.door("front", DoorVerb::Unlock).unwrap();
    }
    scene.exit_button("front");
    scene.door("front", DoorVerb::Lock).unwrap();
    assert_eq!(state(&scene), DoorState::Open);
    scene.wait(secs(3));
    assert_eq!(state(&scene), DoorState::Locked);
}

#[test]
fn a_lock_survives_a_restart_and_a_hold_does_not() {
    let mut scene = Scene::new(one_button_door());
    scene.door("front", DoorVerb::Hold).unwrap();
    scene.door("front", DoorVerb::Lock).unwrap();
    let saved = scene.said.iter().rev().find_map(|said| {
        let Effect::SaveState(durable) = said else { return None };
        Some(durable.clone())
    });
    let scene = Scene::bare(one_button_door(), saved.unwrap());
    assert_eq!(state(&scene), DoorState::Locked);
    assert_eq!(pulses(&scene), 0);
}

#[test]
fn prying_the_station_open_locks_its_doors_until_somebody_has_seen_to_it() {
    let mut scene = Scene::new(one_button_door());
    scene.door("front", DoorVerb::Hold).unwrap();
    scene.input(Input::Tamper, true);
    assert_eq!((state(&scene), alarm(&scene)), (DoorState::Locked, DoorAlarm::Tamper));
    assert_eq!(scene.door("front", DoorVerb::Unlock), Err(Rejected::Tampered));
    scene.input(Input::Tamper, false);
    assert_eq!(scene.door("front", DoorVerb::Open), Err(Rejected::Tampered));
    scene.door("front", DoorVerb::Unlock).unwrap();
    assert_eq!((state(&scene), alarm(&scene)), (DoorState::Closed, DoorAlarm::Normal));
}

#[test]
fn tampering_outlives_the_process() {
    let locked = [name("front")].into();
    let durable = Durable { tampered: true, locked, ..Durable::default() };
    let mut scene = Scene::bare(one_button_door(), durable);
    assert_eq!(alarm(&scene), DoorAlarm::Tamper);
    assert_eq!(scene.door("front", DoorVerb::Open), Err(Rejected::Tampered));
}

fn ringing(profile: Profile) -> Scene {
    let mut scene = Scene::new(profile);
    scene.call("flat").unwrap();
    scene.leg("hall", LegFact::Rang);
    scene
}

#[test]
fn a_door_opened_by_hand_ends_the_ringing() {
    let by_hand: [fn(&mut Scene); 2] = [|s| s.exit_button("front"), |s| s.contact("front", true)];
    for opens in by_hand {
        let mut scene = ringing(one_button_door());
        opens(&mut scene);
        assert_eq!(scene.status(), (Status::Cancelled, Some(Reason::AnsweredAtDoor)));
        let elsewhere = (Status::Elsewhere, Some(Reason::AnsweredAtDoor));
        assert_eq!(scene.leg_status("hall"), elsewhere);
        assert_eq!(scene.leg_status("kitchen"), elsewhere);

        let mut rings_on = one_button_door();
        rings_on.call.answered_at_door = false;
        let mut scene = ringing(rings_on);
        opens(&mut scene);
        assert_eq!(scene.status(), (Status::Ringing, None));
    }
}

#[test]
fn somebody_leaving_during_the_ringing_after_the_exit_button_ends_it_too() {
    let mut scene = Scene::new(one_button_door());
    scene.exit_button("front");
    scene.call("flat").unwrap();
    scene.contact("front", true);
    assert_eq!(alarm(&scene), DoorAlarm::Normal);
    assert_eq!(scene.status(), (Status::Cancelled, Some(Reason::AnsweredAtDoor)));
}

#[test]
fn a_door_opened_from_a_phone_does_not_end_the_ringing_when_it_is_pulled() {
    let mut scene = ringing(one_button_door());
    let open = Command::AtDoor { door: name("front"), verb: DoorVerb::Open };
    scene.command(&Origin::Handset(name("hall")), open).unwrap();
    scene.contact("front", true);
    assert_eq!(scene.status(), (Status::Ringing, None));
    scene.on("hall", CallVerb::Accept).unwrap();
}

#[test]
fn leave_to_open_ends_with_the_first_closing_after_the_pulse() {
    let mut scene = Scene::new(one_button_door());
    scene.door("front", DoorVerb::Open).unwrap();
    scene.wait(secs(3) + secs(5) - Duration::from_nanos(1));
    scene.contact("front", true);
    assert_eq!(alarm(&scene), DoorAlarm::Normal);
    scene.contact("front", false);
    scene.contact("front", true);
    assert_eq!(alarm(&scene), DoorAlarm::ForcedOpen);
    scene.contact("front", false);
    assert_eq!(alarm(&scene), DoorAlarm::Normal);
}

#[test]
fn the_level_of_a_contact_read_at_the_start_is_no_opening() {
    let mut scene = Scene::bare(one_button_door(), Durable::default());
    scene.contact("front", true);
    assert_eq!(alarm(&scene), DoorAlarm::Normal);
}

#[test]
fn a_door_that_is_held_may_stand_open_and_counts_from_its_release() {
    let mut profile = one_button_door();
    let front = profile.doors.get_mut(&name("front")).unwrap();
    front.open_alarm_after = Some(secs(30));
    let mut scene = Scene::new(profile);
    scene.door("front", DoorVerb::Hold).unwrap();
    scene.contact("front", true);
    scene.wait(secs(600));
    assert_eq!(alarm(&scene), DoorAlarm::Normal);
    scene.door("front", DoorVerb::Release).unwrap();
    scene.wait(secs(30) - Duration::from_nanos(1));
    assert_eq!(alarm(&scene), DoorAlarm::Normal);
    scene.wait(Duration::from_nanos(1));
    assert_eq!(alarm(&scene), DoorAlarm::OpenTooLong);
}

#[test]
fn opening_too_often_is_refused_and_refusals_do_not_count() {
    let mut profile = one_button_door();
    let front = profile.doors.get_mut(&name("front")).unwrap();
    front.rate = Rate { count: 2, per: secs(60) };
    let mut scene = Scene::new(profile);
    for _ in 0..2 {
        scene.door("front", DoorVerb::Open).unwrap();
        scene.wait(secs(10));
    }
    for _ in 0..4 {
        let refused = scene.door("front", DoorVerb::Open);
        assert!(matches!(refused, Err(Rejected::RateLimited { .. })), "{refused:?}");
        scene.wait(secs(9));
    }
    scene.wait(secs(4));
    scene.door("front", DoorVerb::Open).unwrap();
}

#[test]
fn a_handset_opens_only_the_doors_it_was_given_and_does_not_hold_them() {
    let mut scene = Scene::new(one_button_door());
    let hall = Origin::Handset(name("hall"));
    let at = |verb| Command::AtDoor { door: name("front"), verb };
    assert_eq!(scene.command(&hall, at(DoorVerb::Hold)), Err(Rejected::NotAuthorized));
    scene.command(&hall, at(DoorVerb::Open)).unwrap();
    let mut rights = crate::scene::every_right();
    rights.doors.clear();
    scene.pair("hall", rights);
    assert_eq!(scene.command(&hall, at(DoorVerb::Open)), Err(Rejected::NotAuthorized));
}
