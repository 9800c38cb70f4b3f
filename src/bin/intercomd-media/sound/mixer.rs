// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is heard at the door: the handsets that may be heard, and the panel's own sounds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use intercomd::core::status::{Sound, Tone};

use super::{
    blocks::{self, BLOCK},
    inlet::Inlet,
    level::Level,
    opus::Decode,
    voice::Voice,
};
use crate::fan_out::FanOut;

#[derive(Debug, Default)]
pub(crate) struct Mixer {
    inlets: FanOut<Inlet>,
    panel: Mutex<Panel>,
    /// Of the handsets alone, before the volume.
    pub(crate) heard: Level,
}

#[derive(Debug)]
struct Panel {
    sound: Option<Voice>,
    tone: Option<(Tone, Voice)>,
    volume: f32,
}

impl Default for Panel {
    fn default() -> Self {
        Self { sound: None, tone: None, volume: gain(70) }
    }
}

/// Half way is half as loud, not half the voltage.
fn gain(percent: u8) -> f32 {
    (f32::from(percent.min(100)) / 100.0).powi(2)
}

impl Mixer {
    pub(crate) fn inlet(&self, decoder: Box<dyn Decode>) -> Arc<Inlet> {
        let inlet = Arc::new(Inlet::new(decoder));
        self.inlets.join(&inlet);
        inlet
    }

    fn panel(&self) -> MutexGuard<'_, Panel> {
        self.panel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest sound is the one that matters.
    pub(crate) fn play(&self, sound: Sound) {
        self.panel().sound = Some(Voice::of_sound(sound));
    }

    pub(crate) fn tone(&self, tone: Option<Tone>) {
        let mut panel = self.panel();
        if panel.tone.as_ref().map(|(tone, _)| *tone) != tone {
            panel.tone = tone.map(|tone| (tone, Voice::of_tone(tone)));
        }
    }

    pub(crate) fn volume(&self, percent: u8) {
        self.panel().volume = gain(percent);
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
        let mut panel = self.panel();
        if let Some(sound) = &mut panel.sound {
            add(&mut block, sound);
        }
        let volume = panel.volume;
        let scale = |block: &mut [f32]| block.iter_mut().for_each(|value| *value *= volume);
        match &mut panel.tone {
            // Nobody may turn it down: somebody listens in.
            Some((Tone::Monitor, voice)) => {
                scale(&mut block);
                add(&mut block, voice);
            }
            Some((Tone::Ring | Tone::Ringback, voice)) => {
                add(&mut block, voice);
                scale(&mut block);
            }
            None => scale(&mut block),
        }
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

    fn power(mixer: &Mixer, blocks: usize) -> f32 {
        (0..blocks).flat_map(|_| mixer.mix(as_said)).map(|value| value * value).sum()
    }

    fn pcm(value: i16) -> Vec<u8> {
        std::iter::repeat_n(value.to_le_bytes(), 2 * BLOCK).flatten().collect()
    }

    #[test]
    fn handsets_are_added_and_the_volume_applies() {
        let mixer = Mixer::default();
        mixer.volume(100);
        let (one, two) = (inlet(&mixer), inlet(&mixer));
        one.put(0, &pcm(8192));
        two.put(0, &pcm(4096));
        assert_eq!(mixer.mix(as_said), [0.375; BLOCK]);
        mixer.volume(50);
        assert_eq!(mixer.mix(as_said), [0.09375; BLOCK]);
    }

    #[test]
    fn what_the_handsets_say_can_be_attenuated_and_what_the_panel_says_cannot() {
        let mixer = Mixer::default();
        let inlet = inlet(&mixer);
        inlet.put(0, &pcm(8192));
        assert_eq!(mixer.mix(|handsets| handsets.fill(0.0)), [0.0; BLOCK]);
        mixer.tone(Some(Tone::Monitor));
        let heard = (0..15).flat_map(|_| mixer.mix(|handsets| handsets.fill(0.0)));
        assert!(heard.map(|value| value * value).sum::<f32>() > 1.0);
    }

    #[test]
    fn an_inlet_that_was_emptied_or_dropped_is_silent() {
        let mixer = Mixer::default();
        let (one, two) = (inlet(&mixer), inlet(&mixer));
        one.put(0, &pcm(8192));
        two.put(0, &pcm(8192));
        one.empty();
        drop(two);
        assert_eq!(mixer.mix(as_said), [0.0; BLOCK]);
    }

    #[test]
    fn a_sound_ends_by_itself_and_a_tone_when_it_is_told_to() {
        let mixer = Mixer::default();
        mixer.play(Sound::Connected);
        assert!(power(&mixer, 30) > 1.0);
        assert_eq!(power(&mixer, 100), 0.0);
        mixer.tone(Some(Tone::Ring));
        assert!(power(&mixer, 70) > 1.0);
        mixer.tone(None);
        assert_eq!(power(&mixer, 10), 0.0);
    }

    #[test]
    fn the_monitor_tone_cannot_be_turned_down() {
        let mixer = Mixer::default();
        mixer.volume(0);
        mixer.tone(Some(Tone::Ringback));
        assert_eq!(power(&mixer, 100), 0.0);
        mixer.tone(Some(Tone::Monitor));
        assert!(power(&mixer, 15) > 1.0);
    }
}
