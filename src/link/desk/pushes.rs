// SPDX-License-Identifier: MIT OR Apache-2.0
//! Handsets that are woken by pushes: who is registered, and what is pushed when.

use super::{
    Desk, Leg, Output,
    connection::failed,
    legs::{HEARS_WITHIN, Part},
    revocation::Keeping,
};
use crate::{
    core::{HandsetId, LegId, Moment, Reason, Status},
    link::{
        envelope::Mid,
        message::{
            FromStation,
            from_station::{Done, Ended, Failed},
        },
        push::{Endpoint, Fate, News, Order, Report, Subscription},
        refusal::Code,
    },
};

/// What becomes of a ring as a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pushing {
    Not,
    /// Unless the handset says something before.
    At(Moment),
    OnItsWay,
}

impl Pushing {
    /// The handset has heard of the ring otherwise.
    pub(super) fn is_needless(&mut self) {
        match self {
            Self::At(_) => *self = Self::Not,
            Self::Not | Self::OnItsWay => {}
        }
    }
}

/// Where a handset is woken from now on, once that is kept.
#[derive(Debug)]
pub(super) struct Change {
    handset: HandsetId,
    mid: Mid,
    push: Option<Subscription>,
}

impl Desk {
    pub(super) fn wants_pushes(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        mid: Mid,
        subscription: Subscription,
    ) {
        let Some(allowed) = self.place.pushes else {
            return self.fail(now, handset, mid, Code::Unavailable);
        };
        match Endpoint::parse(subscription.endpoint.as_str(), allowed) {
            Ok(_) => self.change_push(now, handset, mid, Some(subscription)),
            Err(why) => {
                let detail = format!("the endpoint is {why}");
                let failed = Failed { detail, ..failed(Code::BadEndpoint) };
                self.answer(now, handset, mid, FromStation::Error(failed));
            }
        }
    }

    pub(super) fn change_push(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        mid: Mid,
        push: Option<Subscription>,
    ) {
        let Some(known) = self.handsets.get_mut(handset) else { return };
        if known.registration.is(push.as_ref()) {
            return self.answer(now, handset, mid, FromStation::Ok(Done::default()));
        }
        if let Err(wait) = known.registers.take(now) {
            return self.too_often(now, handset, mid, wait);
        }
        known.registration.ask(mid, push.clone());
        self.tell_waking(handset);
        self.keep(Keeping::Push(Change { handset: handset.clone(), mid, push }));
    }

    pub(super) fn push_kept(&mut self, now: Moment, change: Change, kept: bool) {
        let Change { handset, mid, push } = change;
        if let Some(known) = self.handsets.get_mut(&handset) {
            known.registration.kept(mid, push, kept);
        }
        if kept {
            return self.answer(now, &handset, mid, FromStation::Ok(Done::default()));
        }
        // What was written meanwhile may have it.
        self.keep(Keeping::Unasked);
        self.tell_waking(&handset);
        self.fail(now, &handset, mid, Code::Unavailable);
    }

    /// A ring begins.
    pub(super) fn pushing(&self, now: Moment, handset: &HandsetId) -> Pushing {
        let known = self.handsets.get(handset).filter(|known| known.registration.push().is_some());
        match known.map(|known| known.connection) {
            None => Pushing::Not,
            Some(None) => Pushing::At(now),
            Some(Some(_)) => Pushing::At(now + HEARS_WITHIN),
        }
    }

    pub(super) fn push_ring_if_due(&mut self, now: Moment, leg: &LegId) {
        let Some(Leg { part: Part::Invited { until, push: Pushing::At(at), .. }, .. }) =
            self.legs.get(leg)
        else {
            return;
        };
        let until = *until;
        if *at > now {
            return;
        }
        let is_pushed = self.push_ring(leg, until);
        if let Some(Leg { part: Part::Invited { push, .. }, .. }) = self.legs.get_mut(leg) {
            *push = if is_pushed { Pushing::OnItsWay } else { Pushing::Not };
        }
    }

    fn push_ring(&mut self, leg: &LegId, until: Moment) -> bool {
        let Some(Leg { contact, media, .. }) = self.legs.get(leg) else { return false };
        let contact = contact.as_ref().map(|contact| self.contact_label(contact));
        let news = News::Ring { contact, media: *media };
        self.push(leg, news, until)
    }

    /// The handset was not heard to know that it rings no more.
    pub(super) fn cancel_if_due(&mut self, now: Moment, handset: &HandsetId) {
        let mut due = || self.handsets.get_mut(handset)?.cancel(now);
        let due: Vec<_> = std::iter::from_fn(&mut due).filter(|(_, until)| now < *until).collect();
        for (ended, until) in due {
            let leg = LegId { call: ended.cid, handset: handset.clone() };
            self.push(&leg, News::Ended(ended), until);
        }
    }

    /// Nobody speaks with the handset any more, and it may be ringing.
    pub(super) fn silence(&mut self, handset: &HandsetId) {
        let own = self.legs.iter().filter(|(leg, _)| leg.handset == *handset);
        let rung = own.filter_map(|(leg, found)| Some((leg.clone(), found.part.pushed_until()?)));
        for (leg, until) in rung.collect::<Vec<_>>() {
            let (status, reason) = (Status::Failed, Reason::Revoked);
            let ended = Ended { cid: leg.call, status, reason, answered_by: None };
            self.push(&leg, News::Ended(ended), until);
        }
    }

    /// False where the handset is not to be woken.
    fn push(&mut self, leg: &LegId, news: News, until: Moment) -> bool {
        let mid = Mid(self.random());
        let known = self.handsets.get(&leg.handset).filter(|_| self.place.pushes.is_some());
        let Some(known) = known else { return false };
        let (to, subscription) = (known.call, known.registration.push().cloned());
        let Some(subscription) = subscription else { return false };
        let order = Order { leg: leg.clone(), to, subscription, mid, news, until };
        self.outputs.push_back(Output::Push(Box::new(order)));
        true
    }

    pub(super) fn pushed(&mut self, report: Report) {
        let Report { leg, subscription, fate } = report;
        match fate {
            Fate::Taken => return,
            Fate::Gone => self.drop_push(&leg.handset, &subscription),
            Fate::Failed => {}
        }
        // From here on it is out of reach when it is late.
        if let Some(Leg { part: Part::Invited { push, .. }, .. }) = self.legs.get_mut(&leg) {
            *push = Pushing::Not;
        }
    }

    /// It may have registered another one meanwhile.
    fn drop_push(&mut self, handset: &HandsetId, subscription: &Subscription) {
        let Some(known) = self.handsets.get_mut(handset) else { return };
        if known.registration.end(subscription) {
            self.tell_waking(handset);
            self.keep(Keeping::Unasked);
        }
    }
}
