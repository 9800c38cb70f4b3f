// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who wins, who stops ringing, when it is over.

use std::time::Duration;

use intercomd::core::{
    CallId, Command, Effect, Event, LegId, Origin, Reason, Rejected, Reply, Status,
    effect::Signal,
    event::{CallVerb, DialKind, LegFact},
    profile::{CallRules, Whom},
    status::{Gate, Indication, MediaState, Sound, Tone},
};

use crate::scene::{Scene, contact, every_right, name, one_button_door, ongoing, secs, tier};

const MOMENT: Duration = Duration::from_nanos(1);

fn two_tiers(joins: bool) -> Scene {
    let mut profile = one_button_door();
    let tiers = [tier(&["hall"], 20, false), tier(&["kitchen"], 20, joins)];
    profile.contacts.insert(name("flat"), contact(&tiers));
    let mut scene = Scene::new(profile);
    scene.call("flat").unwrap();
    scene.leg("hall", LegFact::Rang);
    scene
}

#[test]
fn of_two_accepts_at_the_same_instant_the_first_wins_and_the_second_learns_who() {
    let mut scene = Scene::new(one_button_door());
    scene.call("flat").unwrap();
    scene.on("kitchen", CallVerb::Accept).unwrap();
    let by = name("kitchen");
    assert_eq!(scene.on("hall", CallVerb::Accept), Err(Rejected::AnsweredBy { by }));
    assert_eq!(scene.leg_status("hall"), (Status::Elsewhere, Some(Reason::Elsewhere)));
    let leg = LegId { call: CallId(1), handset: name("hall") };
    let lost = Effect::EndLeg {
        leg,
        status: Status::Elsewhere,
        reason: Reason::Elsewhere,
        answered_by: Some(name("kitchen")),
    };
    assert_eq!(scene.count(|said| *said == lost), 1);
    assert_eq!(scene.count(|said| matches!(said, Effect::SelectHandset { .. })), 1);
}

#[test]
fn a_reject_after_the_accept_does_not_touch_the_call() {
    let mut scene = ongoing(one_button_door());
    let by = name("hall");
    assert_eq!(scene.on("kitchen", CallVerb::Reject), Err(Rejected::AnsweredBy { by }));
    assert_eq!(scene.status(), (Status::Ongoing, None));
}

#[test]
fn rejecting_on_one_phone_leaves_the_others_ringing() {
    let mut scene = Scene::new(one_button_door());
    scene.call("flat").unwrap();
    scene.leg("kitchen", LegFact::Rang);
    scene.on("hall", CallVerb::Reject).unwrap();
    assert_eq!(scene.status(), (Status::Ringing, None));
    scene.on("kitchen", CallVerb::Reject).unwrap();
    assert_eq!(scene.status(), (Status::Rejected, Some(Reason::Rejected)));
}

#[test]
fn a_phone_woken_for_a_call_that_is_over_is_told_so() {
    let mut scene = Scene::new(one_button_door());
    scene.call("flat").unwrap();
    scene.here(CallVerb::HangUp).unwrap();
    let missed = Err(Rejected::WrongState { status: Status::Missed });
    assert_eq!(scene.on("hall", CallVerb::Accept), missed);
    scene.leg("hall", LegFact::Rang);
    assert_eq!(scene.leg_status("hall"), (Status::Missed, Some(Reason::Cancelled)));
    scene.wait(secs(10));
    let accept = Command::InCall { call: CallId(1), verb: CallVerb::Accept };
    let answer = scene.command(&Origin::Handset(name("hall")), accept);
    assert!(matches!(answer, Err(Rejected::NotFound(_))));
}

#[test]
fn a_late_report_of_an_old_call_does_not_touch_the_new_one() {
    let mut scene = Scene::new(one_button_door());
    scene.call("flat").unwrap();
    scene.here(CallVerb::HangUp).unwrap();
    scene.call("flat").unwrap();
    let leg = LegId { call: CallId(1), handset: name("hall") };
    for fact in [LegFact::Rang, LegFact::Busy, LegFact::SessionClosed] {
        scene.event(Event::Leg { leg: leg.clone(), fact });
    }
    scene.event(Event::WorkerCrashed { call: CallId(1) });
    assert_eq!(scene.status(), (Status::Initiated, None));
    assert_eq!(scene.leg_status("hall"), (Status::Initiated, None));
}

#[test]
fn with_the_network_gone_every_call_ends_on_time_with_a_reason() {
    let mut scene = Scene::new(one_button_door());
    scene.call("flat").unwrap();
    scene.wait(secs(45) - MOMENT);
    assert_eq!(scene.status(), (Status::Initiated, None));
    scene.wait(MOMENT);
    assert_eq!(scene.status(), (Status::Unanswered, Some(Reason::Unanswered)));
    assert_eq!(scene.leg_status("hall"), (Status::Missed, Some(Reason::Unanswered)));
}

#[test]
fn an_accept_just_before_the_timeout_stops_the_timer() {
    let mut scene = Scene::new(one_button_door());
    scene.call("flat").unwrap();
    scene.wait(secs(45) - MOMENT);
    scene.on("hall", CallVerb::Accept).unwrap();
    scene.wait(secs(14));
    assert_eq!(scene.status(), (Status::Connecting, None));
    scene.wait(secs(1));
    assert_eq!(scene.status(), (Status::Failed, Some(Reason::IceTimeout)));
}

#[test]
fn an_accept_at_the_very_moment_of_the_hand_over_comes_after_it() {
    let mut scene = two_tiers(false);
    let until = scene.newest_call().deadline.unwrap();
    let accept = Command::InCall { call: CallId(1), verb: CallVerb::Accept };
    scene.now = until;
    let late = Err(Rejected::WrongState { status: Status::Missed });
    assert_eq!(scene.command(&Origin::Handset(name("hall")), accept.clone()), late);
    scene.command(&Origin::Handset(name("kitchen")), accept).unwrap();
    assert_eq!(scene.newest_call().answered_by, Some(name("kitchen")));
}

#[test]
fn a_tier_that_joins_leaves_the_earlier_legs_free_to_win() {
    let mut scene = two_tiers(true);
    scene.wait(secs(20));
    assert_eq!(scene.leg_status("kitchen"), (Status::Initiated, None));
    scene.on("hall", CallVerb::Accept).unwrap();
    assert_eq!(scene.leg_status("kitchen"), (Status::Elsewhere, Some(Reason::Elsewhere)));
}

#[test]
fn a_tier_that_refuses_hands_over_at_once_and_the_call_does_not_fall_back() {
    let mut scene = two_tiers(false);
    scene.leg("hall", LegFact::Busy);
    assert_eq!(scene.status(), (Status::Ringing, None));
    assert_eq!(scene.leg_status("kitchen"), (Status::Initiated, None));
    scene.leg("kitchen", LegFact::Unreachable);
    assert_eq!(scene.status(), (Status::Busy, Some(Reason::Busy)));
}

#[test]
fn of_several_refusals_the_visitor_hears_the_one_a_person_gave() {
    use intercomd::core::status::{Reason as R, Status as S};
    let outcomes: [(&[LegFact], (S, R)); 3] = [
        (&[LegFact::Busy], (S::Rejected, R::Rejected)),
        (&[LegFact::Unreachable], (S::Rejected, R::Rejected)),
        (&[LegFact::Busy, LegFact::Unreachable], (S::Busy, R::Busy)),
    ];
    for (facts, (status, reason)) in outcomes {
        let mut scene = Scene::new(one_button_door());
        scene.call("flat").unwrap();
        match facts {
            [first, second] => {
                scene.leg("hall", *first);
                scene.leg("kitchen", *second);
            }
            first => {
                scene.on("hall", CallVerb::Reject).unwrap();
                scene.leg("kitchen", first[0]);
            }
        }
        assert_eq!(scene.status(), (status, Some(reason)));
    }
}

#[test]
fn a_handset_that_dials_while_it_is_rung_accepts() {
    let mut scene = Scene::new(one_button_door());
    let call = scene.call("flat");
    assert_eq!(scene.dial("hall", DialKind::Talk), call);
    assert_eq!(scene.newest_call().answered_by, Some(name("hall")));
    let wrong = Err(Rejected::WrongState { status: Status::Connecting });
    assert_eq!(scene.dial("hall", DialKind::Talk), wrong);
}

#[test]
fn a_leg_that_connected_while_it_rang_talks_at_once() {
    let mut scene = Scene::new(one_button_door());
    scene.call("flat").unwrap();
    scene.leg("hall", LegFact::MediaConnected);
    assert_eq!(scene.count(|said| matches!(said, Effect::SetGate { .. })), 0);
    scene.on("hall", CallVerb::Accept).unwrap();
    assert_eq!(scene.status(), (Status::Ongoing, None));
    let leg = LegId { call: CallId(1), handset: name("hall") };
    let open = Effect::SetGate { leg, gate: Gate::Open };
    assert_eq!(scene.count(|said| *said == open), 1);
}

#[test]
fn the_end_of_a_long_call_is_told_once_and_then_comes() {
    let mut scene = ongoing(one_button_door());
    let rules = CallRules::default();
    scene.wait(rules.max_duration - rules.warn_before - MOMENT);
    let warned = |scene: &Scene| {
        scene.count(|said| matches!(said, Effect::Announce(Signal::EndingSoon { .. })))
    };
    assert_eq!(warned(&scene), 0);
    scene.wait(MOMENT);
    assert_eq!(warned(&scene), 1);
    assert_eq!(scene.count(|said| *said == Effect::Play(Sound::Warning)), 1);
    scene.wait(rules.warn_before);
    assert_eq!(warned(&scene), 1);
    assert_eq!(scene.status(), (Status::Ended, Some(Reason::MaxDuration)));
}

#[test]
fn repeated_losses_do_not_prolong_the_grace() {
    let mut scene = ongoing(one_button_door());
    for _ in 0..9 {
        scene.leg("hall", LegFact::MediaLost);
        scene.wait(secs(1));
    }
    assert_eq!(scene.newest_call().media_state, MediaState::Lost);
    assert_eq!(scene.status(), (Status::Ongoing, None));
    scene.wait(secs(1));
    assert_eq!(scene.status(), (Status::Failed, Some(Reason::MediaTimeout)));
}

#[test]
fn media_that_comes_back_gives_the_next_loss_its_whole_grace() {
    let mut scene = ongoing(one_button_door());
    for _ in 0..3 {
        scene.leg("hall", LegFact::MediaLost);
        scene.wait(secs(10) - MOMENT);
        scene.leg("hall", LegFact::MediaConnected);
    }
    scene.wait(secs(60));
    assert_eq!(scene.status(), (Status::Ongoing, None));
}

#[test]
fn the_call_is_silent_until_neither_side_holds_it() {
    let mut scene = ongoing(one_button_door());
    let gate = |scene: &Scene| scene.newest_call().legs[&name("hall")].gate;
    scene.here(CallVerb::Mute(true)).unwrap();
    scene.here(CallVerb::Hold).unwrap();
    scene.on("hall", CallVerb::Hold).unwrap();
    scene.here(CallVerb::Unhold).unwrap();
    assert_eq!(gate(&scene), Gate::Closed);
    scene.on("hall", CallVerb::Unhold).unwrap();
    assert_eq!(gate(&scene), Gate::Muted);
    assert_eq!(scene.count(|said| matches!(said, Effect::TellHeld { .. })), 2);
}

#[test]
fn do_not_disturb_lets_only_the_contacts_through_that_always_ring() {
    let mut profile = one_button_door();
    let mut nurse = contact(&[tier(&["hall"], 20, false)]);
    nurse.always = true;
    profile.contacts.insert(name("nurse"), nurse);
    let mut scene = Scene::new(profile);
    scene.command(&Origin::Bus, Command::SetDoNotDisturb { on: true }).unwrap();
    scene.call("flat").unwrap();
    assert_eq!(scene.status(), (Status::Rejected, Some(Reason::DoNotDisturb)));
    scene.dial("hall", DialKind::Talk).unwrap();
    assert_eq!(scene.status(), (Status::Missed, Some(Reason::DoNotDisturb)));
    scene.call("nurse").unwrap();
    assert_eq!(scene.status(), (Status::Initiated, None));
}

#[test]
fn listening_in_needs_its_right_and_a_light_and_is_shown_and_heard() {
    let mut scene = Scene::new(one_button_door());
    let mut rights = every_right();
    rights.monitor = false;
    scene.pair("kitchen", rights);
    assert_eq!(scene.dial("kitchen", DialKind::Monitor), Err(Rejected::NotAuthorized));
    scene.dial("hall", DialKind::Monitor).unwrap();
    let station = scene.seen().station;
    assert_eq!(station.tone, Some(Tone::Monitor));
    let place = |wanted: fn(&Effect) -> bool| scene.said.iter().position(wanted).unwrap();
    let told = place(|said| *said == Effect::Play(Sound::Monitored));
    let opened = place(|said| matches!(said, Effect::SetGate { gate: Gate::Open, .. }));
    assert!(told < opened, "the visitor is told before anybody hears them");
    assert!(scene.seen().lights.values().all(|lamp| lamp.shows == Indication::Monitored));
    scene.here(CallVerb::HangUp).unwrap();

    let mut dark = one_button_door();
    dark.lights.clear();
    let mut scene = Scene::new(dark);
    scene.dial("hall", DialKind::Monitor).unwrap();
    assert_eq!(scene.status(), (Status::Failed, Some(Reason::Privacy)));
    assert_eq!(scene.count(|said| matches!(said, Effect::StartMedia { .. })), 0);
}

#[test]
fn a_contact_nobody_paired_answers_for_fails_at_once_and_still_has_an_id() {
    let mut profile = one_button_door();
    let mut empty = contact(&[tier(&["attic"], 20, false)]);
    profile.contacts.insert(name("attic"), empty.clone());
    empty.tiers.iter_mut().for_each(|tier| tier.handsets = Whom::Everyone);
    let mut scene = Scene::new(profile);
    assert_eq!(scene.call("attic"), Ok(Reply::Call(CallId(1))));
    assert_eq!(scene.status(), (Status::Failed, Some(Reason::NoHandset)));
    assert_eq!(scene.count(|said| matches!(said, Effect::RecordCall(_))), 1);
    assert_eq!(scene.call("flat"), Ok(Reply::Call(CallId(2))));
}

#[test]
fn unpairing_the_handset_in_the_call_ends_it() {
    let mut scene = ongoing(one_button_door());
    scene.revoke("hall");
    assert_eq!(scene.status(), (Status::Failed, Some(Reason::Revoked)));
    assert_eq!(scene.on("hall", CallVerb::HangUp), Err(Rejected::NotAuthorized));
}
