// SPDX-License-Identifier: MIT OR Apache-2.0
//! Networks that lose packets, and calls that save them.

use intercomd::{
    core::{event::LegFact, status::Gate},
    media::{Grade, MediaEvent, setup::Capture},
    session::Wants,
};

use crate::{
    door::{Door, leg, setup},
    peer::{HANDSET_HZ, Manners},
};

#[test]
fn a_handset_whose_packets_get_lost_is_heard_all_the_same_and_told_to_come_through_poorly() {
    let mut door = Door::in_call(setup());
    let anna = leg("anna");
    let manners = Manners { loses_one_of: 10, ..Manners::default() };
    door.open(&anna, Wants::default(), true, manners);
    door.until_fact(&anna, LegFact::MediaConnected);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    let mut reception = || {
        door.until_event("how it comes through", |event| {
            let MediaEvent::Received { leg, reception } = event else { return None };
            (*leg == anna).then_some(*reception)
        })
    };
    reception();
    let told = reception();
    assert!((9..=11).contains(&told.lost_percent), "{told:?}");
    assert_eq!(told.grade(), Grade::Poor);
    assert!((-16..=-10).contains(&told.level), "{told:?}");
    door.ear.hears(HANDSET_HZ);
    // Of a tenth that gets lost, most is made up.
    door.ear.hears_hardly_any_silence();
}

#[test]
fn a_quiet_door_sends_few_packets_if_it_may_save_them() {
    let packets = |dtx| {
        let mut setup = setup();
        (setup.audio.capture, setup.audio.coding.dtx) = (Capture::Silence, dtx);
        let mut door = Door::in_call(setup);
        let anna = door.connected("anna", Wants::default(), true);
        door.gate(&anna, Gate::Open);
        door.peer(&anna).post.of_a_second()
    };
    assert!(packets(true) < 15);
    assert!(packets(false) > 35);
}
