// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sentences, spoken by espeak-ng (Debian).

use std::process::Command;

use crate::{RATE, room};

/// `voice` as espeak-ng knows it.
pub(crate) fn say(voice: &str, text: &str) -> Vec<f32> {
    let spoken = Command::new("espeak-ng").args(["--stdout", "-v", voice, text]).output();
    let wav = spoken.expect("espeak-ng is installed").stdout;
    // Always RIFF, mono, 16 bits; the sizes are not known to whoever writes to a pipe.
    let rate = u32::from_le_bytes(*wav[24..].first_chunk().unwrap());
    let pairs = wav[44..].as_chunks::<2>().0.iter();
    let sound: Vec<_> = pairs.map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32768.0).collect();
    room::resample(&sound, f64::from(rate) / RATE as f64)
}
