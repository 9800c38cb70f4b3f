// SPDX-License-Identifier: MIT OR Apache-2.0
//! Calls to handsets over the link.

use intercomd::{
    core::{Reason, Status},
    link::{
        message::{FromHandset, field::Cid, from_station::Ended},
        refusal::Code,
    },
};

use super::{
    house::{House, id},
    phone::Line,
};
use crate::daemon::client::until;

#[tokio::test]
async fn a_handset_rings_answers_and_hangs_up() {
    let mut house = House::usual().await;
    let (phone, mut line) = house.let_in("Kitchen").await;
    let handset = phone.id.clone().unwrap();
    house.press("bell").await;
    let call = line.rings().await;
    let object = format!("calls/{call}");
    house.leg_becomes(&object, handset.as_str(), "ringing").await;
    line.ask(&FromHandset::Accept(Cid { cid: call })).await.unwrap();
    line.selected(call).await;
    assert_eq!(house.text(&object, "AnsweredBy").await, handset.as_str());
    line.ask(&FromHandset::HangUp(Cid { cid: call })).await.unwrap();
    let ended = line.ended(call).await;
    assert_eq!(ended.cid, call);
    assert_eq!(house.status(&object).await.0, ended.status.word());
}

#[tokio::test]
async fn who_does_not_answer_hears_at_once_who_did() {
    let mut house = House::usual().await;
    let (_kitchen, mut first) = house.let_in("Kitchen").await;
    let (_hall, mut second) = house.let_in("Hall").await;
    let (_attic, mut third) = house.let_in("Attic").await;
    house.press("bell").await;
    let call = first.rings().await;
    for line in [&mut second, &mut third] {
        assert_eq!(line.rings().await, call);
    }
    first.ask(&FromHandset::Accept(Cid { cid: call })).await.unwrap();
    first.selected(call).await;
    for line in [&mut second, &mut third] {
        let elsewhere = Ended {
            cid: call,
            status: Status::Elsewhere,
            reason: Reason::Elsewhere,
            answered_by: Some("Kitchen".to_owned()),
        };
        assert_eq!(line.ended(call).await, elsewhere);
        let refused = line.ask(&FromHandset::Accept(Cid { cid: call })).await.unwrap_err();
        assert_eq!(refused.code, Code::Answered);
        assert_eq!(refused.answered_by.as_deref(), Some("Kitchen"));
    }
}

#[tokio::test]
async fn of_two_that_accept_at_the_same_instant_exactly_one_is_in_the_call() {
    let mut house = House::usual().await;
    let (_kitchen, mut kitchen) = house.let_in("Kitchen").await;
    let (_hall, mut hall) = house.let_in("Hall").await;
    for _ in 0..25 {
        let object = house.ring("home").await.unwrap();
        let call = id(&object);
        for line in [&mut kitchen, &mut hall] {
            assert_eq!(line.rings().await, call);
        }
        let accept = FromHandset::Accept(Cid { cid: call });
        let (one, other) = tokio::join!(kitchen.ask(&accept), hall.ask(&accept));
        let (winner, loser, refused, by): (&mut Line, &mut Line, _, _) = match (one, other) {
            (Ok(_), Err(refused)) => (&mut kitchen, &mut hall, refused, "Kitchen"),
            (Err(refused), Ok(_)) => (&mut hall, &mut kitchen, refused, "Hall"),
            both => panic!("{both:?}"),
        };
        assert_eq!((refused.code, refused.answered_by.as_deref()), (Code::Answered, Some(by)));
        winner.selected(call).await;
        assert_eq!(loser.ended(call).await.status, Status::Elsewhere);
        winner.ask(&FromHandset::HangUp(Cid { cid: call })).await.unwrap();
        winner.ended(call).await;
        until("the call is over", async || house.property::<u64>(&object, "EndedAt").await > 0)
            .await;
    }
}

#[tokio::test]
async fn a_handset_that_connects_while_it_rings_hears_the_rest() {
    let mut house = House::usual().await;
    let (phone, line) = house.let_in("Kitchen").await;
    drop(line);
    let object = house.ring("home").await.unwrap();
    let (mut line, state) = phone.resume(phone.connect().await).await;
    let told = state.call.expect("it is part of a call");
    assert_eq!(told.cid, id(&object));
    let ring = line.rung().await;
    assert_eq!(ring.cid, told.cid);
    assert!(ring.ring_ms > 0 && ring.ring_ms <= 45_000, "{}", ring.ring_ms);
    line.say(&FromHandset::Ringing(Cid { cid: ring.cid })).await;
    house.leg_becomes(&object, phone.id.as_ref().unwrap().as_str(), "ringing").await;
}

#[tokio::test]
async fn a_handset_that_is_not_there_is_out_of_reach() {
    let mut house = House::usual().await;
    let (phone, line) = house.let_in("Kitchen").await;
    drop(line);
    let object = house.ring("home").await.unwrap();
    let handset = phone.id.clone().unwrap();
    until("the leg is over", async || {
        house.leg(&object, handset.as_str()).await.contains("unreachable")
    })
    .await;
}

#[tokio::test]
async fn a_handset_dials_the_station_and_somebody_at_the_door_answers() {
    use intercomd::{
        core::status::Media,
        link::message::{field::DialKind, from_handset::Dial},
    };
    let mut house = House::usual().await;
    let (_phone, mut line) = house.let_in("Kitchen").await;
    let dial = FromHandset::Dial(Dial { kind: DialKind::Talk, media: Media::Audio });
    let call = line.ask(&dial).await.unwrap().cid.expect("a call");
    house.press("bell").await;
    line.selected(call).await;
    line.ask(&FromHandset::HangUp(Cid { cid: call })).await.unwrap();
    line.ended(call).await;
}
