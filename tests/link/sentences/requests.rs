// SPDX-License-Identifier: MIT OR Apache-2.0
//! Section 5: what handsets ask, and what the station says to it.

use intercomd::{
    core::{
        CallId, Command, Rejected, Reply, Status,
        event::{CallVerb, DialKind, Subject},
        status::Media,
    },
    link::{
        LinkCommand,
        message::{FromStation, from_station::Done},
        refusal::Code,
    },
};
use serde_json::json;

use crate::phone::{Phone, code, mid};
use crate::stage::{Stage, id, leg};

#[test]
fn every_verb_is_wished_for_by_its_handset() {
    let verbs = [
        ("accept", json!({"cid": 7}), CallVerb::Accept),
        ("reject", json!({"cid": 7}), CallVerb::Reject),
        ("hangup", json!({"cid": 7}), CallVerb::HangUp),
        ("hold", json!({"cid": 7, "on": true}), CallVerb::Hold),
        ("hold", json!({"cid": 7, "on": false}), CallVerb::Unhold),
    ];
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    for (n, (t, b, verb)) in verbs.into_iter().enumerate() {
        phone.request(&mut stage, mid(n as u64), t, b);
        let (_, handset, command) = stage.wishes.last().unwrap();
        assert_eq!(*handset, id("kitchen"));
        assert_eq!(*command, Command::InCall { call: CallId(7), verb });
    }
}

#[test]
fn a_refusal_says_why() {
    let refusals = [
        (Rejected::NotFound(Subject::Call(CallId(7))), Code::NotFound),
        (Rejected::WrongState { status: Status::Ended }, Code::WrongState),
        (Rejected::Busy { call: CallId(6) }, Code::Busy),
        (Rejected::NotAuthorized, Code::NotAllowed),
    ];
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    for (n, (rejected, expected)) in refusals.into_iter().enumerate() {
        phone.request(&mut stage, mid(n as u64), "accept", json!({"cid": 7}));
        stage.answer(Err(rejected));
        assert_eq!(code(&phone.hear(&mut stage)), Some(expected));
    }
    phone.request(&mut stage, mid(9), "accept", json!({"cid": 7}));
    stage.answer(Err(Rejected::AnsweredBy { by: id("hall") }));
    let said = phone.hear(&mut stage);
    let [(Some(re), FromStation::Error(failed))] = &said[..] else { panic!("{said:?}") };
    assert_eq!((*re, failed.code), (mid(9), Code::Answered));
    assert_eq!(failed.answered_by.as_deref(), Some("Hall"));
}

#[test]
fn whoever_dials_learns_the_number_of_the_call_and_may_connect() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "dial", json!({"kind": "talk", "media": "video"}));
    let dial = Command::Dial { handset: id("kitchen"), media: Media::Video, kind: DialKind::Talk };
    assert_eq!(stage.wishes[0].2, dial);
    stage.answer(Ok(Reply::Call(CallId(8))));
    let said = phone.hear(&mut stage);
    let ok = FromStation::Ok(Done { cid: Some(CallId(8)), ..Done::default() });
    assert_eq!(said[0], (Some(mid(1)), ok));
    let FromStation::StateIs(state) = &said[1].1 else { panic!("{said:?}") };
    assert_eq!(state.call.as_ref().unwrap().cid, CallId(8));
    phone.request(&mut stage, mid(2), "connect", json!({"cid": 8, "video": [], "camera": false}));
    assert_eq!(phone.words(&mut stage), ["ok"]);
}

#[test]
fn a_dialled_call_that_ended_before_its_answer_came_is_over() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "dial", json!({"kind": "talk", "media": "audio"}));
    stage.end(8, "kitchen", None);
    stage.answer(Ok(Reply::Call(CallId(8))));
    assert_eq!(phone.words(&mut stage), ["ended", "ok"]);
    phone.request(&mut stage, mid(2), "connect", json!({"cid": 8, "video": [], "camera": false}));
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::NotFound));
}

#[test]
fn a_dialled_call_may_be_selected_before_its_answer_came() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "dial", json!({"kind": "monitor", "media": "audio"}));
    stage.order(LinkCommand::Select { leg: leg(8, "kitchen") });
    stage.answer(Ok(Reply::Call(CallId(8))));
    stage.order(LinkCommand::Held { leg: leg(8, "kitchen"), held: true });
    assert_eq!(phone.words(&mut stage), ["selected", "ok", "state_is", "held"]);
}

#[test]
fn only_an_administrator_sees_the_handsets() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "handsets", json!({}));
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::NotAllowed));
    let mut admin = Phone::connected(&mut stage, "other");
    admin.request(&mut stage, mid(1), "handsets", json!({}));
    let said = admin.hear(&mut stage);
    let [(_, FromStation::Ok(Done { handsets: Some(handsets), .. }))] = &said[..] else {
        panic!("{said:?}");
    };
    let labels: Vec<_> = handsets.iter().map(|handset| handset.label.as_str()).collect();
    assert_eq!(labels, ["Hall", "Kitchen"]);
}

#[test]
fn what_is_unknown_or_badly_said_is_refused_and_the_connection_stays() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "sing", json!({}));
    phone.request(&mut stage, mid(2), "accept", json!({"cid": "seven"}));
    let said = phone.hear(&mut stage);
    let codes: Vec<_> = said
        .iter()
        .map(|(re, message)| {
            let FromStation::Error(failed) = message else { panic!("{message:?}") };
            (*re, failed.code)
        })
        .collect();
    assert_eq!(codes, [(Some(mid(1)), Code::UnknownMessage), (Some(mid(2)), Code::BadBody)]);
    assert!(phone.is_at(&stage));
}

#[test]
fn too_many_undecided_requests_are_refused_and_none_is_forgotten() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    for n in 0..64 {
        phone.request(&mut stage, mid(n), "accept", json!({"cid": 7}));
    }
    phone.request(&mut stage, mid(64), "accept", json!({"cid": 7}));
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::RateLimited));
    assert_eq!(stage.wishes.len(), 64);
    stage.answer(Ok(Reply::Done));
    phone.request(&mut stage, mid(64), "accept", json!({"cid": 7}));
    assert_eq!(stage.wishes.len(), 64);
}
