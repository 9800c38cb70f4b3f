// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the station says in a push: PROTOCOL.md, section 10.

use serde::{Deserialize, Serialize};

use super::{field::present, from_station::Ended, messages};
use crate::{
    core::{CallId, status::Media},
    link::refusal::Code,
};

messages! {
    pub enum Pushed {
        Ring(Ring) = "ring",
        Ended(Ended) = "ended",
    }
}

/// A ring that is over by itself, wherever it was held up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    pub cid: CallId,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub contact: Option<String>,
    pub ring_ms: u64,
    pub media: Media,
    /// In seconds since 1970.
    pub until: u64,
}
