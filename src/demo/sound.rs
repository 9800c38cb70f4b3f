// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound that nobody hears but everybody can read.

use std::collections::BTreeMap;

use tokio::sync::{mpsc, watch};

use crate::{
    core::{
        CallId, LegId, Moment,
        status::{self, Gate, Tone},
    },
    link::PairingLink,
    media::{MediaCommand, MediaEvent},
    station::clock,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub call: Option<CallId>,
    pub tone: Option<Tone>,
    pub gates: BTreeMap<LegId, Gate>,
    /// The newest sound and how many there have been.
    pub last: Option<status::Sound>,
    pub count: u64,
    pub volume: u8,
    /// When the station last told a handset to ring.
    pub rang_at: Option<Moment>,
    /// How often it asked a handset to ring once more.
    pub nudges: u64,
    /// What a new handset uses, while pairing is open.
    pub pairing_link: Option<PairingLink>,
}

#[derive(Debug)]
pub(super) struct Sound {
    heard: watch::Sender<Heard>,
    events: mpsc::Sender<MediaEvent>,
}

impl Sound {
    pub(super) fn new(heard: watch::Sender<Heard>, events: mpsc::Sender<MediaEvent>) -> Self {
        Self { heard, events }
    }

    pub(super) async fn available(&self, available: bool) {
        // The station may have ended.
        drop(self.events.send(MediaEvent::AudioChanged { available }).await);
    }

    pub(super) fn ring(&self) {
        self.heard.send_modify(|heard| heard.rang_at = Some(clock::now()));
    }

    pub(super) fn nudge(&self) {
        self.heard.send_modify(|heard| heard.nudges += 1);
    }

    pub(super) fn pairing(&self, link: Option<PairingLink>) {
        self.heard.send_modify(|heard| heard.pairing_link = link);
    }

    pub(super) async fn crash(&self, call: CallId) {
        drop(self.events.send(MediaEvent::WorkerCrashed { call }).await);
    }

    pub(super) fn running(&self) -> Option<CallId> {
        self.heard.borrow().call
    }

    pub(super) fn take(&self, command: MediaCommand) {
        self.heard.send_modify(|heard| match command {
            MediaCommand::Start { call, .. } => heard.call = Some(call),
            MediaCommand::Stop { call } => {
                heard.call = heard.call.filter(|running| *running != call);
                heard.gates.retain(|leg, _| leg.call != call);
            }
            MediaCommand::Gate { leg, gate } if heard.call == Some(leg.call) => {
                heard.gates.insert(leg, gate);
            }
            // What had them is gone, and all gates with it.
            MediaCommand::Gate { .. } => {}
            MediaCommand::Play(sound) => {
                heard.last = Some(sound);
                heard.count += 1;
            }
            MediaCommand::Tone(tone) => heard.tone = tone,
            MediaCommand::Volume { percent } => heard.volume = percent,
        });
    }
}
