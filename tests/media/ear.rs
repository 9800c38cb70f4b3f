// SPDX-License-Identifier: MIT OR Apache-2.0
//! Listens: which tone is it, or is it silence?

use std::{
    cell::Cell,
    f32::consts::TAU,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::Duration,
};

pub(crate) const RATE: f32 = 48_000.0;
const PATIENCE: Duration = Duration::from_secs(20);
/// 100 ms.
const WINDOW: usize = 4800;
/// Some 60 dB below full scale. What Opus makes of nothing is far below.
const SILENCE: f32 = 1e-6;

/// Everything that was heard, sample by sample.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ear(Arc<(Mutex<Vec<f32>>, Condvar)>);

/// The mean square of that tone in the samples.
fn goertzel(samples: &[f32], hz: f32) -> f32 {
    let step = TAU * hz / RATE;
    let (mut before, mut last) = (0f32, 0f32);
    for sample in samples {
        (before, last) = (last, sample + 2.0 * step.cos() * last - before);
    }
    let count = samples.len() as f32;
    2.0 * (last * last + before * before - 2.0 * step.cos() * last * before) / (count * count)
}

fn power(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32
}

fn is_tone(window: &[f32], hz: f32) -> bool {
    let power = power(window);
    power > 1e-3 && goertzel(window, hz) / power > 0.9
}

impl Ear {
    pub(crate) fn hear(&self, pcm: &[u8]) {
        let samples = pcm.as_chunks::<2>().0.iter();
        let samples = samples.map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32768.0);
        self.samples().extend(samples);
        self.0.1.notify_all();
    }

    fn samples(&self) -> MutexGuard<'_, Vec<f32>> {
        self.0.0.lock().unwrap()
    }

    /// How much has been heard so far.
    pub(crate) fn position(&self) -> usize {
        self.samples().len()
    }

    fn wait_until(&self, what: &str, done: impl Fn(&[f32]) -> bool) -> MutexGuard<'_, Vec<f32>> {
        let waiting = |samples: &mut Vec<f32>| !done(samples);
        let waited = self.0.1.wait_timeout_while(self.samples(), PATIENCE, waiting);
        let (samples, timeout) = waited.unwrap();
        assert!(!timeout.timed_out(), "{what}: not after {} samples", samples.len());
        samples
    }

    /// Waits for that tone, and nothing else, from now on.
    pub(crate) fn hears(&self, hz: f32) {
        let next = Cell::new(self.position());
        drop(self.wait_until(&format!("{hz} Hz"), |samples| {
            while let Some(window) = samples.get(next.get()..next.get() + WINDOW) {
                if is_tone(window, hz) {
                    return true;
                }
                next.set(next.get() + WINDOW / 10);
            }
            false
        }));
    }

    /// Waits for anything at all.
    pub(crate) fn hears_something_after(&self, from: usize) {
        drop(self.wait_until("something", |samples| {
            samples[from..].chunks_exact(240).any(|window| power(window) > 1e-4)
        }));
    }

    /// A second of nothing, which has to arrive all the same, once what was under way is over.
    pub(crate) fn hears_silence(&self) {
        let from = self.position() + 3 * WINDOW;
        let samples = self.wait_until("a second", |samples| samples.len() > from + 10 * WINDOW);
        let loudest = samples[from..].chunks_exact(WINDOW).map(power).fold(0.0, f32::max);
        assert!(loudest < SILENCE, "{loudest}");
    }

    /// Waits for a second of nothing.
    pub(crate) fn hears_silence_at_last(&self) {
        drop(self.wait_until("silence", |samples| {
            let last = samples.len().saturating_sub(10 * WINDOW);
            last > 0 && samples[last..].chunks(WINDOW).all(|window| power(window) < SILENCE)
        }));
    }

    /// All that was ever heard was silence.
    pub(crate) fn never_heard_anything(&self) {
        let loudest = self.loudest();
        assert!(loudest < SILENCE, "{loudest}");
    }

    fn loudest(&self) -> f32 {
        self.samples().chunks(WINDOW).map(power).fold(0.0, f32::max)
    }
}

#[test]
fn the_ear_tells_tones_and_silence_apart() {
    let ear = Ear::default();
    let tone = |hz: f32| (0..4800).map(move |at| (TAU * hz * at as f32 / RATE).sin() * 0.3);
    let window = tone(440.0).collect::<Vec<_>>();
    assert!(is_tone(&window, 440.0) && !is_tone(&window, 1000.0));
    let both = tone(440.0).zip(tone(1000.0)).map(|(one, other)| one + other).collect::<Vec<_>>();
    assert!(!is_tone(&both, 440.0) && !is_tone(&both, 1000.0));
    ear.hear(&vec![0; 2 * 16 * WINDOW]);
    ear.never_heard_anything();
    ear.hear(&window.iter().flat_map(|s| ((s * 32767.0) as i16).to_le_bytes()).collect::<Vec<_>>());
    assert!(ear.loudest() > SILENCE);
}
