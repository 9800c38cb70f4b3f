// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is said to a station, right and wrong.

mod bodies;
mod doors;
mod greetings;
mod pairings;

use intercomd::link::{bytes, context, message::field::Nonce, pairing::Token, refusal::Code};
use serde_json::{Value, json};

use super::{
    damage::{Bench, Damaged},
    draft::{Draft, Scribe},
    to_station::{Case, ENTROPY, Expect},
};

const N_H: Nonce = Nonce([1; 16]);
const NONCE: Nonce = Nonce([ENTROPY; 16]);
const TOKEN: Token = Token([ENTROPY; 16]);

fn sx() -> String {
    context::derive(&N_H, &NONCE)
}

/// By the handset, in its context.
fn said(t: &str, b: &Value) -> Draft {
    let sx = format!("{:?}", sx());
    Draft::new("handset_call", "station", t, b).with("sx", sx).with("seq", "2").with("ack", "1")
}

fn hello(from: &str) -> Draft {
    Draft::new(from, "station", "hello", &json!({"n_h": N_H, "srv": "", "app": "vectors"}))
}

fn resume() -> Draft {
    said("resume", &json!({})).with("seq", "1")
}

pub(super) fn all(scribe: &Scribe) -> Vec<Case> {
    let cases = Cases { scribe };
    let mut all = cases.greetings();
    all.extend(cases.pairings());
    all.extend(cases.right());
    all.extend(cases.numbers());
    all.extend(cases.doors());
    all.extend(cases.damaged());
    all.extend(cases.bodies());
    all
}

/// Requests and notices with what comes of them: what is done, what is said.
pub(super) fn messages() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let candidate = "candidate:1 1 UDP 2122252543 192.0.2.9 50000 typ host";
    let cid = || json!({"cid": 7});
    let session = |more: Value| {
        let mut b = json!({"cid": 7, "session": 1});
        b.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        b
    };
    vec![
        ("ringing", cid(), "ringing 7", ""),
        ("busy", cid(), "busy 7", ""),
        (
            "connect",
            json!({"cid": 7, "video": ["vp8", "h264"], "camera": false}),
            "connect 7",
            "ok",
        ),
        ("connect", json!({"cid": 7, "video": [], "camera": true}), "connect 7", "ok"),
        ("connect", json!({"cid": 8, "video": [], "camera": true}), "", "error not_found"),
        ("answer", session(json!({"sdp": "v=0\r\n"})), "answer 7", ""),
        ("answer", json!({"cid": 7, "session": 2, "sdp": "v=0\r\n"}), "", ""),
        ("ice", session(json!({"mline": 0, "candidate": candidate})), "ice 7", ""),
        ("ice", session(json!({"mline": 0, "candidate": ""})), "ice 7", ""),
        ("ice", json!({"cid": 9, "session": 1, "mline": 0, "candidate": ""}), "", ""),
        ("closed", session(json!({"reason": "no_user_media"})), "closed no_user_media 7", ""),
        ("closed", session(json!({"reason": "bad_description"})), "closed bad_description 7", ""),
        ("closed", json!({"cid": 7, "session": 0, "reason": "ice_failed"}), "", ""),
        ("ringing", json!({"cid": 6}), "", ""),
        ("accept", cid(), "accept 7", ""),
        ("reject", cid(), "reject 7", ""),
        ("hangup", cid(), "hangup 7", ""),
        ("hold", json!({"cid": 7, "on": true}), "hold 7", ""),
        ("hold", json!({"cid": 7, "on": false}), "unhold 7", ""),
        ("dial", json!({"kind": "talk", "media": "audio"}), "dial talk audio", ""),
        ("dial", json!({"kind": "monitor", "media": "video"}), "dial monitor video", ""),
        ("challenge", json!({"door": "house"}), "", "challenge_is"),
        ("challenge", json!({"door": "garage"}), "", "error not_allowed"),
        (
            "open_pairing",
            json!({"rights": ["answer"], "doors": ["house"]}),
            "",
            "error not_allowed",
        ),
        ("handsets", json!({}), "", "error not_allowed"),
        ("revoke", json!({"handset": "hall"}), "", "error not_allowed"),
        ("revoke", json!({"handset": "nobody"}), "", "error not_allowed"),
        ("push_register", push("https://push.example/up?t=1"), "keep 2", ""),
        ("push_register", push("https://push.example:8443/"), "keep 2", ""),
        ("push_register", push("http://push.example/up"), "", "error bad_endpoint"),
        ("push_register", push("https://192.168.1.1/up"), "", "error bad_endpoint"),
        ("push_register", push("https://[::1]/up"), "", "error bad_endpoint"),
        ("push_register", push("https://localhost/up"), "", "error bad_endpoint"),
        ("push_register", push("https://door.local/up"), "", "error bad_endpoint"),
        ("push_register", push("https://me@push.example/up"), "", "error bad_endpoint"),
        ("push_register", push("https://push.example/up#a"), "", "error bad_endpoint"),
        ("push_register", push("push.example"), "", "error bad_endpoint"),
        ("push_register", push(""), "", "error bad_endpoint"),
        ("push_unregister", json!({}), "", "ok"),
    ]
}

fn push(endpoint: &str) -> Value {
    let (p256dh, auth) = (bytes::encode(&[4; 65]), bytes::encode(&[5; 16]));
    json!({"endpoint": endpoint, "p256dh": p256dh, "auth": auth})
}

struct Cases<'a> {
    scribe: &'a Scribe,
}

fn words(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
}

/// Of a frame that is not taken.
fn refused(code: Code) -> Expect {
    let knows_sender = matches!(
        code,
        Code::Revoked
            | Code::BadPayload
            | Code::WrongRecipient
            | Code::Stale
            | Code::UnknownMessage
            | Code::BadBody
            | Code::PairingClosed
            | Code::BadToken
    );
    Expect {
        refused: Some(code),
        says: if knows_sender { vec![format!("error {code}")] } else { Vec::new() },
        closes: code.ends_connection().then(|| code.to_string()),
        does: Vec::new(),
    }
}

fn says(text: &str) -> Expect {
    Expect { says: text.split_whitespace().map(str::to_owned).collect(), ..Expect::default() }
}

impl Cases<'_> {
    fn first(&self, name: &str, draft: &Draft, expect: Expect) -> Case {
        let frame = self.scribe.seal(draft);
        let kind = expect.refused.map_or("ok", Code::word);
        Case { name: format!("{kind}: {name}"), window: false, before: Vec::new(), frame, expect }
    }

    fn connected(&self, name: String, frame: String, expect: Expect) -> Case {
        let before = [hello("handset_call"), resume()].map(|draft| self.scribe.seal(&draft)).into();
        Case { name, window: false, before, frame, expect }
    }

    fn right(&self) -> Vec<Case> {
        let case = |(t, b, does, answer): (&str, Value, &str, &str)| {
            let refused = (answer == "error not_allowed").then_some(Code::NotAllowed);
            let expect = Expect { refused, says: words(answer), does: words(does), closes: None };
            let kind = refused.map_or("ok", Code::word);
            self.connected(format!("{kind}: {t} {b}"), self.scribe.seal(&said(t, &b)), expect)
        };
        messages().into_iter().map(case).collect()
    }

    fn numbers(&self) -> Vec<Case> {
        let ringing = || said("ringing", &json!({"cid": 7}));
        let rings = || Expect { does: words("ringing 7"), ..Expect::default() };
        let case = |name: &str, draft: &Draft, expect: Expect| {
            self.connected(name.to_owned(), self.scribe.seal(draft), expect)
        };
        let spelled = ringing().with("b", " { \"cid\" :\n7 } ").reversed();
        let mut cases = vec![
            case("ok: the last number of the window", &ringing().with("seq", "65"), rings()),
            case("stale: one number further", &ringing().with("seq", "66"), refused(Code::Stale)),
            case("ok: white space, another order", &spelled, rings()),
            case("ok: an ack of the future", &ringing().with("ack", "99"), rings()),
            case("ok: re", &ringing().with("re", "\"EBESExQVFhcYGRobHB0eHw\""), rings()),
            case("repeated: the first number", &ringing().with("seq", "1"), says("ack")),
            case("ok: ack", &said("ack", &json!({})).with("seq", "0"), Expect::default()),
            case(
                "bad_body: ack with a body",
                &said("ack", &json!({"cid": 7})).with("seq", "0"),
                refused(Code::BadBody),
            ),
        ];
        let accept = self.scribe.seal(&said("accept", &json!({"cid": 7})));
        let mut repeated = case("repeated: accept", &ringing(), says("ack"));
        repeated.before.push(accept.clone());
        repeated.frame = accept;
        cases.push(repeated);
        let renumbered = said("accept", &json!({"cid": 7})).with("seq", "3");
        let mut again =
            case("ok: accept under the same mid does nothing", &renumbered, Expect::default());
        again.before.push(self.scribe.seal(&said("accept", &json!({"cid": 7}))));
        cases.push(again);
        let sdp = "x".repeat(30_000);
        let large = said("answer", &json!({"cid": 7, "session": 1, "sdp": sdp}));
        cases.push(case("too_large: an answer", &large, refused(Code::TooLarge)));
        let itself = said("revoke", &json!({"handset": "kitchen"}));
        let does = ["revoke kitchen", "keep 1"].map(str::to_owned).into();
        cases.push(case("ok: revoke itself", &itself, Expect { does, ..Expect::default() }));
        cases
    }

    fn damaged(&self) -> Vec<Case> {
        let good = said("ringing", &json!({"cid": 7}));
        let bench = Bench { scribe: self.scribe, good, of_the_other_side: "offer", seq: 2 };
        let case = |Damaged { name, frame, code, .. }| self.connected(name, frame, refused(code));
        bench.all().into_iter().map(case).collect()
    }
}
