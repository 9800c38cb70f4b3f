// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who hears whom.

use intercomd::{
    core::{
        event::LegFact,
        status::{Gate, Media},
    },
    media::MediaCommand,
    session::Wants,
    station::clock,
};

use crate::{
    door::{CALL, DOOR_HZ, Door, leg, setup},
    peer::{HANDSET_HZ, Manners},
};

#[test]
fn nobody_hears_anybody_until_the_gate_opens_and_then_both_do() {
    let mut door = Door::in_call(setup());
    let began = clock::now();
    let anna = door.connected("anna", Wants::default(), true);
    println!("offer wanted → connected: {} ms", clock::now().since(began).as_millis());
    door.peer(&anna).ear.hears_silence();
    door.peer(&anna).ear.never_heard_anything();
    door.ear.never_heard_anything();

    let (opened, from) = (clock::now(), door.peer(&anna).ear.position());
    door.gate(&anna, Gate::Open);
    door.peer(&anna).ear.hears_something_after(from);
    println!("gate → heard at the handset: {} ms", clock::now().since(opened).as_millis());
    door.peer(&anna).ear.hears(DOOR_HZ);
    door.ear.hears(HANDSET_HZ);

    door.gate(&anna, Gate::Closed);
    door.settle();
    door.peer(&anna).ear.hears_silence();
    door.ear.hears_silence();
}

#[test]
fn a_muted_door_hears_and_is_not_heard() {
    let mut door = Door::in_call(setup());
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Muted);
    door.ear.hears(HANDSET_HZ);
    door.peer(&anna).ear.hears_silence();
    door.peer(&anna).ear.never_heard_anything();
    door.gate(&anna, Gate::Open);
    door.peer(&anna).ear.hears(DOOR_HZ);
}

#[test]
fn the_gain_of_the_microphone_holds_from_the_start_and_can_be_changed_in_the_call() {
    let mut door = Door::with(setup());
    door.order(MediaCommand::Gain { decibels: -20 });
    door.order(MediaCommand::Start { call: CALL, media: Media::Audio });
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Open);
    let ear = door.peer(&anna).ear.clone();
    ear.hears_something_after(0);
    door.settle();
    let soft = ear.loudest_after(0);
    door.order(MediaCommand::Gain { decibels: 0 });
    ear.hears_as_loud_as(50.0 * soft);
}

#[test]
fn of_two_handsets_only_the_accepted_one_talks_with_the_door() {
    let mut door = Door::in_call(setup());
    let anna = door.connected("anna", Wants::default(), true);
    let ben = door.connected("ben", Wants::default(), true);
    door.gate(&ben, Gate::Open);
    door.peer(&ben).ear.hears(DOOR_HZ);
    door.ear.hears(HANDSET_HZ);
    door.peer(&anna).ear.hears_silence();
    door.peer(&anna).ear.never_heard_anything();
    door.order(MediaCommand::CloseLeg { leg: ben });
    door.settle();
    door.ear.hears_silence();
}

#[test]
fn a_gate_that_opened_before_the_handset_connected_is_open() {
    let mut door = Door::in_call(setup());
    let anna = leg("anna");
    door.gate(&anna, Gate::Open);
    let began = clock::now();
    door.open(&anna, Wants::default(), false, Manners::default());
    door.until_fact(&anna, LegFact::MediaConnected);
    let ear = door.peer(&anna).ear.clone();
    ear.hears_something_after(0);
    println!("cold: offer wanted → heard: {} ms", clock::now().since(began).as_millis());
    ear.hears(DOOR_HZ);
}

#[test]
fn after_the_call_nobody_hears_anything_and_the_next_one_works() {
    let mut door = Door::in_call(setup());
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    door.order(MediaCommand::Stop { call: CALL });
    door.settle();
    door.ear.hears_silence();
    door.order(MediaCommand::Start { call: CALL, media: Media::Audio });
    let ben = door.connected("ben", Wants::default(), true);
    door.gate(&ben, Gate::Open);
    door.ear.hears(HANDSET_HZ);
}
