// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is fed with anything. Each target panics where something is wrong, and tells whether the
//! input was taken.

use std::sync::LazyLock;

use intercomd::link::{
    bytes,
    envelope::{self, Acquaintance, Envelope, Keyring, LARGEST, seal},
    keys::{KeyPair, PublicKey, Thumbprint},
    message::{FromHandset, FromStation},
    refusal::Code,
};
use serde_json::Value;

static KEYS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../vectors/keys.json")).unwrap());

static HANDSET: LazyLock<KeyPair> = LazyLock::new(|| {
    let d = bytes::decode_array(KEYS["keys"]["handset_call"]["d"].as_str().unwrap()).unwrap();
    KeyPair::from_jwk(&d, &public("handset_call")).unwrap()
});

static STATION: LazyLock<Thumbprint> = LazyLock::new(|| public("station").thumbprint());

fn public(name: &str) -> PublicKey {
    serde_json::from_value(KEYS["keys"][name]["jwk"].clone()).unwrap()
}

struct OneHandset;

impl Keyring for OneHandset {
    fn look_up(&self, kid: &Thumbprint) -> Acquaintance {
        let key = HANDSET.public();
        if *kid == key.thumbprint() { Acquaintance::Known(*key) } else { Acquaintance::Unknown }
    }

    fn strangers(&self) -> bool {
        true
    }
}

/// A frame as it comes from the wire.
pub(crate) fn envelope(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    match envelope::open(text, LARGEST, &STATION, &OneHandset) {
        Ok(envelope) => {
            assert_eq!(envelope.to, *STATION);
            // Only somebody with a key gets here.
            let kid = text.split('.').next().and_then(bytes::decode).unwrap();
            assert!(String::from_utf8(kid).unwrap().contains(&envelope.from.to_string()));
            true
        }
        Err(refused) => {
            assert!(refused.code.ends_connection());
            assert!(refused.mid.is_none() || refused.sender.is_some());
            false
        }
    }
}

/// A payload that is signed, so that it is read.
pub(crate) fn message(data: &[u8]) -> bool {
    let kid = HANDSET.public().thumbprint();
    let header = format!(r#"{{"alg":"ES256","typ":"icm+jws","kid":"{kid}"}}"#);
    let said = format!("{}.{}", bytes::encode(header.as_bytes()), bytes::encode(data));
    let frame = format!("{said}.{}", bytes::encode(&HANDSET.sign(said.as_bytes())));
    let envelope = match envelope::open(&frame, LARGEST, &STATION, &OneHandset) {
        Ok(envelope) => envelope,
        Err(refused) => {
            let expected =
                [Code::TooLarge, Code::UnknownKey, Code::BadPayload, Code::WrongRecipient];
            assert!(expected.contains(&refused.code), "{refused:?}");
            return false;
        }
    };
    let again = seal(&HANDSET, &envelope);
    assert_eq!(envelope::open(&again, 2 * LARGEST, &STATION, &OneHandset), Ok(envelope.clone()));
    let Envelope { t, b, .. } = envelope;
    let from_handset = FromHandset::read(&t, b.clone());
    if let Ok(message) = &from_handset {
        assert_eq!(FromHandset::read(message.word(), message.body()).as_ref(), Ok(message));
    }
    let from_station = FromStation::read(&t, b);
    if let Ok(message) = &from_station {
        assert_eq!(FromStation::read(message.word(), message.body()).as_ref(), Ok(message));
    }
    from_handset.is_ok() || from_station.is_ok()
}
