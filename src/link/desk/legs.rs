// SPDX-License-Identifier: MIT OR Apache-2.0
//! The parts of handsets in calls, as the station ordered them.

use std::time::Duration;

use super::{Desk, handset::Cancel, pushes::Pushing, sessions::Session};
use crate::{
    core::{ContactName, HandsetId, LegId, Moment, Reason, Status, event::LegFact, status::Media},
    link::{
        LinkEvent,
        message::{
            FromStation,
            field::Cid,
            from_station::{Ended, Held, Ring, Warning},
        },
    },
};

/// A handset that does not ring by then is out of reach.
const RINGS_WITHIN: Duration = Duration::from_secs(5);
/// A push is sent to a connected handset that says nothing for so long.
pub(super) const HEARS_WITHIN: Duration = Duration::from_secs(2);
/// A handset in the call that is gone for so long does not come back.
pub(super) const STAYS_AWAY: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Leg {
    pub(super) part: Part,
    pub(super) contact: Option<ContactName>,
    pub(super) media: Media,
    /// The newest one.
    pub(super) session: Option<Session>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// May accept. It has to ring by `rings_by`, until it did, unless a push is on its way.
    Invited { until: Moment, rings_by: Option<Moment>, push: Pushing },
    /// Called the station itself.
    Dialled,
    Selected {
        held: bool,
        /// It was reported that its handset is gone.
        given_up: bool,
    },
}

impl Leg {
    pub(super) fn new(part: Part, contact: Option<ContactName>, media: Media) -> Self {
        Self { part, contact, media, session: None }
    }
}

impl Part {
    /// Where a ring was pushed: when it is over.
    pub(super) fn pushed_until(self) -> Option<Moment> {
        match self {
            Self::Invited { until, push: Pushing::OnItsWay, .. } => Some(until),
            Self::Invited { push: Pushing::Not | Pushing::At(_), .. }
            | Self::Dialled
            | Self::Selected { .. } => None,
        }
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Desk {
    /// The newest part of this handset that is not over.
    pub(super) fn present_leg(&self, handset: &HandsetId) -> Option<(&LegId, &Leg)> {
        self.legs.iter().rev().find(|(leg, _)| leg.handset == *handset)
    }

    pub(super) fn ring(
        &mut self,
        now: Moment,
        leg: LegId,
        contact: Option<ContactName>,
        ring_for: Duration,
        media: Media,
    ) {
        if !self.handsets.contains_key(&leg.handset) {
            return self.event(LinkEvent::Leg { leg, fact: LegFact::Unreachable });
        }
        let (until, rings_by) = (now + ring_for, Some(now + RINGS_WITHIN));
        let push = self.pushing(now, &leg.handset);
        let part = Part::Invited { until, rings_by, push };
        self.legs.insert(leg.clone(), Leg::new(part, contact, media));
        self.tell_ring(now, &leg);
        self.push_ring_if_due(now, &leg);
    }

    pub(super) fn tell_ring(&mut self, now: Moment, leg: &LegId) {
        let Some(Leg { part: Part::Invited { until, .. }, contact, media, .. }) =
            self.legs.get(leg)
        else {
            return;
        };
        let ring_ms = ms(until.since(now));
        let contact = contact.as_ref().map(|contact| self.contact_label(contact));
        let ring = Ring { cid: leg.call, contact, ring_ms, media: *media };
        if ring_ms > 0 {
            self.tell(now, &leg.handset, &FromStation::Ring(ring));
        }
    }

    pub(super) fn contact_label(&self, contact: &ContactName) -> String {
        let view = self.snapshot.contacts.get(contact);
        view.map_or_else(|| contact.to_string(), |view| view.label.clone())
    }

    pub(super) fn nudge(&mut self, now: Moment, leg: &LegId) {
        if self.legs.contains_key(leg) {
            self.tell(now, &leg.handset, &FromStation::Nudge(Cid { cid: leg.call }));
        }
    }

    pub(super) fn select(&mut self, now: Moment, leg: LegId) {
        if !self.begins(&leg) {
            return;
        }
        let part = Part::Selected { held: false, given_up: false };
        let (handset, cid) = (leg.handset.clone(), leg.call);
        self.legs.entry(leg).or_insert_with(|| Leg::new(part, None, Media::Audio)).part = part;
        self.tell(now, &handset, &FromStation::Selected(Cid { cid }));
    }

    /// The answer to `dial` and what is ordered about the call come on different ways.
    pub(super) fn dialled(&mut self, leg: LegId, media: Media) {
        if self.begins(&leg) {
            self.legs.entry(leg).or_insert_with(|| Leg::new(Part::Dialled, None, media));
        }
    }

    fn begins(&self, leg: &LegId) -> bool {
        self.handsets
            .get(&leg.handset)
            .is_some_and(|handset| handset.last_ended.is_none_or(|last| last < leg.call))
    }

    pub(super) fn end(
        &mut self,
        now: Moment,
        leg: &LegId,
        status: Status,
        reason: Reason,
        answered_by: Option<&HandsetId>,
    ) {
        let pushed = self.legs.remove(leg).and_then(|leg| leg.part.pushed_until());
        let answered_by = answered_by.map(|id| self.label_of(id));
        let ended = Ended { cid: leg.call, status, reason, answered_by };
        let said_as = self.tell(now, &leg.handset, &FromStation::Ended(ended.clone()));
        let at = if said_as.is_some() { now + HEARS_WITHIN } else { now };
        let cancel = pushed.filter(|until| now < *until).map(|until| Cancel { at, until });
        if let Some(handset) = self.handsets.get_mut(&leg.handset) {
            handset.last_ended = handset.last_ended.max(Some(leg.call));
            handset.parts(now, ended, said_as, cancel);
        }
        self.cancel_if_due(now, &leg.handset);
    }

    /// Also of handsets that come by another link.
    pub(super) fn label_of(&self, id: &HandsetId) -> String {
        let view = || self.snapshot.handsets.get(id).map(|view| view.label.clone());
        let own = self.handsets.get(id).map(|handset| handset.record.label.as_str().to_owned());
        own.or_else(view).unwrap_or_else(|| id.to_string())
    }

    pub(super) fn held(&mut self, now: Moment, leg: &LegId, on: bool) {
        let Some(Leg { part: Part::Selected { held, .. }, .. }) = self.legs.get_mut(leg) else {
            return;
        };
        *held = on;
        self.tell(now, &leg.handset, &FromStation::Held(Held { cid: leg.call, on }));
    }

    pub(super) fn warn(&mut self, now: Moment, leg: &LegId, ends_in: Duration) {
        if self.legs.contains_key(leg) {
            let warning = Warning { cid: leg.call, ends_ms: ms(ends_in) };
            self.tell(now, &leg.handset, &FromStation::Warning(warning));
        }
    }

    /// What may have been lost with an earlier connection, as far as it still holds.
    pub(super) fn say_again(&mut self, now: Moment, handset: &HandsetId) {
        let own = self.legs.keys().filter(|leg| leg.handset == *handset);
        for leg in own.cloned().collect::<Vec<_>>() {
            match self.legs.get(&leg).map(|leg| leg.part) {
                Some(Part::Invited { .. }) => self.tell_ring(now, &leg),
                Some(Part::Selected { held, .. }) => {
                    let cid = leg.call;
                    self.tell(now, handset, &FromStation::Selected(Cid { cid }));
                    if held {
                        self.tell(now, handset, &FromStation::Held(Held { cid, on: true }));
                    }
                }
                Some(Part::Dialled) | None => {}
            }
            self.tell_session(now, &leg);
        }
        let end = self.handsets.get(handset).and_then(|handset| handset.unheard_end(now));
        if let Some(ended) = end.cloned() {
            let said_as = self.tell(now, handset, &FromStation::Ended(ended));
            if let Some(handset) = self.handsets.get_mut(handset) {
                handset.says_end_again(now, said_as);
            }
        }
    }
}
