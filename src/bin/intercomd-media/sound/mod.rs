// SPDX-License-Identifier: MIT OR Apache-2.0
//! The door's ear and mouth. A device that is missing or breaks is a state, never the end of a
//! call: silence takes its place.

mod blocks;
mod capture;
mod cushion;
mod device;
mod level;
mod mixer;
mod origin;
mod playback;
mod voice;

use std::sync::Arc;

use intercomd::{
    core::{
        Moment,
        status::{Sound as Chime, Tone},
    },
    media::setup,
};

pub(crate) use self::{blocks::CAPS, mixer::Inlet};
use self::{capture::Capture, device::Device, level::Level, mixer::Mixer, playback::Playback};
use crate::{fact::Teller, fan_out::FanOut, graph::Time, leg::SoundOutlet};

#[derive(Debug)]
pub(crate) struct Sound {
    setup: setup::Audio,
    time: Time,
    teller: Teller,
    mixer: Arc<Mixer>,
    said: Arc<Level>,
    outlets: Arc<FanOut<SoundOutlet>>,
    capture: Device<Capture>,
    playback: Device<Playback>,
    /// As the call left it that is over.
    lacked_capture: bool,
}

impl Sound {
    pub(crate) fn new(setup: setup::Audio, time: Time, teller: Teller) -> Self {
        let (mixer, said, outlets) = (Arc::default(), Arc::default(), Arc::default());
        let (capture, playback) = (Device::Unused, Device::Unused);
        Self { setup, time, teller, mixer, said, outlets, capture, playback, lacked_capture: false }
    }

    /// For a call. The microphone's way ends at the gates.
    pub(crate) fn start(&mut self, now: Moment) {
        self.make_audible(now);
        if self.capture.is_unused() {
            self.open_capture(now);
        }
    }

    pub(crate) fn stop(&mut self) {
        self.lacked_capture = self.capture.is_gone();
        self.capture = Device::Unused;
    }

    pub(crate) fn play(&mut self, now: Moment, chime: Chime) {
        self.make_audible(now);
        self.mixer.play(chime);
    }

    pub(crate) fn tone(&mut self, now: Moment, tone: Option<Tone>) {
        if tone.is_some() {
            self.make_audible(now);
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
        !self.capture.is_gone() && !self.playback.is_gone() && !self.lacked_capture
    }

    /// Of the handset and of the door, since it was last asked.
    pub(crate) fn levels(&self) -> (i8, i8) {
        (self.mixer.heard.read(), self.said.read())
    }

    pub(crate) fn capture_broke(&mut self, now: Moment, why: &str) {
        if self.capture.is_used() {
            tracing::warn!(why, "the microphone is gone");
            self.lose_capture(now);
        }
    }

    pub(crate) fn playback_broke(&mut self, now: Moment, why: &str) {
        if self.playback.is_used() {
            tracing::warn!(why, "the loudspeaker is gone");
            self.lose_playback(now);
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Moment> {
        self.capture.poll_timeout().into_iter().chain(self.playback.poll_timeout()).min()
    }

    /// What is gone may have come back.
    pub(crate) fn handle_timeout(&mut self, now: Moment) {
        if self.capture.is_due(now)
            && let Ok(capture) = self.capture_from(&self.setup.capture)
        {
            // Silence ends before sound begins, or frames of both would mix.
            self.capture = Device::Unused;
            if capture.play().is_ok() {
                tracing::info!("the microphone is back");
                self.capture = Device::Used(capture);
            } else {
                self.lose_capture(now);
            }
        }
        if self.playback.is_due(now)
            && let Ok(playback) = self.playback_to(&self.setup.playback)
        {
            self.playback = Device::Unused;
            if playback.play().is_ok() {
                tracing::info!("the loudspeaker is back");
                self.playback = Device::Used(playback);
            } else {
                self.lose_playback(now);
            }
        }
    }

    fn make_audible(&mut self, now: Moment) {
        if self.playback.is_unused() {
            self.open_playback(now);
        }
    }

    fn open_capture(&mut self, now: Moment) {
        self.lacked_capture = false;
        match self.capture_from(&self.setup.capture).and_then(Capture::started) {
            Ok(capture) => self.capture = Device::Used(capture),
            Err(error) => {
                tracing::warn!(%error, "the microphone cannot be used");
                self.lose_capture(now);
            }
        }
    }

    fn open_playback(&mut self, now: Moment) {
        match self.playback_to(&self.setup.playback).and_then(Playback::started) {
            Ok(playback) => self.playback = Device::Used(playback),
            Err(error) => {
                tracing::warn!(%error, "the loudspeaker cannot be used");
                self.lose_playback(now);
            }
        }
    }

    fn lose_capture(&mut self, now: Moment) {
        self.capture = Device::Unused;
        let silence = self.capture_from(&setup::Capture::Silence).and_then(Capture::started);
        self.capture = Device::gone(now, silence.ok());
    }

    fn lose_playback(&mut self, now: Moment) {
        self.playback = Device::Unused;
        let nowhere = self.playback_to(&setup::Playback::Nowhere).and_then(Playback::started);
        self.playback = Device::gone(now, nowhere.ok());
    }

    fn capture_from(&self, from: &setup::Capture) -> Result<Capture, capture::Error> {
        let (outlets, said) = (Arc::clone(&self.outlets), Arc::clone(&self.said));
        Capture::open(from, &self.time, outlets, said, &self.teller)
    }

    fn playback_to(&self, to: &setup::Playback) -> Result<Playback, playback::Error> {
        Playback::open(to, &self.time, Arc::clone(&self.mixer), &self.teller)
    }
}
