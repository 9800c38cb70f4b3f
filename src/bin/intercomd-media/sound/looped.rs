// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the mixer through the loudspeaker and the microphone back here: what a loop test measures.

use std::{
    ops::Range,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use intercomd::{core::Moment, media::LoopTest};

use super::{
    blocks::{self, BLOCK, RATE},
    chirp::{self, SEARCHED},
};
use crate::fact::{Fact, Teller};

/// Samples of what there is without the chirp.
const LEAD: usize = RATE as usize / 5;
/// Less is what a converter makes of nothing.
const SILENCE: f32 = -84.0;

#[derive(Debug, Default)]
pub(super) struct Loop(Mutex<Option<Recording>>);

/// Of the microphone, as it comes from it: nothing was cancelled or suppressed.
#[derive(Debug)]
pub(crate) struct Recording {
    samples: Vec<i16>,
    heard: Stream,
    played: Stream,
    teller: Teller,
}

/// Threads are late and never early: when a stream began is what the most punctual of its blocks says.
#[derive(Debug, Default)]
struct Stream {
    samples: usize,
    began: Option<Moment>,
}

impl Stream {
    fn pass(&mut self, now: Moment, samples: usize) {
        let began = Moment(now.0.saturating_sub(lasting(self.samples)));
        self.began = Some(self.began.map_or(began, |known| known.min(began)));
        self.samples += samples;
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few seconds of samples")]
fn lasting(samples: usize) -> Duration {
    Duration::from_secs_f64(samples as f64 / f64::from(RATE))
}

impl Loop {
    /// [`Fact::Recorded`] says when it is over.
    pub(super) fn begin(&self, teller: &Teller) {
        *self.recording() = Some(Recording {
            samples: Vec::with_capacity(SEARCHED),
            heard: Stream::default(),
            played: Stream::default(),
            teller: teller.clone(),
        });
    }

    /// What there is of it. From now on nothing is played or heard here.
    pub(super) fn end(&self) -> Option<Recording> {
        self.recording().take()
    }

    /// Nothing else is to be heard while there is a test.
    pub(super) fn play(&self, now: Moment, block: &mut [f32; BLOCK]) {
        let mut recording = self.recording();
        let Some(recording) = recording.as_mut() else { return };
        if recording.samples.len() < LEAD {
            return;
        }
        let at = recording.played.samples;
        block.iter_mut().zip(at..).for_each(|(value, at)| *value += chirp::sample(at));
        recording.played.pass(now, BLOCK);
    }

    pub(super) fn hear(&self, now: Moment, block: &[u8]) {
        let mut recording = self.recording();
        let Some(recording) = recording.as_mut() else { return };
        let missing = SEARCHED - recording.samples.len();
        if missing == 0 {
            return;
        }
        recording.heard.pass(now, block.len() / 2);
        recording.samples.extend(blocks::samples(block).take(missing));
        if recording.samples.len() == SEARCHED {
            recording.teller.tell(Fact::Recorded);
        }
    }

    fn recording(&self) -> MutexGuard<'_, Option<Recording>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recording {
    /// Takes a while.
    pub(crate) fn measure(&self) -> LoopTest {
        if self.level(0..self.samples.len()) < SILENCE {
            return LoopTest::Silent;
        }
        let noise = rounded(self.level(0..LEAD));
        let found = chirp::find(&self.samples);
        let (Some(found), Some(heard), Some(played)) = (found, self.heard.began, self.played.began)
        else {
            return LoopTest::NotHeard { noise };
        };
        LoopTest::Heard {
            level: rounded(chirp::level() + found.gain),
            noise,
            delay: (heard + lasting(found.at)).since(played),
            return_loss: rounded(-found.gain),
        }
    }

    fn level(&self, of: Range<usize>) -> f32 {
        let samples = self.samples.get(of).unwrap_or_default();
        chirp::level_of(samples.iter().copied().map(blocks::from_pcm))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range before")]
fn rounded(db: f32) -> i8 {
    db.round().clamp(-90.0, 90.0) as i8
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    fn at(ms: usize) -> Moment {
        Moment::from_millis(ms as u64)
    }

    fn bytes(block: [f32; BLOCK]) -> Vec<u8> {
        block.into_iter().flat_map(|value| blocks::to_pcm(value).to_le_bytes()).collect()
    }

    /// Ten milliseconds after the other, the loudspeaker's thread three after the microphone's and sometimes late.
    fn test(way: impl Fn(usize, [f32; BLOCK]) -> [f32; BLOCK]) -> LoopTest {
        let (facts, mut told) = mpsc::channel(1);
        let looped = Loop::default();
        looped.begin(&Teller::new(facts));
        let mut heard = [0.0; BLOCK];
        for round in 0.. {
            looped.hear(at(1000 + 10 * round), &bytes(heard));
            if told.try_recv().is_ok() {
                break;
            }
            let mut block = [0.0; BLOCK];
            let late = if round % 7 == 0 { 4 } else { 0 };
            looped.play(at(1003 + 10 * round + late), &mut block);
            heard = way(round, block);
        }
        looped.end().unwrap().measure()
    }

    #[test]
    fn what_comes_back_is_measured_by_the_clock() {
        let heard = test(|_, block| block.map(|value| 0.01 * value));
        let LoopTest::Heard { level, noise, delay, return_loss } = heard else {
            panic!("{heard:?}");
        };
        assert_eq!((level, noise, return_loss), (-57, -90, 40));
        // It is heard with the next block.
        assert_eq!(delay.as_millis(), 7);
    }

    #[test]
    fn silence_and_noise_are_told_apart() {
        assert_eq!(test(|_, _| [0.0; BLOCK]), LoopTest::Silent);
        let hum = |round: usize| {
            std::array::from_fn(|at| 0.01 * ((round * BLOCK + at) as f32 * 0.0065).sin())
        };
        assert_eq!(test(|round, _| hum(round)), LoopTest::NotHeard { noise: -43 });
    }

    #[test]
    fn without_a_test_nothing_is_played() {
        let looped = Loop::default();
        let mut block = [0.5; BLOCK];
        looped.play(at(0), &mut block);
        looped.hear(at(0), &bytes(block));
        assert_eq!(block, [0.5; BLOCK]);
        assert!(looped.end().is_none());
    }

    #[test]
    fn a_test_that_was_ended_is_heard_no_more() {
        let (facts, _told) = mpsc::channel(1);
        let looped = Loop::default();
        looped.begin(&Teller::new(facts));
        let mut block = [0.0; BLOCK];
        (0..30).for_each(|_| looped.hear(at(0), &bytes([0.0; BLOCK])));
        looped.play(at(0), &mut block);
        assert_ne!(block, [0.0; BLOCK]);
        looped.end();
        block = [0.0; BLOCK];
        looped.play(at(10), &mut block);
        assert_eq!(block, [0.0; BLOCK]);
    }
}
