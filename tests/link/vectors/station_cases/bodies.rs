// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages whose bodies are not as they should be.

use intercomd::link::{bytes, refusal::Code};
use serde_json::{Value, json};

use super::{Cases, messages, push, refused, said};
use crate::vectors::to_station::Case;

impl Cases<'_> {
    pub(super) fn bodies(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        let mut add = |t: &str, what: &str, b: &Value| {
            let frame = self.scribe.seal(&said(t, b));
            cases.push(self.connected(
                format!("bad_body: {t} {what}"),
                frame,
                refused(Code::BadBody),
            ));
        };
        let mut last = "";
        for (t, b, ..) in messages() {
            if std::mem::replace(&mut last, t) == t {
                continue;
            }
            let mut more = b.clone();
            more["more"] = json!(1);
            add(t, "with a member more", &more);
            for name in b.as_object().unwrap().keys() {
                let with = |value: Value| {
                    let mut b = b.clone();
                    b[name] = value;
                    b
                };
                let mut without = b.clone();
                without.as_object_mut().unwrap().remove(name);
                add(t, &format!("without {name}"), &without);
                add(t, &format!("with {name} null"), &with(Value::Null));
                add(t, &format!("with {name} a list of lists"), &with(json!([[]])));
            }
        }
        for (t, what, b) in odd() {
            add(t, what, &b);
        }
        cases
    }
}

fn with_push(name: &str, bytes: &[u8]) -> Value {
    let mut b = push("https://push.example/up");
    b[name] = json!(bytes::encode(bytes));
    b
}

fn odd() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("accept", "with a negative number", json!({"cid": -1})),
        ("accept", "with a fraction", json!({"cid": 7.5})),
        ("accept", "with a text", json!({"cid": "7"})),
        ("accept", "with 2^64", json!({"cid": 1.844_674_407_370_955_2e19})),
        (
            "connect",
            "with a codec that is not there",
            json!({"cid": 7, "video": ["av1"], "camera": false}),
        ),
        ("connect", "with a camera of 1", json!({"cid": 7, "video": [], "camera": 1})),
        ("closed", "with another reason", json!({"cid": 7, "session": 1, "reason": "bored"})),
        (
            "closed",
            "with a reason of the station",
            json!({"cid": 7, "session": 1, "reason": "worker_crashed"}),
        ),
        (
            "ice",
            "with a long candidate",
            json!({"cid": 7, "session": 1, "mline": 0, "candidate": "x".repeat(1025)}),
        ),
        (
            "ice",
            "with a line end",
            json!({"cid": 7, "session": 1, "mline": 0, "candidate": "a\r\na=x"}),
        ),
        (
            "ice",
            "with a negative line",
            json!({"cid": 7, "session": 1, "mline": -1, "candidate": ""}),
        ),
        (
            "ice",
            "with a session of 2^32",
            json!({"cid": 7, "session": 4_294_967_296_u64, "mline": 0, "candidate": ""}),
        ),
        ("dial", "with another kind", json!({"kind": "listen", "media": "audio"})),
        ("dial", "with other media", json!({"kind": "talk", "media": "smell"})),
        ("challenge", "with a path", json!({"door": "../house"})),
        ("challenge", "with an empty door", json!({"door": ""})),
        ("challenge", "in upper case", json!({"door": "House"})),
        ("challenge", "with a NUL", json!({"door": "house\0"})),
        ("challenge", "with a long door", json!({"door": "h".repeat(65)})),
        ("open_pairing", "with another right", json!({"rights": ["root"], "doors": []})),
        ("revoke", "with an id that is none", json!({"handset": "KITCHEN"})),
        (
            "push_register",
            "with a long endpoint",
            push(&format!("https://push.example/{}", "x".repeat(980))),
        ),
        ("push_register", "with 64 bytes of a key", with_push("p256dh", &[4; 64])),
        ("push_register", "with a compressed key", with_push("p256dh", &[2; 65])),
        ("push_register", "with 15 bytes of a secret", with_push("auth", &[5; 15])),
        ("push_register", "with 17 bytes of a secret", with_push("auth", &[5; 17])),
        ("hold", "with yes", json!({"cid": 7, "on": "yes"})),
    ]
}
