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
mod panel;
mod playback;
mod repertoire;
mod resample;
mod voice;

use std::sync::Arc;

use intercomd::{
    core::{
        Moment,
        status::{Sound as Chime, Tone},
    },
    media::{setup, sounds::Sounds},
};

pub(crate) use self::{blocks::CAPS, mixer::Inlet};
use self::{device::Device, level::Level, mixer::Mixer, repertoire::Repertoire};
use crate::{
    fact::Teller,
    fan_out::FanOut,
    graph::{Graph, Time},
    leg::SoundOutlet,
    pass::Notice,
};

#[derive(Debug)]
pub(crate) struct Sound {
    ends: Ends,
    capture: Device<setup::Capture>,
    playback: Device<setup::Playback>,
    /// As the call left it that is over.
    lacked_capture: bool,
}

/// What a device is joined to.
#[derive(Debug)]
struct Ends {
    time: Time,
    teller: Teller,
    mixer: Arc<Mixer>,
    said: Arc<Level>,
    outlets: Arc<FanOut<SoundOutlet>>,
}

impl Sound {
    pub(crate) fn new(setup: setup::Audio, own: &Sounds, time: Time, teller: Teller) -> Self {
        let mixer = Arc::new(Mixer::new(Repertoire::read(own)));
        let (said, outlets) = (Arc::default(), Arc::default());
        Self {
            ends: Ends { time, teller, mixer, said, outlets },
            capture: Device::new("microphone", setup.capture, setup::Capture::Silence),
            playback: Device::new("loudspeaker", setup.playback, setup::Playback::Nowhere),
            lacked_capture: false,
        }
    }

    /// For a call. The microphone's way ends at the gates.
    pub(crate) fn start(&mut self, now: Moment) {
        self.make_audible(now);
        self.lacked_capture = false;
        self.capture.start(now, |from| self.ends.capture(from));
    }

    pub(crate) fn stop(&mut self) {
        self.lacked_capture = self.capture.is_gone();
        self.capture.stop();
    }

    pub(crate) fn play(&mut self, now: Moment, chime: Chime) {
        self.make_audible(now);
        self.ends.mixer.play(chime);
    }

    pub(crate) fn tone(&mut self, now: Moment, tone: Option<Tone>) {
        if tone.is_some() {
            self.make_audible(now);
        }
        self.ends.mixer.tone(tone);
    }

    pub(crate) fn volume(&self, percent: u8, chimes: u8) {
        self.ends.mixer.volume(percent, chimes);
    }

    pub(crate) fn notice(&self) -> Arc<Notice> {
        self.ends.mixer.notice()
    }

    pub(crate) fn inlet(&self) -> Arc<Inlet> {
        self.ends.mixer.inlet()
    }

    pub(crate) fn join(&self, outlet: &Arc<SoundOutlet>) {
        self.ends.outlets.join(outlet);
    }

    /// Both devices work, as far as they were needed.
    pub(crate) fn is_available(&self) -> bool {
        !self.capture.is_gone() && !self.playback.is_gone() && !self.lacked_capture
    }

    /// Of the handset and of the door, since it was last asked.
    pub(crate) fn levels(&self) -> (i8, i8) {
        (self.ends.mixer.heard.read(), self.ends.said.read())
    }

    pub(crate) fn capture_broke(&mut self, now: Moment, why: &str) {
        self.capture.broke(now, why, |from| self.ends.capture(from));
    }

    pub(crate) fn playback_broke(&mut self, now: Moment, why: &str) {
        self.playback.broke(now, why, |to| self.ends.playback(to));
    }

    pub(crate) fn poll_timeout(&self) -> Option<Moment> {
        self.capture.poll_timeout().into_iter().chain(self.playback.poll_timeout()).min()
    }

    pub(crate) fn handle_timeout(&mut self, now: Moment) {
        self.capture.handle_timeout(now, |from| self.ends.capture(from));
        self.playback.handle_timeout(now, |to| self.ends.playback(to));
    }

    fn make_audible(&mut self, now: Moment) {
        self.playback.start(now, |to| self.ends.playback(to));
    }
}

impl Ends {
    fn capture(&self, from: &setup::Capture) -> Result<Graph, capture::Error> {
        let (outlets, said) = (Arc::clone(&self.outlets), Arc::clone(&self.said));
        capture::open(from, &self.time, outlets, said, &self.teller)
    }

    fn playback(&self, to: &setup::Playback) -> Result<Graph, playback::Error> {
        playback::open(to, &self.time, Arc::clone(&self.mixer), &self.teller)
    }
}
