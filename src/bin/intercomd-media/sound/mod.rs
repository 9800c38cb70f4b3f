// SPDX-License-Identifier: MIT OR Apache-2.0
//! The door's ear and mouth. A device that is missing or breaks is a state, never the end of a
//! call: silence takes its place.

mod blocks;
mod capture;
mod cushion;
mod level;
mod mixer;
mod origin;
mod playback;
mod voice;

use std::sync::Arc;

use intercomd::{
    core::status::{Sound as Chime, Tone},
    media::setup,
};

pub(crate) use self::{blocks::CAPS, mixer::Inlet};
use self::{capture::Capture, level::Level, mixer::Mixer, playback::Playback};
use crate::{fact::Teller, fan_out::FanOut, graph::Time, leg::SoundOutlet};

#[derive(Debug)]
pub(crate) struct Sound {
    setup: setup::Audio,
    time: Time,
    teller: Teller,
    mixer: Arc<Mixer>,
    said: Arc<Level>,
    outlets: Arc<FanOut<SoundOutlet>>,
    capture: Option<Capture>,
    playback: Option<Playback>,
    available: bool,
}

impl Sound {
    pub(crate) fn new(setup: setup::Audio, time: Time, teller: Teller) -> Self {
        let (capture, playback) = (None, None);
        let (mixer, said, outlets) = (Arc::default(), Arc::default(), Arc::default());
        Self { setup, time, teller, mixer, said, outlets, capture, playback, available: true }
    }

    /// For a call. The microphone's way ends at the gates.
    pub(crate) fn start(&mut self) {
        self.make_audible();
        if self.capture.is_none() {
            self.capture = self.capture_from(&self.setup.capture.clone());
        }
    }

    pub(crate) fn stop(&mut self) {
        self.capture = None;
    }

    pub(crate) fn play(&mut self, chime: Chime) {
        self.make_audible();
        self.mixer.play(chime);
    }

    pub(crate) fn tone(&mut self, tone: Option<Tone>) {
        if tone.is_some() {
            self.make_audible();
        }
        self.mixer.tone(tone);
    }

    pub(crate) fn volume(&self, percent: u8) {
        self.mixer.volume(percent);
    }

    pub(crate) fn inlet(&self) -> Arc<Inlet> {
        self.mixer.inlet()
    }

    pub(crate) fn join(&self, outlet: &Arc<SoundOutlet>) {
        self.outlets.join(outlet);
    }

    /// Both devices work, as far as they were needed.
    pub(crate) fn is_available(&self) -> bool {
        self.available
    }

    /// Of the handset and of the door, since it was last asked.
    pub(crate) fn levels(&self) -> (i8, i8) {
        (self.mixer.heard.read(), self.said.read())
    }

    pub(crate) fn capture_broke(&mut self, why: &str) {
        if self.capture.take().is_some() {
            tracing::warn!(why, "the microphone is gone");
            self.available = false;
            self.capture = self.capture_from(&setup::Capture::Silence);
        }
    }

    pub(crate) fn playback_broke(&mut self, why: &str) {
        if self.playback.take().is_some() {
            tracing::warn!(why, "the loudspeaker is gone");
            self.available = false;
            self.playback = self.play_to(&setup::Playback::Nowhere);
        }
    }

    fn make_audible(&mut self) {
        if self.playback.is_none() {
            self.playback = self.play_to(&self.setup.playback.clone());
        }
    }

    fn capture_from(&mut self, from: &setup::Capture) -> Option<Capture> {
        let (outlets, said) = (Arc::clone(&self.outlets), Arc::clone(&self.said));
        match Capture::start(from, &self.time, outlets, said, &self.teller) {
            Ok(capture) => Some(capture),
            Err(error) => {
                tracing::warn!(%error, "the microphone cannot be used");
                self.available = false;
                let other = *from != setup::Capture::Silence;
                other.then(|| self.capture_from(&setup::Capture::Silence)).flatten()
            }
        }
    }

    fn play_to(&mut self, to: &setup::Playback) -> Option<Playback> {
        match Playback::start(to, &self.time, Arc::clone(&self.mixer), &self.teller) {
            Ok(playback) => Some(playback),
            Err(error) => {
                tracing::warn!(%error, "the loudspeaker cannot be used");
                self.available = false;
                let other = *to != setup::Playback::Nowhere;
                other.then(|| self.play_to(&setup::Playback::Nowhere)).flatten()
            }
        }
    }
}
