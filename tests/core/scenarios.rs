// SPDX-License-Identifier: MIT OR Apache-2.0
//! What went wrong once, in the core or in the field, each case told by itself.

use intercomd::core::{
    CallId, Command, Durable, Effect, HandsetId, LegId, Moment, Origin, Reason, Rejected, Status,
    effect::{Drive, Signal},
    event::{CallVerb, DialKind, DoorVerb, Input, LegFact},
    profile::{Action, CallRules, Chord, Rights},
    status::{DoorState, Indication},
};

use crate::scene::{Scene, always, bell, contact, every_right, hold, name, one_button_door, secs, tier};

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
    let lifetime = |said: &Effect| match said {
        Effect::RingHandset { leg, ring_for, .. } => Some((leg.handset.to_string(), *ring_for)),
        _ => None,
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

/// `hall` talks, `kitchen` lost.
fn ongoing(profile: intercomd::core::Profile) -> Scene {
    let mut scene = Scene::new(profile);
    scene.call("flat").unwrap();
    scene.leg("hall", LegFact::Rang);
    scene.leg("hall", LegFact::MediaConnected);
    scene.on("hall", CallVerb::Accept).unwrap();
    assert_eq!(scene.status(), (Status::Ongoing, None));
    scene
}

#[test]
fn a_handset_outside_the_call_cannot_unmute_the_station() {
    let mut scene = ongoing(one_button_door());
    scene.pair("stranger", every_right());
    scene.here(CallVerb::Mute(true)).unwrap();
    for outsider in ["kitchen", "stranger"] {
        assert_eq!(scene.on(outsider, CallVerb::Mute(false)), Err(Rejected::NotAuthorized));
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
    let not_found = Err(Rejected::NotFound(intercomd::core::event::Subject::Leg(leg)));
    assert_eq!(scene.on("stranger", CallVerb::Accept), not_found);
}
