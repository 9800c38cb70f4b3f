// SPDX-License-Identifier: MIT OR Apache-2.0
//! A loudspeaker and a microphone in a room, made of numbers: the same each time.

use std::f64::consts::PI;

use super::RATE;

/// Numbers between -1 and 1, always the same ones for a seed.
#[derive(Clone, Debug)]
pub(crate) struct Noise(pub(crate) u64);

impl Iterator for Noise {
    type Item = f32;

    #[expect(clippy::cast_precision_loss, reason = "24 bits fit")]
    fn next(&mut self) -> Option<f32> {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Some((self.0 >> 40) as f32 / (1 << 23) as f32 - 1.0)
    }
}

/// What loudspeaker, air and walls make of a sound.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// Delays in samples, and factors.
    paths: Vec<(usize, f32)>,
}

impl Room {
    /// `ring_s`: until an echo is 60 dB weaker. `delay_ms`: what the devices add to the way through the air, 20 cm long,
    /// and to the ten milliseconds after which a block of the microphone is full: the loudspeaker got the next one by
    /// then. Together the echoes are as strong as the sound itself, less `loss_db`.
    pub(crate) fn new(ring_s: f32, delay_ms: usize, loss_db: f32, seed: u64) -> Self {
        let straight = 28 + (10 + delay_ms) * RATE / 1000;
        let mut noise = Noise(seed);
        let mut paths = vec![(straight, 1.0)];
        let mut at = 0.0;
        while at < 0.8 * ring_s {
            // Walls reflect walls: the later, the denser, and the weaker each.
            let density = 1.0 + 30.0 * at;
            at += 0.004 * (0.5 + 0.5 * noise.next().unwrap_or_default().abs()) / density;
            let fade = 10f32.powf(-3.0 * at / ring_s) / density.sqrt();
            paths.push((straight + samples(at), 0.7 * fade * noise.next().unwrap_or_default()));
        }
        let power: f32 = paths.iter().map(|(_, factor)| factor * factor).sum();
        let scale = 10f32.powf(-loss_db / 20.0) / power.sqrt();
        paths.iter_mut().for_each(|(_, factor)| *factor *= scale);
        Self { paths }
    }

    pub(crate) fn echo(&self, played: &[f32]) -> Vec<f32> {
        let mut heard = vec![0.0; played.len()];
        for (delay, factor) in &self.paths {
            for (to, from) in heard.iter_mut().skip(*delay).zip(played) {
                *to += factor * from;
            }
        }
        heard
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a short time")]
fn samples(seconds: f32) -> usize {
    (seconds * RATE as f32) as usize
}

/// A small loudspeaker that is turned up.
pub(crate) fn loudspeaker(sound: &[f32]) -> Vec<f32> {
    sound.iter().map(|value| (1.5 * value).tanh() / 1.5).collect()
}

/// Read at another speed: 0.99995 is played by a clock that is 50 ppm slow.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "minutes of sound at the most"
)]
pub(crate) fn resample(sound: &[f32], step: f64) -> Vec<f32> {
    const HALF: isize = 16;
    let cut = 0.95 * step.recip().min(1.0);
    let at = |index: usize| {
        let place = index as f64 * step;
        let middle = place.floor() as isize;
        let tap = |tap: isize| {
            let value = f64::from(*sound.get(usize::try_from(tap).ok()?)?);
            let off = PI * (place - tap as f64);
            let sinc = if off.abs() < 1e-9 { cut } else { (off * cut).sin() / off };
            Some(value * sinc * (0.5 + 0.5 * (off / HALF as f64).cos()))
        };
        (middle - HALF + 1..=middle + HALF).filter_map(tap).sum::<f64>() as f32
    };
    (0..(sound.len() as f64 / step) as usize).map(at).collect()
}

#[expect(clippy::cast_precision_loss, reason = "minutes of sound at the most")]
pub(crate) fn level(sound: &[f32]) -> f32 {
    let power = sound.iter().map(|value| value * value).sum::<f32>() / sound.len().max(1) as f32;
    10.0 * (power + 1e-12).log10()
}

pub(crate) fn at_level(mut sound: Vec<f32>, wanted_db: f32) -> Vec<f32> {
    let factor = 10f32.powf((wanted_db - level(&sound)) / 20.0);
    sound.iter_mut().for_each(|value| *value *= factor);
    sound
}

pub(crate) fn add(sound: &mut [f32], other: &[f32]) {
    sound.iter_mut().zip(other).for_each(|(sum, value)| *sum += value);
}

/// How much of a sound is gone from a mixture that should hold it, in dB.
pub(crate) fn loss(sound: &[f32], mixture: &[f32]) -> f32 {
    let common: f32 = sound.iter().zip(mixture).map(|(one, other)| one * other).sum();
    let whole: f32 = sound.iter().map(|value| value * value).sum();
    -20.0 * (common / whole).max(1e-3).log10()
}
