// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signed envelope of every message: PROTOCOL.md, section 2.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    bytes::{self, fixed},
    json,
    keys::{KeyPair, PublicKey, Thumbprint},
    refusal::Code,
};

/// Of a frame, in bytes.
pub const LARGEST: usize = 32 * 1024;
/// The same from somebody who has not proved yet to be there now.
pub const LARGEST_AT_FIRST: usize = 4 * 1024;
/// The largest integer that every JSON reader knows exactly.
pub const LARGEST_INTEGER: u64 = (1 << 53) - 1;

const HEADER: (&str, &str) = (r#"{"alg":"ES256","typ":"icm+jws","kid":""#, r#""}"#);

fixed! {
    /// Names a message.
    Mid: 16, open;
}

/// What a message says besides its header and signature.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    pub mid: Mid,
    pub from: Thumbprint,
    pub to: Thumbprint,
    /// The context, or nothing where there is none yet.
    pub sx: String,
    pub seq: u64,
    pub ack: u64,
    pub re: Option<Mid>,
    pub t: String,
    pub b: Value,
}

/// A frame that cannot be taken, and what is known of it all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: Code,
    /// Only where its signature was right, or its key was revoked.
    pub sender: Option<Thumbprint>,
    pub mid: Option<Mid>,
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Self { code, sender: None, mid: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acquaintance {
    Known(PublicKey),
    Unknown,
    Revoked,
}

/// Whom one hears.
pub trait Keyring {
    fn look_up(&self, kid: &Thumbprint) -> Acquaintance;
    /// A stranger may introduce itself by `pair`.
    fn strangers(&self) -> bool;
}

#[must_use]
pub fn seal(key: &KeyPair, envelope: &Envelope) -> String {
    let (before, after) = HEADER;
    let header = format!("{before}{}{after}", key.public().thumbprint());
    let payload = envelope.payload().to_string();
    let said =
        format!("{}.{}", bytes::encode(header.as_bytes()), bytes::encode(payload.as_bytes()));
    let signature = bytes::encode(&key.sign(said.as_bytes()));
    format!("{said}.{signature}")
}

/// The checks 1 to 7 in their order.
pub fn open(
    frame: &str,
    largest: usize,
    me: &Thumbprint,
    keyring: &impl Keyring,
) -> Result<Envelope, Refused> {
    if frame.len() > largest {
        return Err(Code::TooLarge.into());
    }
    let parts = Parts::of(frame).ok_or(Code::BadHeader)?;
    let key = key_of(&parts, keyring).map_err(|code| Refused {
        sender: (code == Code::Revoked).then_some(parts.kid),
        ..code.into()
    })?;
    if !key.verifies(parts.said.as_bytes(), &parts.signature) {
        return Err(Code::BadSignature.into());
    }
    let sender = Some(parts.kid);
    let envelope = Envelope::read(&parts.payload).filter(|envelope| envelope.from == parts.kid);
    let Some(envelope) = envelope else {
        return Err(Refused { code: Code::BadPayload, sender, mid: None });
    };
    if envelope.to != *me {
        return Err(Refused { code: Code::WrongRecipient, sender, mid: Some(envelope.mid) });
    }
    Ok(envelope)
}

struct Parts<'a> {
    kid: Thumbprint,
    payload: Vec<u8>,
    signature: Vec<u8>,
    /// What was signed.
    said: &'a str,
}

impl<'a> Parts<'a> {
    fn of(frame: &'a str) -> Option<Self> {
        let (said, signature) = frame.rsplit_once('.')?;
        let (header, payload) = said.split_once('.')?;
        let header = bytes::decode(header)?;
        let (before, after) = HEADER;
        let kid = std::str::from_utf8(&header).ok()?.strip_prefix(before)?.strip_suffix(after)?;
        let (payload, signature) = (bytes::decode(payload)?, bytes::decode(signature)?);
        Some(Self { kid: kid.parse().ok()?, payload, signature, said })
    }
}

/// `pair` brings its key along: nobody is trusted for it, but its signature can be checked.
fn key_of(parts: &Parts<'_>, keyring: &impl Keyring) -> Result<PublicKey, Code> {
    let brought =
        || Some(json::object(&parts.payload)?).filter(|said| said.get("t") == Some(&json!("pair")));
    let acquaintance = keyring.look_up(&parts.kid);
    let own = brought().filter(|_| keyring.strangers()).map(|said| {
        let key = said.get("b")?.get("call_key")?;
        let key: PublicKey = serde_json::from_value(key.clone()).ok()?;
        (key.thumbprint() == parts.kid).then_some(key)
    });
    match (acquaintance, own) {
        (_, Some(None)) | (Acquaintance::Unknown, None) => Err(Code::UnknownKey),
        (Acquaintance::Revoked, None | Some(Some(_))) => Err(Code::Revoked),
        (Acquaintance::Unknown, Some(Some(key))) => Ok(key),
        (Acquaintance::Known(key), None | Some(Some(_))) => Ok(key),
    }
}

impl Envelope {
    fn payload(&self) -> Value {
        let mut payload = json!({
            "v": 1, "mid": self.mid, "from": self.from, "to": self.to, "sx": self.sx,
            "seq": self.seq, "ack": self.ack, "t": self.t, "b": self.b,
        });
        if let (Some(re), Some(members)) = (self.re, payload.as_object_mut()) {
            members.insert("re".to_owned(), json!(re));
        }
        payload
    }

    fn read(payload: &[u8]) -> Option<Self> {
        let mut members = Members(json::object(payload)?);
        (members.integer("v")? == 1).then_some(())?;
        let envelope = Self {
            mid: members.text("mid")?.parse().ok()?,
            from: members.text("from")?.parse().ok()?,
            to: members.text("to")?.parse().ok()?,
            sx: members.text("sx")?,
            seq: members.integer("seq")?,
            ack: members.integer("ack")?,
            re: match members.0.remove("re") {
                Some(re) => Some(re.as_str()?.parse().ok()?),
                None => None,
            },
            t: members.text("t")?,
            b: members.0.remove("b").filter(Value::is_object)?,
        };
        members.0.is_empty().then_some(envelope)
    }
}

struct Members(Map<String, Value>);

impl Members {
    fn text(&mut self, name: &str) -> Option<String> {
        Some(self.0.remove(name)?.as_str()?.to_owned())
    }

    fn integer(&mut self, name: &str) -> Option<u64> {
        self.0.remove(name)?.as_u64().filter(|value| *value <= LARGEST_INTEGER)
    }
}
