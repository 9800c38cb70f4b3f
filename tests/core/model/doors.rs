// SPDX-License-Identifier: MIT OR Apache-2.0
//! Doors: what the relay does, who may ask for it, what the contact says about it.

use std::{collections::BTreeMap, time::Duration};

use intercomd::core::{
    DoorName, HandsetId, Moment, Origin, Rejected, Reply,
    event::{DoorVerb, Subject},
    profile::{Rate, Rights},
    snapshot::DoorView,
    status::{DoorAlarm, DoorContact, DoorState, Sound},
};

use super::{DoorFacts, Due, Model, Relay};

/// Whether one more fits, and if not, how long until it does.
pub(super) fn fits(past: &mut Vec<Moment>, rate: Rate, now: Moment) -> Result<(), Duration> {
    past.retain(|at| now.since(*at) < rate.per);
    match past.len().checked_sub(rate.count as usize) {
        None => Ok(()),
        Some(extra) => {
            let leaves = past.get(extra).map(|at| *at + rate.per);
            Err(leaves.map_or(rate.per, |leaves| leaves.since(now)))
        }
    }
}

impl Model {
    pub(super) fn adopt_doors(&mut self) {
        let old = std::mem::take(&mut self.doors);
        for (name, rules) in &self.profile.doors {
            let facts = old.get(name).cloned();
            let mut facts = facts.unwrap_or_else(|| DoorFacts {
                rules: rules.clone(),
                relay: None,
                leave: None,
                forced: false,
                too_long: false,
                fault: false,
                granted: Vec::new(),
                contact: DoorContact::Unknown,
            });
            facts.rules = rules.clone();
            self.doors.insert(name.clone(), facts);
        }
        if self.seen.station.tampered {
            self.locked.extend(self.doors.keys().cloned());
        }
        let doors = &self.doors;
        self.due.retain(|due, _| {
            !matches!(due, Due::RelayFalls(door) | Due::DoorOpenTooLong(door)
                if !doors.contains_key(door))
        });
    }

    pub(super) fn at_door(
        &mut self,
        now: Moment,
        origin: &Origin,
        name: &DoorName,
        verb: DoorVerb,
    ) -> Result<Reply, Rejected> {
        if let Origin::Handset(handset) = origin {
            self.may_at_door(handset, name, verb)?;
        }
        if !self.doors.contains_key(name) {
            return Err(Rejected::NotFound(Subject::Door(name.clone())));
        }
        match verb {
            DoorVerb::Open => self.request(now, name, Relay::Pulse)?,
            DoorVerb::Hold => self.request(now, name, Relay::Hold)?,
            DoorVerb::Release => self.release(now, name)?,
            DoorVerb::Lock => self.lock(now, name),
            DoorVerb::Unlock => self.unlock(name)?,
        }
        Ok(Reply::Done)
    }

    fn may_at_door(
        &self,
        handset: &HandsetId,
        name: &DoorName,
        verb: DoorVerb,
    ) -> Result<(), Rejected> {
        let rights = self.rights(handset).filter(|rights| rights.doors.contains(name));
        let enough = |rights: &Rights| verb == DoorVerb::Open || rights.admin;
        if rights.is_some_and(enough) { Ok(()) } else { Err(Rejected::NotAuthorized) }
    }

    fn request(&mut self, now: Moment, name: &DoorName, what: Relay) -> Result<(), Rejected> {
        let tampered = self.seen.station.tampered;
        let door = self.doors.get_mut(name).unwrap();
        if self.locked.contains(name) {
            return Err(if tampered { Rejected::Tampered } else { Rejected::Locked });
        }
        if door.fault {
            return Err(Rejected::RelayFault);
        }
        if what == Relay::Pulse && door.relay.is_some() {
            return Ok(());
        }
        if what == Relay::Pulse {
            let fits = fits(&mut door.granted, door.rules.rate, now);
            fits.map_err(|retry_after| Rejected::RateLimited { retry_after })?;
            door.granted.push(now);
        }
        self.energise(now, name, what);
        Ok(())
    }

    fn energise(&mut self, now: Moment, name: &DoorName, what: Relay) {
        let door = self.doors.get_mut(name).unwrap();
        let lasts = if what == Relay::Hold { door.rules.max_hold } else { door.rules.pulse };
        let fell_back = door.relay.replace((what, now + lasts)).is_none();
        door.leave = None;
        self.due.insert(Due::RelayFalls(name.clone()), now + lasts);
        if what == Relay::Hold {
            self.due.remove(&Due::DoorOpenTooLong(name.clone()));
        }
        if fell_back {
            self.plays(Sound::DoorOpen);
        }
    }

    pub(super) fn relay_falls(&mut self, now: Moment, name: &DoorName) {
        let door = self.doors.get_mut(name).unwrap();
        let Some((was, _)) = door.relay.take() else { return };
        self.due.remove(&Due::RelayFalls(name.clone()));
        door.leave = Some((was == Relay::ExitPulse, now + door.rules.settle));
        if was == Relay::Hold && door.contact == DoorContact::Open && !door.too_long {
            self.count_open_time(now, name);
        }
    }

    fn release(&mut self, now: Moment, name: &DoorName) -> Result<(), Rejected> {
        match self.doors[name].relay {
            Some((Relay::Hold, _)) => {
                self.relay_falls(now, name);
                Ok(())
            }
            Some((Relay::Pulse | Relay::ExitPulse, _)) | None => {
                Err(Rejected::WrongDoorState { state: self.door_state(name) })
            }
        }
    }

    fn lock(&mut self, now: Moment, name: &DoorName) {
        self.locked.insert(name.clone());
        if !matches!(self.doors[name].relay, Some((Relay::ExitPulse, _))) {
            self.relay_falls(now, name);
        }
    }

    fn unlock(&mut self, name: &DoorName) -> Result<(), Rejected> {
        if self.seen.station.tampered && self.tamper_input {
            return Err(Rejected::Tampered);
        }
        self.seen.station.tampered = false;
        self.locked.remove(name);
        Ok(())
    }

    pub(super) fn tamper_level(&mut self, now: Moment, active: bool) {
        let rises = active && !self.tamper_input;
        self.tamper_input = active;
        if rises {
            self.seen.station.tampered = true;
            let names: Vec<_> = self.doors.keys().cloned().collect();
            names.iter().for_each(|name| self.lock(now, name));
        }
    }

    pub(super) fn relay_fault(&mut self, name: &DoorName, faulty: bool) {
        if let Some(door) = self.doors.get_mut(name) {
            door.fault = faulty;
        }
    }

    pub(super) fn exit_level(&mut self, now: Moment, name: &DoorName, active: bool) {
        let before = self.exits.insert(name.clone(), active);
        if before != Some(false) || !active {
            return;
        }
        let Some(door) = self.doors.get(name) else { return };
        if door.relay.is_none() {
            self.energise(now, name, Relay::ExitPulse);
        }
        self.let_in_by_hand(now);
    }

    pub(super) fn contact_level(&mut self, now: Moment, name: &DoorName, active: bool) {
        let Some(door) = self.doors.get_mut(name) else { return };
        let before = door.contact;
        door.contact = if active { DoorContact::Open } else { DoorContact::Closed };
        if before == door.contact {
            return;
        }
        if !active {
            door.forced = false;
            door.too_long = false;
            door.leave = None;
            self.due.remove(&Due::DoorOpenTooLong(name.clone()));
            return;
        }
        self.count_open_time(now, name);
        if before == DoorContact::Closed {
            self.opened(now, name);
        }
    }

    fn opened(&mut self, now: Moment, name: &DoorName) {
        let door = self.doors.get_mut(name).unwrap();
        let by_exit = match (door.relay, door.leave) {
            (Some((relay, _)), _) => Some(relay == Relay::ExitPulse),
            (None, Some((by_exit, until))) if now < until => Some(by_exit),
            (None, _) => None,
        };
        door.forced = by_exit.is_none() && door.rules.forced_open_alarm;
        if by_exit.unwrap_or(true) {
            self.let_in_by_hand(now);
        }
    }

    /// Time in which the door stands open counts while nobody holds it.
    fn count_open_time(&mut self, now: Moment, name: &DoorName) {
        let door = &self.doors[name];
        let held = matches!(door.relay, Some((Relay::Hold, _)));
        if let Some(limit) = door.rules.open_alarm_after.filter(|_| !held) {
            self.due.insert(Due::DoorOpenTooLong(name.clone()), now + limit);
        }
    }

    pub(super) fn doors_let_go(&mut self) {
        for (name, door) in &mut self.doors {
            door.relay = None;
            door.leave = None;
            door.contact = DoorContact::Unknown;
            (door.forced, door.too_long) = (false, false);
            self.due.remove(&Due::RelayFalls(name.clone()));
            self.due.remove(&Due::DoorOpenTooLong(name.clone()));
        }
    }

    pub(super) fn door_open_too_long(&mut self, name: &DoorName) {
        self.doors.get_mut(name).unwrap().too_long = true;
    }

    fn door_state(&self, name: &DoorName) -> DoorState {
        match self.doors[name].relay {
            Some((Relay::Pulse | Relay::ExitPulse, _)) => DoorState::Open,
            Some((Relay::Hold, _)) => DoorState::Held,
            None if self.locked.contains(name) => DoorState::Locked,
            None => DoorState::Closed,
        }
    }

    fn alarm(&self, name: &DoorName) -> DoorAlarm {
        let door = &self.doors[name];
        let all = [
            (self.seen.station.tampered, DoorAlarm::Tamper),
            (door.forced, DoorAlarm::ForcedOpen),
            (door.fault, DoorAlarm::Fault),
            (door.too_long, DoorAlarm::OpenTooLong),
            (self.locked.contains(name), DoorAlarm::LockedDown),
        ];
        all.into_iter().find(|(holds, _)| *holds).map_or(DoorAlarm::Normal, |(_, alarm)| alarm)
    }

    pub(super) fn door_views(&self) -> BTreeMap<DoorName, DoorView> {
        let view = |(name, door): (&DoorName, &DoorFacts)| {
            let view = DoorView {
                label: door.rules.label.clone(),
                state: self.door_state(name),
                alarm: self.alarm(name),
                contact: door.contact,
                relay_active: door.relay.is_some(),
                relay_until: door.relay.map(|(_, until)| until),
                locked: self.locked.contains(name),
                pulse: door.rules.pulse,
            };
            (name.clone(), view)
        };
        self.doors.iter().map(view).collect()
    }
}
