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

use std::{collections::BTreeSet, sync::Arc};

use intercomd::{
    core::{
        Moment,
        status::{Sound as Chime, Tone},
    },
    media::{AudioFault, cards::Direction, setup},
};

pub(crate) use self::{blocks::CAPS, mixer::Inlet};
use self::{device::Device, level::Level, mixer::Mixer};
use crate::{
    cards::{self, Trouble},
    fact::Teller,
    fan_out::FanOut,
    graph::{Graph, Time},
    leg::SoundOutlet,
};

#[derive(Debug)]
pub(crate) struct Sound {
    ends: Ends,
    capture: Device<setup::Capture>,
    playback: Device<setup::Playback>,
    /// As the call left the microphone that is over.
    lacked_capture: Option<AudioFault>,
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
    pub(crate) fn new(setup: setup::Audio, time: Time, teller: Teller) -> Self {
        let (mixer, said, outlets) = (Arc::default(), Arc::default(), Arc::default());
        Self {
            ends: Ends { time, teller, mixer, said, outlets },
            capture: Device::new("microphone", setup.capture, setup::Capture::Silence),
            playback: Device::new("loudspeaker", setup.playback, setup::Playback::Nowhere),
            lacked_capture: None,
        }
    }

    /// For a call. The microphone's way ends at the gates.
    pub(crate) fn start(&mut self, now: Moment) {
        self.make_audible(now);
        self.lacked_capture = None;
        self.capture.start(now, |from| self.ends.capture(from));
    }

    pub(crate) fn stop(&mut self) {
        self.lacked_capture = self.capture.fault();
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

    pub(crate) fn volume(&self, percent: u8) {
        self.ends.mixer.volume(percent);
    }

    pub(crate) fn inlet(&self) -> Arc<Inlet> {
        self.ends.mixer.inlet()
    }

    pub(crate) fn join(&self, outlet: &Arc<SoundOutlet>) {
        self.ends.outlets.join(outlet);
    }

    /// Of both devices, as far as they were needed.
    pub(crate) fn faults(&self) -> BTreeSet<AudioFault> {
        let each = [self.capture.fault(), self.playback.fault(), self.lacked_capture];
        each.into_iter().flatten().collect()
    }

    /// Of the handset and of the door, since it was last asked.
    pub(crate) fn levels(&self) -> (i8, i8) {
        (self.ends.mixer.heard.read(), self.ends.said.read())
    }

    pub(crate) fn capture_broke(&mut self, now: Moment, why: String) {
        self.capture.broke(now, why, |from| self.ends.capture(from));
    }

    pub(crate) fn playback_broke(&mut self, now: Moment, why: String) {
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
    fn capture(&self, from: &setup::Capture) -> Result<Graph, Trouble> {
        if let setup::Capture::Alsa(pcm) = from {
            cards::reach(pcm, Direction::Capture)?;
        }
        let (outlets, said) = (Arc::clone(&self.outlets), Arc::clone(&self.said));
        let opened = capture::open(from, &self.time, outlets, said, &self.teller);
        opened.map_err(|error| Trouble::Broken(error.to_string()))
    }

    fn playback(&self, to: &setup::Playback) -> Result<Graph, Trouble> {
        if let setup::Playback::Alsa(pcm) = to {
            cards::reach(pcm, Direction::Playback)?;
        }
        let opened = playback::open(to, &self.time, Arc::clone(&self.mixer), &self.teller);
        opened.map_err(|error| Trouble::Broken(error.to_string()))
    }
}
