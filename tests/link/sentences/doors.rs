// SPDX-License-Identifier: MIT OR Apache-2.0
//! Section 7.

use std::time::Duration;

use intercomd::{
    core::{CallId, Command, Rejected, Reply, event::DoorVerb},
    link::{
        bytes,
        challenge::Purpose,
        message::{FromStation, field::Nonce},
        refusal::Code,
    },
};
use serde_json::{Value, json};

use crate::{
    peer::{pair, thumbprint},
    phone::{Phone, code, mid},
    stage::Stage,
};

fn challenge(stage: &mut Stage, phone: &mut Phone, n: u64) -> Nonce {
    phone.request(stage, mid(n), "challenge", json!({"door": "house"}));
    let said = phone.hear(stage);
    match &said[..] {
        [(Some(re), FromStation::ChallengeIs(challenge))] => {
            assert_eq!((*re, challenge.lasts_ms), (mid(n), 30_000));
            challenge.nonce
        }
        other => panic!("{other:?}"),
    }
}

fn action(nonce: Nonce, call: Option<u64>) -> Value {
    let purpose = Purpose { door: "house".parse().unwrap(), call: call.map(CallId) };
    let text = purpose.text(&thumbprint("station"), &thumbprint("handset_call"), &nonce);
    let sig = bytes::encode(&pair("handset_action").sign(text.as_bytes()));
    json!({"door": "house", "nonce": nonce, "sig": sig})
}

fn open() -> Command {
    Command::AtDoor { door: "house".parse().unwrap(), verb: DoorVerb::Open }
}

#[test]
fn a_door_opens_by_a_challenge_signed_with_the_action_key() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    let nonce = challenge(&mut stage, &mut phone, 1);
    phone.request(&mut stage, mid(2), "action", action(nonce, None));
    assert_eq!(stage.wishes[0].2, open());
    stage.answer(Ok(Reply::Done));
    assert_eq!(phone.words(&mut stage), ["ok"]);
}

#[test]
fn a_challenge_is_good_once() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    let nonce = challenge(&mut stage, &mut phone, 1);
    let act = action(nonce, None);
    phone.request(&mut stage, mid(2), "action", act.clone());
    stage.answer(Ok(Reply::Done));
    phone.hear(&mut stage);
    phone.request(&mut stage, mid(3), "action", act);
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::BadChallenge));
    assert_eq!(stage.wishes, []);
}

#[test]
fn the_same_message_opens_nothing_twice() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    let nonce = challenge(&mut stage, &mut phone, 1);
    let act = action(nonce, None);
    let frame = phone.request(&mut stage, mid(2), "action", act.clone());
    stage.answer(Ok(Reply::Done));
    stage.frame(phone.connection, frame);
    phone.lose(&mut stage);
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(2), "action", act);
    assert_eq!(phone.words(&mut stage), ["ok"]);
    assert_eq!(stage.wishes, []);
}

#[test]
fn a_challenge_is_late_after_30_s() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    let in_time = challenge(&mut stage, &mut phone, 1);
    let late = challenge(&mut stage, &mut phone, 2);
    stage.wait(Duration::from_millis(29_999));
    phone.request(&mut stage, mid(3), "action", action(in_time, None));
    assert_eq!(stage.wishes.len(), 1);
    stage.wait(Duration::from_millis(1));
    phone.request(&mut stage, mid(4), "action", action(late, None));
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::BadChallenge));
    assert_eq!(stage.wishes.len(), 1);
}

#[test]
fn a_challenge_is_good_in_the_call_in_which_it_was_asked_for() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    let first = challenge(&mut stage, &mut phone, 1);
    let second = challenge(&mut stage, &mut phone, 2);
    phone.request(&mut stage, mid(3), "action", action(first, Some(7)));
    assert_eq!(stage.wishes.len(), 1);
    stage.end(7, "kitchen", None);
    phone.hear(&mut stage);
    phone.request(&mut stage, mid(4), "action", action(second, Some(7)));
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::BadChallenge));
    assert_eq!(stage.wishes.len(), 1);
}

#[test]
fn a_challenge_is_of_no_use_to_another_handset() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    let nonce = challenge(&mut stage, &mut phone, 1);
    let mut other = Phone::connected(&mut stage, "other");
    let purpose = Purpose { door: "house".parse().unwrap(), call: None };
    let text = purpose.text(&thumbprint("station"), &thumbprint("other_call"), &nonce);
    let sig = bytes::encode(&pair("other_action").sign(text.as_bytes()));
    let b = json!({"door": "house", "nonce": nonce, "sig": sig});
    other.request(&mut stage, mid(1), "action", b);
    assert_eq!(code(&other.hear(&mut stage)), Some(Code::BadChallenge));
    assert_eq!(stage.wishes, []);
    assert_eq!(stage.take_refused(), [Code::BadChallenge]);
}

#[test]
fn a_door_that_is_not_the_handsets_has_no_challenge() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "challenge", json!({"door": "garden"}));
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::NotAllowed));
    assert_eq!(stage.take_refused(), [Code::NotAllowed]);
}

#[test]
fn the_station_may_still_refuse() {
    let refusals = [
        (Rejected::Locked, Code::Locked),
        (Rejected::Tampered, Code::Tampered),
        (Rejected::RelayFault, Code::RelayFault),
        (Rejected::NotAuthorized, Code::NotAllowed),
    ];
    for (rejected, expected) in refusals {
        let mut stage = Stage::new();
        let mut phone = Phone::connected(&mut stage, "handset");
        let nonce = challenge(&mut stage, &mut phone, 1);
        phone.request(&mut stage, mid(2), "action", action(nonce, None));
        stage.answer(Err(rejected));
        assert_eq!(code(&phone.hear(&mut stage)), Some(expected));
    }
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    let nonce = challenge(&mut stage, &mut phone, 1);
    phone.request(&mut stage, mid(2), "action", action(nonce, None));
    let retry_after = Duration::from_millis(1500);
    stage.answer(Err(Rejected::RateLimited { retry_after }));
    let said = phone.hear(&mut stage);
    let [(_, FromStation::Error(failed))] = &said[..] else { panic!("{said:?}") };
    assert_eq!((failed.code, failed.retry_ms), (Code::RateLimited, Some(1500)));
}
