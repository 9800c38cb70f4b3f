// SPDX-License-Identifier: MIT OR Apache-2.0
//! Babble: syllables with a pitch and three formants, and pauses between them.

use std::f32::consts::TAU;

use super::{RATE, room::Noise};

/// One resonance of a mouth.
#[derive(Debug)]
struct Formant {
    turn: f32,
    keep: f32,
    last: [f32; 2],
}

impl Formant {
    fn new(hz: f32) -> Self {
        Self { turn: (TAU * hz / RATE as f32).cos(), keep: 0.985, last: [0.0; 2] }
    }

    fn pass(&mut self, value: f32) -> f32 {
        let [one, two] = self.last;
        let next = value + 2.0 * self.keep * self.turn * one - self.keep * self.keep * two;
        self.last = [next, one];
        next
    }
}

pub(crate) fn babble(seconds: usize, pitch_hz: f32, seed: u64) -> Vec<f32> {
    let mut noise = Noise(seed);
    let mut sound = Vec::with_capacity((seconds + 1) * RATE);
    while sound.len() < seconds * RATE {
        sound.extend(syllable(pitch_hz, &mut noise));
        let pause = between(RATE / 50, RATE / 5, &mut noise);
        sound.resize(sound.len() + pause, 0.0);
    }
    sound.truncate(seconds * RATE);
    sound
}

fn syllable(pitch_hz: f32, noise: &mut Noise) -> Vec<f32> {
    let length = between(RATE / 8, RATE / 3, noise);
    let pitch = pitch_hz * (1.0 + 0.2 * noise.next().unwrap_or_default());
    let formants = [(300, 900), (900, 2300), (2300, 3500)];
    let mut formants = formants.map(|(from, to)| Formant::new(between(from, to, noise) as f32));
    let mut phase = 0.0;
    (0..length)
        .map(|index| {
            phase += pitch / RATE as f32;
            let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
            phase -= pulse;
            let breath = 0.02 * noise.next().unwrap_or_default();
            let swell = (TAU / 2.0 * index as f32 / length as f32).sin();
            formants.iter_mut().map(|formant| formant.pass(pulse + breath)).sum::<f32>() * swell
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between the two")]
fn between(from: usize, to: usize, noise: &mut Noise) -> usize {
    let part = 0.5 + 0.5 * noise.next().unwrap_or_default();
    from + ((to - from) as f32 * part) as usize
}
