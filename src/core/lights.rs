// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the visitor is shown and hears for as long as it lasts: functions of the snapshot.

use std::collections::BTreeSet;

use super::{
    profile::Light,
    snapshot::{CallView, LightView, Snapshot},
    status::{Direction, DoorState, Indication, Pattern, Status, Tone},
};

/// The call that is not over.
fn live_call(snapshot: &Snapshot) -> Option<&CallView> {
    snapshot.calls.get(&snapshot.station.active_call?)
}

pub fn indications(snapshot: &Snapshot) -> BTreeSet<Indication> {
    let station = &snapshot.station;
    let mut shown = BTreeSet::from([Indication::Idle]);
    let mut show = |indication, when: bool| {
        if when {
            shown.insert(indication);
        }
    };
    show(Indication::Failed, station.failure_shown);
    show(Indication::NoAudio, !station.audio_available);
    show(Indication::NotPaired, !snapshot.handsets.values().any(|h| h.rights.answer));
    show(Indication::Quiet, station.quiet);
    show(
        Indication::DoorOpen,
        snapshot.doors.values().any(|door| match door.state {
            DoorState::Open | DoorState::Held => true,
            DoorState::Closed | DoorState::Locked => false,
        }),
    );
    if let Some(call) = live_call(snapshot) {
        let (during, answered) = match call.status {
            Status::Initiated => (Indication::Activated, false),
            Status::Ringing | Status::Connecting => {
                (Indication::Ringing, call.answered_at.is_some())
            }
            Status::Ongoing => (Indication::Connected, true),
            Status::Ended
            | Status::Busy
            | Status::Rejected
            | Status::Cancelled
            | Status::Unanswered
            | Status::Missed
            | Status::Elsewhere
            | Status::Failed => (Indication::Idle, false),
        };
        show(during, true);
        show(Indication::Monitored, call.monitor && answered);
    }
    shown
}

/// The first of the indications that this light knows; but all lights tell of a listener.
pub fn show(light: &Light, indications: &BTreeSet<Indication>) -> LightView {
    let configured = |indication: &Indication| light.shows.get(indication).copied();
    if indications.contains(&Indication::Monitored) {
        let pattern = configured(&Indication::Monitored).filter(|p| *p != Pattern::Off);
        let pattern = pattern.unwrap_or(Pattern::DoubleFlash);
        return LightView { pattern, shows: Indication::Monitored };
    }
    let first = indications.iter().find_map(|i| configured(i).map(|pattern| (*i, pattern)));
    let (shows, pattern) = first.unwrap_or((Indication::Idle, Pattern::Off));
    LightView { pattern, shows }
}

pub fn tone(snapshot: &Snapshot) -> Option<Tone> {
    let call = live_call(snapshot)?;
    match (call.status, call.direction) {
        (Status::Connecting | Status::Ongoing, _) if call.monitor => Some(Tone::Monitor),
        (Status::Ringing, Direction::Incoming) if !call.silenced => Some(Tone::Ring),
        (Status::Ringing, Direction::Outgoing) => Some(Tone::Ringback),
        (
            Status::Initiated
            | Status::Ringing
            | Status::Connecting
            | Status::Ongoing
            | Status::Ended
            | Status::Busy
            | Status::Rejected
            | Status::Cancelled
            | Status::Unanswered
            | Status::Missed
            | Status::Elsewhere
            | Status::Failed,
            _,
        ) => None,
    }
}
