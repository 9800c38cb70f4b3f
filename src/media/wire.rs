// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the daemon and a media worker say over their socket pair: one JSON object on each line.
//! The worker's end is its standard input.

use serde::{Deserialize, Serialize};

use super::{MediaCommand, MediaEvent, setup::Setup};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWorker {
    /// The first line, and no other.
    Setup(Box<Setup>),
    Do(MediaCommand),
    /// Try the sound devices and say how that went, so that nobody finds out at the first press.
    Rehearse,
    Ping(u32),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWorker {
    /// GStreamer is up and what takes long the first time is behind it.
    Ready,
    Said(MediaEvent),
    Pong(u32),
}
