// SPDX-License-Identifier: MIT OR Apache-2.0
//! A door opens by a fresh challenge, signed with the action key, and by nothing else.

use intercomd::{
    core::{
        DoorName,
        status::{DoorAlarm, DoorContact},
    },
    link::{
        message::{FromHandset, FromStation, field::Nonce, from_handset::Challenge},
        refusal::Code,
    },
};

use super::{
    house::{House, tables},
    phone::{Line, new_mid},
};

fn door(name: &str) -> DoorName {
    name.parse().unwrap()
}

async fn challenge(line: &mut Line, name: &str) -> Result<Nonce, Code> {
    let mid = line.say(&FromHandset::Challenge(Challenge { door: door(name) })).await;
    match line.answer(mid).await {
        FromStation::ChallengeIs(challenge) => Ok(challenge.nonce),
        FromStation::Error(failed) => Err(failed.code),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_signed_challenge_opens_the_door_once() {
    let mut house = House::usual().await;
    let (phone, mut line) = house.let_in("Kitchen").await;
    let nonce = challenge(&mut line, "front").await.unwrap();
    let open = phone.action(&door("front"), None, nonce, &phone.action);
    let mid = new_mid();
    line.say_as(mid, &open).await;
    assert!(matches!(line.answer(mid).await, FromStation::Ok(_)));
    house.output_becomes("doors.front.relay", true).await;
    house.output_becomes("doors.front.relay", false).await;

    // The same message again is answered as before, and opens nothing.
    line.say_as(mid, &open).await;
    assert!(matches!(line.answer(mid).await, FromStation::Ok(_)));
    // The same signature in another message is none.
    assert_eq!(line.ask(&open).await.unwrap_err().code, Code::BadChallenge);
    house.doors_are_shut().await;
}

#[tokio::test]
async fn what_is_not_signed_by_the_action_key_for_that_door_opens_none() {
    let mut house = House::usual().await;
    let (phone, mut line) = house.let_in("Kitchen").await;
    assert_eq!(challenge(&mut line, "cellar").await, Err(Code::NotAllowed));

    let nonce = challenge(&mut line, "front").await.unwrap();
    let by_call_key = phone.action(&door("front"), None, nonce, &phone.call);
    assert_eq!(line.ask(&by_call_key).await.unwrap_err().code, Code::BadChallenge);
    let used = phone.action(&door("front"), None, nonce, &phone.action);
    assert_eq!(line.ask(&used).await.unwrap_err().code, Code::BadChallenge);

    let nonce = challenge(&mut line, "front").await.unwrap();
    let for_the_cellar = phone.action(&door("cellar"), None, nonce, &phone.action);
    let refused = line.ask(&for_the_cellar).await.unwrap_err();
    assert!(matches!(refused.code, Code::NotAllowed | Code::BadChallenge), "{refused:?}");
    let invented = phone.action(&door("front"), None, Nonce([9; 16]), &phone.action);
    assert_eq!(line.ask(&invented).await.unwrap_err().code, Code::BadChallenge);
    house.doors_are_shut().await;
}

#[tokio::test]
async fn a_locked_door_stays_shut_and_says_so() {
    let mut house = House::usual().await;
    let (phone, mut line) = house.let_in("Kitchen").await;
    house.call("doors/front", "Lock", &()).await.unwrap();
    let nonce = challenge(&mut line, "front").await.unwrap();
    let open = phone.action(&door("front"), None, nonce, &phone.action);
    assert_eq!(line.ask(&open).await.unwrap_err().code, Code::Locked);
    assert!(!house.output("doors.front.relay").await);
}

#[tokio::test]
async fn a_handset_is_told_that_a_door_was_forced_and_that_it_is_shut_again() {
    let mut house = House::with(tables().with("doors.front", "relay = {}\ncontact = {}")).await;
    let (_phone, mut line) = house.let_in("Kitchen").await;
    for (is_open, expected) in [
        (true, (DoorContact::Open, DoorAlarm::ForcedOpen)),
        (false, (DoorContact::Closed, DoorAlarm::Normal)),
    ] {
        house.play("SetInput", &("doors.front.contact", is_open)).await.unwrap();
        line.find(|_, message| {
            let FromStation::StateIs(state) = message else { return None };
            state.doors.iter().find(|door| (door.contact, door.alarm) == expected).map(drop)
        })
        .await;
    }
}
