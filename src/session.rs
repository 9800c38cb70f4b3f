// SPDX-License-Identifier: MIT OR Apache-2.0
//! A media session between the station's worker and one handset: what the two say to each other
//! while they connect. The station passes it on without reading it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::core::status::words;

/// Counts up within a leg. A leg whose path broke gets a new session under the same call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionNo(pub u32);

/// What a handset wants to see and can show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wants {
    /// The codecs that it can decode; the station chooses. Empty: no picture.
    pub video: Vec<VideoCodec>,
    /// It can send a picture of its own, if the station has a screen.
    pub camera: bool,
}

words! {
    pub enum VideoCodec {
        Vp8 = "vp8",
        H264 = "h264",
    }
}

/// The station offers and the handset answers, so a description needs no type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signal {
    Description(Sdp),
    Candidate(Candidate),
}

/// Holds the ICE password, so it does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sdp(pub String);

/// One way to reach a peer; an empty line says that there are no more. It tells addresses, so it
/// does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    pub mline: u32,
    pub line: String,
}

impl fmt::Debug for Sdp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sdp")
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Candidate")
    }
}
