// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound in place of a microphone's, for demo and tests.

use std::{f32::consts::TAU, fs, io, path::Path, sync::Arc};

use gstreamer as gst;
use gstreamer::prelude::ClockExt as _;
use intercomd::media::wav;

use super::{
    blocks::{BLOCK, RATE},
    feedback::Feedback,
    resample,
};
use crate::graph::Time;

/// It never ends.
#[derive(Debug)]
pub(crate) enum Origin {
    Silence,
    Sine {
        hz: f32,
        at: u32,
    },
    /// At the full seconds of the clock, so that whoever hears one can tell how old it is.
    Ticks {
        clock: gst::Clock,
        at: Option<u32>,
    },
    Recording {
        samples: Vec<f32>,
        at: usize,
    },
    Loudspeaker {
        feedback: Arc<Feedback>,
        begun: bool,
    },
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("{0}")]
    File(#[from] std::io::Error),
    #[error("no WAV file of 16 bits, mono or stereo, 8000 to 48000 Hz")]
    Format,
}

const LOUDNESS: f32 = 0.3;
/// How long a tick is, and how high.
const TICK: u32 = RATE / 100;
const TICK_HZ: f32 = 1200.0;

impl Origin {
    pub(crate) fn sine(hz: u32) -> Self {
        let hz = u16::try_from(hz).unwrap_or(u16::MAX);
        Self::Sine { hz: f32::from(hz), at: 0 }
    }

    pub(crate) fn ticks(time: &Time) -> Self {
        Self::Ticks { clock: time.clock().clone(), at: None }
    }

    pub(super) fn loudspeaker(feedback: &Arc<Feedback>) -> Self {
        Self::Loudspeaker { feedback: Arc::clone(feedback), begun: false }
    }

    pub(crate) fn recording(path: &Path) -> Result<Self, Unreadable> {
        // Opening a pipe would wait for a writer, and there are files without an end.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is no file").into());
        }
        let wav = wav::parse(&fs::read(path)?).ok_or(Unreadable::Format)?;
        Ok(Self::Recording { samples: resample::to_ours(&wav), at: 0 })
    }
}

impl Iterator for Origin {
    type Item = f32;

    #[expect(clippy::cast_precision_loss, reason = "within one second of samples")]
    fn next(&mut self) -> Option<f32> {
        let sine = |hz: f32, at: u32| (TAU * hz * (at as f32 / RATE as f32)).sin();
        Some(match self {
            Self::Silence => 0.0,
            // Whole numbers of hertz come round every second.
            Self::Sine { hz, at } => {
                *at = (*at + 1) % RATE;
                LOUDNESS * sine(*hz, *at)
            }
            Self::Ticks { clock, at } => {
                let now = at.map_or_else(|| into_second(clock), |last| (last + 1) % RATE);
                *at = Some(now);
                let fade = 1.0 - now.min(TICK) as f32 / TICK as f32;
                LOUDNESS * fade * sine(TICK_HZ, now)
            }
            Self::Recording { samples, at } => {
                let value = samples.get(*at).copied().unwrap_or_default();
                *at = (*at + 1) % samples.len().max(1);
                value
            }
            Self::Loudspeaker { feedback, begun } => {
                if !std::mem::replace(begun, true) {
                    feedback.begin();
                }
                feedback.next()
            }
        })
    }
}

/// Samples from the last full second to the beginning of the block that ends now.
#[expect(clippy::cast_possible_truncation, reason = "less than the samples of two seconds")]
fn into_second(clock: &gst::Clock) -> u32 {
    let nanoseconds = clock.time().nseconds() % gst::ClockTime::SECOND.nseconds();
    let since = (nanoseconds * u64::from(RATE) / gst::ClockTime::SECOND.nseconds()) as u32;
    (since + RATE - BLOCK as u32) % RATE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The setting of a WAV file of one channel.
    fn wav(samples: &[i16]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        bytes.extend(RATE.to_le_bytes());
        bytes.extend(b"\0\0\0\0\x02\0\x10\0data");
        bytes.extend(u32::try_from(2 * samples.len()).unwrap().to_le_bytes());
        bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        bytes
    }

    #[test]
    fn a_recording_is_heard_again_and_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("door.wav");
        std::fs::write(&path, wav(&[16384, -16384])).unwrap();
        let heard = Origin::recording(&path).unwrap().take(5).collect::<Vec<_>>();
        assert_eq!(heard, [0.5, -0.5, 0.5, -0.5, 0.5]);
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let error = Origin::recording(Path::new("/dev/zero")).unwrap_err();
        assert_eq!(error.to_string(), "it is no file");
    }

    #[test]
    fn an_empty_recording_is_silence() {
        let mut silence = Origin::Recording { samples: Vec::new(), at: 0 };
        assert_eq!(silence.by_ref().take(3).collect::<Vec<_>>(), [0.0; 3]);
    }

    #[test]
    fn ticks_come_with_the_full_seconds_of_the_clock() {
        gst::init().unwrap();
        let time = Time::start();
        let before = into_second(time.clock());
        let mut heard = Origin::ticks(&time);
        let values: Vec<_> = heard.by_ref().take(2 * RATE as usize).collect();
        let after = into_second(time.clock());
        let quiet = |at: usize| values[at..at + 100].iter().all(|value| *value == 0.0);
        let begun = (0..).find(|at| quiet(*at) && values[at + 100] != 0.0).unwrap() + 99;
        let into = (2 * RATE - u32::try_from(begun).unwrap()) % RATE;
        assert!((into + RATE - before) % RATE <= (after + RATE - before) % RATE);
    }
}
