// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether the microphone hears the loudspeaker.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::AudioFault;

/// What came of a chirp. Levels are in dB below full scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoopTest {
    Heard {
        level: i8,
        noise: i8,
        /// From when the station made it until it had it back.
        delay: Duration,
        /// What the way through the air takes off, in dB: an echo that was amplified has less than none.
        return_loss: i8,
    },
    /// The microphone hears something else.
    NotHeard {
        noise: i8,
    },
    /// The microphone gives nothing at all.
    Silent,
    NoDevice(AudioFault),
    /// Something else was to be heard, a call above all.
    Interrupted,
    /// Whoever was to do it did not come to an end.
    Lost,
}

/// The last one that came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopTested {
    pub result: LoopTest,
    /// Absent when the clock was not set.
    pub at_unix_ms: Option<u64>,
}

impl LoopTest {
    /// With a worker that has begun.
    pub const LONGEST: Duration = Duration::from_secs(15);

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Heard { .. } => "heard",
            Self::NotHeard { .. } => "not_heard",
            Self::Silent => "silent",
            Self::NoDevice(_) => "no_device",
            Self::Interrupted => "interrupted",
            Self::Lost => "lost",
        }
    }
}

/// What it means, and what to do about it.
impl fmt::Display for LoopTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heard { level, noise, delay, return_loss } => write!(
                f,
                "the microphone hears the loudspeaker at {level} dB over noise of {noise} dB, after {} ms; \
                 echo return loss {return_loss} dB",
                delay.as_millis()
            ),
            Self::NotHeard { noise } => write!(
                f,
                "the microphone works and hears noise of {noise} dB, but not the loudspeaker: see that it is \
                 connected, that its amplifier is on, and that playback and playback_controls in [audio] are its own"
            ),
            Self::Silent => f.write_str(
                "the microphone gives nothing but silence: see that it is connected and not muted, and that \
                 capture and capture_controls in [audio] are its own; intercomctl audio lists what there is",
            ),
            Self::NoDevice(AudioFault::Busy) => f.write_str(
                "another program holds the sound device: end it; the log and intercomctl audio say which",
            ),
            Self::NoDevice(AudioFault::Missing) => f.write_str(
                "the sound device is not there: plug it in, or name another in [audio]; intercomctl audio lists \
                 what there is",
            ),
            Self::NoDevice(AudioFault::Broken) => {
                f.write_str("the sound device does not work: the log says why")
            }
            Self::Interrupted => {
                f.write_str("a call or another sound came between: test again when the station is idle")
            }
            Self::Lost => {
                f.write_str("the media worker did not come to an end with it: the log says why")
            }
        }
    }
}
