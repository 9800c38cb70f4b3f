// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the station says.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    field::{Cid, Ice, Label, Mac, Nonce, Nothing, Srv, present},
    messages,
};
use crate::{
    core::{
        CallId, DoorName, HandsetId, Reason, Status,
        profile::Right,
        status::{Direction, DoorAlarm, DoorContact, DoorState, Media},
    },
    link::{PairingLink, keys::PublicKey, refusal::Code},
    session::{Sdp, SessionNo},
};

messages! {
    pub enum FromStation {
        HelloOk(HelloOk) = "hello_ok",
        PairOk(PairOk) = "pair_ok",
        StateIs(StateIs) = "state_is",
        Ring(Ring) = "ring",
        Nudge(Cid) = "nudge",
        Offer(Offer) = "offer",
        Ice(Ice) = "ice",
        Selected(Cid) = "selected",
        Held(Held) = "held",
        Warning(Warning) = "warning",
        Ended(Ended) = "ended",
        ChallengeIs(ChallengeIs) = "challenge_is",
        Ok(Done) = "ok",
        Error(Failed) = "error",
        Ack(Nothing) = "ack",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelloOk {
    pub n_h: Nonce,
    pub n_d: Nonce,
    pub srv: Srv,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairOk {
    pub key: PublicKey,
    pub handset: HandsetId,
    pub label: Label,
    pub rights: Vec<Right>,
    pub doors: Vec<DoorName>,
    pub mac: Mac,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateIs {
    pub name: String,
    pub handset: Oneself,
    pub doors: Vec<Door>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub call: Option<Call>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub busy: Option<Busy>,
}

/// The handset that is spoken to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oneself {
    pub id: HandsetId,
    pub label: Label,
    pub rights: Vec<Right>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Door {
    pub name: DoorName,
    pub label: String,
    pub state: DoorState,
    pub contact: DoorContact,
    pub alarm: DoorAlarm,
    pub locked: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    pub cid: CallId,
    pub status: Status,
    pub direction: Direction,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub contact: Option<String>,
    pub media: Media,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub ring_ms: Option<u64>,
    pub monitor: bool,
}

/// A call of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Busy {
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    pub cid: CallId,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub contact: Option<String>,
    pub ring_ms: u64,
    pub media: Media,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub cid: CallId,
    pub session: SessionNo,
    pub sdp: Sdp,
    pub ice: Vec<IceServer>,
}

/// Holds a password, so it does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IceServer {
    pub urls: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub credential: Option<String>,
}

impl fmt::Debug for IceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceServer({:?})", self.urls)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    pub cid: CallId,
    pub on: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    pub cid: CallId,
    pub ends_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    pub cid: CallId,
    pub status: Status,
    pub reason: Reason,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub answered_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeIs {
    pub nonce: Nonce,
    pub lasts_ms: u64,
}

/// Says no more than the request says that it does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub cid: Option<CallId>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub link: Option<PairingLink>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub lasts_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub handsets: Option<Vec<Paired>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paired {
    pub id: HandsetId,
    pub label: Label,
    pub rights: Vec<Right>,
    pub doors: Vec<DoorName>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failed {
    pub code: Code,
    /// For a log.
    pub detail: String,
    /// To somebody who may not have it yet.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub key: Option<PublicKey>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub retry_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub answered_by: Option<String>,
}
