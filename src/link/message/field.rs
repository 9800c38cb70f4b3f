// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the members of bodies may hold.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    core::{CallId, Reason, status::words},
    link::{
        bytes::{self, NotBytes, fixed},
        keys::Pin,
    },
    session::SessionNo,
};

fixed! {
    /// Said once, by either side.
    Nonce: 16, open;
    /// HMAC-SHA256.
    Mac: 32, secret;
}

/// A member that is absent or has a value; `null` is neither.
pub(super) fn present<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(from).map(Some)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too long, empty, or with control characters")]
pub struct NotPlain;

fn is_plain(text: &str, long: RangeInclusive<usize>) -> bool {
    long.contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $least:literal..=$most:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotPlain;
            fn try_from(text: String) -> Result<Self, NotPlain> {
                if is_plain(&text, $least..=$most) { Ok(Self(text)) } else { Err(NotPlain) }
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    )*};
}

texts! {
    /// What people call a handset.
    Label: 1..=64;
    /// Which program speaks.
    App: 0..=64;
    /// Of ICE.
    CandidateLine: 0..=1024;
}

/// The TLS key that the handset saw, if it can see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Srv(pub Option<Pin>);

impl TryFrom<String> for Srv {
    type Error = NotBytes;
    fn try_from(text: String) -> Result<Self, NotBytes> {
        if text.is_empty() { Ok(Self(None)) } else { text.parse().map(|pin| Self(Some(pin))) }
    }
}

impl From<Srv> for String {
    fn from(srv: Srv) -> Self {
        srv.to_string()
    }
}

impl fmt::Display for Srv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|pin| pin.fmt(f))
    }
}

/// Of any length: what is no signature is found out where it is checked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Signature(pub Vec<u8>);

impl TryFrom<String> for Signature {
    type Error = NotBytes;
    fn try_from(text: String) -> Result<Self, NotBytes> {
        bytes::decode(&text).map(Self).ok_or(NotBytes)
    }
}

impl From<Signature> for String {
    fn from(signature: Signature) -> Self {
        bytes::encode(&signature.0)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature")
    }
}

words! {
    /// Why a handset has no session.
    pub enum NoSession {
        IceFailed = "ice_failed",
        IceTimeout = "ice_timeout",
        BadDescription = "bad_description",
        NoUserMedia = "no_user_media",
        OutOfResources = "out_of_resources",
        Untrusted = "untrusted",
    }
}

impl NoSession {
    #[must_use]
    pub fn reason(self) -> Reason {
        match self {
            Self::IceFailed => Reason::IceFailed,
            Self::IceTimeout => Reason::IceTimeout,
            Self::BadDescription => Reason::BadDescription,
            Self::NoUserMedia => Reason::NoUserMedia,
            Self::OutOfResources => Reason::OutOfResources,
            Self::Untrusted => Reason::Untrusted,
        }
    }
}

words! {
    pub enum DialKind {
        Talk = "talk",
        Monitor = "monitor",
    }
}

/// Nothing more to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// All that is to say of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cid {
    pub cid: CallId,
}

/// One way to reach the sender; an empty `candidate` says that there are no more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ice {
    pub cid: CallId,
    pub session: SessionNo,
    pub mline: u32,
    pub candidate: CandidateLine,
}

impl fmt::Debug for Ice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ice({}, {})", self.cid, self.session.0)
    }
}
