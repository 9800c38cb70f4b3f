// SPDX-License-Identifier: MIT OR Apache-2.0
//! Frames as a handset sees them.

use intercomd::link::{
    context,
    message::{FromStation, field::Nonce},
    pairing::{self, Token},
    refusal::Code,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    damage::{Bench, Damaged},
    draft::{Draft, Scribe},
    kept,
};
use crate::peer::{Doing, Taken, public, receive, thumbprint};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    cases: Vec<Case>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    doing: Doing,
    frame: String,
    expect: Expect,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    strict: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expect {
    /// Taken, and this is its payload.
    Ok(Value),
    /// Seen before: acknowledged again, and dropped.
    Repeated(bool),
    Refused(Code),
}

const HEARD: u64 = 3;
const N_H: Nonce = Nonce([1; 16]);
const N_D: Nonce = Nonce([2; 16]);
const TOKEN: Token = Token([3; 16]);
const HELLO: &str = "EBESExQVFhcYGRobHB0eHw";
const PIN: &str = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

fn connected() -> Doing {
    Doing::IsConnected { sx: context::derive(&N_H, &N_D), heard: HEARD }
}

fn said(t: &str, b: &Value) -> Draft {
    let sx = format!("{:?}", context::derive(&N_H, &N_D));
    Draft::new("station", "handset_call", t, b).with("sx", sx).with("seq", "4").with("ack", "2")
}

/// One of each, as it is in a context.
fn messages() -> Vec<(&'static str, Value)> {
    let state = json!({
        "name": "Front door", "handset": {"id": "h0123456789", "label": "Kitchen", "rights": ["answer"]},
        "doors": [
            {"name": "house", "label": "House", "state": "closed", "contact": "open", "alarm": "forced_open", "locked": false},
            {"name": "gate", "label": "Gate", "state": "locked", "contact": "unknown", "alarm": "locked_down", "locked": true},
        ],
    });
    let call = json!({
        "cid": 7, "status": "ringing", "direction": "outgoing", "contact": "Flat 1",
        "media": "video", "ring_ms": 45000, "monitor": false,
    });
    let mut in_call = state.clone();
    in_call["call"] = call;
    let with_busy = |busy: Value| {
        let mut state = state.clone();
        state["busy"] = busy;
        state
    };
    let ice = [
        json!({"urls": ["stun:192.0.2.1:3478"]}),
        json!({"urls": ["turn:192.0.2.1:3478"], "username": "u", "credential": "c"}),
    ];
    let candidate = "candidate:1 1 UDP 2122252543 192.0.2.7 50000 typ host";
    vec![
        ("state_is", state.clone()),
        ("state_is", in_call),
        ("state_is", with_busy(json!({}))),
        ("state_is", with_busy(json!({"by": "Hall"}))),
        ("ring", json!({"cid": 7, "contact": "Flat 1", "ring_ms": 45000, "media": "video"})),
        ("ring", json!({"cid": 7, "ring_ms": 1, "media": "audio"})),
        ("nudge", json!({"cid": 7})),
        ("offer", json!({"cid": 7, "session": 1, "sdp": "v=0\r\n", "ice": ice})),
        ("ice", json!({"cid": 7, "session": 1, "mline": 0, "candidate": candidate})),
        ("ice", json!({"cid": 7, "session": 1, "mline": 0, "candidate": ""})),
        ("selected", json!({"cid": 7})),
        ("held", json!({"cid": 7, "on": true})),
        ("warning", json!({"cid": 7, "ends_ms": 10000})),
        (
            "ended",
            json!({"cid": 7, "status": "elsewhere", "reason": "elsewhere", "answered_by": "Hall"}),
        ),
        ("ended", json!({"cid": 7, "status": "missed", "reason": "unanswered"})),
        ("challenge_is", json!({"nonce": "AAECAwQFBgcICQoLDA0ODw", "lasts_ms": 30000})),
        ("ok", json!({})),
        ("ok", json!({"cid": 8})),
        ("error", json!({"code": "busy", "detail": "call 6 is in the way"})),
        ("error", json!({"code": "rate_limited", "detail": "too often", "retry_ms": 1500})),
        ("error", json!({"code": "answered", "detail": "", "answered_by": "Hall"})),
    ]
}

/// What may be left out.
const OPTIONAL: [&str; 9] = [
    "contact",
    "ring_ms",
    "answered_by",
    "call",
    "busy",
    "retry_ms",
    "cid of ok",
    "username",
    "credential",
];

fn right(scribe: &Scribe) -> Vec<Case> {
    let taken = |name: String, draft: &Draft| {
        let payload = serde_json::from_str(&draft.text()).unwrap();
        let frame = scribe.seal(draft);
        Case { name, doing: connected(), frame, expect: Expect::Ok(payload), strict: false }
    };
    let mut cases: Vec<_> = messages()
        .iter()
        .enumerate()
        .map(|(n, (t, b))| taken(format!("ok: {t} ({n})"), &said(t, b)))
        .collect();
    let nudge = || said("nudge", &json!({"cid": 7}));
    let ack = said("ack", &json!({})).with("seq", "0");
    let answer = nudge().with("re", format!("{HELLO:?}"));
    let others = [
        ("an ack, which has no number of its own", ack),
        ("members in another order", nudge().reversed()),
        ("an answer", answer),
        ("the last number of the window", nudge().with("seq", (HEARD + 64).to_string())),
        ("a letter escaped", nudge().with("t", "\"\\u006eudge\"")),
        ("white space", nudge().with("b", " { \"cid\" :\n7 } ")),
    ];
    cases.extend(others.iter().map(|(name, draft)| taken(format!("ok: {name}"), draft)));
    cases
}

fn repeated(scribe: &Scribe) -> impl Iterator<Item = Case> {
    (1..=HEARD).map(|seq| {
        let draft = said("nudge", &json!({"cid": 7})).with("seq", seq.to_string());
        Case {
            name: format!("repeated: seq {seq}"),
            doing: connected(),
            frame: scribe.seal(&draft),
            expect: Expect::Repeated(true),
            strict: false,
        }
    })
}

/// Doors as no station has them.
fn doors() -> impl Iterator<Item = (&'static str, Value)> {
    let door = json!({"name": "house", "label": "House", "state": "closed", "contact": "closed", "alarm": "normal", "locked": false});
    let with = |name: &str, value: Value| {
        let mut door = door.clone();
        door[name] = value;
        door
    };
    let mut without_alarm = door.clone();
    without_alarm.as_object_mut().unwrap().remove("alarm");
    [
        ("a door with a contact that is ajar", with("contact", json!("ajar"))),
        ("a door with an alarm of no kind", with("alarm", json!("loud"))),
        ("a door in no state", with("state", json!("unknown"))),
        ("a door without an alarm", without_alarm),
    ]
    .into_iter()
}

fn bodies(scribe: &Scribe) -> Vec<Case> {
    let mut cases = Vec::new();
    for (n, (t, b)) in messages().into_iter().enumerate() {
        let mut add = |what: String, b: &Value| {
            cases.push(Case {
                name: format!("bad_body: {t} ({n}) {what}"),
                doing: connected(),
                frame: scribe.seal(&said(t, b)),
                expect: Expect::Refused(Code::BadBody),
                strict: false,
            });
        };
        let with = |name: &str, value: Value| {
            let mut b = b.clone();
            b[name] = value;
            b
        };
        add("with a member more".to_owned(), &with("more", json!(1)));
        for name in b.as_object().unwrap().keys() {
            add(format!("{name} a list of lists"), &with(name, json!([[]])));
            add(format!("{name} null"), &with(name, Value::Null));
            if name == "doors" {
                doors().for_each(|(what, door)| add(what.to_owned(), &with(name, json!([door]))));
            }
            let may_be_absent = OPTIONAL.contains(&name.as_str()) || t == "ok";
            if !may_be_absent {
                let mut b = b.clone();
                b.as_object_mut().unwrap().remove(name);
                add(format!("without {name}"), &b);
            }
        }
    }
    cases
}

fn damaged(scribe: &Scribe) -> Vec<Case> {
    let good = said("nudge", &json!({"cid": 7}));
    let bench = Bench { scribe, good, of_the_other_side: "accept", seq: HEARD + 1 };
    let case = |Damaged { name, frame, code, strict }| Case {
        name,
        doing: connected(),
        frame,
        expect: Expect::Refused(code),
        strict,
    };
    let mut cases: Vec<_> = bench.all().into_iter().map(case).collect();
    let sdp = "x".repeat(33_000);
    let offer = json!({"cid": 7, "session": 1, "sdp": sdp, "ice": []});
    cases.push(Case {
        name: "too_large: an offer".to_owned(),
        doing: connected(),
        frame: scribe.seal(&said("offer", &offer)),
        expect: Expect::Refused(Code::TooLarge),
        strict: false,
    });
    cases
}

fn hellos(scribe: &Scribe) -> Vec<Case> {
    let doing = |srv: &str| Doing::SaysHello {
        mid: HELLO.parse().unwrap(),
        n_h: N_H,
        srv: srv.to_owned().try_into().unwrap(),
    };
    let answer = |n_h: Nonce, srv: &str| {
        let b = json!({"n_h": n_h, "n_d": N_D, "srv": srv});
        said("hello_ok", &b).with("seq", "1").with("ack", "0").with("re", format!("{HELLO:?}"))
    };
    let error = Draft::new("station", "handset_call", "error", &{
        json!({"code": "revoked", "detail": "", "key": public("station")})
    });
    let swapped = format!("{:?}", context::derive(&N_D, &N_H));
    let stale = || Some(Code::Stale);
    let cases = [
        ("hello_ok", "", answer(N_H, ""), None),
        ("hello_ok with the pin that it saw", PIN, answer(N_H, PIN), None),
        ("hello_ok with a pin that it cannot see", "", answer(N_H, PIN), None),
        (
            "hello_ok with another pin",
            PIN,
            answer(N_H, &PIN.replace("47", "48")),
            Some(Code::WrongRecipient),
        ),
        ("hello_ok without the pin", PIN, answer(N_H, ""), Some(Code::WrongRecipient)),
        ("hello_ok to an older hello", "", answer(Nonce([9; 16]), ""), stale()),
        ("hello_ok with another context", "", answer(N_H, "").with("sx", swapped), stale()),
        ("hello_ok without a context", "", answer(N_H, "").with("sx", "\"\""), stale()),
        ("hello_ok with another number", "", answer(N_H, "").with("seq", "2"), stale()),
        ("hello_ok that answers nothing", "", answer(N_H, "").without("re"), stale()),
        (
            "hello_ok without n_d",
            "",
            answer(N_H, "").with("b", "{\"n_h\":\"AQEBAQEBAQEBAQEBAQEBAQ\",\"srv\":\"\"}"),
            Some(Code::BadBody),
        ),
        ("error instead of hello_ok", "", error.with("re", format!("{HELLO:?}")), None),
        (
            "state_is instead of hello_ok",
            "",
            said("state_is", &messages()[0].1).with("re", format!("{HELLO:?}")),
            stale(),
        ),
    ];
    cases.map(|(name, srv, draft, code)| case(scribe, name, doing(srv), &draft, code)).into()
}

fn case(scribe: &Scribe, name: &str, doing: Doing, draft: &Draft, code: Option<Code>) -> Case {
    let payload = || Expect::Ok(serde_json::from_str(&draft.text()).unwrap());
    let expect = code.map_or_else(payload, Expect::Refused);
    let kind = code.map_or("ok", Code::word);
    Case {
        name: format!("{kind}: {name}"),
        doing,
        frame: scribe.seal(draft),
        expect,
        strict: false,
    }
}

fn pairings(scribe: &Scribe) -> Vec<Case> {
    let doing = || Doing::Pairs {
        mid: HELLO.parse().unwrap(),
        station: thumbprint("station"),
        token: TOKEN,
    };
    let id = "h0123456789".parse().unwrap();
    let body = |token: &Token, call: &str, key: &str| {
        let mac = pairing::confirmation(token, &thumbprint("station"), &thumbprint(call), &id);
        json!({
            "key": public(key), "handset": id, "label": "Kitchen", "rights": ["answer", "preview"],
            "doors": ["house"], "mac": mac,
        })
    };
    let answer = |b: &Value| {
        Draft::new("station", "handset_call", "pair_ok", b).with("re", format!("{HELLO:?}"))
    };
    let good = body(&TOKEN, "handset_call", "station");
    let mut other_id = good.clone();
    other_id["handset"] = json!("h9876543210");
    let error = |b: &Value| {
        Draft::new("station", "handset_call", "error", b).with("re", format!("{HELLO:?}"))
    };
    let closed = json!({"code": "pairing_closed", "detail": "", "key": public("station")});
    let keyless = json!({"code": "pairing_closed", "detail": ""});
    let foreign = body(&TOKEN, "handset_call", "another_station");
    let from = format!("\"{}\"", thumbprint("another_station"));
    let wrong = |token: [u8; 16], call: &str| body(&Token(token), call, "station");
    let cases = [
        ("pair_ok", answer(&good), None),
        (
            "pair_ok with another token",
            answer(&wrong([4; 16], "handset_call")),
            Some(Code::BadToken),
        ),
        ("pair_ok for another", answer(&wrong(TOKEN.0, "other_call")), Some(Code::BadToken)),
        ("pair_ok with another id", answer(&other_id), Some(Code::BadToken)),
        (
            "pair_ok by another station",
            answer(&foreign).with("from", from).signed_by("another_station"),
            Some(Code::UnknownKey),
        ),
        ("pair_ok with another key", answer(&foreign), Some(Code::UnknownKey)),
        (
            "pair_ok to another",
            answer(&good).with("to", format!("\"{}\"", thumbprint("other_call"))),
            Some(Code::WrongRecipient),
        ),
        ("pair_ok that answers nothing", answer(&good).without("re"), Some(Code::Stale)),
        (
            "pair_ok in a context",
            answer(&good).with("sx", "\"AAAAAAAAAAAAAAAAAAAAAA\""),
            Some(Code::Stale),
        ),
        ("error instead of pair_ok", error(&closed), None),
        ("error without a key", error(&keyless), Some(Code::UnknownKey)),
    ];
    cases.map(|(name, draft, code)| case(scribe, name, doing(), &draft, code)).into()
}

#[test]
fn a_handset_takes_and_refuses_the_frames_of_the_vectors() {
    let file = kept("to_handset.json", |before| {
        let scribe = Scribe::new(before);
        let mut cases = right(&scribe);
        cases.extend(hellos(&scribe));
        cases.extend(pairings(&scribe));
        cases.extend(repeated(&scribe));
        cases.extend(damaged(&scribe));
        cases.extend(bodies(&scribe));
        let about =
            "Frames to the handset with the key handset_call. README.md tells how to read it.";
        File { about: about.to_owned(), cases }
    });
    assert!(file.cases.len() >= 200, "{} cases", file.cases.len());
    for case in &file.cases {
        let found = match receive("handset_call", &case.doing, &case.frame) {
            Ok(Taken::Envelope(envelope)) => {
                let payload = &case.frame.split('.').nth(1).unwrap();
                let payload = intercomd::link::bytes::decode(payload).unwrap();
                assert!(FromStation::read(&envelope.t, envelope.b).is_ok(), "{}", case.name);
                Expect::Ok(serde_json::from_slice(&payload).unwrap())
            }
            Ok(Taken::Repeated) => Expect::Repeated(true),
            Err(code) => Expect::Refused(code),
        };
        assert_eq!(found, case.expect, "{}", case.name);
    }
}

#[test]
fn every_message_to_a_handset_is_among_the_vectors() {
    let mut said: Vec<_> = messages().into_iter().map(|(t, _)| t).collect();
    said.extend(["hello_ok", "pair_ok", "ack"]);
    for word in FromStation::WORDS {
        assert!(said.contains(word), "{word}");
    }
}
