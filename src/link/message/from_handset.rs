// SPDX-License-Identifier: MIT OR Apache-2.0
//! What handsets say.

use serde::{Deserialize, Serialize};

use super::{
    field::{App, Cid, DialKind, Ice, Label, Mac, NoSession, Nonce, Nothing, Signature, Srv},
    messages,
};
use crate::{
    core::{CallId, DoorName, HandsetId, profile::Right, status::Media},
    link::{keys::PublicKey, push::Subscription, refusal::Code},
    session::{Sdp, SessionNo, VideoCodec},
};

messages! {
    pub enum FromHandset {
        Hello(Hello) = "hello",
        Pair(Pair) = "pair",
        Resume(Nothing) = "resume",
        Ringing(Cid) = "ringing",
        Busy(Cid) = "busy",
        Connect(Connect) = "connect",
        Answer(Answer) = "answer",
        Ice(Ice) = "ice",
        Closed(Closed) = "closed",
        Accept(Cid) = "accept",
        Reject(Cid) = "reject",
        HangUp(Cid) = "hangup",
        Hold(Hold) = "hold",
        Dial(Dial) = "dial",
        Challenge(Challenge) = "challenge",
        Action(Action) = "action",
        OpenPairing(OpenPairing) = "open_pairing",
        Handsets(Nothing) = "handsets",
        Revoke(Revoke) = "revoke",
        PushRegister(Subscription) = "push_register",
        PushUnregister(Nothing) = "push_unregister",
        Ack(Nothing) = "ack",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    pub n_h: Nonce,
    pub srv: Srv,
    pub app: App,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub label: Label,
    pub call_key: PublicKey,
    pub action_key: PublicKey,
    pub srv: Srv,
    pub mac: Mac,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    pub cid: CallId,
    pub video: Vec<VideoCodec>,
    pub camera: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub cid: CallId,
    pub session: SessionNo,
    pub sdp: Sdp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    pub cid: CallId,
    pub session: SessionNo,
    pub reason: NoSession,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    pub cid: CallId,
    pub on: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dial {
    pub kind: DialKind,
    pub media: Media,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    pub door: DoorName,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    pub door: DoorName,
    pub nonce: Nonce,
    pub sig: Signature,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenPairing {
    pub rights: Vec<Right>,
    pub doors: Vec<DoorName>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    pub handset: HandsetId,
}
