// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the panel itself has to say: a short melody for each sound, a pattern for each tone.
//! Made here, sample by sample, so that no file can be missing.

use std::f32::consts::TAU;

use intercomd::core::status::{Sound, Tone};

use super::blocks::RATE;

/// A note or a pause.
#[derive(Clone, Copy, Debug)]
struct Note {
    hz: f32,
    ms: u32,
}

const fn note(hz: u16, ms: u32) -> Note {
    Note { hz: hz as f32, ms }
}

const fn rest(ms: u32) -> Note {
    note(0, ms)
}

/// Rising is good, falling is not, and each has a length of its own.
const ACTIVATED: &[Note] = &[note(880, 90)];
const CONNECTED: &[Note] = &[note(659, 110), note(988, 190)];
const DOOR_OPEN: &[Note] = &[note(784, 110), note(988, 110), note(1175, 110), note(1568, 260)];
const FAILED: &[Note] = &[note(440, 180), note(330, 180), note(247, 320)];
const REFUSED: &[Note] = &[note(196, 180), rest(70), note(196, 180)];
const WARNING: &[Note] = &[note(1047, 80), rest(60), note(1047, 80), rest(60), note(1047, 80)];

/// Repeated for as long as the tone lasts.
const RING: &[Note] = &[
    note(784, 120),
    note(988, 120),
    note(784, 120),
    note(988, 120),
    note(784, 120),
    note(988, 120),
    rest(1300),
];
const RINGBACK: &[Note] = &[note(425, 1000), rest(3000)];
const MONITOR: &[Note] = &[note(1400, 150), rest(4850)];

/// Quick enough not to click, slow enough to be soft.
const ATTACK: f32 = 0.004;
const LOUDNESS: f32 = 0.35;

fn melody(sound: Sound) -> &'static [Note] {
    match sound {
        Sound::Activated => ACTIVATED,
        Sound::Connected => CONNECTED,
        Sound::DoorOpen => DOOR_OPEN,
        Sound::Failed => FAILED,
        Sound::Refused => REFUSED,
        Sound::Warning => WARNING,
    }
}

fn pattern(tone: Tone) -> &'static [Note] {
    match tone {
        Tone::Ring => RING,
        Tone::Ringback => RINGBACK,
        Tone::Monitor => MONITOR,
    }
}

/// Something being played. It ends by yielding nothing more.
#[derive(Debug)]
pub(crate) struct Voice {
    notes: &'static [Note],
    again: bool,
    at: usize,
    sample: u32,
}

impl Voice {
    pub(crate) fn of_sound(sound: Sound) -> Self {
        Self { notes: melody(sound), again: false, at: 0, sample: 0 }
    }

    pub(crate) fn of_tone(tone: Tone) -> Self {
        Self { notes: pattern(tone), again: true, at: 0, sample: 0 }
    }
}

impl Iterator for Voice {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        let note = *self.notes.get(self.at)?;
        let value = note.value(self.sample);
        self.sample += 1;
        if self.sample >= note.samples() {
            (self.at, self.sample) = (self.at + 1, 0);
            if self.again && self.at == self.notes.len() {
                self.at = 0;
            }
        }
        Some(value)
    }
}

impl Note {
    fn samples(self) -> u32 {
        self.ms * RATE / 1000
    }

    /// A struck bar: a fundamental and a quieter, shorter octave, dying away.
    #[expect(clippy::cast_precision_loss, reason = "a note has few samples")]
    fn value(self, sample: u32) -> f32 {
        let second = sample as f32 / RATE as f32;
        let left = self.samples().saturating_sub(sample) as f32 / RATE as f32;
        let whole = self.ms as f32 / 1000.0;
        let edge = (second / ATTACK).min(left / ATTACK).min(1.0);
        let fade = (-1.2 * second / whole).exp();
        let at = |hz: f32| (TAU * hz * second).sin();
        LOUDNESS * edge * fade * (0.85 * at(self.hz) + 0.15 * fade * at(2.0 * self.hz))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sound_is_short_loud_enough_and_unlike_the_others() {
        let mut heard = Vec::new();
        for sound in Sound::ALL {
            let samples = Voice::of_sound(*sound).collect::<Vec<_>>();
            assert!(samples.len() < RATE as usize, "{sound} is over within a second");
            let peak = samples.iter().fold(0f32, |peak, value| peak.max(value.abs()));
            assert!((0.2..0.5).contains(&peak), "{sound}: {peak}");
            assert!(samples.windows(2).all(|two| (two[0] - two[1]).abs() < 0.1), "{sound} clicks");
            assert!(!heard.contains(&samples), "{sound} sounds like another");
            heard.push(samples);
        }
    }

    #[test]
    fn every_tone_goes_on() {
        for tone in Tone::ALL {
            let ten_seconds = Voice::of_tone(*tone).take(10 * RATE as usize).collect::<Vec<_>>();
            assert_eq!(ten_seconds.len(), 10 * RATE as usize, "{tone}");
            let loud = |part: &[f32]| part.iter().any(|value| value.abs() > 0.1);
            let (first, second) = ten_seconds.split_at(5 * RATE as usize);
            assert!(loud(first) && loud(second), "{tone}");
        }
    }
}
