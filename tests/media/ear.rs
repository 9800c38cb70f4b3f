// SPDX-License-Identifier: MIT OR Apache-2.0
//! Listens: which tone is it, or is it silence?

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::Duration,
};

use crate::{
    melody::Listener,
    tone::{SILENCE, WINDOW, is_tone, power, samples},
};

const PATIENCE: Duration = Duration::from_secs(20);
/// A quarter of a packet, so that none that is missing hides between two.
const MOMENT: usize = WINDOW / 20;
const MOMENTS: usize = 400;

/// Everything that was heard, sample by sample.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ear(Arc<(Mutex<Vec<f32>>, Condvar)>);

impl Ear {
    pub(crate) fn hear(&self, pcm: &[u8]) {
        self.samples().extend(samples(pcm));
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

    /// Waits for two seconds, from now on, of which hardly anything is silent.
    pub(crate) fn hears_hardly_any_silence(&self) {
        let next = Cell::new(self.position());
        let moments = RefCell::new(VecDeque::new());
        drop(self.wait_until("hardly any silence", |samples| {
            let mut moments = moments.borrow_mut();
            while let Some(moment) = samples.get(next.get()..next.get() + MOMENT) {
                next.set(next.get() + MOMENT);
                moments.push_back(power(moment) < SILENCE);
                if moments.len() > MOMENTS {
                    moments.pop_front();
                }
                let silent = moments.iter().filter(|is_silent| **is_silent).count();
                if moments.len() == MOMENTS && silent * 20 <= MOMENTS {
                    return true;
                }
            }
            false
        }));
    }

    /// Waits until exactly these melodies were heard, and were over, from there on.
    pub(crate) fn hears_melodies(&self, from: usize, listener: Listener, names: &[&str]) {
        let listener = RefCell::new(listener);
        let done = |samples: &[f32]| {
            let mut listener = listener.borrow_mut();
            listener.listen(&samples[from..]);
            listener.melodies() == names
        };
        let waiting = |samples: &mut Vec<f32>| !done(samples);
        let waited = self.0.1.wait_timeout_while(self.samples(), PATIENCE, waiting);
        let in_vain = waited.unwrap().1.timed_out();
        assert!(!in_vain, "{names:?}, but {:?}", listener.borrow().melodies());
    }

    /// Of a window, from there on.
    pub(crate) fn loudest_after(&self, from: usize) -> f32 {
        self.samples()[from..].chunks_exact(WINDOW / 10).map(power).fold(0.0, f32::max)
    }

    /// Waits for a window of such power.
    pub(crate) fn hears_as_loud_as(&self, least: f32) {
        drop(self.wait_until("something so loud", |samples| {
            samples.chunks_exact(WINDOW).any(|window| power(window) >= least)
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
    use crate::tone::RATE;
    let ear = Ear::default();
    let step = std::f32::consts::TAU / RATE;
    let tone = |hz: f32| (0..4800).map(move |at| (step * hz * at as f32).sin() * 0.3);
    let window = tone(440.0).collect::<Vec<_>>();
    assert!(is_tone(&window, 440.0) && !is_tone(&window, 1000.0));
    let both = tone(440.0).zip(tone(1000.0)).map(|(one, other)| one + other).collect::<Vec<_>>();
    assert!(!is_tone(&both, 440.0) && !is_tone(&both, 1000.0));
    ear.hear(&vec![0; 2 * 16 * WINDOW]);
    ear.never_heard_anything();
    ear.hear(&window.iter().flat_map(|s| ((s * 32767.0) as i16).to_le_bytes()).collect::<Vec<_>>());
    assert!(ear.loudest() > SILENCE);
}
