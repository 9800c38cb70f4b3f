// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is heard at the door: the handsets that may be heard, and the panel's own sounds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use intercomd::core::status::{Sound, Tone};

use super::{
    blocks::{self, BLOCK},
    inlet::Inlet,
    level::Level,
    opus::Decode,
    panel::Panel,
    repertoire::Repertoire,
};
use crate::{fan_out::FanOut, pass::Notice};

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

    pub(crate) fn inlet(&self, decoder: Box<dyn Decode>) -> Arc<Inlet> {
        let inlet = Arc::new(Inlet::new(decoder));
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

    /// Whether there is a loudspeaker.
    pub(crate) fn is_heard(&self, is_heard: bool) {
        self.panel().is_heard(is_heard);
    }

    /// The next ten milliseconds of everything. `speak` may change what the handsets say.
    pub(crate) fn mix(&self, speak: impl FnOnce(&mut [f32; BLOCK])) -> [f32; BLOCK] {
        let mut block = [0f32; BLOCK];
        self.inlets.each(|inlet| {
            if let Some(samples) = inlet.take() {
                add(&mut block, samples.into_iter().map(blocks::from_pcm));
            }
        });
        self.heard.measure(block.iter().copied());
        speak(&mut block);
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
    use crate::sound::cushion::fake::Plain;

    fn inlet(mixer: &Mixer) -> Arc<Inlet> {
        mixer.inlet(Box::new(Plain::default()))
    }

    fn as_said(_: &mut [f32; BLOCK]) {}

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
        let (one, two) = (inlet(&mixer), inlet(&mixer));
        one.put(0, &pcm(8192), || true);
        two.put(0, &pcm(4096), || true);
        assert_eq!(mixer.mix(as_said), [0.375; BLOCK]);
        mixer.volume(50, 100);
        assert_eq!(mixer.mix(as_said), [0.09375; BLOCK]);
    }

    #[test]
    fn what_the_handsets_say_can_be_attenuated_and_what_the_panel_says_cannot() {
        let mixer = mixer();
        let inlet = inlet(&mixer);
        inlet.put(0, &pcm(8192), || true);
        assert_eq!(mixer.mix(|handsets| handsets.fill(0.0)), [0.0; BLOCK]);
        mixer.tone(Some(Tone::Monitor));
        let heard = (0..15).flat_map(|_| mixer.mix(|handsets| handsets.fill(0.0)));
        assert!(heard.map(|value| value * value).sum::<f32>() > 1.0);
    }

    #[test]
    fn an_inlet_that_was_emptied_or_dropped_is_silent() {
        let mixer = mixer();
        let (one, two) = (inlet(&mixer), inlet(&mixer));
        one.put(0, &pcm(8192), || true);
        two.put(0, &pcm(8192), || true);
        one.empty();
        drop(two);
        assert_eq!(mixer.mix(as_said), [0.0; BLOCK]);
    }
}
