// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound in place of a microphone's, for demo and tests.

use std::{f32::consts::TAU, path::Path};

use gstreamer as gst;
use gstreamer::prelude::ClockExt as _;

use super::blocks::{BLOCK, RATE, from_pcm};
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
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("{0}")]
    File(#[from] std::io::Error),
    #[error("no WAV file of 16 bit samples at 48 kHz")]
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

    pub(crate) fn recording(path: &Path) -> Result<Self, Unreadable> {
        let samples = read_wav(&std::fs::read(path)?).ok_or(Unreadable::Format)?;
        Ok(Self::Recording { samples, at: 0 })
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

/// RIFF, PCM, 16 bits, 48 kHz; of several channels the first.
fn read_wav(bytes: &[u8]) -> Option<Vec<f32>> {
    let mut rest = bytes.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WAVE")?;
    let mut channels = None;
    loop {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let (size, after) = after.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        let body = after.get(..size.min(after.len()))?;
        match (name, channels) {
            (b"fmt ", _) => channels = Some(channels_of(body)?),
            (b"data", Some(channels)) => {
                let values = super::blocks::samples(body).step_by(channels).map(from_pcm);
                return Some(values.collect());
            }
            _ => {}
        }
        rest = after.get(size + size % 2..)?;
    }
}

fn channels_of(format: &[u8]) -> Option<usize> {
    let word = |at: usize| Some(u16::from_le_bytes(*format.get(at..)?.first_chunk()?));
    let rate = u32::from_le_bytes(*format.get(4..)?.first_chunk()?);
    let fits = word(0)? == 1 && word(14)? == 16 && rate == RATE;
    fits.then(|| word(2).map(usize::from)).flatten().filter(|channels| *channels > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wav(channels: u16, rate: u32, samples: &[i16]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0".to_vec();
        bytes.extend(channels.to_le_bytes());
        bytes.extend(rate.to_le_bytes());
        bytes.extend([0; 6]);
        bytes.extend(16u16.to_le_bytes());
        bytes.extend(b"LIST\x03\0\0\0abc\0data");
        bytes.extend(u32::try_from(2 * samples.len()).unwrap().to_le_bytes());
        bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        bytes
    }

    #[test]
    fn a_recording_is_heard_again_and_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("door.wav");
        std::fs::write(&path, wav(2, RATE, &[16384, 1, -16384, 1])).unwrap();
        let heard = Origin::recording(&path).unwrap().take(5).collect::<Vec<_>>();
        assert_eq!(heard, [0.5, -0.5, 0.5, -0.5, 0.5]);
    }

    #[test]
    fn a_recording_in_another_form_is_refused() {
        assert_eq!(read_wav(&wav(1, 44_100, &[1])), None);
        assert_eq!(read_wav(&wav(0, RATE, &[1])), None);
        assert_eq!(read_wav(b"RIFF"), None);
    }

    #[test]
    fn an_empty_recording_is_silence() {
        let samples = read_wav(&wav(1, RATE, &[])).unwrap();
        assert_eq!(Origin::Recording { samples, at: 0 }.take(3).collect::<Vec<_>>(), [0.0; 3]);
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

    proptest! {
        #[test]
        fn no_bytes_do_harm(bytes in any::<Vec<u8>>(), cut in 0usize..60) {
            drop(read_wav(&bytes));
            let good = wav(1, RATE, &[1, 2, 3]);
            drop(read_wav(&good[..cut.min(good.len())]));
        }
    }
}
