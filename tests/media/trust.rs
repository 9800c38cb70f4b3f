// SPDX-License-Identifier: MIT OR Apache-2.0
//! Handsets that are not who they say, or say what they should not.

use intercomd::{
    core::{
        event::LegFact,
        status::{Gate, Reason},
    },
    session::{Candidate, Sdp, Signal, VideoCodec::Vp8, Wants},
};

use crate::{
    door::{DOOR_HZ, Door, leg, setup, video, wants},
    peer::{HANDSET_HZ, Manners},
};

/// Another certificate's, as valid as the true one.
fn another_fingerprint(answer: &str) -> String {
    let lines = answer.lines().map(|line| match line.strip_prefix("a=fingerprint:sha-256 ") {
        Some(_) => format!("a=fingerprint:sha-256 {}\r\n", ["AB"; 32].join(":")),
        None => format!("{line}\r\n"),
    });
    lines.collect()
}

fn tampering(tamper: fn(&str) -> String) -> Manners {
    Manners { tamper: Some(tamper), ..Manners::default() }
}

#[test]
fn a_peer_with_another_certificate_than_promised_hears_and_sees_nothing_and_is_not_heard() {
    let mut setup = setup();
    setup.video = Some(video(Vp8));
    let mut door = Door::in_call(setup);
    let eve = leg("eve");
    door.gate(&eve, Gate::Open);
    let manners = tampering(another_fingerprint);
    let (ear, eye) = (manners.ear.clone(), manners.eye.clone());
    door.open(&eve, wants(&[Vp8]), true, manners);
    door.until_fact(&eve, LegFact::MediaFailed(Reason::Untrusted));

    let anna = door.connected("anna", wants(&[Vp8]), true);
    door.peer(&anna).eye.sees(15);
    door.peer(&anna).ear.hears_silence();
    assert_eq!((ear.position(), eye.count()), (0, 0));
    door.ear.never_heard_anything();
}

#[test]
fn the_offer_promises_the_certificate_that_the_worker_shows() {
    let mut door = Door::in_call(setup());
    let anna = leg("anna");
    door.open(&anna, Wants::default(), true, Manners::default());
    let (_, offer) = door.until_offer(&anna);
    door.until_fact(&anna, LegFact::MediaConnected);
    let shown = format!("a=fingerprint:sha-256 {}", door.peer(&anna).workers_fingerprint());
    let promised = offer.lines().filter(|line| line.starts_with("a=fingerprint"));
    let promised = promised.collect::<Vec<_>>();
    assert_eq!(promised, [shown.as_str()]);
    assert!(!another_fingerprint(&offer).contains(&shown), "or nobody could tell");
}

#[test]
fn a_second_answer_is_refused_and_the_call_goes_on() {
    let mut door = Door::in_call(setup());
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Open);
    let (session, answer) = (door.peer(&anna).session, door.peer(&anna).answer.clone());
    for text in [answer.clone(), answer.replace("audio0", "video1"), String::new()] {
        door.signal(&anna, session, Signal::Description(Sdp(text)));
    }
    door.settle();
    door.ear.hears(HANDSET_HZ);
    door.peer(&anna).ear.hears(DOOR_HZ);
}

#[test]
fn a_hostile_answer_costs_the_one_who_sent_it_the_leg_and_nobody_else() {
    let mut door = Door::in_call(setup());
    let anna = door.connected("anna", Wants::default(), true);
    let hostile: &[fn(&str) -> String] = &[
        |_| String::new(),
        |_| "hello".to_owned(),
        |_| "v=0\r\n".to_owned(),
        |_| "\u{0}".repeat(20_000),
        |answer| answer.replace("m=audio", "m=video"),
        |answer| answer.replace("m=audio 9", "m=audio 0"),
        |answer| answer.replace("audio0", "video1"),
        |answer| answer.replace("a=setup:active", "a=setup:actpass"),
        |answer| answer.replace("a=ice-pwd:", "a=ice-pwd: "),
        |answer| answer.replace("a=fingerprint:sha-256", "a=fingerprint:md5"),
        |answer| format!("{answer}{}", answer.split_at(answer.find("m=").unwrap()).1),
        |answer| answer.split_at(answer.find("m=").unwrap()).0.to_owned(),
    ];
    for (number, tamper) in hostile.iter().enumerate() {
        let eve = leg(&format!("eve{number}"));
        door.open(&eve, Wants::default(), true, tampering(*tamper));
        door.until_fact(&eve, LegFact::MediaFailed(Reason::BadDescription));
    }
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
}

#[test]
fn hostile_candidates_are_dropped() {
    let mut door = Door::in_call(setup());
    let anna = leg("anna");
    door.open(&anna, Wants::default(), true, Manners { is_deaf: true, ..Manners::default() });
    let (session, _) = door.until_offer(&anna);
    let lines = [
        "candidate:1 1 UDP 5 cafe.local 51472 typ host",
        "candidate:1 1 UDP 5 224.0.0.251 5353 typ host",
        "candidate:%s%n 1 UDP 5 192.0.2.7 51472 typ host",
        "a=candidate:1",
        "",
    ];
    for line in lines.iter().cycle().take(500) {
        let candidate = Candidate { mline: u32::MAX, line: (*line).to_owned() };
        door.signal(&anna, session, Signal::Candidate(candidate));
    }
    door.open(&anna, Wants::default(), true, Manners::default());
    door.until_fact(&anna, LegFact::MediaConnected);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
}
