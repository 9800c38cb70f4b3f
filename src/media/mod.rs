// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound and pictures of a call. The core says what should be heard and by whom.

use crate::core::{
    CallId, Event, LegId,
    status::{Gate, Media, Sound, Tone},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaCommand {
    Start { call: CallId, media: Media },
    Stop { call: CallId },
    Gate { leg: LegId, gate: Gate },
    Play(Sound),
    Tone(Option<Tone>),
    Volume { percent: u8 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    Fact(Event),
}
