// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which tone is it, or is it silence?

use std::f32::consts::TAU;

pub(crate) const RATE: f32 = 48_000.0;
/// 100 ms.
pub(crate) const WINDOW: usize = 4800;
/// Some 60 dB below full scale. What Opus makes of nothing is far below.
pub(crate) const SILENCE: f32 = 1e-6;

/// From 16 bits, little-endian.
pub(crate) fn samples(pcm: &[u8]) -> impl Iterator<Item = f32> {
    let pairs = pcm.as_chunks::<2>().0.iter();
    pairs.map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32768.0)
}

/// The mean square of that tone in the samples.
pub(crate) fn goertzel(samples: &[f32], hz: f32) -> f32 {
    let step = TAU * hz / RATE;
    let (mut before, mut last) = (0f32, 0f32);
    for sample in samples {
        (before, last) = (last, sample + 2.0 * step.cos() * last - before);
    }
    let count = samples.len() as f32;
    2.0 * (last * last + before * before - 2.0 * step.cos() * last * before) / (count * count)
}

pub(crate) fn power(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32
}

pub(crate) fn is_tone(window: &[f32], hz: f32) -> bool {
    let power = power(window);
    power > 1e-3 && goertzel(window, hz) / power > 0.9
}
