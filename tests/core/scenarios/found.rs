// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the core once did wrong, found by the model, by the watch or by reading.

use std::time::Duration;

use intercomd::core::{
    CallId, Command, Durable, Effect, LegId, Origin, Profile, Reason, Rejected, Status,
    effect::{Drive, Signal},
    event::{CallVerb, DialKind, DoorVerb, Input, LegFact, Subject},
    profile::{Action, CallRules, Chord, Door, Rights},
    status::{DoorState, Indication},
};

use crate::scene::{
    Scene, always, bell, contact, every_right, hold, name, one_button_door, ongoing, secs, tier,
};

#[test]
fn a_call_whose_last_tier_rang_to_its_end_is_unanswered_for_every_leg() {
    let mut profile = one_button_door();
    let tiers = [tier(&["hall", "kitchen"], 20, false), tier(&["hall"], 20, false)];
    profile.contacts.insert(name("flat"), contact(&tiers));
    let mut scene = Scene::new(profile);
    scene.call("flat").unwrap();
    scene.on("kitchen", CallVerb::Reject).unwrap();
    scene.wait(secs(20));
    assert_eq!(scene.status(), (Status::Unanswered, Some(Reason::Unanswered)));
    assert_eq!(scene.leg_status("hall"), (Status::Missed, Some(Reason::Unanswered)));
}

#[test]
fn a_handset_unpaired_while_others_ring_is_not_rung_by_a_later_tier() {
    let mut profile = one_button_door();
    let tiers = [tier(&["hall"], 20, false), tier(&["kitchen"], 20, false)];
    profile.contacts.insert(name("flat"), contact(&tiers));
    let mut scene = Scene::new(profile);
    scene.call("flat").unwrap();
    scene.revoke("kitchen");
    scene.wait(secs(20));
    assert_eq!(scene.count(|said| matches!(said, Effect::RingHandset { .. })), 1);
    assert_eq!(scene.status(), (Status::Unanswered, Some(Reason::Unanswered)));
}

#[test]
fn a_ring_lives_as_long_as_the_tiers_that_join_it() {
    let mut profile = one_button_door();
    let tiers = [tier(&["hall"], 20, false), tier(&["kitchen"], 10, true)];
    profile.contacts.insert(name("flat"), contact(&tiers));
    let mut scene = Scene::new(profile);
    scene.call("flat").unwrap();
    scene.wait(secs(20));
    let lifetime = |said: &Effect| {
        let Effect::RingHandset { leg, ring_for, .. } = said else { return None };
        Some((leg.handset.to_string(), *ring_for))
    };
    let lifetimes: Vec<_> = scene.said.iter().filter_map(lifetime).collect();
    assert_eq!(lifetimes, [("hall".to_owned(), secs(30)), ("kitchen".to_owned(), secs(10))]);
}

#[test]
fn the_deadline_of_an_ongoing_call_is_its_end_and_not_its_warning() {
    let mut scene = ongoing(one_button_door());
    let rules = CallRules::default();
    let end = scene.now + rules.max_duration;
    assert_eq!(scene.newest_call().deadline, Some(end));
    assert_eq!(scene.station.poll_timeout(), Some(scene.now + (rules.max_duration - secs(10))));
    scene.wait(rules.max_duration);
    assert_eq!(scene.status(), (Status::Ended, Some(Reason::MaxDuration)));
}

#[test]
fn no_handset_can_unmute_the_station() {
    let mut scene = ongoing(one_button_door());
    scene.pair("stranger", every_right());
    scene.here(CallVerb::Mute(true)).unwrap();
    for handset in ["hall", "kitchen", "stranger"] {
        assert_eq!(scene.on(handset, CallVerb::Mute(false)), Err(Rejected::NotAuthorized));
    }
    assert!(scene.newest_call().muted);
}

#[test]
fn after_its_end_an_answered_call_is_in_the_wrong_state_except_for_losers() {
    let mut scene = ongoing(one_button_door());
    scene.pair("stranger", every_right());
    scene.here(CallVerb::HangUp).unwrap();
    let wrong = Err(Rejected::WrongState { status: Status::Ended });
    assert_eq!(scene.here(CallVerb::HangUp), wrong);
    assert_eq!(scene.on("hall", CallVerb::HangUp), wrong);
    let by = name("hall");
    assert_eq!(scene.on("kitchen", CallVerb::Accept), Err(Rejected::AnsweredBy { by }));
    let leg = LegId { call: scene.newest(), handset: name("stranger") };
    let not_found = Err(Rejected::NotFound(Subject::Leg(leg)));
    assert_eq!(scene.on("stranger", CallVerb::Accept), not_found);
}

/// Two bells of two flats; the inner one hangs up.
fn two_bells() -> Profile {
    let mut profile = one_button_door();
    profile.contacts.insert(name("office"), contact(&[tier(&["kitchen"], 45, false)]));
    profile.buttons.insert(name("office"), bell("office", Action::Nothing));
    let mut first = bell("flat", Action::HangUp);
    first.press = always(&Action::HangUp);
    profile.buttons.insert(name("a_stop"), first);
    profile
}

#[test]
fn a_bell_pressed_at_the_moment_of_a_hang_up_calls_anew() {
    let mut scene = Scene::new(two_bells());
    scene.call("flat").unwrap();
    scene.button("a_stop", true);
    scene.button("office", true);
    scene.wait(secs(1));
    let call = scene.newest_call();
    assert_eq!((call.contact, call.status), (Some(name("office")), Status::Initiated));
}

#[test]
fn a_press_at_the_moment_the_ringing_ends_finds_the_station_idle() {
    let mut scene = Scene::new(one_button_door());
    scene.call("flat").unwrap();
    scene.wait(secs(45) - Duration::from_millis(50));
    scene.button("bell", true);
    scene.wait(secs(1));
    assert_eq!(scene.newest(), CallId(2));
    assert_eq!(scene.seen().calls[&CallId(1)].status, Status::Unanswered);
}

#[test]
fn a_door_opened_by_a_button_was_opened_by_the_panel() {
    let mut profile = one_button_door();
    let mut opener = bell("flat", Action::Nothing);
    opener.press = always(&Action::OpenDoor(name("front")));
    profile.buttons.insert(name("opener"), opener);
    let mut scene = Scene::new(profile);
    scene.button("opener", true);
    scene.wait(secs(1));
    let by = scene.said.iter().find_map(|said| {
        let Effect::Announce(Signal::DoorStateChanged { new, by, .. }) = said else { return None };
        (*new == DoorState::Open).then_some(by)
    });
    assert_eq!(by.map(String::as_str), Some("panel"));
}

#[test]
fn letting_go_of_a_chord_is_no_hold_of_the_last_finger() {
    let mut profile = one_button_door();
    for side in ["left", "right"] {
        let mut button = bell("flat", Action::Nothing);
        button.press = always(&Action::Nothing);
        button.hold = hold(1, &Action::OpenDoor(name("front")));
        profile.buttons.insert(name(side), button);
    }
    let buttons = ["left", "right"].map(name).into();
    let actions = always(&Action::OpenPairing);
    profile.chords.push(Chord { buttons, after: secs(3), actions });
    let mut scene = Scene::new(profile);
    scene.button("left", true);
    scene.button("right", true);
    scene.wait(secs(2));
    scene.button("left", false);
    assert!(scene.station.poll_timeout().is_some_and(|due| due > scene.now));
    scene.wait(Duration::from_millis(100));
    scene.button("right", false);
    assert_eq!(scene.seen().doors[&name("front")].state, DoorState::Closed);
    assert_eq!(scene.seen().station.pairing_until, None);
}

#[test]
fn new_rules_make_no_hold_of_the_time_a_finger_was_down_before() {
    let with_hold_after = |seconds| {
        let mut profile = one_button_door();
        let mut button = bell("flat", Action::Nothing);
        button.hold = hold(seconds, &Action::OpenDoor(name("front")));
        profile.buttons.insert(name("bell"), button);
        profile
    };
    let mut scene = Scene::new(with_hold_after(60));
    scene.button("bell", true);
    scene.wait(secs(10));
    scene.station.reconfigure(scene.now, with_hold_after(5), false);
    assert_eq!(scene.station.poll_timeout(), Some(scene.now + secs(5)));
}

fn with_back_door() -> Profile {
    let mut profile = one_button_door();
    profile.doors.insert(name("back"), Door::default());
    profile
}

#[test]
fn a_door_that_comes_by_a_reload_while_tampered_is_locked_like_the_others() {
    let mut scene = Scene::new(one_button_door());
    scene.input(Input::Tamper, true);
    scene.station.reconfigure(scene.now, with_back_door(), false);
    assert_eq!(scene.door("back", DoorVerb::Open), Err(Rejected::Tampered));

    let locked = [name("front")].into();
    let durable = Durable { tampered: true, locked, ..Durable::default() };
    let mut scene = Scene::bare(with_back_door(), durable);
    assert_eq!(scene.door("back", DoorVerb::Open), Err(Rejected::Tampered));
}

#[test]
fn a_tamper_input_that_is_no_longer_wired_does_not_lock_the_doors_for_ever() {
    let mut scene = Scene::new(one_button_door());
    scene.input(Input::Tamper, true);
    assert_eq!(scene.door("front", DoorVerb::Unlock), Err(Rejected::Tampered));
    scene.station.reconfigure(scene.now, one_button_door(), true);
    assert!(scene.seen().station.tampered);
    scene.door("front", DoorVerb::Unlock).unwrap();
    scene.door("front", DoorVerb::Open).unwrap();
}

#[test]
fn a_held_door_that_a_reload_takes_away_falls_back() {
    let mut scene = Scene::new(with_back_door());
    scene.door("back", DoorVerb::Hold).unwrap();
    scene.station.reconfigure(scene.now, one_button_door(), false);
    let off = Effect::DriveRelay { door: name("back"), drive: Drive::Off };
    assert_eq!(scene.station.poll_effect(), Some(off));
}

#[test]
fn a_reload_that_takes_the_last_light_ends_listening_in() {
    let mut scene = Scene::new(one_button_door());
    scene.dial("hall", DialKind::Monitor).unwrap();
    let mut dark = one_button_door();
    dark.lights.clear();
    scene.station.reconfigure(scene.now, dark, false);
    assert_eq!(scene.status(), (Status::Failed, Some(Reason::Privacy)));
}

#[test]
fn a_handset_that_may_only_listen_in_cannot_accept_by_dialling() {
    let mut scene = Scene::new(one_button_door());
    scene.call("flat").unwrap();
    scene.pair("hall", Rights { answer: false, ..every_right() });
    assert_eq!(scene.on("hall", CallVerb::Accept), Err(Rejected::NotAuthorized));
    assert_eq!(scene.dial("hall", DialKind::Monitor), Err(Rejected::NotAuthorized));
    assert_eq!(scene.status().0, Status::Initiated);
}

#[test]
fn a_new_call_of_either_direction_ends_the_failure_shown_for_the_last() {
    let mut scene = Scene::new(one_button_door());
    for dials in [true, false] {
        scene.call("flat").unwrap();
        scene.leg("hall", LegFact::Unreachable);
        scene.leg("kitchen", LegFact::Unreachable);
        assert!(scene.seen().station.indications.contains(&Indication::Failed));
        if dials { scene.dial("hall", DialKind::Talk) } else { scene.call("flat") }.unwrap();
        assert!(!scene.seen().station.indications.contains(&Indication::Failed));
        scene.command(&Origin::Bus, Command::HangUpAll).unwrap();
    }
}
