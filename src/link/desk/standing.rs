// SPDX-License-Identifier: MIT OR Apache-2.0
//! How things stand, as one handset may know it.

use super::{ConnectionId, Desk, Leg, legs::Part};
use crate::{
    core::{HandsetId, LegId, Moment, Status, status::Direction},
    link::{
        envelope::Mid,
        message::{
            FromStation,
            from_station::{Busy, Call, Door, Oneself, StateIs},
        },
    },
};

/// The same for as long as nothing happens: it has moments where `state_is` has what is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    state: StateIs,
    rings_until: Option<Moment>,
}

impl Standing {
    fn at(&self, now: Moment) -> FromStation {
        let mut state = self.state.clone();
        if let (Some(call), Some(until)) = (&mut state.call, self.rings_until) {
            call.ring_ms = u64::try_from(until.since(now).as_millis()).ok();
        }
        FromStation::StateIs(state)
    }
}

impl Desk {
    pub(super) fn tell_all_how_things_stand(&mut self, now: Moment) {
        let there = self.handsets.values().filter_map(|handset| {
            handset.connection.map(|connection| (handset.record.id.clone(), connection))
        });
        for (handset, connection) in there.collect::<Vec<_>>() {
            self.tell_how_things_stand(now, connection, &handset, None);
        }
    }

    /// Who did not ask is told only what is new.
    pub(super) fn tell_how_things_stand(
        &mut self,
        now: Moment,
        connection: ConnectionId,
        handset: &HandsetId,
        asked: Option<Mid>,
    ) {
        let Some(standing) = self.standing(handset) else { return };
        let Some(known) = self.handsets.get_mut(handset) else { return };
        if asked.is_none() && known.told.as_ref() == Some(&standing) {
            return;
        }
        let message = standing.at(now);
        known.told = Some(standing);
        self.say(now, connection, asked, &message);
    }

    fn standing(&self, handset: &HandsetId) -> Option<Standing> {
        let record = &self.handsets.get(handset)?.record;
        let may_open = self.snapshot.doors.iter().filter(|(door, _)| record.doors.contains(door));
        let doors = may_open.map(|(name, view)| Door {
            name: name.clone(),
            label: view.label.clone(),
            state: view.state,
            contact: view.contact,
            alarm: view.alarm,
            locked: view.locked,
        });
        let call = self.present_leg(handset).and_then(|(leg, found)| self.call_of(leg, found));
        let rings_until = match self.present_leg(handset).map(|(_, leg)| leg.part) {
            Some(Part::Invited { until, .. }) => Some(until),
            Some(Part::Dialled | Part::Selected { .. }) | None => None,
        };
        let state = StateIs {
            name: self.place.name.clone(),
            handset: Oneself {
                id: record.id.clone(),
                label: record.label.clone(),
                rights: record.rights.iter().copied().collect(),
            },
            doors: doors.collect(),
            call,
            busy: self.busy_for(handset),
        };
        Some(Standing { state, rings_until })
    }

    /// Who answered is told to those whom the call rang: not every flat has to know of every other.
    fn busy_for(&self, handset: &HandsetId) -> Option<Busy> {
        let id = self.snapshot.station.active_call?;
        let call = self.snapshot.calls.get(&id)?;
        let own = call.legs.get(handset);
        let is_in_it = self.legs.contains_key(&LegId { call: id, handset: handset.clone() })
            || own.is_some_and(|leg| !leg.status.is_terminal());
        let by = call.answered_by.as_ref().filter(|_| own.is_some());
        (!is_in_it).then(|| Busy { by: by.map(|by| self.label_of(by)) })
    }

    /// The state of the station may be older or newer than what was ordered about the leg.
    fn call_of(&self, leg: &LegId, found: &Leg) -> Option<Call> {
        let view = self.snapshot.calls.get(&leg.call);
        let seen = view.and_then(|call| call.legs.get(&leg.handset)).map(|leg| leg.status);
        let status = seen.unwrap_or(match found.part {
            Part::Invited { .. } | Part::Dialled => Status::Ringing,
            Part::Selected { .. } => Status::Connecting,
        });
        let direction = match found.part {
            Part::Invited { .. } | Part::Selected { .. } => Direction::Outgoing,
            Part::Dialled => Direction::Incoming,
        };
        let contact = view.map_or(found.contact.as_ref(), |call| call.contact.as_ref());
        (!status.is_terminal()).then(|| Call {
            cid: leg.call,
            status,
            direction: view.map_or(direction, |call| call.direction),
            contact: contact.map(|contact| self.contact_label(contact)),
            media: view.map_or(found.media, |call| call.media),
            ring_ms: None,
            monitor: view.is_some_and(|call| call.monitor),
        })
    }
}
