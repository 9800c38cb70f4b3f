// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound and pictures of a call. The core says what should be heard and by whom; the station
//! passes on what handsets and the worker say to each other.

pub mod cards;
mod echo;
mod loop_test;
#[cfg(feature = "daemon")]
pub(crate) mod place;
pub mod plugins;
mod reception;
pub mod setup;
pub mod sounds;
#[cfg(feature = "daemon")]
pub mod supervisor;
pub mod wav;
pub mod wire;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
#[cfg(feature = "daemon")]
use tokio::sync::mpsc;

pub use self::{
    echo::EchoFigures,
    loop_test::{LoopTest, LoopTested},
    reception::{Grade, Reception},
};
use crate::{
    core::{
        CallId, LegId,
        event::LegFact,
        status::{Gate, Media as Kind, Problem, Sound, Tone},
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
    /// A chirp, and what the microphone hears of it. Whatever else is to be heard ends it.
    TestLoop,
    /// Of everything, and the share of it that sounds and tones get.
    Volume {
        percent: u8,
        chimes: u8,
    },
    /// Of the microphone.
    Gain {
        decibels: i16,
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
    /// What is wrong with the devices; with nothing there is sound.
    AudioChanged {
        faults: BTreeSet<AudioFault>,
    },
    /// How well a connected handset comes through, every few seconds.
    Received {
        leg: LegId,
        reception: Reception,
    },
    /// What becomes of the echo in a call, every few seconds.
    Echo(EchoFigures),
    LoopTested(LoopTest),
    /// How loud it is now, in dB below full scale: from the handset, and at the door. Only where
    /// the setup asks for it.
    Level {
        heard: i8,
        said: i8,
    },
}

/// Why a sound device cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AudioFault {
    /// Another program holds it.
    Busy,
    /// There is none of this name, or not any more.
    Missing,
    /// It may not be opened, or does not do what it should.
    Broken,
}

impl AudioFault {
    pub const ALL: [Self; 3] = [Self::Busy, Self::Missing, Self::Broken];

    #[must_use]
    pub const fn problem(self) -> Problem {
        match self {
            Self::Busy => Problem::SoundBusy,
            Self::Missing => Problem::SoundMissing,
            Self::Broken => Problem::SoundBroken,
        }
    }
}

/// Whoever makes the sound: commands in, facts about legs and devices out, both bounded.
#[cfg(feature = "daemon")]
#[derive(Debug)]
pub struct Media {
    pub commands: mpsc::Sender<MediaCommand>,
    pub events: mpsc::Receiver<MediaEvent>,
}
