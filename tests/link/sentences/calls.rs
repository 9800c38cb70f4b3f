// SPDX-License-Identifier: MIT OR Apache-2.0
//! Section 6.

use std::time::Duration;

use intercomd::{
    core::{
        CallId, Command, Reason, Reply,
        event::{CallVerb, LegFact},
    },
    link::{
        LinkCommand, LinkEvent,
        message::{FromStation, from_station::Ended},
    },
    session::{Sdp, SessionNo, Signal},
};
use serde_json::json;

use crate::phone::{Phone, mid};
use crate::stage::{MINUTE, Stage, id, leg};

#[test]
fn a_call_is_rung_accepted_and_hung_up() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    let said = phone.hear(&mut stage);
    assert!(
        matches!(&said[..], [(None, FromStation::Ring(ring))] if ring.ring_ms == 45_000),
        "{said:?}"
    );
    phone.notice(&mut stage, "ringing", json!({"cid": 7}));
    assert_eq!(
        stage.take_events(),
        [LinkEvent::Leg { leg: leg(7, "kitchen"), fact: LegFact::Rang }]
    );
    phone.request(&mut stage, mid(1), "accept", json!({"cid": 7}));
    let wish = Command::InCall { call: CallId(7), verb: CallVerb::Accept };
    assert_eq!(stage.wishes[0].1, id("kitchen"));
    assert_eq!(stage.wishes[0].2, wish);
    stage.order(LinkCommand::Select { leg: leg(7, "kitchen") });
    stage.answer(Ok(Reply::Done));
    let said = phone.hear(&mut stage);
    let words: Vec<_> = said.iter().map(|(_, message)| message.word()).collect();
    assert_eq!(words, ["selected", "ok"]);
    assert_eq!(said[1].0, Some(mid(1)));
    phone.request(&mut stage, mid(2), "hangup", json!({"cid": 7}));
    stage.end(7, "kitchen", Some("hall"));
    stage.answer(Ok(Reply::Done));
    let said = phone.hear(&mut stage);
    assert!(
        matches!(&said[0].1, FromStation::Ended(Ended { answered_by: Some(label), .. }) if label == "Hall"),
        "{said:?}"
    );
}

#[test]
fn a_handset_that_does_not_ring_within_5_s_is_out_of_reach() {
    let unreachable = [LinkEvent::Leg { leg: leg(7, "kitchen"), fact: LegFact::Unreachable }];
    for connected in [true, false] {
        let mut stage = Stage::new();
        if connected {
            Phone::connected(&mut stage, "handset");
        }
        stage.ring(7, "kitchen", 45);
        stage.wait(Duration::from_millis(4_999));
        assert_eq!(stage.take_events(), []);
        stage.wait(Duration::from_millis(1));
        assert_eq!(stage.take_events(), unreachable);
        stage.wait(MINUTE);
        assert_eq!(stage.take_events(), []);
    }
}

#[test]
fn a_handset_that_rings_or_is_busy_is_in_reach() {
    for (t, fact) in [("ringing", LegFact::Rang), ("busy", LegFact::Busy)] {
        let mut stage = Stage::new();
        let mut phone = Phone::connected(&mut stage, "handset");
        stage.ring(7, "kitchen", 45);
        phone.hear(&mut stage);
        phone.notice(&mut stage, t, json!({"cid": 7}));
        stage.wait(MINUTE);
        assert_eq!(stage.take_events(), [LinkEvent::Leg { leg: leg(7, "kitchen"), fact }]);
    }
}

#[test]
fn a_handset_that_nobody_paired_is_out_of_reach_at_once() {
    let mut stage = Stage::new();
    stage.ring(7, "nobody", 45);
    let fact = LegFact::Unreachable;
    assert_eq!(stage.take_events(), [LinkEvent::Leg { leg: leg(7, "nobody"), fact }]);
}

#[test]
fn a_ring_whose_time_is_over_is_not_said_again() {
    let mut stage = Stage::new();
    stage.ring(7, "kitchen", 3);
    stage.wait(Duration::from_secs(3));
    let mut phone = Phone::new(&mut stage, "handset");
    phone.hello(&mut stage);
    phone.request(&mut stage, mid(5), "resume", json!({}));
    assert_eq!(phone.words(&mut stage), ["state_is"]);
}

#[test]
fn notices_about_a_call_that_is_over_are_dropped() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    offer(&mut stage, 1);
    stage.end(7, "kitchen", None);
    phone.hear(&mut stage);
    phone.notice(&mut stage, "ringing", json!({"cid": 7}));
    phone.notice(&mut stage, "answer", json!({"cid": 7, "session": 1, "sdp": ""}));
    let ice = json!({"cid": 7, "session": 1, "mline": 0, "candidate": ""});
    phone.notice(&mut stage, "ice", ice);
    let closed = json!({"cid": 7, "session": 1, "reason": "ice_failed"});
    phone.notice(&mut stage, "closed", closed);
    assert_eq!(stage.take_events(), []);
    assert!(phone.is_at(&stage));
}

fn offer(stage: &mut Stage, session: u32) {
    let signal = Signal::Description(Sdp("v=0\r\n".to_owned()));
    let session = SessionNo(session);
    stage.order(LinkCommand::Signal { leg: leg(7, "kitchen"), session, signal });
}

#[test]
fn a_session_is_answered_once_and_an_older_one_not_at_all() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    offer(&mut stage, 1);
    offer(&mut stage, 2);
    phone.hear(&mut stage);
    for (session, sdp) in [(1, "old"), (3, "new"), (2, "first"), (2, "second")] {
        phone.notice(&mut stage, "answer", json!({"cid": 7, "session": session, "sdp": sdp}));
    }
    let answer = LinkEvent::Signal {
        leg: leg(7, "kitchen"),
        session: SessionNo(2),
        signal: Signal::Description(Sdp("first".to_owned())),
    };
    assert_eq!(stage.take_events(), [answer]);
}

#[test]
fn a_session_that_cannot_be_had_is_reported_once() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    offer(&mut stage, 1);
    phone.hear(&mut stage);
    for _ in 0..2 {
        let b = json!({"cid": 7, "session": 1, "reason": "untrusted"});
        phone.notice(&mut stage, "closed", b);
    }
    let fact = LegFact::MediaFailed(Reason::Untrusted);
    assert_eq!(stage.take_events(), [LinkEvent::Leg { leg: leg(7, "kitchen"), fact }]);
}

#[test]
fn a_description_that_fits_into_no_message_fails_the_session() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    let signal = Signal::Description(Sdp("x".repeat(20_000)));
    let session = SessionNo(1);
    stage.order(LinkCommand::Signal { leg: leg(7, "kitchen"), session, signal });
    let fact = LegFact::MediaFailed(Reason::OutOfResources);
    assert_eq!(stage.take_events(), [LinkEvent::Leg { leg: leg(7, "kitchen"), fact }]);
    assert!(phone.hear(&mut stage).is_empty());
}

#[test]
fn a_call_goes_on_without_signalling_for_a_minute() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.notice(&mut stage, "ringing", json!({"cid": 7}));
    stage.order(LinkCommand::Select { leg: leg(7, "kitchen") });
    stage.take_events();
    phone.lose(&mut stage);
    stage.wait(Duration::from_millis(59_999));
    assert_eq!(stage.take_events(), []);
    stage.wait(Duration::from_millis(1));
    let fact = LegFact::SessionTimedOut;
    assert_eq!(stage.take_events(), [LinkEvent::Leg { leg: leg(7, "kitchen"), fact }]);
    stage.wait(MINUTE);
    assert_eq!(stage.take_events(), []);
}

#[test]
fn a_handset_that_comes_back_within_a_minute_is_still_in_the_call() {
    let mut stage = Stage::new();
    let phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    stage.order(LinkCommand::Select { leg: leg(7, "kitchen") });
    phone.lose(&mut stage);
    stage.wait(Duration::from_secs(59));
    stage.take_events();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.hear(&mut stage);
    stage.wait(Duration::from_secs(59));
    phone.hear(&mut stage);
    assert_eq!(stage.take_events(), []);
}

#[test]
fn everything_the_station_orders_is_said() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    let leg = || leg(7, "kitchen");
    stage.order(LinkCommand::Nudge { leg: leg() });
    stage.order(LinkCommand::Select { leg: leg() });
    stage.order(LinkCommand::Held { leg: leg(), held: true });
    stage.order(LinkCommand::Warn { leg: leg(), ends_in: Duration::from_secs(10) });
    stage.end(7, "kitchen", None);
    let words = ["ring", "nudge", "selected", "held", "warning", "ended"];
    assert_eq!(phone.words(&mut stage), words);
    for command in [
        LinkCommand::Nudge { leg: leg() },
        LinkCommand::Select { leg: leg() },
        LinkCommand::Held { leg: leg(), held: true },
        LinkCommand::Warn { leg: leg(), ends_in: Duration::from_secs(10) },
    ] {
        stage.order(command);
    }
    assert!(phone.hear(&mut stage).is_empty(), "the leg is over");
}
