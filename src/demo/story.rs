// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the station does, told line by line at the terminal. The panel page has words of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    bus::Published,
    core::{
        HandsetId, Snapshot, Status,
        snapshot::{CallView, DoorView, HandsetView},
    },
    demo::Heard,
    link::PairingLink,
};

pub(super) struct Story {
    told: Arc<Published>,
    heard: Heard,
}

impl Story {
    pub(super) fn new(told: Arc<Published>, heard: Heard) -> Self {
        Self { told, heard }
    }

    /// What is over at once, and so is no state of the station.
    pub(super) fn hear(&mut self, now: Heard, mut tell: impl FnMut(&str)) {
        if let Some(sound) = now.last.filter(|_| now.count != self.heard.count) {
            tell(&format!("  sound    {sound}, once"));
        }
        if now.nudges != self.heard.nudges {
            tell("  phones   ring once more");
        }
        if now.pairing_link != self.heard.pairing_link {
            match &now.pairing_link {
                Some(PairingLink(link)) => tell(&format!("  pairing  {link}")),
                None => tell("  pairing  closed"),
            }
        }
        self.heard = now;
    }

    pub(super) fn go_on(&mut self, now: Arc<Published>, mut tell: impl FnMut(&str)) {
        let (old, new) = (&self.told.snapshot, &now.snapshot);
        let names = Names { handsets: &new.handsets, phones: &self.heard.phones };
        for (name, button) in &new.buttons {
            let Some(before) = old.buttons.get(name) else { continue };
            if before.presses < button.presses {
                tell(&format!("  button   {name} pressed"));
            }
            if before.ignored < button.ignored {
                tell(&format!("  button   {name} pressed too often; this one did not count"));
            }
        }
        for (id, call) in &new.calls {
            let before = old.calls.get(id);
            if before.map(told_of_call) != Some(told_of_call(call)) {
                tell(&format!("  call {id}   {}", call_line(call, &names)));
            }
        }
        for (name, door) in &new.doors {
            let before = old.doors.get(name);
            if before.map(told_of_door) != Some(told_of_door(door)) {
                tell(&format!("  door     {name}: {}", door_line(door)));
            }
        }
        for (name, light) in &new.lights {
            if old.lights.get(name) != Some(light) {
                tell(&format!("  light    {name}: {} ({})", light.pattern, light.shows));
            }
        }
        if old.station.tone != new.station.tone {
            let tone = new.station.tone.map_or("silence", |tone| tone.word());
            tell(&format!("  sound    {tone}"));
        }
        for id in new.handsets.keys().filter(|id| !old.handsets.contains_key(*id)) {
            tell(&format!("  paired   {}", names.of(id)));
        }
        for id in old.handsets.keys().filter(|id| !new.handsets.contains_key(*id)) {
            let names = Names { handsets: &old.handsets, ..names };
            tell(&format!("  unpaired {}", names.of(id)));
        }
        self.told = now;
    }
}

/// A simulated phone by the name under which it is played, a real one as its owner calls it.
#[derive(Clone, Copy)]
pub(super) struct Names<'n> {
    pub(super) handsets: &'n BTreeMap<HandsetId, HandsetView>,
    pub(super) phones: &'n BTreeSet<HandsetId>,
}

impl Names<'_> {
    fn of(&self, id: &HandsetId) -> String {
        match self.handsets.get(id).filter(|_| !self.phones.contains(id)) {
            Some(handset) => handset.label.clone(),
            None => id.to_string(),
        }
    }
}

type Leg = (HandsetId, Status);

fn told_of_call(call: &CallView) -> (&'static str, Option<&'static str>, Vec<Leg>, [bool; 2]) {
    let reason = call.reason.map(|reason| reason.word());
    (call.status.word(), reason, legs(call), [call.muted, call.held])
}

fn legs(call: &CallView) -> Vec<Leg> {
    call.legs.iter().map(|(id, leg)| (id.clone(), leg.status)).collect()
}

fn call_line(call: &CallView, names: &Names<'_>) -> String {
    let mut line = call.status.to_string();
    if let Some(reason) = call.reason.filter(|reason| reason.word() != call.status.word()) {
        line += &format!(" ({reason})");
    }
    let legs: Vec<_> =
        legs(call).iter().map(|(id, status)| format!("{} {status}", names.of(id))).collect();
    if !legs.is_empty() {
        line += &format!("   phones: {}", legs.join(", "));
    }
    for (word, said) in [("muted", call.muted), ("held", call.held), ("monitored", call.monitor)] {
        if said {
            line += &format!("   {word}");
        }
    }
    line
}

fn told_of_door(door: &DoorView) -> (&'static str, &'static str, &'static str) {
    (door.state.word(), door.contact.word(), door.alarm.word())
}

fn door_line(door: &DoorView) -> String {
    let relay = if door.relay_active { "relay on" } else { "relay off" };
    let (state, contact, alarm) = told_of_door(door);
    format!("{state}, {relay}, contact {contact}, alarm {alarm}")
}

pub(super) fn summary(snapshot: &Snapshot, phones: &BTreeSet<HandsetId>) -> String {
    let names = Names { handsets: &snapshot.handsets, phones };
    let mut lines = Vec::new();
    match snapshot.station.active_call.and_then(|id| Some((id, snapshot.calls.get(&id)?))) {
        Some((id, call)) => lines.push(format!("  call {id}   {}", call_line(call, &names))),
        None => lines.push("  no call".to_owned()),
    }
    for (name, door) in &snapshot.doors {
        lines.push(format!("  door     {name}: {}", door_line(door)));
    }
    for (name, light) in &snapshot.lights {
        lines.push(format!("  light    {name}: {} ({})", light.pattern, light.shows));
    }
    lines.join("\n")
}
