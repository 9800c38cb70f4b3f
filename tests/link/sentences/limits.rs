// SPDX-License-Identifier: MIT OR Apache-2.0
//! Section 8, as far as it concerns messages.

use std::time::Duration;

use intercomd::link::{
    LinkEvent,
    desk::{Closing, Heard},
    message::FromStation,
    refusal::Code,
};
use serde_json::json;

use crate::phone::{Phone, mid};
use crate::stage::Stage;

#[test]
fn whoever_proves_nothing_within_5_s_is_sent_away() {
    let mut stage = Stage::new();
    let connection = stage.open();
    stage.wait(Duration::from_millis(4_999));
    assert_eq!(stage.take_closed(), []);
    stage.wait(Duration::from_millis(1));
    assert_eq!(stage.take_closed(), [(connection, Closing::Late)]);
}

#[test]
fn a_hundred_messages_at_once_and_twenty_each_second() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.wait(Duration::from_secs(10));
    for _ in 0..100 {
        phone.ack(&mut stage);
    }
    for _ in 0..20 {
        stage.wait(Duration::from_millis(50));
        phone.ack(&mut stage);
    }
    assert!(phone.is_at(&stage));
    phone.ack(&mut stage);
    let said = phone.overhear(&mut stage);
    let [(None, FromStation::Error(failed))] = &said[..] else { panic!("{said:?}") };
    assert_eq!((failed.code, failed.retry_ms), (Code::RateLimited, Some(50)));
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Refused(Code::RateLimited))]);
    assert_eq!(stage.take_refused(), [Code::RateLimited]);
}

#[test]
fn five_sessions_at_once_and_one_each_two_seconds() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    for n in 0..6 {
        let b = json!({"cid": 7, "video": [], "camera": false});
        phone.request(&mut stage, mid(n), "connect", b);
        let words = phone.words(&mut stage);
        assert_eq!(words, [if n < 5 { "ok" } else { "error" }]);
    }
    let wanted = |event: &LinkEvent| matches!(event, LinkEvent::SessionWanted { .. });
    assert_eq!(stage.take_events().iter().filter(|event| wanted(event)).count(), 5);
    assert!(phone.is_at(&stage));
    stage.wait(Duration::from_secs(2));
    phone.request(&mut stage, mid(9), "connect", json!({"cid": 7, "video": [], "camera": false}));
    assert_eq!(phone.words(&mut stage), ["ok"]);

    stage.ring(8, "kitchen", 45);
    phone.hear(&mut stage);
    phone.request(&mut stage, mid(10), "connect", json!({"cid": 8, "video": [], "camera": false}));
    assert_eq!(phone.words(&mut stage), ["ok"], "another call");
}

#[test]
fn a_frame_that_nobody_could_read_ends_the_connection() {
    let mut stage = Stage::new();
    let phone = Phone::connected(&mut stage, "handset");
    stage.heard(phone.connection, Heard::TooLarge);
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Refused(Code::TooLarge))]);
    stage.heard(phone.connection, Heard::TooLarge);
    assert_eq!(stage.take_refused(), [Code::TooLarge]);
}

#[test]
fn a_handset_that_does_not_listen_is_not_talked_to_for_ever() {
    let mut stage = Stage::new();
    let phone = Phone::connected(&mut stage, "handset");
    for call in 1..=64 {
        stage.ring(call, "kitchen", 45);
    }
    assert!(phone.is_at(&stage));
    stage.ring(65, "kitchen", 45);
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Behind)]);
}
