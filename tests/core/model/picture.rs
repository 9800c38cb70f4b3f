// SPDX-License-Identifier: MIT OR Apache-2.0
//! What follows from something else: the lights, the tone, the views of doors and buttons.

use std::collections::BTreeSet;

use intercomd::core::{
    Snapshot,
    profile::{Contact, Light},
    snapshot::{CallView, ContactView, DoorView, LightView},
    status::{
        Direction::{Incoming, Outgoing},
        DoorState, Indication, Pattern, Status, Tone,
    },
};

use super::Model;

impl Model {
    /// The picture, with everything that follows from something else filled in.
    pub(crate) fn picture(&self) -> Snapshot {
        let mut picture = self.seen.clone();
        picture.station.quiet = picture.station.do_not_disturb;
        picture.doors = self.door_views();
        picture.buttons = self.button_views();
        let contact = |c: &Contact| ContactView { label: c.label.clone(), media: c.media };
        picture.contacts =
            self.profile.contacts.iter().map(|(n, c)| (n.clone(), contact(c))).collect();
        self.fill_in_call(&mut picture);
        picture.station.indications = indications(&picture);
        picture.station.tone = tone(&picture);
        let shown = &picture.station.indications;
        let light = |light: &Light| light_view(light, shown);
        picture.lights = self.profile.lights.iter().map(|(n, l)| (n.clone(), light(l))).collect();
        picture
    }
}

fn live(picture: &Snapshot) -> Option<&CallView> {
    picture.calls.values().find(|call| !call.status.is_terminal())
}

fn indications(picture: &Snapshot) -> BTreeSet<Indication> {
    let call = live(picture);
    let status = call.map(|call| call.status);
    let answered = matches!(status, Some(Status::Connecting | Status::Ongoing));
    let open = |door: &DoorView| matches!(door.state, DoorState::Open | DoorState::Held);
    let all = [
        (Indication::Monitored, answered && call.is_some_and(|call| call.monitor)),
        (Indication::DoorOpen, picture.doors.values().any(open)),
        (Indication::Failed, picture.station.failure_shown),
        (Indication::Connected, status == Some(Status::Ongoing)),
        (Indication::Ringing, matches!(status, Some(Status::Ringing | Status::Connecting))),
        (Indication::Activated, status == Some(Status::Initiated)),
        (Indication::NoAudio, !picture.station.audio_available),
        (Indication::NotPaired, picture.handsets.values().all(|handset| !handset.rights.answer)),
        (Indication::Quiet, picture.station.quiet),
        (Indication::Idle, true),
    ];
    all.into_iter().filter(|(_, holds)| *holds).map(|(indication, _)| indication).collect()
}

fn tone(picture: &Snapshot) -> Option<Tone> {
    let call = live(picture)?;
    let ringing = call.status == Status::Ringing;
    let tones = [
        (Tone::Monitor, call.monitor && call.answered_at.is_some()),
        (Tone::Ring, ringing && call.direction == Incoming && !call.silenced),
        (Tone::Ringback, ringing && call.direction == Outgoing),
    ];
    tones.into_iter().find(|(_, heard)| *heard).map(|(tone, _)| tone)
}

fn light_view(light: &Light, shown: &BTreeSet<Indication>) -> LightView {
    let known = shown.iter().find(|indication| light.shows.contains_key(indication));
    let shows = known.copied().unwrap_or(Indication::Idle);
    let pattern = light.shows.get(&shows).copied().unwrap_or(Pattern::Off);
    if !shown.contains(&Indication::Monitored) {
        return LightView { pattern, shows };
    }
    let dark = shows != Indication::Monitored || pattern == Pattern::Off;
    let pattern = if dark { Pattern::DoubleFlash } else { pattern };
    LightView { pattern, shows: Indication::Monitored }
}
