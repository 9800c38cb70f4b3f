// SPDX-License-Identifier: MIT OR Apache-2.0
//! A handset's side of the protocol, and the keys that everybody knows.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::LazyLock};

use intercomd::link::{
    bytes,
    context::{self, Arrival, Heard},
    envelope::{self, Acquaintance, Envelope, Keyring, LARGEST, Mid},
    keys::{KeyPair, PublicKey, Thumbprint},
    message::{
        FromStation,
        field::{Nonce, Srv},
        from_station::HelloOk,
    },
    pairing::{self, Token},
    refusal::Code,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

#[derive(Deserialize)]
struct KeyFile {
    keys: BTreeMap<String, TestKey>,
}

#[derive(Deserialize)]
struct TestKey {
    jwk: PublicKey,
    d: String,
    thumbprint: Thumbprint,
}

static KEYS: LazyLock<BTreeMap<String, TestKey>> = LazyLock::new(|| {
    let text = fs::read(vectors().join("keys.json")).unwrap();
    serde_json::from_slice::<KeyFile>(&text).unwrap().keys
});

pub(crate) fn public(name: &str) -> PublicKey {
    KEYS[name].jwk
}

pub(crate) fn thumbprint(name: &str) -> Thumbprint {
    KEYS[name].thumbprint
}

pub(crate) fn pair(name: &str) -> KeyPair {
    let TestKey { jwk, d, .. } = &KEYS[name];
    KeyPair::from_jwk(&bytes::decode_array(d).unwrap(), jwk).unwrap()
}

#[test]
fn the_test_keys_are_what_they_say() {
    for (name, key) in KEYS.iter() {
        assert_eq!(key.jwk.thumbprint(), key.thumbprint, "{name}");
        assert!(key.jwk.verifies(b"text", &pair(name).sign(b"text")), "{name}");
    }
}

/// What a handset is doing when a frame comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Doing {
    /// It knows of the station what the link says.
    Pairs {
        mid: Mid,
        station: Thumbprint,
        token: Token,
    },
    SaysHello {
        mid: Mid,
        n_h: Nonce,
        srv: Srv,
    },
    IsConnected {
        sx: String,
        heard: u64,
    },
}

#[derive(Debug, PartialEq)]
pub(crate) enum Taken {
    Envelope(Envelope),
    Repeated,
}

struct Station<'a> {
    pairing: Option<&'a str>,
}

impl Keyring for Station<'_> {
    fn look_up(&self, kid: &Thumbprint) -> Acquaintance {
        let key = match self.pairing {
            None => Some(public("station")),
            Some(frame) => brought(frame),
        };
        key.filter(|key| key.thumbprint() == thumbprint("station") && thumbprint("station") == *kid)
            .map_or(Acquaintance::Unknown, Acquaintance::Known)
    }

    fn strangers(&self) -> bool {
        false
    }
}

fn brought(frame: &str) -> Option<PublicKey> {
    let payload = bytes::decode(frame.split('.').nth(1)?)?;
    let payload: Value = serde_json::from_slice(&payload).ok()?;
    serde_json::from_value(payload.get("b")?.get("key")?.clone()).ok()
}

/// The checks 1 to 10 as the handset with the key `me` makes them.
pub(crate) fn receive(me: &str, doing: &Doing, frame: &str) -> Result<Taken, Code> {
    let pairing = matches!(doing, Doing::Pairs { .. }).then_some(frame);
    let own = thumbprint(me);
    let envelope = envelope::open(frame, LARGEST, &own, &Station { pairing })
        .map_err(|refused| refused.code)?;
    let said = |envelope: &Envelope| FromStation::read(&envelope.t, envelope.b.clone());
    match doing {
        Doing::IsConnected { sx, heard } => {
            let mut seen = Heard::default();
            (1..=*heard).for_each(|seq| assert_eq!(seen.take(seq), Arrival::New));
            if envelope.sx != *sx {
                return Err(Code::Stale);
            }
            let is_ack = envelope.t == "ack" && envelope.seq == 0;
            match if is_ack { Arrival::New } else { seen.take(envelope.seq) } {
                Arrival::New => {}
                Arrival::Repeated => return Ok(Taken::Repeated),
                Arrival::Stale => return Err(Code::Stale),
            }
            said(&envelope)?;
        }
        Doing::SaysHello { mid, n_h, srv } => {
            let answer =
                if envelope.re == Some(*mid) { said(&envelope)? } else { return Err(Code::Stale) };
            let in_order = if let FromStation::HelloOk(HelloOk { n_h: n, n_d, srv: pin }) = &answer
            {
                if srv.0.is_some() && pin != srv {
                    return Err(Code::WrongRecipient);
                }
                n == n_h && envelope.sx == context::derive(n_h, n_d) && envelope.seq == 1
            } else {
                let is_error = matches!(answer, FromStation::Error(_));
                is_error && envelope.sx.is_empty() && envelope.seq == 0
            };
            in_order.then_some(()).ok_or(Code::Stale)?;
        }
        Doing::Pairs { mid, token, station } => {
            let expected = envelope.re == Some(*mid) && envelope.sx.is_empty() && envelope.seq == 0;
            let answer = if expected { said(&envelope)? } else { return Err(Code::Stale) };
            if let FromStation::PairOk(answer) = answer {
                let proof = pairing::confirmation(token, station, &own, &answer.handset);
                (answer.mac == proof).then_some(()).ok_or(Code::BadToken)?;
            } else if !matches!(answer, FromStation::Error(_)) {
                return Err(Code::Stale);
            }
        }
    }
    Ok(Taken::Envelope(envelope))
}
