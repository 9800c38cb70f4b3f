// SPDX-License-Identifier: MIT OR Apache-2.0
//! The door's ear and mouth. A device that is missing or breaks is a state, never the end of a
//! call: silence takes its place.

mod arrivals;
mod blocks;
mod capture;
mod chirp;
mod cushion;
mod device;
mod echo;
mod feedback;
mod gain;
mod gaps;
mod inlet;
mod level;
mod looped;
mod mixer;
mod opus;
mod origin;
mod panel;
mod playback;
mod repertoire;
mod resample;
mod shorten;
mod speaker;
mod voice;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use intercomd::{
    core::{
        Moment,
        status::{Sound as Chime, Tone},
    },
    media::{
        AudioFault, EchoFigures,
        cards::Direction,
        setup::{self, Levels},
        sounds::Sounds,
    },
    station::clock,
};

use self::{
    device::Device, echo::Echo, feedback::Feedback, gain::Gain, gaps::Gaps, level::Level,
    looped::Loop, mixer::Mixer, opus::Opus, repertoire::Repertoire,
};
pub(crate) use self::{gaps::count as count_gaps, inlet::Inlet, looped::Recording};
use crate::{
    cards::{self, Trouble},
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
    /// As the call left the microphone that is over.
    lacked_capture: Option<AudioFault>,
}

/// What a device is joined to.
#[derive(Debug)]
struct Ends {
    coding: setup::Coding,
    time: Time,
    teller: Teller,
    mixer: Arc<Mixer>,
    echo: Arc<Echo>,
    gain: Arc<Gain>,
    said: Arc<Level>,
    looped: Arc<Loop>,
    feedback: Arc<Feedback>,
    outlets: Arc<FanOut<SoundOutlet>>,
    capture_levels: Levels,
    playback_levels: Levels,
}

impl Sound {
    pub(crate) fn new(setup: setup::Audio, own: &Sounds, time: Time, teller: Teller) -> Self {
        gaps::tell(&teller);
        let ends = Ends {
            coding: setup.coding,
            time,
            teller,
            mixer: Arc::new(Mixer::new(Repertoire::read(own))),
            echo: Arc::new(Echo::new(&setup)),
            said: Arc::default(),
            gain: Arc::default(),
            looped: Arc::default(),
            feedback: Arc::default(),
            outlets: Arc::default(),
            capture_levels: setup.capture_controls,
            playback_levels: setup.playback_controls,
        };
        Self {
            ends,
            capture: Device::new("microphone", setup.capture, setup::Capture::Silence),
            playback: Device::new("loudspeaker", setup.playback, setup::Playback::Nowhere),
            lacked_capture: None,
        }
    }

    /// For a call. The microphone's way ends at the gates.
    pub(crate) fn start(&mut self, now: Moment) {
        // Those of the sounds before are no more of interest.
        gaps::take();
        self.make_audible(now);
        self.lacked_capture = None;
        self.capture.start(now, |from| self.ends.capture(from));
    }

    pub(crate) fn stop(&mut self) {
        let Gaps { capture, playback } = gaps::take();
        if capture + playback > 0 {
            tracing::warn!(capture, playback, "the sound of this call had gaps");
        }
        if let Some(figures) = self.echo() {
            let EchoFigures { return_loss, enhancement, delay, one_at_a_time } = figures;
            let delay_ms = delay.as_millis();
            tracing::info!(return_loss, enhancement, delay_ms, one_at_a_time, "echo of this call");
        }
        self.close_microphone();
    }

    /// Where anything is cancelled, when a handset has spoken.
    pub(crate) fn echo(&self) -> Option<EchoFigures> {
        self.ends.echo.figures()
    }

    fn close_microphone(&mut self) {
        self.lacked_capture = self.capture.fault();
        self.capture.stop();
    }

    /// Unless a device has a fault, [`crate::fact::Fact::Recorded`] says when it is over.
    pub(crate) fn test_loop(&mut self, now: Moment) {
        self.start(now);
        self.ends.looped.begin(&self.ends.teller);
    }

    /// Nothing of it is heard from now on; the microphone is left to whoever has started it since.
    pub(crate) fn end_test(&mut self, in_use: bool) -> Option<Recording> {
        if !in_use {
            self.close_microphone();
        }
        self.ends.looped.end()
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

    pub(crate) fn gain(&self, decibels: i16) {
        self.ends.gain.set(decibels);
    }

    pub(crate) fn notice(&self) -> Arc<Notice> {
        self.ends.mixer.notice()
    }

    pub(crate) fn inlet(&self) -> anyhow::Result<Arc<Inlet>> {
        Ok(self.ends.mixer.inlet(Box::new(Opus::new()?)))
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
        if gaps::is_stuck() {
            self.capture.leave();
        }
        self.capture.broke(now, why, |from| self.ends.capture(from));
    }

    pub(crate) fn playback_broke(&mut self, now: Moment, why: String) {
        self.playback.broke(now, why, |to| self.ends.playback(to));
        self.tell_panel();
    }

    pub(crate) fn poll_timeout(&self) -> Option<Moment> {
        self.capture.poll_timeout().into_iter().chain(self.playback.poll_timeout()).min()
    }

    pub(crate) fn handle_timeout(&mut self, now: Moment) {
        self.capture.handle_timeout(now, |from| self.ends.capture(from));
        self.playback.handle_timeout(now, |to| self.ends.playback(to));
        self.tell_panel();
    }

    fn make_audible(&mut self, now: Moment) {
        self.playback.start(now, |to| self.ends.playback(to));
        self.tell_panel();
    }

    /// A station that is to have no loudspeaker tells of a listener by its light alone.
    fn tell_panel(&self) {
        self.ends.mixer.is_heard(self.playback.fault().is_none());
    }
}

impl Ends {
    fn capture(&self, from: &setup::Capture) -> Result<Graph, Trouble> {
        let mut from = from.clone();
        if let setup::Capture::Alsa(pcm) = &mut from {
            *pcm = cards::resolve(pcm)?;
            cards::reach(pcm, Direction::Capture)?;
            cards::set(pcm, Direction::Capture, &self.capture_levels);
        }
        let (looped, gain) = (Arc::clone(&self.looped), Arc::clone(&self.gain));
        let (ear, said) = (self.echo.ear().map(Mutex::new), Arc::clone(&self.said));
        let hear = move |block: &mut [u8]| {
            looped.hear(clock::now(), block);
            if let Some(ear) = &ear {
                ear.lock().unwrap_or_else(PoisonError::into_inner).hear(block);
            }
            gain.apply(block);
            said.measure(blocks::samples(block).map(blocks::from_pcm));
        };
        let (outlets, feedback) = (Arc::clone(&self.outlets), &self.feedback);
        let Self { coding, time, teller, .. } = self;
        let opened = capture::open(&from, *coding, time, outlets, feedback, hear, teller);
        opened.map_err(|error| Trouble::Broken(error.to_string()))
    }

    fn playback(&self, to: &setup::Playback) -> Result<Graph, Trouble> {
        let mut to = to.clone();
        if let setup::Playback::Alsa(pcm) = &mut to {
            *pcm = cards::resolve(pcm)?;
            cards::reach(pcm, Direction::Playback)?;
            cards::set(pcm, Direction::Playback, &self.playback_levels);
        }
        let (mixer, echo) = (Arc::clone(&self.mixer), Arc::clone(&self.echo));
        let (looped, feedback) = (Arc::clone(&self.looped), Arc::clone(&self.feedback));
        let play = move |block: &mut [u8]| {
            let mut mixed = mixer.mix(|handsets| echo.speak(handsets));
            looped.play(clock::now(), &mut mixed);
            blocks::write(block, mixed.into_iter().map(blocks::to_pcm));
            echo.play(block);
            feedback.play(block);
        };
        let opened = playback::open(&to, &self.time, play, &self.teller);
        opened.map_err(|error| Trouble::Broken(error.to_string()))
    }
}
