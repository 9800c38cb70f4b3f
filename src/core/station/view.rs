// SPDX-License-Identifier: MIT OR Apache-2.0
//! Everything that others may know, gathered from where it is decided.

use std::collections::{BTreeMap, BTreeSet};

use super::{Handset, Station};
use crate::core::{
    call::Call,
    ids::ContactName,
    lights,
    profile::Contact,
    snapshot::{ContactView, HandsetView, Snapshot, StationView},
    status::Problem,
    time::Moment,
};

impl Station {
    /// Everything that others may know at `now`.
    pub fn snapshot(&self, now: Moment) -> Snapshot {
        let tampered = self.durable.tampered;
        let ended = self.ended.iter().map(|ended| (ended.id, ended.view.clone()));
        let active = self.call.iter().map(|call| (call.id(), call.view()));
        let mut snapshot = Snapshot {
            station: StationView {
                active_call: self.call.as_ref().map(Call::id),
                do_not_disturb: self.durable.do_not_disturb,
                quiet: self.is_quiet(now),
                audio_available: self.audio_available,
                volume: self.durable.volume,
                gain: self.durable.gain,
                tampered,
                failure_shown: self.failure_until.is_some(),
                problems: self.problems(),
                pairing_until: self.pairing_until,
                ..StationView::default()
            },
            calls: ended.chain(active).collect(),
            doors: self.doors.iter().map(|(n, door)| (n.clone(), door.view(tampered))).collect(),
            buttons: self.gestures.views(),
            lights: BTreeMap::new(),
            handsets: self.handsets.iter().map(|(id, h)| (id.clone(), h.view())).collect(),
            contacts: self.contact_views(),
        };
        snapshot.station.tone = lights::tone(&snapshot);
        snapshot.station.indications = lights::indications(&snapshot);
        let indications = &snapshot.station.indications;
        let shows = |light| lights::show(light, indications);
        snapshot.lights =
            self.profile.lights.iter().map(|(name, light)| (name.clone(), shows(light))).collect();
        snapshot
    }

    fn problems(&self) -> BTreeSet<Problem> {
        let mut problems = self.problems.clone();
        if self.durable.locks_lost {
            problems.insert(Problem::LocksLost);
        }
        problems
    }

    fn contact_views(&self) -> BTreeMap<ContactName, ContactView> {
        let view =
            |contact: &Contact| ContactView { label: contact.label.clone(), media: contact.media };
        self.profile.contacts.iter().map(|(name, c)| (name.clone(), view(c))).collect()
    }
}

impl Handset {
    fn view(&self) -> HandsetView {
        HandsetView { label: self.label.clone(), rights: self.rights.clone() }
    }
}
