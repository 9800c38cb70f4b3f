// SPDX-License-Identifier: MIT OR Apache-2.0
//! Recordings at other rates become recordings at ours. Rates are never above ours, so that nothing
//! has to be filtered out but the mirror images of what is there.

use std::{f32::consts::PI, iter};

use intercomd::media::wav::Wav;

use super::blocks::RATE;

/// So many samples on each side have a say in a new one.
const REACH: usize = 16;

type Weights = [f32; 2 * REACH];

pub(super) fn to_ours(wav: &Wav) -> Vec<f32> {
    if wav.rate == RATE {
        return wav.samples.clone();
    }
    let common = gcd(wav.rate, RATE);
    // A new sample comes every `step` parts of an old one, of which each has `parts`.
    let (step, parts) = ((wav.rate / common) as usize, (RATE / common) as usize);
    let weights: Vec<Weights> = (0..parts).map(|part| weights(part, parts)).collect();
    let new = |(before, part): (usize, usize)| {
        let weights = weights.get(part).into_iter().flatten().enumerate();
        let term = |(tap, weight): (usize, &f32)| {
            let at = (before + tap + 1).checked_sub(REACH)?;
            Some(weight * wav.samples.get(at)?)
        };
        weights.filter_map(term).sum()
    };
    // Step by step: in 32 bits there is no room for the parts of a whole recording.
    let places = iter::successors(Some((0, 0)), |(before, part)| {
        let part = part + step;
        Some((before + part / parts, part % parts))
    });
    places.take_while(|(before, _)| *before < wav.samples.len()).map(new).collect()
}

/// A windowed sinc, for a new sample so far after an old one.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn weights(part: usize, parts: usize) -> Weights {
    let after = part as f32 / parts as f32;
    let mut weights = [0.0; 2 * REACH];
    for (tap, weight) in weights.iter_mut().enumerate() {
        let x = after + (REACH - 1) as f32 - tap as f32;
        let window = (PI * x / (2.0 * REACH as f32)).cos().powi(2);
        *weight = window * if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
    }
    let sum: f32 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

const fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f32, rate: u32, count: usize) -> Vec<f32> {
        (0..count).map(|at| (2.0 * PI * hz * at as f32 / rate as f32).sin()).collect()
    }

    #[test]
    fn a_pitch_keeps_its_height_and_its_strength_at_every_rate() {
        for rate in [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 47_999, 48_000] {
            let hz = 0.3 * rate as f32;
            let samples = sine(hz, rate, rate as usize / 10);
            let ours = to_ours(&Wav { rate, samples });
            assert!(ours.len().abs_diff(RATE as usize / 10) <= 6, "{rate}: {}", ours.len());
            // At the edges a part of what has a say is missing.
            let edge = REACH * (RATE / rate + 1) as usize;
            let inside = edge..ours.len() - edge;
            let wanted = sine(hz, RATE, ours.len());
            let worst = inside.map(|at| (ours[at] - wanted[at]).abs()).fold(0.0, f32::max);
            assert!(worst < 0.02, "{rate}: {worst}");
        }
    }
}
