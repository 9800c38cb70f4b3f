// SPDX-License-Identifier: MIT OR Apache-2.0
//! What becomes of a handset's voice between loudspeaker and microphone.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// By the last second or more in which a handset spoke. A visitor who speaks as well makes both losses look smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EchoFigures {
    /// What the way through the air takes off, in dB.
    pub return_loss: i8,
    /// What is taken off besides, in dB.
    pub enhancement: i8,
    pub delay: Duration,
    /// Cancelling is not good enough, so that one speaks at a time.
    pub one_at_a_time: bool,
}
