// SPDX-License-Identifier: MIT OR Apache-2.0
//! Section 10, the station's part of it: who is registered, and when something is pushed.

use std::time::Duration;

use intercomd::{
    config::Endpoints,
    core::{Reason, Status, event::LegFact, status::Media},
    link::{
        LastPush, LinkCommand, LinkEvent, PushResult, Waking, bytes,
        desk::{Input, Ledger, Place},
        message::{FromStation, from_station::Ended},
        push::{Fate, News},
        refusal::Code,
    },
};
use serde_json::{Value, json};

use crate::{
    phone::{Phone, code, mid},
    stage::{Counting, MINUTE, Stage, id, ledger, leg, place},
};

const ENDPOINT: &str = "https://push.example/up?token=secret";

fn registration(endpoint: &str) -> Value {
    let (p256dh, auth) = (bytes::encode(&[4; 65]), bytes::encode(&[7; 16]));
    json!({"endpoint": endpoint, "p256dh": p256dh, "auth": auth})
}

/// Also on the disk.
fn register(stage: &mut Stage, phone: &mut Phone, endpoint: &str) {
    phone.request(
        stage,
        mid(50_000 + endpoint.len() as u64),
        "push_register",
        registration(endpoint),
    );
    stage.keep(true);
    assert_eq!(phone.words(stage), ["ok"]);
}

/// Registered and asleep.
fn asleep() -> Stage {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    register(&mut stage, &mut phone, ENDPOINT);
    phone.lose(&mut stage);
    stage
}

/// Registered and connected.
fn awake() -> (Stage, Phone) {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    register(&mut stage, &mut phone, ENDPOINT);
    (stage, phone)
}

fn seconds(s: u64) -> Duration {
    Duration::from_secs(s)
}

fn out_of_reach() -> [LinkEvent; 1] {
    [LinkEvent::Leg { leg: leg(7, "kitchen"), fact: LegFact::Unreachable }]
}

fn ring() -> News {
    News::Ring { contact: None, media: Media::Video }
}

fn elsewhere() -> News {
    let (status, reason) = (Status::Elsewhere, Reason::Elsewhere);
    News::Ended(Ended { cid: leg(7, "kitchen").call, status, reason, answered_by: None })
}

fn taken(stage: &mut Stage) -> Vec<News> {
    let pushes = std::mem::take(&mut stage.pushes);
    pushes.into_iter().map(|order| order.news).collect()
}

#[test]
fn a_registration_is_kept_before_it_is_answered() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "push_register", registration(ENDPOINT));
    assert!(phone.hear(&mut stage).is_empty());
    let ledger = stage.keep(true);
    assert_eq!(ledger.pushes[&id("kitchen")].endpoint.as_str(), ENDPOINT);
    assert_eq!(phone.words(&mut stage), ["ok"]);
}

#[test]
fn what_is_registered_already_is_not_written_again() {
    let (mut stage, mut phone) = awake();
    phone.request(&mut stage, mid(1), "push_register", registration(ENDPOINT));
    assert_eq!(phone.words(&mut stage), ["ok"]);
    assert!(stage.keeps.is_empty());
    phone.request(&mut stage, mid(2), "push_register", registration("https://push.example/b"));
    let ledger = stage.keep(true);
    assert_eq!(ledger.pushes[&id("kitchen")].endpoint.as_str(), "https://push.example/b");
    assert_eq!(phone.words(&mut stage), ["ok"]);
}

#[test]
fn a_handset_that_registers_without_end_does_not_wear_out_the_disk() {
    let (mut stage, mut phone) = awake();
    for n in 1..10 {
        let endpoint = format!("https://push.example/{n}");
        phone.request(&mut stage, mid(n), "push_register", registration(&endpoint));
        stage.keep(true);
        assert_eq!(phone.words(&mut stage), ["ok"]);
    }
    for (n, t, b) in [
        (10, "push_register", registration("https://push.example/10")),
        (11, "push_unregister", json!({})),
    ] {
        phone.request(&mut stage, mid(n), t, b);
        let said = phone.hear(&mut stage);
        assert_eq!(code(&said), Some(Code::RateLimited));
        assert!(stage.keeps.is_empty());
    }
    // What changes nothing is written nowhere.
    phone.request(&mut stage, mid(12), "push_register", registration("https://push.example/9"));
    assert_eq!(phone.words(&mut stage), ["ok"]);
}

#[test]
fn a_registration_that_the_disk_does_not_take_is_none() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "push_register", registration(ENDPOINT));
    stage.keep(false);
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::Unavailable));
    phone.lose(&mut stage);
    stage.ring(7, "kitchen", 45);
    assert!(stage.pushes.is_empty());
}

#[test]
fn an_endpoint_that_is_none_is_refused_with_what_is_allowed() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    for (n, (endpoint, allowed)) in [
        ("http://push.example/a", "https://HOST/PATH"),
        ("https://192.168.1.1/a", "of the Internet"),
        ("https://door.local/a", "of the Internet"),
        ("nonsense", "https://HOST/PATH"),
        ("", "https://HOST/PATH"),
    ]
    .into_iter()
    .enumerate()
    {
        phone.request(&mut stage, mid(n as u64), "push_register", registration(endpoint));
        let said = phone.hear(&mut stage);
        let [(_, FromStation::Error(failed))] = &said[..] else { panic!("{said:?}") };
        assert_eq!(failed.code, Code::BadEndpoint, "{endpoint}");
        assert!(failed.detail.contains(allowed), "{endpoint}: {}", failed.detail);
    }
    assert!(stage.keeps.is_empty());
}

#[test]
fn a_station_may_take_its_own_network_or_send_no_pushes() {
    for (pushes, endpoint, expected) in [
        (Some(Endpoints::Anywhere), "http://192.168.1.1/a", None),
        (None, ENDPOINT, Some(Code::Unavailable)),
    ] {
        let mut stage = Stage::with(Box::new(Counting(0)), Place { pushes, ..place() });
        let mut phone = Phone::connected(&mut stage, "handset");
        phone.request(&mut stage, mid(1), "push_register", registration(endpoint));
        assert_eq!(stage.keeps.len(), usize::from(expected.is_none()));
        assert_eq!(code(&phone.hear(&mut stage)), expected);
    }
}

#[test]
fn a_handset_that_sleeps_is_pushed_to_at_once_and_is_on_its_way_as_long_as_it_rings() {
    let mut stage = asleep();
    let now = stage.now;
    stage.ring(7, "kitchen", 45);
    assert_eq!(stage.pushes[0].until, now + seconds(45));
    assert_eq!(stage.pushes[0].leg, leg(7, "kitchen"));
    assert_eq!(stage.pushed(Fate::Taken), ring());
    stage.wait(seconds(44));
    assert_eq!(stage.take_events(), []);
    assert!(stage.pushes.is_empty());
}

#[test]
fn a_restart_forgets_no_registration() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "push_register", registration(ENDPOINT));
    let kept = serde_json::to_value(stage.keep(true)).unwrap();
    let again: Ledger = serde_json::from_value(kept).unwrap();
    let mut stage = Stage::of(again, Box::new(Counting(0)), place());
    stage.ring(7, "kitchen", 45);
    assert_eq!(taken(&mut stage), [ring()]);
}

#[test]
fn a_ledger_of_an_older_station_is_read() {
    let mut old = serde_json::to_value(ledger()).unwrap();
    assert!(old.as_object_mut().unwrap().remove("pushes").is_none());
    assert_eq!(serde_json::from_value::<Ledger>(old).unwrap(), ledger());
}

#[test]
fn a_connected_handset_is_pushed_to_when_it_says_nothing_for_2_s() {
    let (mut stage, mut phone) = awake();
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    stage.wait(Duration::from_millis(1_999));
    assert!(stage.pushes.is_empty());
    stage.wait(Duration::from_millis(1));
    assert_eq!(stage.pushed(Fate::Taken), ring());
    stage.wait(seconds(40));
    assert_eq!(stage.take_events(), []);
}

#[test]
fn a_connected_handset_that_cannot_be_pushed_to_any_more_has_its_5_s() {
    let (mut stage, mut phone) = awake();
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    phone.request(&mut stage, mid(1), "push_unregister", json!({}));
    stage.keep(true);
    phone.hear(&mut stage);
    stage.wait(Duration::from_millis(4_999));
    assert_eq!(stage.take_events(), []);
    stage.wait(Duration::from_millis(1));
    assert_eq!(stage.take_events(), out_of_reach());
    assert!(stage.pushes.is_empty());
}

#[test]
fn a_handset_that_rings_or_is_busy_is_not_pushed_to() {
    for t in ["ringing", "busy"] {
        let (mut stage, mut phone) = awake();
        stage.ring(7, "kitchen", 45);
        phone.hear(&mut stage);
        phone.notice(&mut stage, t, json!({"cid": 7}));
        phone.lose(&mut stage);
        stage.wait(MINUTE);
        assert!(stage.pushes.is_empty(), "{t}");
    }
}

#[test]
fn a_push_that_fails_puts_the_handset_out_of_reach() {
    let mut early = asleep();
    early.ring(7, "kitchen", 45);
    early.pushed(Fate::Failed);
    // It may still come by itself.
    early.wait(Duration::from_millis(4_999));
    assert_eq!(early.take_events(), []);
    early.wait(Duration::from_millis(1));
    assert_eq!(early.take_events(), out_of_reach());

    let mut late = asleep();
    late.ring(7, "kitchen", 45);
    late.wait(seconds(20));
    late.pushed(Fate::Failed);
    late.timeout();
    assert_eq!(late.take_events(), out_of_reach());
    late.wait(MINUTE);
    assert_eq!(late.take_events(), []);
}

#[test]
fn a_handset_that_came_by_itself_does_not_mind_a_push_that_failed() {
    let mut stage = asleep();
    stage.ring(7, "kitchen", 45);
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.notice(&mut stage, "ringing", json!({"cid": 7}));
    let rang = LinkEvent::Leg { leg: leg(7, "kitchen"), fact: LegFact::Rang };
    assert_eq!(stage.take_events(), [rang]);
    stage.pushed(Fate::Failed);
    stage.wait(MINUTE);
    assert_eq!(stage.take_events(), []);
}

#[test]
fn an_endpoint_that_is_gone_is_forgotten() {
    let mut stage = asleep();
    stage.ring(7, "kitchen", 45);
    stage.pushed(Fate::Gone);
    assert!(stage.keep(true).pushes.is_empty());
    stage.wait(seconds(5));
    assert_eq!(stage.take_events(), out_of_reach());
    stage.end(7, "kitchen", None);
    stage.ring(8, "kitchen", 45);
    assert!(stage.pushes.is_empty());
}

#[test]
fn an_endpoint_that_took_the_place_of_a_gone_one_stays() {
    let mut stage = asleep();
    stage.ring(7, "kitchen", 45);
    let mut phone = Phone::connected(&mut stage, "handset");
    register(&mut stage, &mut phone, "https://push.example/new");
    stage.pushed(Fate::Gone);
    assert!(stage.keeps.is_empty());
    phone.lose(&mut stage);
    stage.end(7, "kitchen", None);
    stage.ring(8, "kitchen", 45);
    let order = stage.pushes.pop().unwrap();
    assert_eq!(order.subscription.endpoint.as_str(), "https://push.example/new");
}

#[test]
fn whoever_unregisters_is_not_woken() {
    let (mut stage, mut phone) = awake();
    phone.request(&mut stage, mid(1), "push_unregister", json!({}));
    assert!(stage.keep(true).pushes.is_empty());
    assert_eq!(phone.words(&mut stage), ["ok"]);
    phone.request(&mut stage, mid(2), "push_unregister", json!({}));
    assert_eq!(phone.words(&mut stage), ["ok"]);
    assert!(stage.keeps.is_empty());
    phone.lose(&mut stage);
    stage.ring(7, "kitchen", 45);
    assert!(stage.pushes.is_empty());
    stage.wait(seconds(5));
    assert_eq!(stage.take_events(), out_of_reach());
}

#[test]
fn a_ring_that_was_pushed_is_ended_by_a_push() {
    let mut stage = asleep();
    stage.ring(7, "kitchen", 45);
    let until = stage.pushes[0].until;
    stage.pushed(Fate::Taken);
    stage.wait(seconds(10));
    stage.end(7, "kitchen", None);
    assert_eq!(stage.pushes[0].until, until);
    assert_eq!(stage.pushed(Fate::Taken), elsewhere());
    stage.wait(MINUTE);
    assert!(stage.pushes.is_empty(), "once");
}

#[test]
fn a_ring_that_was_not_pushed_or_is_over_by_itself_is_not_ended_by_a_push() {
    let (mut stage, mut phone) = awake();
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    phone.notice(&mut stage, "ringing", json!({"cid": 7}));
    phone.lose(&mut stage);
    stage.end(7, "kitchen", None);
    assert!(stage.pushes.is_empty());

    let mut stage = asleep();
    stage.ring(7, "kitchen", 45);
    stage.pushed(Fate::Taken);
    stage.wait(seconds(45));
    stage.end(7, "kitchen", None);
    assert!(stage.pushes.is_empty());
}

#[test]
fn a_connected_handset_is_told_by_a_push_only_what_it_did_not_hear() {
    for hears in [true, false] {
        let mut stage = asleep();
        stage.ring(7, "kitchen", 45);
        stage.pushed(Fate::Taken);
        let mut phone = Phone::connected(&mut stage, "handset");
        phone.notice(&mut stage, "ringing", json!({"cid": 7}));
        stage.end(7, "kitchen", None);
        let said = if hears { phone.hear(&mut stage) } else { phone.overhear(&mut stage) };
        assert_eq!(said.len(), 1, "{said:?}");
        stage.wait(Duration::from_millis(1_999));
        assert!(stage.pushes.is_empty());
        stage.wait(Duration::from_millis(1));
        let expected = if hears { vec![] } else { vec![elsewhere()] };
        assert_eq!(taken(&mut stage), expected);
    }
}

#[test]
fn an_end_that_was_lost_with_the_connection_is_pushed() {
    let mut stage = asleep();
    stage.ring(7, "kitchen", 45);
    stage.pushed(Fate::Taken);
    let phone = Phone::connected(&mut stage, "handset");
    stage.end(7, "kitchen", None);
    phone.lose(&mut stage);
    stage.wait(seconds(2));
    assert_eq!(taken(&mut stage), [elsewhere()]);
}

#[test]
fn a_handset_in_the_call_is_not_told_of_its_end_by_a_push() {
    let mut stage = asleep();
    stage.ring(7, "kitchen", 45);
    stage.pushed(Fate::Taken);
    let phone = Phone::connected(&mut stage, "handset");
    stage.order(LinkCommand::Select { leg: leg(7, "kitchen") });
    phone.lose(&mut stage);
    stage.end(7, "kitchen", None);
    stage.wait(MINUTE);
    assert!(stage.pushes.is_empty());
}

#[test]
fn a_revoked_handset_stops_ringing_and_is_never_woken_again() {
    let mut stage = asleep();
    stage.ring(7, "kitchen", 45);
    stage.pushed(Fate::Taken);
    stage.order(LinkCommand::Unpair { handset: id("kitchen") });
    let (status, reason) = (Status::Failed, Reason::Revoked);
    let cid = leg(7, "kitchen").call;
    let revoked = News::Ended(Ended { cid, status, reason, answered_by: None });
    assert_eq!(taken(&mut stage), [revoked]);
    assert!(stage.keep(true).pushes.is_empty());
    stage.end(7, "kitchen", None);
    stage.ring(8, "kitchen", 45);
    assert!(stage.pushes.is_empty());
}

#[test]
fn a_station_that_sends_no_pushes_any_more_wakes_nobody() {
    let mut stage = asleep();
    let without = Place { pushes: None, ..place() };
    stage.input(Input::Moved(without));
    stage.ring(7, "kitchen", 45);
    assert!(stage.pushes.is_empty());
    stage.wait(seconds(5));
    assert_eq!(stage.take_events(), out_of_reach());
}

#[test]
fn of_two_registrations_at_the_same_time_the_one_that_cannot_be_kept_undoes_itself_alone() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    let (first, second) = ("https://push.example/1", "https://push.example/2");
    phone.request(&mut stage, mid(1), "push_register", registration(first));
    phone.request(&mut stage, mid(2), "push_register", registration(second));
    stage.keep(false);
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::Unavailable));
    let kept = stage.keep(true);
    assert_eq!(kept.pushes[&id("kitchen")].endpoint.as_str(), second);
    assert_eq!(phone.words(&mut stage), ["ok"]);
    phone.lose(&mut stage);
    stage.ring(7, "kitchen", 45);
    assert_eq!(stage.pushes[0].subscription.endpoint.as_str(), second);
}

#[test]
fn a_call_that_ends_soon_after_another_leaves_that_ones_end_to_be_pushed() {
    let mut stage = asleep();
    stage.ring(7, "kitchen", 45);
    stage.pushed(Fate::Taken);
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.notice(&mut stage, "ringing", json!({"cid": 7}));
    stage.end(7, "kitchen", None);
    stage.wait(seconds(1));
    stage.ring(8, "kitchen", 45);
    stage.end(8, "kitchen", None);
    assert_eq!(phone.overhear(&mut stage).len(), 3);
    stage.wait(seconds(1));
    assert_eq!(taken(&mut stage), [elsewhere()]);
    stage.wait(MINUTE);
    assert!(stage.pushes.is_empty(), "the other ring was not pushed");
}

#[test]
fn both_ends_are_pushed_where_both_rings_were() {
    let mut stage = asleep();
    for call in [7, 8] {
        stage.ring(call, "kitchen", 45);
        stage.pushed(Fate::Taken);
    }
    let _deaf = Phone::connected(&mut stage, "handset");
    for call in [7, 8] {
        stage.end(call, "kitchen", None);
    }
    stage.wait(seconds(2));
    let ended = |order: &intercomd::link::push::Order| order.leg.call.0;
    assert_eq!(stage.pushes.iter().map(ended).collect::<Vec<_>>(), [7, 8]);
}

#[test]
fn it_is_told_who_can_be_woken_and_what_became_of_the_last_push() {
    let mut stage = asleep();
    let waking = |registered, result: Option<PushResult>| {
        let last = result.map(|result| LastPush { result, at_unix_ms: Some(1) });
        Waking { registered, last }
    };
    assert_eq!(stage.wakings[&id("kitchen")], waking(true, None));
    stage.ring(7, "kitchen", 45);
    stage.tried(PushResult::Unavailable);
    let after = waking(true, Some(PushResult::Unavailable));
    assert_eq!(stage.wakings[&id("kitchen")], after);
    stage.tried(PushResult::Gone);
    stage.pushed(Fate::Gone);
    assert_eq!(stage.wakings[&id("kitchen")], waking(false, Some(PushResult::Gone)));
    stage.keep(true);
    let mut phone = Phone::connected(&mut stage, "handset");
    register(&mut stage, &mut phone, "https://push.example/next");
    assert_eq!(stage.wakings[&id("kitchen")], waking(true, None));
    phone.request(&mut stage, mid(1), "push_unregister", json!({}));
    let ledger = stage.keep(true);
    assert_eq!(stage.wakings[&id("kitchen")], Waking::default());
    assert!(Stage::of(ledger, Box::new(Counting(0)), place()).woken_at_start().is_empty());
}

#[test]
fn who_is_registered_is_told_after_a_restart() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "push_register", registration(ENDPOINT));
    let mut again = Stage::of(stage.keep(true), Box::new(Counting(0)), place());
    assert_eq!(again.woken_at_start(), [id("kitchen")]);
}

/// Two that are registered, asleep and rung.
fn two_asleep() -> Stage {
    let mut stage = Stage::new();
    for keys in ["handset", "other"] {
        let mut phone = Phone::connected(&mut stage, keys);
        register(&mut stage, &mut phone, &format!("https://{keys}.example/up"));
        phone.lose(&mut stage);
    }
    stage.ring(7, "kitchen", 45);
    stage.ring(7, "hall", 45);
    stage
}

fn without_pushes() -> Input {
    Input::Moved(Place { pushes: None, ..place() })
}

#[test]
fn what_the_station_lacks_keeps_it_from_pushing_until_it_is_there() {
    for lack in [PushResult::NoClock, PushResult::NoCertificates] {
        let mut stage = two_asleep();
        stage.tried(lack);
        stage.tried(lack);
        assert_eq!(stage.pushing, [false], "once");
        stage.tried(PushResult::Taken);
        stage.tried(lack);
        stage.input(Input::PushesReady);
        stage.tried(lack);
        stage.input(without_pushes());
        stage.input(Input::Moved(place()));
        assert_eq!(stage.pushing, [false, true, false, true, false, true]);
    }
}

#[test]
fn what_one_endpoint_does_is_no_fault_of_the_station() {
    for result in PushResult::ALL.iter().filter(|result| !result.is_own()) {
        let mut stage = two_asleep();
        stage.tried(*result);
        assert!(stage.pushing.is_empty(), "{result}");
    }
}

#[test]
fn a_station_that_reaches_no_push_service_at_all_says_so() {
    let mut stage = two_asleep();
    stage.tried(PushResult::Unreachable);
    stage.pushed(Fate::Failed);
    stage.tried(PushResult::Unreachable);
    assert_eq!(stage.pushing, [false]);
    stage.input(Input::PushesReady);
    assert_eq!(stage.pushing, [false], "that is about what the station itself lacks");
    stage.tried(PushResult::Refused);
    assert_eq!(stage.pushing, [false, true], "somebody answers");
    stage.tried(PushResult::Unreachable);
    stage.order(LinkCommand::Unpair { handset: id("hall") });
    stage.order(LinkCommand::Unpair { handset: id("kitchen") });
    assert_eq!(stage.pushing, [false, true, false, true], "there is nobody to be woken");
}
