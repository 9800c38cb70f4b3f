// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound and pictures of a call. The core says what should be heard and by whom.

use tokio::sync::mpsc;

use crate::core::{
    CallId, LegId,
    event::LegFact,
    status::{Gate, Media as Kind, Sound, Tone},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaCommand {
    Start { call: CallId, media: Kind },
    Stop { call: CallId },
    Gate { leg: LegId, gate: Gate },
    Play(Sound),
    Tone(Option<Tone>),
    Volume { percent: u8 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    Leg { leg: LegId, fact: LegFact },
    WorkerCrashed { call: CallId },
    AudioChanged { available: bool },
}

/// Whoever makes the sound: commands in, facts about legs and devices out, both bounded.
#[derive(Debug)]
pub struct Media {
    pub commands: mpsc::Sender<MediaCommand>,
    pub events: mpsc::Receiver<MediaEvent>,
}
