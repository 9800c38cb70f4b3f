// SPDX-License-Identifier: MIT OR Apache-2.0
//! What becomes of the microphone's sound before anybody hears it.

use std::{collections::VecDeque, sync::Arc};

use intercomd::media::{EchoFigures, setup};

use super::{
    Echo, Pcm, SILENCE, cleaner::Cleaner, cleaner::to_pcm, fade, gain::GainControl, judge::Judge,
    level_of, meter::Meter, switch::VoiceSwitch,
};
use crate::sound::blocks::{self, BLOCK};

/// How fast what the handsets said is forgotten while the loudspeaker's thread is late, in dB for a block.
const FORGOTTEN: f32 = 6.0;

#[derive(Debug)]
pub(crate) struct Ear {
    echo: Arc<Echo>,
    cleaner: Option<Cleaner>,
    turns: Turns,
    switch: VoiceSwitch,
    /// Of what the handsets say and of what of it was played.
    far: f32,
    played: f32,
    gain: f32,
    gain_control: Option<GainControl>,
    /// Cards give what they like; here it is blocks.
    heard: VecDeque<i16>,
    ready: VecDeque<i16>,
    engaged: bool,
    meter: Meter,
}

/// When only one may speak at a time.
#[derive(Debug)]
enum Turns {
    Never,
    Always,
    WhenPoor(Judge),
}

impl Ear {
    pub(super) fn new(echo: Arc<Echo>) -> Self {
        let (cancels, turns) = match echo.mode {
            setup::Echo::Off => (false, Turns::Never),
            setup::Echo::Cancel => (true, Turns::Never),
            setup::Echo::HalfDuplex => (false, Turns::Always),
            setup::Echo::Auto => (true, Turns::WhenPoor(Judge::default())),
        };
        Self {
            cleaner: Cleaner::new(cancels, echo.noise),
            switch: VoiceSwitch::new(matches!(turns, Turns::Always)),
            turns,
            far: SILENCE,
            played: SILENCE,
            gain: 1.0,
            gain_control: (echo.gain_control > 0).then(|| GainControl::new(echo.gain_control)),
            heard: VecDeque::with_capacity(4 * BLOCK),
            ready: VecDeque::with_capacity(4 * BLOCK),
            engaged: false,
            meter: Meter::default(),
            echo,
        }
    }

    /// In place, as many samples as came. Where they come in blocks nothing is delayed for their sake.
    pub(crate) fn hear(&mut self, bytes: &mut [u8]) {
        self.heard.extend(blocks::samples(bytes));
        let mut pcm = [0; BLOCK];
        while self.heard.len() >= BLOCK {
            pcm.iter_mut().zip(self.heard.drain(..BLOCK)).for_each(|(to, from)| *to = from);
            self.block(&mut pcm);
            self.ready.extend(pcm);
        }
        for _ in self.ready.len()..bytes.len() / 2 {
            self.ready.push_front(0);
        }
        blocks::write(bytes, self.ready.drain(..bytes.len() / 2));
    }

    pub(crate) fn block(&mut self, pcm: &mut Pcm) {
        self.follow_loudspeaker();
        let before = level_of(pcm);
        if let Some(cleaner) = &mut self.cleaner {
            cleaner.clean(pcm);
        }
        let after = level_of(pcm);
        self.measure(before, after);
        self.take_turns(pcm, before, after);
        if let Some(control) = &mut self.gain_control {
            control.apply(pcm);
        }
    }

    fn measure(&mut self, before: f32, after: f32) {
        let Some(canceller) = self.cleaner.as_mut().and_then(Cleaner::canceller) else { return };
        if let Some(losses) = self.meter.hear(self.played, before, after) {
            self.echo.note(Some(EchoFigures {
                return_loss: losses.through_the_air,
                enhancement: losses.besides,
                delay: canceller.delay(),
                one_at_a_time: self.engaged,
            }));
        }
    }

    fn follow_loudspeaker(&mut self) {
        (self.far, self.played) = (self.far - FORGOTTEN, self.played - FORGOTTEN);
        while let Some(played) = self.echo.next_played() {
            self.far = self.far.max(played.level);
            self.played = self.played.max(level_of(&played.pcm));
            if let Some(canceller) = self.cleaner.as_mut().and_then(Cleaner::canceller) {
                canceller.play(&played.pcm.map(f32::from));
            }
        }
    }

    fn take_turns(&mut self, pcm: &mut Pcm, before: f32, after: f32) {
        let engaged = match &mut self.turns {
            Turns::Never => return,
            Turns::Always => true,
            Turns::WhenPoor(judge) => judge.hear(self.played, before, after),
        };
        self.engaged = engaged;
        let gains = self.switch.next(engaged, self.far, after);
        self.echo.attenuate(gains.far);
        let from = std::mem::replace(&mut self.gain, gains.near);
        let scale = |sample: &mut i16, gain: f32| *sample = to_pcm(f32::from(*sample) * gain);
        fade(from, gains.near, pcm.iter_mut(), scale);
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.echo.attenuate(1.0);
    }
}
