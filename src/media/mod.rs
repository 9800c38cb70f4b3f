// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound and pictures of a call. The core says what should be heard and by whom; the station
//! passes on what handsets and the worker say to each other.

pub mod plugins;
pub mod setup;
pub mod sounds;
#[cfg(feature = "daemon")]
pub mod supervisor;
pub mod wav;
pub mod wire;

use serde::{Deserialize, Serialize};
#[cfg(feature = "daemon")]
use tokio::sync::mpsc;

use crate::{
    core::{
        CallId, LegId,
        event::LegFact,
        status::{Gate, Media as Kind, Sound, Tone},
    },
    session::{SessionNo, Signal, Wants},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaCommand {
    Start {
        call: CallId,
        media: Kind,
    },
    Stop {
        call: CallId,
    },
    /// A session from scratch: the first of this leg, or one in place of the one it has.
    OpenLeg {
        leg: LegId,
        wants: Wants,
        /// The visitor is seen before the gate opens.
        preview: bool,
    },
    /// The handset's part is over.
    CloseLeg {
        leg: LegId,
    },
    /// From the handset, about that session. What belongs to an older one is dropped.
    Signal {
        leg: LegId,
        session: SessionNo,
        signal: Signal,
    },
    Gate {
        leg: LegId,
        gate: Gate,
    },
    Play(Sound),
    Tone(Option<Tone>),
    /// Of everything, and the share of it that sounds and tones get.
    Volume {
        percent: u8,
        chimes: u8,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaEvent {
    Leg {
        leg: LegId,
        fact: LegFact,
    },
    /// To the handset. A description begins the session; the worker numbers them.
    Signal {
        leg: LegId,
        session: SessionNo,
        signal: Signal,
    },
    WorkerCrashed {
        call: CallId,
    },
    AudioChanged {
        available: bool,
    },
    /// How loud it is now, in dB below full scale: from the handset, and at the door. Only where
    /// the setup asks for it.
    Level {
        heard: i8,
        said: i8,
    },
}

/// Whoever makes the sound: commands in, facts about legs and devices out, both bounded.
#[cfg(feature = "daemon")]
#[derive(Debug)]
pub struct Media {
    pub commands: mpsc::Sender<MediaCommand>,
    pub events: mpsc::Receiver<MediaEvent>,
}
