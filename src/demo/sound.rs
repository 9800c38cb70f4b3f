// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound that nobody hears but everybody can read.

use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::{mpsc, watch};

use crate::{
    core::{
        CallId, HandsetId, LegId, Moment,
        status::{self, Gate, Tone},
    },
    link::PairingLink,
    media::{AudioFault, MediaCommand, MediaEvent, supervisor::Axe},
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
    /// In dB below full scale, while a real call is metered: from the handset, and at the door.
    pub heard_db: Option<i8>,
    pub said_db: Option<i8>,
    /// When the station last told a handset to ring.
    pub rang_at: Option<Moment>,
    /// How often it asked a handset to ring once more.
    pub nudges: u64,
    /// What a new handset uses, while pairing is open.
    pub pairing_link: Option<PairingLink>,
    /// The handsets that exist only here.
    pub phones: BTreeSet<HandsetId>,
}

/// Where the station tells what the surroundings notice of its doings.
#[derive(Clone, Debug)]
pub struct Ears(watch::Sender<Heard>);

impl Ears {
    pub(super) fn new(heard: watch::Sender<Heard>) -> Self {
        Self(heard)
    }

    pub fn levels(&self, heard: i8, said: i8) {
        self.0.send_modify(|now| (now.heard_db, now.said_db) = (Some(heard), Some(said)));
    }

    pub fn pairing(&self, link: Option<&PairingLink>) {
        self.0.send_if_modified(|heard| {
            let changed = heard.pairing_link.as_ref() != link;
            heard.pairing_link = link.cloned();
            changed
        });
    }
}

#[derive(Debug)]
pub(super) struct Sound {
    heard: watch::Sender<Heard>,
    events: mpsc::Sender<MediaEvent>,
    /// Kills the real worker, where there are any: then this is only what they are told.
    axe: Option<Axe>,
}

impl Sound {
    pub(super) fn new(
        heard: watch::Sender<Heard>,
        events: mpsc::Sender<MediaEvent>,
        axe: Option<Axe>,
    ) -> Self {
        Self { heard, events, axe }
    }

    pub(super) async fn begin(&self) {
        if self.axe.is_none() {
            self.available(true).await;
        }
    }

    pub(super) async fn available(&self, available: bool) {
        let faults = (!available).then_some(AudioFault::Missing).into_iter().collect();
        // The station may have ended.
        drop(self.events.send(MediaEvent::AudioChanged { faults }).await);
    }

    pub(super) fn ring(&self) {
        self.heard.send_modify(|heard| heard.rang_at = Some(clock::now()));
    }

    pub(super) fn nudge(&self) {
        self.heard.send_modify(|heard| heard.nudges += 1);
    }

    pub(super) fn phones(&self, phones: BTreeSet<HandsetId>) {
        self.heard.send_if_modified(|heard| {
            let changed = heard.phones != phones;
            heard.phones = phones;
            changed
        });
    }

    pub(super) async fn crash(&self, call: CallId) {
        match &self.axe {
            Some(axe) => axe.swing(),
            None => drop(self.events.send(MediaEvent::WorkerCrashed { call }).await),
        }
    }

    pub(super) fn running(&self) -> Option<CallId> {
        self.heard.borrow().call
    }

    pub(super) fn take(&self, command: MediaCommand) {
        self.heard.send_modify(|heard| match command {
            MediaCommand::Start { call, .. } => heard.call = Some(call),
            MediaCommand::Stop { call } => {
                heard.call = heard.call.filter(|running| *running != call);
                (heard.heard_db, heard.said_db) = (None, None);
                heard.gates.retain(|leg, _| leg.call != call);
            }
            MediaCommand::Gate { leg, gate } if heard.call == Some(leg.call) => {
                heard.gates.insert(leg, gate);
            }
            // There is no air between a loudspeaker and a microphone.
            MediaCommand::TestLoop => {}
            // Simulated handsets have no sessions.
            MediaCommand::OpenLeg { .. }
            | MediaCommand::CloseLeg { .. }
            | MediaCommand::Signal { .. } => {}
            // What had them is gone, and all gates with it.
            MediaCommand::Gate { .. } => {}
            MediaCommand::Play(sound) => {
                heard.last = Some(sound);
                heard.count += 1;
            }
            MediaCommand::Tone(tone) => heard.tone = tone,
            MediaCommand::Volume { percent, .. } => heard.volume = percent,
            // No microphone is heard here.
            MediaCommand::Gain { .. } => {}
        });
    }
}
