// SPDX-License-Identifier: MIT OR Apache-2.0
//! What others were told last, and the difference to how things are now. Lights, relays, gates
//! and tones are derived, never switched by hand, so none of them can be forgotten.

use std::collections::BTreeMap;

use super::{Cause, Station};
use crate::core::{
    call::Call,
    effect::{Drive, Effect, Signal},
    event::Durable,
    ids::{CallId, DoorName, LegId, LightName},
    snapshot::Snapshot,
    status::{DoorAlarm, DoorState, Gate, Pattern, Sound, Status, Tone},
    time::Moment,
};

#[derive(Debug, Default)]
pub(super) struct Shown {
    call: Option<(CallId, Status)>,
    gates: BTreeMap<LegId, Gate>,
    relays: BTreeMap<DoorName, Option<Moment>>,
    doors: BTreeMap<DoorName, (DoorState, DoorAlarm)>,
    lights: BTreeMap<LightName, Pattern>,
    tone: Option<Tone>,
    /// What people chose, and the share of the chimes.
    volume: Option<(u8, u8)>,
    gain: Option<i16>,
    durable: Durable,
}

impl Shown {
    pub(super) fn new(durable: Durable) -> Self {
        Self { durable, ..Self::default() }
    }

    pub(super) fn forget_panel(&mut self) {
        self.relays.clear();
        self.lights.clear();
    }
}

impl Station {
    /// Ends every mutation. Safety first: relays before anything that only informs.
    pub(super) fn settle(&mut self, now: Moment, cause: &Cause) {
        self.drive_relays(now);
        self.switch_gates();
        self.announce_status();
        self.bury_if_over(now);
        let quieter = self.profile.quieter.iter().map(|span| &span.hours);
        let hours = self.profile.quiet.iter().chain(quieter);
        self.hours_change_at = self.clock.next_change(now, hours);
        self.set_levels(now);
        let snapshot = self.snapshot(now);
        self.announce_doors(&snapshot, cause);
        self.show_lights(&snapshot);
        if self.shown.durable != self.durable {
            self.shown.durable = self.durable.clone();
            self.effects.push_back(Effect::SaveState(self.durable.clone()));
        }
    }

    fn set_levels(&mut self, now: Moment) {
        let percent = self.durable.volume;
        let chimes = self.clock.chimes(now, &self.profile.quieter);
        if self.shown.volume.replace((percent, chimes)) != Some((percent, chimes)) {
            self.effects.push_back(Effect::SetVolume { percent, chimes });
        }
        let decibels = self.durable.gain;
        if self.shown.gain.replace(decibels) != Some(decibels) {
            self.effects.push_back(Effect::SetGain { decibels });
        }
    }

    fn drive_relays(&mut self, now: Moment) {
        for (name, door) in &self.doors {
            let until = door.active_until();
            if self.shown.relays.insert(name.clone(), until).unwrap_or_default() == until {
                continue;
            }
            let drive = match until {
                Some(until) => Drive::On { at_most: until.since(now) },
                None => Drive::Off,
            };
            self.effects.push_back(Effect::DriveRelay { door: name.clone(), drive });
        }
        let gone = self.shown.relays.extract_if(.., |name, _| !self.doors.contains_key(name));
        for (door, _) in gone.filter(|(_, until)| until.is_some()) {
            self.effects.push_back(Effect::DriveRelay { door, drive: Drive::Off });
        }
    }

    fn switch_gates(&mut self) {
        let gates: BTreeMap<_, _> = self.call.iter().flat_map(Call::gates).collect();
        for (leg, gate) in &gates {
            let before = self.shown.gates.get(leg).copied().unwrap_or(Gate::Closed);
            if before != *gate {
                self.effects.push_back(Effect::SetGate { leg: leg.clone(), gate: *gate });
            }
        }
        self.shown.gates = gates;
    }

    fn announce_status(&mut self) {
        let Some(call) = &self.call else { return };
        let (id, new) = (call.id(), call.status());
        match self.shown.call.replace((id, new)) {
            Some((shown, old)) if shown == id && old != new => {
                let reason = call.ending().map(|(_, reason)| reason);
                let signal = Signal::StatusChanged { call: id, old, new, reason };
                self.effects.push_back(Effect::Announce(signal));
            }
            Some(_) | None => {}
        }
    }

    fn bury_if_over(&mut self, now: Moment) {
        let over = self.call.as_ref().and_then(Call::ending);
        let Some((status, _)) = over else { return };
        if let Some(call) = self.call.take() {
            // After the gates: the worker hears of them while it is there.
            self.effects.push_back(Effect::StopMedia { call: call.id() });
            self.bury(now, &call, status);
        }
    }

    fn announce_doors(&mut self, snapshot: &Snapshot, cause: &Cause) {
        for (name, door) in &snapshot.doors {
            let new = (door.state, door.alarm);
            let Some(old) = self.shown.doors.insert(name.clone(), new) else { continue };
            let was_open = matches!(old.0, DoorState::Open | DoorState::Held);
            if door.relay_active && !was_open {
                self.effects.push_back(Effect::Play(Sound::DoorOpen));
            }
            if old.0 != new.0 {
                self.effects.push_back(Effect::Announce(Signal::DoorStateChanged {
                    door: name.clone(),
                    old: old.0,
                    new: new.0,
                    by: cause.to_string(),
                }));
            }
            if old.1 != new.1 {
                self.effects.push_back(Effect::Announce(Signal::DoorAlarmChanged {
                    door: name.clone(),
                    old: old.1,
                    new: new.1,
                }));
            }
        }
        self.shown.doors.retain(|name, _| snapshot.doors.contains_key(name));
    }

    fn show_lights(&mut self, snapshot: &Snapshot) {
        for (name, light) in &snapshot.lights {
            if self.shown.lights.insert(name.clone(), light.pattern) != Some(light.pattern) {
                let pattern = light.pattern;
                self.effects.push_back(Effect::ShowLight { light: name.clone(), pattern });
            }
        }
        self.shown.lights.retain(|name, _| snapshot.lights.contains_key(name));
        if self.shown.tone != snapshot.station.tone {
            self.shown.tone = snapshot.station.tone;
            self.effects.push_back(Effect::SetTone(snapshot.station.tone));
        }
    }
}
