// SPDX-License-Identifier: MIT OR Apache-2.0
//! Paths break, and come back.

use intercomd::{
    core::{
        event::LegFact,
        status::{Gate, Reason},
    },
    media::MediaCommand,
    session::{Sdp, SessionNo, Signal, VideoCodec::Vp8, Wants},
    station::clock,
};

use crate::{
    door::{DOOR_HZ, Door, leg, setup, video, wants},
    peer::{HANDSET_HZ, Manners},
};

#[test]
fn a_handset_that_vanished_is_offered_new_sessions_until_it_is_back_behind_the_same_gate() {
    let mut setup = setup();
    setup.video = Some(video(Vp8));
    let mut door = Door::in_call(setup);
    let anna = door.connected("anna", wants(&[Vp8]), true);
    door.gate(&anna, Gate::Open);
    door.peer(&anna).ear.hears(DOOR_HZ);

    let vanished = clock::now();
    door.manners.insert(anna.clone(), Manners { is_deaf: true, ..Manners::default() });
    drop(door.peers.remove(&anna));
    door.until_fact(&anna, LegFact::MediaLost);
    let (second, _) = door.until_offer(&anna);
    println!("vanished → new offer: {} ms", clock::now().since(vanished).as_millis());
    door.ear.hears_silence();
    let (third, _) = door.until_offer(&anna);
    assert_eq!((second, third), (SessionNo(2), SessionNo(3)));

    door.manners.insert(anna.clone(), Manners::default());
    door.until_fact(&anna, LegFact::MediaConnected);
    println!("vanished → connected again: {} ms", clock::now().since(vanished).as_millis());
    assert!(door.peer(&anna).session > third);
    door.peer(&anna).ear.hears(DOOR_HZ);
    door.ear.hears(HANDSET_HZ);
    door.peer(&anna).eye.sees(10);
}

/// A handset takes an offer whose number it has for one that it has heard already.
#[test]
fn a_leg_that_is_opened_again_goes_on_counting() {
    let mut door = Door::in_call(setup());
    let eve = leg("eve");
    door.open(&eve, Wants::default(), true, Manners { is_deaf: true, ..Manners::default() });
    let (first, _) = door.until_offer(&eve);
    door.signal(&eve, first, Signal::Description(Sdp("no answer".to_owned())));
    door.until_fact(&eve, LegFact::MediaFailed(Reason::BadDescription));
    door.open(&eve, Wants::default(), true, Manners { is_deaf: true, ..Manners::default() });
    let (second, _) = door.until_offer(&eve);
    assert!(second > first, "{second:?}");
    door.order(MediaCommand::CloseLeg { leg: eve.clone() });
    door.open(&eve, Wants::default(), true, Manners::default());
    let (third, _) = door.until_offer(&eve);
    assert!(third > second, "{third:?}");
}

#[test]
fn a_handset_that_asks_for_a_new_session_gets_one_and_the_old_one_is_over() {
    let mut door = Door::in_call(setup());
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    let old = door.peers.remove(&anna).unwrap();
    door.open(&anna, Wants::default(), true, Manners::default());
    door.until_fact(&anna, LegFact::MediaLost);
    door.until_fact(&anna, LegFact::MediaConnected);
    door.peer(&anna).ear.hears(DOOR_HZ);
    door.ear.hears(HANDSET_HZ);
    assert_eq!(door.peer(&anna).session, SessionNo(2));
    let last = old.ear.position();
    door.peer(&anna).ear.hears(DOOR_HZ);
    assert_eq!(old.ear.position(), last);
}

#[test]
fn a_handset_that_never_answers_is_given_up() {
    let mut door = Door::in_call(setup());
    let anna = leg("anna");
    let began = clock::now();
    door.open(&anna, Wants::default(), true, Manners { is_deaf: true, ..Manners::default() });
    door.until_fact(&anna, LegFact::MediaFailed(Reason::IceTimeout));
    println!("never answered → given up: {} ms", clock::now().since(began).as_millis());
}

#[test]
fn a_leg_of_another_call_is_refused() {
    let mut door = Door::with(setup());
    let anna = leg("anna");
    door.open(&anna, Wants::default(), true, Manners::default());
    door.until_fact(&anna, LegFact::MediaFailed(Reason::Failed));
}
