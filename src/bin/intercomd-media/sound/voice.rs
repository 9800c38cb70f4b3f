// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is built in: a short melody for each sound, a pattern for each tone. Made here, sample by
//! sample, so that no file can be missing.

use std::{f32::consts::TAU, sync::Arc};

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
/// Unlike all the others, up and down.
const MONITORED: &[Note] = &[note(1319, 180), note(1047, 180), note(1319, 180), note(1047, 240)];

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
        Sound::Monitored => MONITORED,
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
    score: Score,
    again: bool,
    gain: f32,
}

#[derive(Debug)]
enum Score {
    Notes { notes: &'static [Note], at: usize, sample: u32 },
    Recording { samples: Arc<[f32]>, at: usize },
}

impl Voice {
    pub(crate) fn of_sound(sound: Sound) -> Self {
        Self::new(Score::Notes { notes: melody(sound), at: 0, sample: 0 }, false)
    }

    pub(crate) fn of_tone(tone: Tone) -> Self {
        Self::new(Score::Notes { notes: pattern(tone), at: 0, sample: 0 }, true)
    }

    pub(crate) fn of_recording(samples: &Arc<[f32]>, again: bool) -> Self {
        Self::new(Score::Recording { samples: Arc::clone(samples), at: 0 }, again)
    }

    fn new(score: Score, again: bool) -> Self {
        Self { score, again, gain: 1.0 }
    }

    pub(crate) fn softer(self, gain: f32) -> Self {
        Self { gain, ..self }
    }
}

impl Iterator for Voice {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        let value = self.score.next().or_else(|| {
            if self.again {
                self.score.rewind();
            }
            self.score.next()
        });
        value.map(|value| self.gain * value)
    }
}

impl Score {
    fn next(&mut self) -> Option<f32> {
        match self {
            Self::Recording { samples, at } => {
                let value = samples.get(*at).copied();
                *at += usize::from(value.is_some());
                value
            }
            Self::Notes { notes, at, sample } => {
                let note = *notes.get(*at)?;
                let value = note.value(*sample);
                *sample += 1;
                if *sample >= note.samples() {
                    (*at, *sample) = (*at + 1, 0);
                }
                Some(value)
            }
        }
    }

    fn rewind(&mut self) {
        match self {
            Self::Recording { at, .. } | Self::Notes { at, .. } => *at = 0,
        }
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
    fn a_recording_is_heard_once_or_again_and_again() {
        let samples: Arc<[f32]> = [0.5, -0.5, 0.25].into();
        let once = Voice::of_recording(&samples, false).collect::<Vec<_>>();
        assert_eq!(once, [0.5, -0.5, 0.25]);
        let softly = Voice::of_recording(&samples, true).softer(0.5).take(5);
        assert_eq!(softly.collect::<Vec<_>>(), [0.25, -0.25, 0.125, 0.25, -0.25]);
        assert_eq!(Voice::of_recording(&[].into(), true).next(), None);
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
