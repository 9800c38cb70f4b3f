// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the panel itself has to say, one thing after the other: that somebody listens in, then the
//! newest sound, then the tone.

use std::sync::Arc;

use intercomd::core::status::{Sound, Tone};

use super::{blocks::BLOCK, repertoire::Repertoire, voice::Voice};
use crate::pass::Notice;

#[derive(Debug)]
pub(super) struct Panel {
    repertoire: Repertoire,
    notice: Arc<Notice>,
    announcement: Option<Voice>,
    sound: Option<Voice>,
    tone: Option<(Tone, Voice)>,
    is_heard: bool,
    volume: f32,
    /// The share of it that the panel's own sounds get.
    chimes: f32,
}

/// Half way is half as loud, not half the voltage.
pub(super) fn gain(percent: u8) -> f32 {
    (f32::from(percent.min(100)) / 100.0).powi(2)
}

impl Panel {
    pub(super) fn new(repertoire: Repertoire) -> Self {
        Self {
            repertoire,
            notice: Arc::default(),
            announcement: None,
            sound: None,
            tone: None,
            is_heard: true,
            volume: gain(70),
            chimes: 1.0,
        }
    }

    pub(super) fn notice(&self) -> Arc<Notice> {
        Arc::clone(&self.notice)
    }

    /// The newest sound is the one that matters.
    pub(super) fn play(&mut self, sound: Sound) {
        let voice = self.repertoire.sound(sound);
        match sound {
            Sound::Monitored => {
                self.notice.begins();
                self.announcement = Some(voice);
            }
            Sound::Activated
            | Sound::Connected
            | Sound::DoorOpen
            | Sound::Failed
            | Sound::Refused
            | Sound::Warning => self.sound = Some(voice),
        }
    }

    pub(super) fn tone(&mut self, tone: Option<Tone>) {
        if self.tone.as_ref().map(|(tone, _)| *tone) != tone {
            self.tone = tone.map(|tone| (tone, self.repertoire.tone(tone)));
        }
        if tone.is_none() && !self.is_heard {
            // Whom it was about has left.
            self.announcement = None;
            self.notice.ends();
        }
    }

    pub(super) fn volume(&mut self, percent: u8, chimes: u8) {
        (self.volume, self.chimes) = (gain(percent), gain(chimes));
    }

    /// Whether a loudspeaker has what is made here. While there is none nobody can be told of a
    /// listener, and once there is one again it is told anew.
    pub(super) fn is_heard(&mut self, is_heard: bool) {
        if self.is_heard && !is_heard {
            let has_listener = matches!(self.tone, Some((Tone::Monitor, _)));
            if has_listener || self.announcement.is_some() {
                self.play(Sound::Monitored);
            }
        }
        self.is_heard = is_heard;
    }

    /// Makes of what handsets say everything that is heard.
    pub(super) fn join_in(&mut self, block: &mut [f32; BLOCK]) {
        block.iter_mut().for_each(|value| *value *= self.volume);
        if !self.is_heard {
            return;
        }
        let own = self.volume * self.chimes;
        // Nobody may turn this down, nor the tone that follows it: somebody listens in.
        if sing(&mut self.announcement, 1.0, block) {
            if self.announcement.is_none() {
                self.notice.ends();
            }
            return;
        }
        let sounding = sing(&mut self.sound, own, block);
        match &mut self.tone {
            Some((Tone::Monitor, voice)) => drop(add(block, voice, 1.0)),
            Some((Tone::Ring | Tone::Ringback, voice)) if !sounding => {
                add(block, voice, own);
            }
            Some((Tone::Ring | Tone::Ringback, _)) | None => {}
        }
    }
}

/// Whether there was anything to sing. What has ended is gone.
fn sing(voice: &mut Option<Voice>, gain: f32, block: &mut [f32; BLOCK]) -> bool {
    let Some(singer) = voice else { return false };
    if !add(block, singer, gain) {
        *voice = None;
    }
    true
}

/// Whether there may be more of it.
fn add(block: &mut [f32; BLOCK], voice: &mut Voice, gain: f32) -> bool {
    block.iter_mut().all(|sum| voice.next().map(|value| *sum += gain * value).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel() -> Panel {
        Panel::new(Repertoire::default())
    }

    fn heard(panel: &mut Panel, blocks: usize) -> Vec<f32> {
        let block = |_| {
            let mut block = [0.0; BLOCK];
            panel.join_in(&mut block);
            block
        };
        (0..blocks).flat_map(block).collect()
    }

    fn power(panel: &mut Panel, blocks: usize) -> f32 {
        heard(panel, blocks).into_iter().map(|value| value * value).sum()
    }

    /// The samples of a voice as the panel sings them, from a block's beginning on.
    fn as_sung(voice: Voice, gain: f32, blocks: usize) -> Vec<f32> {
        let samples = voice.map(|value| gain * value).chain(std::iter::repeat(0.0));
        samples.take(blocks * BLOCK).collect()
    }

    #[test]
    fn a_sound_ends_by_itself_and_a_tone_when_it_is_told_to() {
        let mut panel = panel();
        panel.play(Sound::Connected);
        assert!(power(&mut panel, 30) > 1.0);
        assert_eq!(power(&mut panel, 100), 0.0);
        panel.tone(Some(Tone::Ring));
        assert!(power(&mut panel, 70) > 1.0);
        panel.tone(None);
        assert_eq!(power(&mut panel, 10), 0.0);
    }

    #[test]
    fn a_tone_waits_for_the_sound_before_it() {
        let mut panel = panel();
        panel.volume(100, 100);
        panel.tone(Some(Tone::Ringback));
        panel.play(Sound::Activated);
        let sound = as_sung(Voice::of_sound(Sound::Activated), 1.0, 10);
        assert_eq!(heard(&mut panel, 10), sound);
        assert_eq!(heard(&mut panel, 20), as_sung(Voice::of_tone(Tone::Ringback), 1.0, 20));
    }

    #[test]
    fn the_panel_is_as_loud_as_its_share_and_handsets_are_as_loud_as_the_volume() {
        let mut panel = panel();
        panel.volume(100, 50);
        panel.play(Sound::Connected);
        assert_eq!(heard(&mut panel, 5), as_sung(Voice::of_sound(Sound::Connected), 0.25, 5));
        panel.sound = None;
        let mut block = [0.5; BLOCK];
        panel.join_in(&mut block);
        assert_eq!(block, [0.5; BLOCK]);
    }

    #[test]
    fn what_tells_of_a_listener_cannot_be_turned_down_and_comes_before_all_else() {
        let mut panel = panel();
        let notice = panel.notice();
        panel.volume(0, 0);
        panel.tone(Some(Tone::Ringback));
        assert_eq!(power(&mut panel, 100), 0.0);
        panel.play(Sound::Monitored);
        panel.tone(Some(Tone::Monitor));
        panel.play(Sound::DoorOpen);
        assert!(notice.is_being_given());
        let blocks = Voice::of_sound(Sound::Monitored).count().div_ceil(BLOCK) + 1;
        let announced = as_sung(Voice::of_sound(Sound::Monitored), 1.0, blocks);
        assert_eq!(heard(&mut panel, blocks), announced);
        assert!(!notice.is_being_given());
        assert_eq!(heard(&mut panel, 15), as_sung(Voice::of_tone(Tone::Monitor), 1.0, 15));
    }

    #[test]
    fn what_no_loudspeaker_has_told_was_not_told() {
        let length = Voice::of_sound(Sound::Monitored).count().div_ceil(BLOCK) + 1;
        let mut panel = panel();
        let notice = panel.notice();
        panel.is_heard(false);
        panel.play(Sound::Monitored);
        panel.tone(Some(Tone::Monitor));
        assert_eq!(power(&mut panel, 2 * length), 0.0);
        assert!(notice.is_being_given());
        // It comes back, goes in the middle of it, and after its end.
        for heard_for in [length / 2, length, length + 5] {
            panel.is_heard(true);
            let announced = as_sung(Voice::of_sound(Sound::Monitored), 1.0, heard_for.min(length));
            assert_eq!(heard(&mut panel, heard_for)[..announced.len()], announced);
            assert_eq!(notice.is_being_given(), heard_for < length);
            panel.is_heard(false);
            assert!(notice.is_being_given());
        }
        // Without a listener there is nothing to tell.
        panel.tone(None);
        assert!(!notice.is_being_given());
        panel.is_heard(true);
        assert_eq!(power(&mut panel, length), 0.0);
        panel.is_heard(false);
        assert!(!notice.is_being_given());
    }
}
