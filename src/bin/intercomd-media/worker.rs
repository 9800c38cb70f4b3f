// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the daemon commands and what GStreamer reports, one after the other, in one place.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use intercomd::{
    core::{
        CallId, LegId, Moment,
        status::{Gate, Media},
    },
    media::{AudioFault, LoopTest, MediaCommand, MediaEvent, setup::Setup},
    session::SessionNo,
};

use crate::{
    fact::{Fact, Part, Teller},
    graph::Time,
    leg::{Identity, Leg},
    picture::{Picture, Screen},
    sound::Sound,
};

const METER_EVERY: Duration = Duration::from_millis(250);
const LISTEN_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Worker {
    pub(super) setup: Setup,
    pub(super) time: Time,
    pub(super) teller: Teller,
    pub(super) identity: Identity,
    pub(super) sound: Sound,
    pub(super) picture: Picture,
    pub(super) screen: Screen,
    pub(super) legs: BTreeMap<LegId, Leg>,
    /// Also of handsets that have not connected yet. Whoever is not here is behind a closed one.
    pub(super) gates: BTreeMap<LegId, Gate>,
    /// Of whichever leg: a leg that is opened again goes on where it was.
    pub(super) last_session: SessionNo,
    call: Option<CallId>,
    /// The devices are in use, or were.
    pub(super) tried: bool,
    /// What the daemon was told last of them.
    told: Option<BTreeSet<AudioFault>>,
    next_meter: Option<Moment>,
    next_listening: Option<Moment>,
    /// A loop test is over by then.
    pub(super) testing: Option<Moment>,
    pub(super) events: VecDeque<MediaEvent>,
}

impl Worker {
    pub(crate) fn new(setup: Setup, time: Time, teller: Teller) -> anyhow::Result<Self> {
        Ok(Self {
            identity: Identity::make()?,
            sound: Sound::new(setup.audio.clone(), &setup.sounds, time.clone(), teller.clone()),
            picture: Picture::new(setup.video.clone(), time.clone(), teller.clone()),
            screen: Screen::new(setup.screen, time.clone(), teller.clone()),
            legs: BTreeMap::new(),
            gates: BTreeMap::new(),
            last_session: SessionNo(0),
            call: None,
            tried: false,
            told: None,
            next_meter: None,
            next_listening: None,
            testing: None,
            events: VecDeque::new(),
            setup,
            time,
            teller,
        })
    }

    pub(crate) fn poll_event(&mut self) -> Option<MediaEvent> {
        self.events.pop_front()
    }

    pub(super) fn say(&mut self, event: MediaEvent) {
        self.events.push_back(event);
    }

    pub(crate) fn handle(&mut self, now: Moment, command: MediaCommand) {
        tracing::debug!(?command, "command");
        self.interrupt_test(&command);
        match command {
            MediaCommand::Start { call, media } => self.start(now, call, media),
            MediaCommand::Stop { call } => self.stop(call),
            MediaCommand::OpenLeg { leg, wants, preview } => {
                self.open_leg(now, leg, wants, preview);
            }
            MediaCommand::CloseLeg { leg } => {
                self.gates.remove(&leg);
                self.drop_leg(&leg);
            }
            MediaCommand::Signal { leg, session, signal } => {
                self.signal(now, &leg, session, signal);
            }
            MediaCommand::Gate { leg, gate } => self.gate(now, leg, gate),
            MediaCommand::Play(sound) => self.sound.play(now, sound),
            MediaCommand::Tone(tone) => self.sound.tone(now, tone),
            MediaCommand::TestLoop => self.test_loop(now),
            MediaCommand::Volume { percent, chimes } => self.sound.volume(percent, chimes),
            MediaCommand::Gain { decibels } => self.sound.gain(decibels),
        }
        self.tell_faults();
    }

    /// The devices are opened as for a call, which may follow; if not, they close with the process.
    pub(crate) fn rehearse(&mut self, now: Moment) {
        self.sound.start(now);
        self.tried = true;
        self.tell_faults();
    }

    fn start(&mut self, now: Moment, call: CallId, media: Media) {
        self.call = Some(call);
        self.sound.start(now);
        if media == Media::Video {
            self.picture.start();
        }
        if self.setup.audio.meter {
            self.next_meter = Some(now + METER_EVERY);
        }
        self.next_listening = Some(now + LISTEN_EVERY);
        self.tried = true;
    }

    fn stop(&mut self, call: CallId) {
        let of_call = |leg: &&LegId| leg.call == call;
        for leg in self.legs.keys().filter(of_call).cloned().collect::<Vec<_>>() {
            self.drop_leg(&leg);
        }
        self.gates.retain(|leg, _| leg.call != call);
        if self.call == Some(call) {
            self.call = None;
            (self.next_meter, self.next_listening) = (None, None);
            self.sound.stop();
            self.picture.stop();
            self.screen.close();
        }
    }

    pub(super) fn is_in_a_call(&self) -> bool {
        self.call.is_some()
    }

    pub(super) fn is_in(&self, call: CallId) -> bool {
        self.call == Some(call)
    }

    /// Once when it is known, then when it changes.
    fn tell_faults(&mut self) {
        let faults = self.sound.faults();
        let is_known = self.tried || !faults.is_empty();
        if is_known && self.told.as_ref() != Some(&faults) {
            self.told = Some(faults.clone());
            self.say(MediaEvent::AudioChanged { faults });
        }
    }

    pub(crate) fn learn(&mut self, now: Moment, fact: Fact) {
        match fact {
            Fact::Session { leg, session, fact } => self.session_fact(now, &leg, session, fact),
            Fact::Recorded => self.recorded(),
            Fact::Measured(result) => self.tested(result),
            Fact::Broke { part, why } => match part {
                Part::Capture => self.sound.capture_broke(now, why),
                Part::Playback => self.sound.playback_broke(now, why),
                Part::Camera => self.picture.camera_broke(&why),
                Part::Encoder(codec) => self.picture.encoder_broke(codec, &why),
                Part::Screen => self.screen.broke(&why),
            },
        }
        self.tell_faults();
        self.test_devices();
    }

    pub(crate) fn poll_timeout(&self) -> Option<Moment> {
        let legs = self.legs.values().map(|leg| leg.patience.poll_timeout());
        let parts = [self.sound.poll_timeout(), self.picture.poll_timeout()];
        let own = parts.into_iter().chain([self.next_meter, self.next_listening, self.testing]);
        legs.chain(own.flatten()).min()
    }

    pub(crate) fn handle_timeout(&mut self, now: Moment) {
        self.sound.handle_timeout(now);
        self.tell_faults();
        self.picture.handle_timeout(now);
        if self.testing.is_some_and(|due| due <= now) {
            // Not even silence came from it.
            self.tested(LoopTest::Silent);
        }
        if self.next_meter.is_some_and(|due| due <= now) {
            self.next_meter = Some(now + METER_EVERY);
            let (heard, said) = self.sound.levels();
            self.say(MediaEvent::Level { heard, said });
        }
        if self.next_listening.is_some_and(|due| due <= now) {
            self.next_listening = Some(now + LISTEN_EVERY);
            self.tell_receptions();
            let figures = self.sound.echo();
            self.events.extend(figures.map(MediaEvent::Echo));
        }
        for leg in self.legs.keys().cloned().collect::<Vec<_>>() {
            self.leg_timeout(now, &leg);
        }
    }
}
