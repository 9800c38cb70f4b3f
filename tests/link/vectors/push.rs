// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bodies of pushes as a phone sees them.

use std::time::Duration;

use intercomd::link::{
    bytes,
    envelope::{self, Acquaintance, Keyring, LARGEST_AT_FIRST},
    keys::Thumbprint,
    message::Pushed,
    refusal::Code,
};
use ring::{
    aead::Aad,
    digest::{SHA256, digest},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    draft::{Draft, Scribe},
    kept,
};
use crate::{
    peer::{public, thumbprint},
    push_keys::{HEADER, PushKeys},
};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    /// Of the phone; `d` is the private key.
    d: String,
    p256dh: String,
    auth: String,
    cases: Vec<Case>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The highest `cid` that it has heard of.
    knows: u64,
    /// The call for which it rings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rings: Option<u64>,
    /// In seconds since 1970, by its wall clock.
    now: u64,
    /// What was encrypted.
    text: String,
    body: String,
    expect: Expect,
    /// For how long a ring rings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rings_ms: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expect {
    Ok(Value),
    /// It rings already.
    Repeated(bool),
    Refused(String),
}

fn refused(word: &str) -> Expect {
    Expect::Refused(word.to_owned())
}

const NOW: u64 = 1_700_000_000;
const UNTIL: u64 = NOW + 30;
const LARGEST: usize = 4096;

fn phone() -> PushKeys {
    PushKeys::new([0x11; 32], [0x22; 16])
}

fn ring(cid: u64) -> Value {
    json!({"cid": cid, "contact": "Flat 1", "ring_ms": 45_000, "media": "video", "until": UNTIL})
}

fn said(t: &str, b: &Value) -> Draft {
    Draft::new("station", "handset_call", t, b)
}

fn padded(text: &str, zeros: usize) -> Vec<u8> {
    [text.as_bytes(), &[2], &vec![0; zeros]].concat()
}

/// To the next multiple of 1024.
fn usual(text: &str) -> Vec<u8> {
    padded(text, (text.len() + 1).next_multiple_of(1024) - text.len() - 1)
}

/// For a phone, by a sender with keys of its own. `padded` has its end and its zeros.
fn encrypted(phone: &PushKeys, sender: &PushKeys, salt: [u8; 16], padded: &[u8]) -> Vec<u8> {
    let shared = sender.agreed(&phone.point);
    let (key, nonce) = PushKeys::secrets(shared, &phone.auth, &phone.point, &sender.point, &salt);
    let mut record = padded.to_vec();
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut record).unwrap();
    let size = u32::try_from(record.len()).unwrap().to_be_bytes();
    [salt.as_slice(), &size, &[65], &sender.point.0, &record].concat()
}

struct Press<'a> {
    scribe: &'a Scribe,
    phone: PushKeys,
    cases: Vec<Case>,
}

impl Press<'_> {
    /// The key and the salt follow from the name.
    fn encrypt(&self, name: &str, padded: &[u8]) -> Vec<u8> {
        let hash = digest(&SHA256, name.as_bytes());
        let sender = PushKeys::new(hash.as_ref().try_into().unwrap(), [0; 16]);
        let salt = digest(&SHA256, hash.as_ref()).as_ref()[..16].try_into().unwrap();
        encrypted(&self.phone, &sender, salt, padded)
    }

    fn add(&mut self, name: &str, text: String, body: &[u8], expect: Expect) -> &mut Case {
        let kind = match &expect {
            Expect::Ok(_) => "ok",
            Expect::Repeated(_) => "repeated",
            Expect::Refused(word) => word,
        };
        let rings_ms = match &expect {
            Expect::Ok(said) if said["t"] == json!("ring") => Some(30_000),
            Expect::Ok(_) | Expect::Repeated(_) | Expect::Refused(_) => None,
        };
        let (name, body) = (format!("{kind}: {name}"), bytes::encode(body));
        let rings = None;
        self.cases.push(Case { name, knows: 6, rings, now: NOW, text, body, expect, rings_ms });
        self.cases.last_mut().unwrap()
    }

    fn push(&mut self, name: &str, draft: &Draft, expect: Expect) -> &mut Case {
        let text = self.scribe.seal(draft);
        let body = self.encrypt(name, &usual(&text));
        self.add(name, text, &body, expect)
    }

    fn taken(&mut self, name: &str, draft: &Draft) -> &mut Case {
        self.push(name, draft, Expect::Ok(serde_json::from_str(&draft.text()).unwrap()))
    }

    fn right(&mut self) {
        let ended =
            json!({"cid": 7, "status": "elsewhere", "reason": "elsewhere", "answered_by": "Hall"});
        let missed = json!({"cid": 6, "status": "missed", "reason": "cancelled"});
        self.taken("ring", &said("ring", &ring(7)));
        let bare = json!({"cid": 7, "ring_ms": 1, "media": "audio", "until": UNTIL});
        self.taken("a ring that is nearly over", &said("ring", &bare)).rings_ms = Some(1);
        self.taken("a ring for the first time", &said("ring", &ring(7))).knows = 0;
        let last = self.taken("a ring in its last second", &said("ring", &ring(7)));
        (last.now, last.rings_ms) = (UNTIL - 1, Some(1000));
        let early = self.taken("a ring, by a clock that is slow", &said("ring", &ring(7)));
        (early.now, early.rings_ms) = (NOW - 3600, Some(45_000));
        self.taken("ended", &said("ended", &ended));
        self.taken("ended, of a call that it knows", &said("ended", &missed));
        let rings = self.taken("ended, of the call for which it rings", &said("ended", &ended));
        (rings.knows, rings.rings) = (7, Some(7));
        self.taken("ended, late", &said("ended", &ended)).now = UNTIL + 600;
        self.taken("members in another order", &said("ring", &ring(7)).reversed());
        let again = self.push("ring", &said("ring", &ring(7)), Expect::Repeated(true));
        (again.knows, again.rings) = (7, Some(7));
        let draft = said("ring", &ring(7));
        let text = self.scribe.seal(&draft);
        let expect = Expect::Ok(serde_json::from_str(&draft.text()).unwrap());
        let body = self.encrypt("no zeros", &padded(&text, 0));
        self.add("no zeros", text.clone(), &body, expect.clone());
        let body = self.encrypt("as many zeros as fit", &padded(&text, 3993 - text.len()));
        assert_eq!(body.len(), LARGEST);
        self.add("as many zeros as fit", text.clone(), &body, expect.clone());
        let mut body = self.encrypt("records that could be longer", &usual(&text));
        body[16..20].copy_from_slice(&4096_u32.to_be_bytes());
        self.add("records that could be longer", text, &body, expect);
    }

    fn replayed(&mut self) {
        self.push("a ring of a call that it knows", &said("ring", &ring(6)), refused("stale"));
        self.push("a ring of an old call", &said("ring", &ring(1)), refused("stale"));
        let other =
            self.push("an old ring while it rings", &said("ring", &ring(6)), refused("stale"));
        (other.knows, other.rings) = (7, Some(7));
        let same = self.push("a ring that was rejected", &said("ring", &ring(7)), refused("stale"));
        same.knows = 7;
        self.push("an old ring that is over", &said("ring", &ring(6)), refused("stale")).now =
            UNTIL;
        self.push("a ring that is over", &said("ring", &ring(7)), refused("late")).now = UNTIL;
        self.push("a ring of yesterday", &said("ring", &ring(7)), refused("late")).now =
            UNTIL + 86_400;
    }

    fn encrypted_wrongly(&mut self) {
        let word = || refused("bad_encryption");
        let text = self.scribe.seal(&said("ring", &ring(7)));
        let good = self.encrypt("encrypted wrongly", &usual(&text));
        let spoiled = |at: usize| {
            let mut body = good.clone();
            body[at] ^= 1;
            body
        };
        for (name, body) in [
            ("nothing", Vec::new()),
            ("the header alone", good[..HEADER].to_vec()),
            ("the header and a tag", good[..HEADER + 16].to_vec()),
            ("another salt", spoiled(0)),
            ("another key of the sender", spoiled(50)),
            ("a damaged text", spoiled(HEADER)),
            ("a damaged tag", spoiled(good.len() - 1)),
            ("the last byte left out", good[..good.len() - 1].to_vec()),
            ("a byte more", [good.as_slice(), &[0]].concat()),
            ("a key of 64 bytes", spoiled(20)),
            ("a compressed key", spoiled(21)),
        ] {
            self.add(name, text.clone(), &body, word());
        }
        for (name, size) in [
            ("records of 17 bytes", 17),
            ("records of nothing", 0),
            ("more than one record", u32::try_from(good.len() - HEADER - 1).unwrap()),
        ] {
            let mut body = good.clone();
            body[16..20].copy_from_slice(&size.to_be_bytes());
            self.add(name, text.clone(), &body, word());
        }
        for (name, padded) in [
            ("a record that is not the last", [text.as_bytes(), &[1]].concat()),
            ("no end", text.as_bytes().to_vec()),
            ("zeros alone", vec![0; 1024]),
        ] {
            let body = self.encrypt(name, &padded);
            self.add(name, text.clone(), &body, word());
        }
        let other = PushKeys::new([0x11; 32], [0x23; 16]);
        let sender = PushKeys::new([0x33; 32], [0; 16]);
        let body = encrypted(&other, &sender, [1; 16], &usual(&text));
        self.add("another secret", text.clone(), &body, word());
        let other = PushKeys::new([0x12; 32], [0x22; 16]);
        let body = encrypted(&other, &sender, [1; 16], &usual(&text));
        self.add("for another phone", text.clone(), &body, word());
        let large = [good.as_slice(), &vec![0; LARGEST + 1 - good.len()]].concat();
        self.add("a byte too many", text, &large, refused("too_large"));
    }

    fn said_wrongly(&mut self) {
        let good = || said("ring", &ring(7));
        let foreign = format!("\"{}\"", thumbprint("another_station"));
        let other = format!("\"{}\"", thumbprint("other_call"));
        let re = "\"EBESExQVFhcYGRobHB0eHw\"";
        for (name, draft, word) in [
            (
                "by another station",
                good().with("from", foreign).signed_by("another_station"),
                "unknown_key",
            ),
            ("signed by another", good().wrongly_signed_by("another_station"), "bad_signature"),
            ("signed by the handset", good().wrongly_signed_by("handset_call"), "bad_signature"),
            ("from another", good().with("from", other.clone()), "bad_payload"),
            ("version 2", good().with("v", "2"), "bad_payload"),
            ("a member more", good().and("more", "1"), "bad_payload"),
            ("no sx", good().without("sx"), "bad_payload"),
            ("to another", good().with("to", other), "wrong_recipient"),
            ("in a context", good().with("sx", "\"AAAAAAAAAAAAAAAAAAAAAA\""), "stale"),
            ("with a number", good().with("seq", "1"), "stale"),
            ("with an ack", good().with("ack", "1"), "stale"),
            ("as an answer", good().with("re", re), "stale"),
            ("nudge", said("nudge", &json!({"cid": 7})), "unknown_message"),
            ("selected", said("selected", &json!({"cid": 7})), "unknown_message"),
            ("a message of a handset", said("accept", &json!({"cid": 7})), "unknown_message"),
        ] {
            self.push(name, &draft, refused(word));
        }
        let text = self.scribe.seal(&good());
        for (name, text) in [
            ("no envelope", "ring".to_owned()),
            ("an empty text", String::new()),
            ("two parts", text.rsplit_once('.').unwrap().0.to_owned()),
            ("four parts", format!("{text}.AA")),
        ] {
            let body = self.encrypt(name, &usual(&text));
            self.add(name, text, &body, refused("bad_header"));
        }
    }

    fn bodies(&mut self) {
        let with = |name: &str, value: Value| {
            let mut b = ring(7);
            b[name] = value;
            b
        };
        let without = |name: &str| {
            let mut b = ring(7);
            b.as_object_mut().unwrap().remove(name);
            b
        };
        let ended = json!({"cid": 7, "status": "missed", "reason": "cancelled", "until": UNTIL});
        for (name, t, b) in [
            ("a ring of a link, without until", "ring", without("until")),
            ("a ring without cid", "ring", without("cid")),
            ("a ring without ring_ms", "ring", without("ring_ms")),
            ("a ring without media", "ring", without("media")),
            ("a ring with a member more", "ring", with("more", json!(1))),
            ("a ring until a text", "ring", with("until", json!("now"))),
            ("a ring until null", "ring", with("until", Value::Null)),
            ("a ring until a negative number", "ring", with("until", json!(-1))),
            ("a ring with other media", "ring", with("media", json!("smell"))),
            ("ended with until", "ended", ended),
            ("ended without a status", "ended", json!({"cid": 7, "reason": "cancelled"})),
        ] {
            self.push(name, &said(t, &b), refused("bad_body"));
        }
    }
}

struct OnlyStation;

impl Keyring for OnlyStation {
    fn look_up(&self, kid: &Thumbprint) -> Acquaintance {
        let key = public("station");
        if key.thumbprint() == *kid { Acquaintance::Known(key) } else { Acquaintance::Unknown }
    }

    fn strangers(&self) -> bool {
        false
    }
}

/// The checks of section 10, as a phone makes them.
fn read(case: &Case) -> Result<(Expect, Option<u64>), String> {
    let body = bytes::decode(&case.body).unwrap();
    if body.len() > LARGEST {
        return Err("too_large".to_owned());
    }
    let text = phone().decrypt(&body).ok_or("bad_encryption")?;
    let frame = String::from_utf8(text).map_err(|_| "bad_header")?;
    let opened =
        envelope::open(&frame, LARGEST_AT_FIRST, &thumbprint("handset_call"), &OnlyStation);
    let envelope = opened.map_err(|refused| refused.code.to_string())?;
    let outside = envelope.sx.is_empty() && envelope.seq == 0 && envelope.ack == 0;
    if !outside || envelope.re.is_some() {
        return Err(Code::Stale.to_string());
    }
    let said = Pushed::read(&envelope.t, envelope.b).map_err(|code| code.to_string())?;
    let payload = bytes::decode(frame.split('.').nth(1).unwrap()).unwrap();
    let ok = Expect::Ok(serde_json::from_slice(&payload).unwrap());
    let Pushed::Ring(ring) = said else { return Ok((ok, None)) };
    let is_repeated = case.rings == Some(ring.cid.0);
    if ring.cid.0 <= case.knows && !is_repeated {
        return Err(Code::Stale.to_string());
    }
    if ring.until <= case.now {
        return Err("late".to_owned());
    }
    if is_repeated {
        return Ok((Expect::Repeated(true), None));
    }
    let left = Duration::from_secs(ring.until - case.now).as_millis();
    Ok((ok, Some(ring.ring_ms.min(u64::try_from(left).unwrap()))))
}

#[test]
fn a_phone_takes_and_refuses_the_pushes_of_the_vectors() {
    let file = kept("push.json", |before| {
        let scribe = Scribe::new(before);
        let mut press = Press { scribe: &scribe, phone: phone(), cases: Vec::new() };
        press.right();
        press.replayed();
        press.encrypted_wrongly();
        press.said_wrongly();
        press.bodies();
        let about =
            "Pushes to the handset with the key handset_call. README.md tells how to read it.";
        let PushKeys { d, point, auth } = phone();
        let (d, p256dh, auth) =
            (bytes::encode(&d), bytes::encode(&point.0), bytes::encode(&auth.0));
        File { about: about.to_owned(), d, p256dh, auth, cases: press.cases }
    });
    assert!(file.cases.len() >= 60, "{} cases", file.cases.len());
    for case in &file.cases {
        let (found, rings_ms) = read(case).unwrap_or_else(|word| (Expect::Refused(word), None));
        assert_eq!((&found, rings_ms), (&case.expect, case.rings_ms), "{}", case.name);
    }
}
