// SPDX-License-Identifier: MIT OR Apache-2.0
//! Between loudspeaker and microphone: what the one said must not come back through the other. The loudspeaker's
//! thread only leaves what it plays; all the work is done on the microphone's.

mod bands;
mod canceller;
mod cleaner;
mod ear;
mod floor;
mod gain;
mod judge;
mod meter;
mod switch;

#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use intercomd::media::{EchoFigures, setup};

pub(crate) use self::ear::Ear;
use super::blocks::{self, BLOCK};

/// More than either thread is ever late. What is older was played while nobody listened.
const KEPT: usize = 50;

/// Ten milliseconds of sound, as sound cards have it.
pub(crate) type Pcm = [i16; BLOCK];

#[derive(Debug)]
pub(crate) struct Echo {
    mode: setup::Echo,
    noise: setup::NoiseSuppression,
    gain_control: u8,
    far: Mutex<Far>,
    figures: Mutex<Option<EchoFigures>>,
}

/// The loudspeaker's side.
#[derive(Debug)]
struct Far {
    played: VecDeque<Played>,
    /// Of what the handsets say, before anything attenuates it.
    level: f32,
    gain: f32,
    wanted: f32,
}

#[derive(Clone, Copy, Debug)]
struct Played {
    pcm: Pcm,
    level: f32,
}

impl Echo {
    pub(crate) fn new(audio: &setup::Audio) -> Self {
        let played = VecDeque::with_capacity(KEPT);
        let far = Mutex::new(Far { played, level: SILENCE, gain: 1.0, wanted: 1.0 });
        let (mode, noise) = (audio.echo, audio.noise_suppression);
        Self { mode, noise, gain_control: audio.gain_control, far, figures: Mutex::default() }
    }

    /// What the handsets say, on its way to the loudspeaker. The panel's own sounds are not for it: nobody may turn
    /// down the monitor tone.
    pub(crate) fn speak(&self, block: &mut [f32; BLOCK]) {
        if self.mode == setup::Echo::Off {
            return;
        }
        let mut far = self.far();
        far.level = level(block.iter().copied());
        let wanted = far.wanted;
        let from = std::mem::replace(&mut far.gain, wanted);
        fade(from, wanted, block.iter_mut(), |value, gain| *value *= gain);
    }

    /// What the loudspeaker got.
    pub(crate) fn play(&self, block: &[u8]) {
        if self.mode == setup::Echo::Off {
            return;
        }
        let mut pcm = [0; BLOCK];
        pcm.iter_mut().zip(blocks::samples(block)).for_each(|(to, from)| *to = from);
        let mut far = self.far();
        if far.played.len() == KEPT {
            far.played.pop_front();
        }
        let level = far.level;
        far.played.push_back(Played { pcm, level });
    }

    /// For a microphone that opens. Without one, there is nothing to be done to its sound.
    pub(crate) fn ear(self: &Arc<Self>) -> Option<Ear> {
        let idle = self.mode == setup::Echo::Off
            && self.noise == setup::NoiseSuppression::Off
            && self.gain_control == 0;
        self.far().played.clear();
        self.note(None);
        (!idle).then(|| Ear::new(Arc::clone(self)))
    }

    /// Of the microphone that is open or was last, where anything is cancelled and a handset has spoken.
    pub(crate) fn figures(&self) -> Option<EchoFigures> {
        *self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, figures: Option<EchoFigures>) {
        *self.figures.lock().unwrap_or_else(PoisonError::into_inner) = figures;
    }

    fn next_played(&self) -> Option<Played> {
        self.far().played.pop_front()
    }

    fn attenuate(&self, gain: f32) {
        self.far().wanted = gain;
    }

    fn far(&self) -> MutexGuard<'_, Far> {
        self.far.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In dB below full scale.
const SILENCE: f32 = -90.0;

#[expect(clippy::cast_precision_loss, reason = "a block is short")]
fn level(samples: impl ExactSizeIterator<Item = f32>) -> f32 {
    let count = samples.len().max(1) as f32;
    let power = samples.map(|value| value * value).sum::<f32>() / count;
    (10.0 * power.log10()).max(SILENCE)
}

fn level_of(pcm: &Pcm) -> f32 {
    level(pcm.iter().copied().map(blocks::from_pcm))
}

/// From one gain to another within a block, since a step would click.
#[expect(clippy::cast_precision_loss, reason = "a block is short")]
fn fade<T>(from: f32, to: f32, values: impl Iterator<Item = T>, apply: impl Fn(T, f32)) {
    let step = (to - from) / BLOCK as f32;
    for (index, value) in values.enumerate() {
        apply(value, step.mul_add(index as f32 + 1.0, from));
    }
}
