// SPDX-License-Identifier: MIT OR Apache-2.0
//! Section 3: freshness, repetition, what comes again after a loss.

use std::time::Duration;

use intercomd::{
    core::{Command, Reply, event::CallVerb},
    link::{
        LinkCommand, LinkEvent,
        desk::{Closing, Heard},
        message::{FromStation, from_station::Done},
        refusal::Code,
    },
    session::{Candidate, Sdp, SessionNo, Signal},
};
use serde_json::json;

use crate::phone::{Phone, mid, payload};
use crate::stage::{Stage, leg};

#[test]
fn a_repeated_hello_of_old_gains_nothing_and_disturbs_nobody() {
    let mut stage = Stage::new();
    let phone = Phone::connected(&mut stage, "handset");
    let mut thief = Phone::new(&mut stage, "handset");
    // Recorded when the handset said it; no key is needed to say it again.
    thief.hello(&mut stage);
    stage.wait(Duration::from_secs(6));
    assert_eq!(stage.take_closed(), [(thief.connection, Closing::Late)]);
    assert!(phone.is_at(&stage));
}

#[test]
fn what_was_said_in_one_context_is_stale_in_the_next() {
    let mut stage = Stage::new();
    let mut before = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    let accept = before.request(&mut stage, mid(1), "accept", json!({"cid": 7}));
    stage.wishes.clear();
    let after = Phone::connected(&mut stage, "handset");
    stage.take_closed();
    stage.frame(after.connection, accept);
    assert_eq!(stage.wishes, []);
    assert_eq!(stage.take_closed(), [(after.connection, Closing::Refused(Code::Stale))]);
}

#[test]
fn a_confirmed_context_ends_the_earlier_one() {
    let mut stage = Stage::new();
    let before = Phone::connected(&mut stage, "handset");
    let _ = Phone::connected(&mut stage, "handset");
    assert_eq!(stage.take_closed(), [(before.connection, Closing::Replaced)]);
}

#[test]
fn an_offered_context_gets_nothing_until_it_is_confirmed() {
    let mut stage = Stage::new();
    let mut phone = Phone::new(&mut stage, "handset");
    phone.hello(&mut stage);
    stage.ring(7, "kitchen", 45);
    stage.wait(Duration::from_millis(900));
    assert!(stage.sent.is_empty(), "{:?}", stage.sent);
    phone.request(&mut stage, mid(1), "resume", json!({}));
    assert_eq!(phone.words(&mut stage), ["state_is", "ring"]);
}

#[test]
fn a_message_is_repeated_byte_for_byte_until_it_is_acknowledged() {
    let mut stage = Stage::new();
    let phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    let (_, first) = stage.sent.remove(0);
    for seconds in [1, 2] {
        stage.wait(Duration::from_secs(seconds));
        assert_eq!(stage.sent, [(phone.connection, first.clone())]);
        stage.sent.clear();
    }
    let mut heard = phone.clone();
    heard.heard += 1;
    heard.ack(&mut stage);
    stage.wait(Duration::from_secs(4));
    assert!(stage.sent.is_empty());
    assert!(phone.is_at(&stage));
}

#[test]
fn a_connection_without_acknowledgements_is_given_up_after_10_s() {
    let mut stage = Stage::new();
    let phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    stage.wait(Duration::from_millis(9_999));
    assert!(phone.is_at(&stage));
    stage.wait(Duration::from_millis(1));
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Silent)]);
}

#[test]
fn what_is_heard_is_acknowledged_within_500_ms_and_an_ack_is_not() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    phone.notice(&mut stage, "ringing", json!({"cid": 7}));
    stage.wait(Duration::from_millis(499));
    assert!(stage.sent.is_empty());
    stage.wait(Duration::from_millis(1));
    let (_, ack) = stage.sent.pop().unwrap();
    let ack = payload(&ack);
    assert_eq!((&ack["t"], &ack["seq"], &ack["ack"]), (&json!("ack"), &json!(0), &json!(2)));
    phone.ack(&mut stage);
    stage.wait(Duration::from_secs(60));
    assert!(stage.sent.is_empty());
}

#[test]
fn an_answer_acknowledges_by_itself() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "challenge", json!({"door": "house"}));
    assert_eq!(payload(&stage.sent[0].1)["ack"], json!(2));
    phone.hear(&mut stage);
    stage.wait(Duration::from_secs(2));
    assert!(stage.sent.is_empty());
}

#[test]
fn a_repeated_message_is_acknowledged_again_and_not_carried_out() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    let accept = phone.request(&mut stage, mid(1), "accept", json!({"cid": 7}));
    assert_eq!(stage.wishes.len(), 1);
    stage.frame(phone.connection, accept);
    assert_eq!(stage.wishes.len(), 1);
    assert_eq!(payload(&stage.sent[0].1)["t"], json!("ack"));
    assert!(phone.is_at(&stage));
}

#[test]
fn a_request_is_answered_again_in_the_next_context_and_not_carried_out() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    phone.request(&mut stage, mid(1), "accept", json!({"cid": 7}));
    phone.lose(&mut stage);
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "accept", json!({"cid": 7}));
    assert_eq!(stage.wishes.len(), 1, "it is still being decided");
    stage.answer(Ok(Reply::Done));
    phone.lose(&mut stage);
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "accept", json!({"cid": 7}));
    assert_eq!(stage.wishes, []);
    let ok = (Some(mid(1)), FromStation::Ok(Done::default()));
    assert_eq!(phone.hear(&mut stage), [ok]);
}

#[test]
fn a_handset_that_comes_back_is_told_what_still_holds() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    let offer = |no: u32| LinkCommand::Signal {
        leg: leg(7, "kitchen"),
        session: SessionNo(no),
        signal: Signal::Description(Sdp("v=0\r\n".to_owned())),
    };
    let candidate = LinkCommand::Signal {
        leg: leg(7, "kitchen"),
        session: SessionNo(2),
        signal: Signal::Candidate(Candidate { mline: 0, line: String::new() }),
    };
    for command in [offer(1), offer(2), candidate, offer(1)] {
        stage.order(command);
    }
    assert_eq!(phone.words(&mut stage), ["ring", "offer", "offer", "ice"]);
    phone.lose(&mut stage);
    stage.wait(Duration::from_secs(3));
    let mut phone = Phone::new(&mut stage, "handset");
    phone.hello(&mut stage);
    phone.request(&mut stage, mid(5), "resume", json!({}));
    let said = phone.hear(&mut stage);
    let words: Vec<_> = said.iter().map(|(_, message)| message.word()).collect();
    assert_eq!(words, ["state_is", "ring", "offer", "ice"]);
    assert!(matches!(&said[1].1, FromStation::Ring(ring) if ring.ring_ms == 42_000), "{said:?}");
    assert!(matches!(&said[2].1, FromStation::Offer(offer) if offer.session == SessionNo(2)));
    phone.notice(&mut stage, "answer", json!({"cid": 7, "session": 2, "sdp": "v=0\r\n"}));
    phone.lose(&mut stage);
    stage.order(LinkCommand::Select { leg: leg(7, "kitchen") });
    stage.order(LinkCommand::Held { leg: leg(7, "kitchen"), held: true });
    let mut phone = Phone::new(&mut stage, "handset");
    phone.hello(&mut stage);
    phone.request(&mut stage, mid(6), "resume", json!({}));
    assert_eq!(phone.words(&mut stage), ["state_is", "selected", "held", "ice"]);
}

#[test]
fn the_end_of_a_call_is_told_to_who_was_away_for_a_minute() {
    for (away, told) in [(59, vec!["state_is", "ended"]), (60, vec!["state_is"])] {
        let mut stage = Stage::new();
        let phone = Phone::connected(&mut stage, "handset");
        stage.ring(7, "kitchen", 45);
        phone.lose(&mut stage);
        stage.end(7, "kitchen", None);
        stage.wait(Duration::from_secs(away));
        let mut phone = Phone::new(&mut stage, "handset");
        phone.hello(&mut stage);
        phone.request(&mut stage, mid(5), "resume", json!({}));
        assert_eq!(phone.words(&mut stage), told);
    }
}

#[test]
fn an_end_that_was_acknowledged_is_not_told_again() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    stage.end(7, "kitchen", None);
    assert_eq!(phone.words(&mut stage), ["ring", "ended"]);
    phone.lose(&mut stage);
    let mut phone = Phone::new(&mut stage, "handset");
    phone.hello(&mut stage);
    phone.request(&mut stage, mid(5), "resume", json!({}));
    assert_eq!(phone.words(&mut stage), ["state_is"]);
}

#[test]
fn nothing_wakes_up_a_station_whose_handsets_are_quiet() {
    let mut stage = Stage::new();
    let _phone = Phone::connected(&mut stage, "handset");
    stage.wait(Duration::from_secs(1));
    assert_eq!(stage.desk.poll_timeout(), None);
}

#[test]
fn a_closed_connection_says_nothing_any_more() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.heard(phone.connection, Heard::Closed);
    phone.request(&mut stage, mid(1), "accept", json!({"cid": 7}));
    assert_eq!(stage.wishes, []);
    assert!(stage.sent.is_empty());
}

#[test]
fn no_word_of_a_call_is_lost_when_they_come_out_of_order() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    phone.seq += 1;
    let first = phone.seal(&phone.envelope(mid(1), "ringing", json!({"cid": 7})));
    phone.request(&mut stage, mid(2), "accept", json!({"cid": 7}));
    let accept = Command::InCall { call: intercomd::core::CallId(7), verb: CallVerb::Accept };
    assert_eq!(stage.wishes[0].2, accept);
    stage.frame(phone.connection, first);
    assert!(matches!(&stage.take_events()[..], [LinkEvent::Leg { .. }]));
}
