// SPDX-License-Identifier: MIT OR Apache-2.0
//! The doors together: what pries one open locks them all.

use super::Station;
use crate::core::{
    door::Door,
    event::{Rejected, Subject},
    ids::DoorName,
    time::Moment,
};

impl Station {
    /// The lock stays when the cover is back on, and over a power cut: somebody has to unlock.
    pub(super) fn tampered(&mut self, now: Moment) {
        self.durable.tampered = true;
        self.lock_if_tampered(now);
    }

    /// Also a door that the configuration has only now.
    pub(super) fn lock_if_tampered(&mut self, now: Moment) {
        if !self.durable.tampered {
            return;
        }
        for (name, door) in &mut self.doors {
            door.lock(now);
            self.durable.locked.insert(name.clone());
        }
    }

    pub(super) fn lock_door(&mut self, now: Moment, name: &DoorName) -> Result<(), Rejected> {
        self.with_door(name, |door, _| {
            door.lock(now);
            Ok(())
        })?;
        self.durable.locked.insert(name.clone());
        Ok(())
    }

    /// Unlocking one door also says that somebody has seen to the station.
    pub(super) fn unlock_door(&mut self, name: &DoorName) -> Result<(), Rejected> {
        if self.tamper_active {
            self.with_door(name, |_, _| Ok(()))?;
            return Err(Rejected::Tampered);
        }
        self.with_door(name, |door, _| {
            door.unlock();
            Ok(())
        })?;
        self.durable.locked.remove(name);
        self.durable.tampered = false;
        self.durable.locks_lost = false;
        Ok(())
    }

    pub(super) fn with_door(
        &mut self,
        name: &DoorName,
        act: impl FnOnce(&mut Door, bool) -> Result<(), Rejected>,
    ) -> Result<(), Rejected> {
        let door = self.doors.get_mut(name);
        let door = door.ok_or_else(|| Rejected::NotFound(Subject::Door(name.clone())))?;
        act(door, self.durable.tampered)
    }
}
