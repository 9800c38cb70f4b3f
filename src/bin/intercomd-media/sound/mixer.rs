// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is heard at the door: the handsets that may be heard, and the panel's own sounds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use intercomd::core::status::{Sound, Tone};

use super::{
    blocks::{self, BLOCK},
    cushion::Cushion,
    level::Level,
    panel::Panel,
    repertoire::Repertoire,
};
use crate::{fan_out::FanOut, pass::Notice};

/// One session's way to the loudspeaker.
#[derive(Debug, Default)]
pub(crate) struct Inlet(Mutex<Cushion>);

impl Inlet {
    pub(crate) fn put(&self, pcm: &[u8]) {
        self.cushion().put(blocks::samples(pcm));
    }

    /// What came before a gate closed is not heard after it.
    pub(crate) fn empty(&self) {
        *self.cushion() = Cushion::default();
    }

    fn cushion(&self) -> MutexGuard<'_, Cushion> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub(crate) struct Mixer {
    inlets: FanOut<Inlet>,
    panel: Mutex<Panel>,
    /// Of the handsets alone, before the volume.
    pub(crate) heard: Level,
}

impl Mixer {
    pub(crate) fn new(repertoire: Repertoire) -> Self {
        let panel = Mutex::new(Panel::new(repertoire));
        Self { inlets: FanOut::default(), panel, heard: Level::default() }
    }

    pub(crate) fn inlet(&self) -> Arc<Inlet> {
        let inlet = Arc::new(Inlet::default());
        self.inlets.join(&inlet);
        inlet
    }

    fn panel(&self) -> MutexGuard<'_, Panel> {
        self.panel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever waits for its end before a microphone is heard.
    pub(crate) fn notice(&self) -> Arc<Notice> {
        self.panel().notice()
    }

    pub(crate) fn play(&self, sound: Sound) {
        self.panel().play(sound);
    }

    pub(crate) fn tone(&self, tone: Option<Tone>) {
        self.panel().tone(tone);
    }

    pub(crate) fn volume(&self, percent: u8, chimes: u8) {
        self.panel().volume(percent, chimes);
    }

    /// The next ten milliseconds of everything.
    pub(crate) fn mix(&self) -> [f32; BLOCK] {
        let mut block = [0f32; BLOCK];
        self.inlets.each(|inlet| {
            if let Some(samples) = inlet.cushion().take() {
                add(&mut block, samples.map(blocks::from_pcm));
            }
        });
        self.heard.measure(block.iter().copied());
        self.panel().join_in(&mut block);
        block
    }
}

fn add(block: &mut [f32], samples: impl Iterator<Item = f32>) {
    block.iter_mut().zip(samples).for_each(|(sum, value)| *sum += value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixer() -> Mixer {
        Mixer::new(Repertoire::default())
    }

    fn pcm(value: i16) -> Vec<u8> {
        std::iter::repeat_n(value.to_le_bytes(), 2 * BLOCK).flatten().collect()
    }

    #[test]
    fn handsets_are_added_and_the_volume_applies() {
        let mixer = mixer();
        mixer.volume(100, 100);
        let (one, two) = (mixer.inlet(), mixer.inlet());
        one.put(&pcm(8192));
        two.put(&pcm(4096));
        assert_eq!(mixer.mix(), [0.375; BLOCK]);
        mixer.volume(50, 100);
        assert_eq!(mixer.mix(), [0.09375; BLOCK]);
    }

    #[test]
    fn an_inlet_that_was_emptied_or_dropped_is_silent() {
        let mixer = mixer();
        let (one, two) = (mixer.inlet(), mixer.inlet());
        one.put(&pcm(8192));
        two.put(&pcm(8192));
        one.empty();
        drop(two);
        assert_eq!(mixer.mix(), [0.0; BLOCK]);
    }
}
