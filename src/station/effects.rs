// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every effect of the core and the port it goes to. The log for the house owner is written here.

use super::{clock, engine::Engine, panel_port::PanelPort, request::PairingRefused};
use crate::{
    bus::Notice,
    core::{
        CallId, Effect, Event, LegId, Reason, Status,
        effect::{CallRecord, Signal},
        event::LegFact,
        status::{DoorAlarm, Sound, Tone},
    },
    link::LinkCommand,
    media::MediaCommand,
    panel::PanelCommand,
};

impl Engine {
    pub(super) fn carry_out(&mut self, panel: &PanelPort, effect: Effect) {
        match effect {
            Effect::DriveRelay { door, drive } => {
                panel.command(PanelCommand::Relay { door, drive })
            }
            Effect::ShowLight { light, pattern } => {
                panel.command(PanelCommand::Light { light, pattern });
            }
            Effect::Play(sound) => self.tell_media(MediaCommand::Play(sound)),
            Effect::SetTone(tone) => self.tell_media(MediaCommand::Tone(tone)),
            Effect::SetVolume { percent, chimes } => {
                self.tell_media(MediaCommand::Volume { percent, chimes });
            }
            Effect::SetGain { decibels } => self.tell_media(MediaCommand::Gain { decibels }),
            Effect::StartMedia { call, media } => {
                self.tell_media(MediaCommand::Start { call, media });
            }
            Effect::StopMedia { call } => self.tell_media(MediaCommand::Stop { call }),
            Effect::SetGate { leg, gate } => self.tell_media(MediaCommand::Gate { leg, gate }),
            Effect::RingHandset { leg, contact, ring_for, media } => {
                let ring = LinkCommand::Ring { leg: leg.clone(), contact, ring_for, media };
                if !self.reaches_link(ring) {
                    self.unreachable(leg);
                }
            }
            Effect::NudgeHandset { leg } => self.tell_link(LinkCommand::Nudge { leg }),
            Effect::SelectHandset { leg } => self.tell_link(LinkCommand::Select { leg }),
            Effect::EndLeg { leg, status, reason, answered_by } => {
                self.tell_media(MediaCommand::CloseLeg { leg: leg.clone() });
                self.tell_link(LinkCommand::End { leg, status, reason, answered_by });
            }
            Effect::TellHeld { leg, held } => self.tell_link(LinkCommand::Held { leg, held }),
            Effect::WarnHandset { leg, ends_in } => {
                self.tell_link(LinkCommand::Warn { leg, ends_in });
            }
            Effect::OpenPairing { by, lasts, grant } => {
                self.pairing.newest.0 += 1;
                let window = self.pairing.newest;
                if self.reaches_link(LinkCommand::OpenPairing { window, lasts, by, grant }) {
                    tracing::info!(seconds = lasts.as_secs(), "pairing is open");
                } else {
                    self.core.handle(clock::now(), Event::PairingClosed);
                    self.pairing.refuse(PairingRefused::Unavailable);
                }
            }
            Effect::ClosePairing => {
                tracing::info!("pairing is closed");
                self.show_pairing(None);
                self.tell_link(LinkCommand::ClosePairing);
            }
            Effect::RecordCall(record) => self.record(record),
            Effect::SaveState(durable) => self.save_state(durable),
            Effect::Announce(signal) => self.announce(signal),
        }
    }

    pub(super) fn tell_link(&self, command: LinkCommand) {
        self.reaches_link(command);
    }

    /// A ring that nobody carries must not keep the visitor waiting for its whole time.
    fn unreachable(&mut self, leg: LegId) {
        let fact = LegFact::Unreachable;
        self.core.handle(clock::now(), Event::Leg { leg, fact });
    }

    pub(super) fn reaches_link(&self, command: LinkCommand) -> bool {
        self.links.carry(command, &self.config.simulator)
    }

    pub(super) fn tell_media(&mut self, command: MediaCommand) {
        let Err(lost) = self.media.tell(command) else { return };
        // Nobody may believe a microphone to be closed that is not.
        let call = match lost {
            MediaCommand::Start { call, .. } => call,
            MediaCommand::Gate { leg, .. } => leg.call,
            // Nor may a handset see on after its part is over.
            MediaCommand::CloseLeg { leg } => leg.call,
            MediaCommand::OpenLeg { leg, .. } | MediaCommand::Signal { leg, .. } => {
                let fact = LegFact::MediaFailed(Reason::OutOfResources);
                self.core.handle(clock::now(), Event::Leg { leg, fact });
                return;
            }
            // Nor may anybody listen in untold.
            MediaCommand::Play(Sound::Monitored) | MediaCommand::Tone(Some(Tone::Monitor)) => {
                let call = self.core.snapshot(clock::now()).station.active_call;
                let Some(call) = call else { return };
                call
            }
            MediaCommand::Stop { .. }
            | MediaCommand::TestLoop
            | MediaCommand::Play(_)
            | MediaCommand::Tone(_)
            | MediaCommand::Volume { .. }
            | MediaCommand::Gain { .. } => return,
        };
        self.core.handle(clock::now(), Event::WorkerCrashed { call });
    }

    fn record(&mut self, record: CallRecord) {
        let started_at_unix_ms = clock::unix_ms().map(|now| now.saturating_sub(record.lasted_ms));
        let is_new = self.calls.newest_first().all(|call| call.record.id != record.id);
        self.calls.record(record.clone(), started_at_unix_ms);
        self.last_calls.note(&self.calls);
        self.save_calls();
        if is_new {
            let contact = record.contact.as_ref().map(tracing::field::display);
            let handset = record.handset.as_ref().map(tracing::field::display);
            let direction = record.direction.word();
            tracing::info!(call = %record.id, direction, contact, handset, "call");
            log_status(record.id, record.status, record.reason);
        }
    }

    fn announce(&mut self, signal: Signal) {
        match &signal {
            Signal::StatusChanged { call, new, reason, .. } => log_status(*call, *new, *reason),
            Signal::DoorStateChanged { door, new, by, .. } => {
                tracing::info!(%door, state = new.word(), by, "door");
            }
            // What somebody did on purpose is told by the door's state.
            Signal::DoorAlarmChanged { new: DoorAlarm::LockedDown, .. }
            | Signal::DoorAlarmChanged {
                old: DoorAlarm::LockedDown, new: DoorAlarm::Normal, ..
            } => {}
            Signal::DoorAlarmChanged { door, new: DoorAlarm::Normal, .. } => {
                tracing::info!(%door, "door alarm is over");
            }
            Signal::DoorAlarmChanged { door, new, .. } => {
                tracing::warn!(%door, alarm = new.word(), "door alarm");
            }
            Signal::ButtonPressed { button } => tracing::debug!(%button, "pressed"),
            Signal::ButtonHeld { button } => tracing::debug!(%button, "held"),
            Signal::EndingSoon { call, ends_in } => {
                tracing::debug!(%call, seconds = ends_in.as_secs(), "ends soon");
            }
        }
        self.notices.push(Notice::Core(signal));
    }
}

/// Once for each status of a call.
fn log_status(call: CallId, status: Status, reason: Option<Reason>) {
    let reason = reason.map(Reason::word);
    tracing::info!(%call, status = status.word(), reason, "call status");
}
