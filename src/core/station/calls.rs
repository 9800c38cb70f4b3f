// SPDX-License-Identifier: MIT OR Apache-2.0
//! Calls begin here: whom to ring, who is in the way, who may listen in.

use super::{EndedCall, Station};
use crate::core::{
    call::{self, Call, RingTier},
    event::{CallVerb, DialKind, Rejected, Subject},
    ids::{CallId, ContactName, HandsetId, LegId},
    profile::{Contact, Whom},
    snapshot::CallView,
    status::{Direction, Media, Reason, Status},
    time::Moment,
};

impl Station {
    /// A call that nobody could take is over as soon as it exists; it has an id all the same,
    /// and a line in the log.
    pub(super) fn call_contact(
        &mut self,
        now: Moment,
        name: &ContactName,
        media: Option<Media>,
    ) -> Result<CallId, Rejected> {
        let contact = self.profile.contacts.get(name);
        let contact = contact.ok_or_else(|| Rejected::NotFound(Subject::Contact(name.clone())))?;
        if let Some(call) = &self.call {
            return Err(Rejected::Busy { call: call.id() });
        }
        let (always, tiers) = (contact.always, self.tiers(contact));
        let media = media.unwrap_or(contact.media);
        let origin = self.origin(now, Direction::Outgoing, Some(name.clone()), media, false);
        let id = origin.id;
        if self.is_quiet(now) && !always {
            let end = (Status::Rejected, Reason::DoNotDisturb);
            self.stillborn(origin, None, end, Status::Rejected);
        } else if tiers.iter().all(|tier| tier.handsets.is_empty()) {
            self.stillborn(origin, None, (Status::Failed, Reason::NoHandset), Status::Failed);
        } else {
            self.failure_until = None;
            self.call = Some(Call::outgoing(origin, tiers, &mut self.effects));
        }
        Ok(id)
    }

    fn tiers(&self, contact: &Contact) -> Vec<RingTier> {
        let may_answer = |(id, handset): (&HandsetId, &super::Handset)| {
            handset.rights.answer.then(|| id.clone())
        };
        let tier = |tier: &crate::core::profile::Tier| RingTier {
            handsets: match &tier.handsets {
                Whom::Everyone => self.handsets.iter().filter_map(may_answer).collect(),
                Whom::These(ids) => self
                    .handsets
                    .iter()
                    .filter(|(id, _)| ids.contains(id))
                    .filter_map(may_answer)
                    .collect(),
            },
            ring_for: tier.ring_for,
            joins: tier.joins,
        };
        contact.tiers.iter().map(tier).collect()
    }

    /// A handset calls the station. When the station is ringing it, both want the same.
    pub(super) fn dialled(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        media: Media,
        kind: DialKind,
    ) -> Result<CallId, Rejected> {
        let Some(dialler) = self.handsets.get(handset) else {
            return Err(Rejected::NotFound(Subject::Handset(handset.clone())));
        };
        let allowed = match kind {
            DialKind::Talk => dialler.rights.answer,
            DialKind::Monitor => dialler.rights.monitor,
        };
        if !allowed {
            return Err(Rejected::NotAuthorized);
        }
        let may_answer = dialler.rights.answer;
        if let Some(call) = self.call.as_mut().filter(|call| call.is_live_leg(handset)) {
            if !may_answer && call.is_unanswered_outgoing() {
                return Err(Rejected::NotAuthorized);
            }
            call.accept_on(now, handset, &mut self.effects)?;
            return Ok(call.id());
        }
        let monitor = kind == DialKind::Monitor;
        let origin = self.origin(now, Direction::Incoming, None, media, monitor);
        let id = origin.id;
        let from = handset.clone();
        if self.call.is_some() {
            self.stillborn(origin, Some(from), (Status::Missed, Reason::Busy), Status::Busy);
        } else if monitor && !self.profile.shows_listeners() {
            self.stillborn(origin, Some(from), (Status::Failed, Reason::Privacy), Status::Failed);
        } else if monitor {
            self.failure_until = None;
            self.call = Some(Call::monitored(origin, from, &mut self.effects));
        } else if self.is_quiet(now) {
            let end = (Status::Missed, Reason::DoNotDisturb);
            self.stillborn(origin, Some(from), end, Status::Rejected);
        } else {
            self.failure_until = None;
            self.call = Some(Call::incoming(origin, from, &mut self.effects));
        }
        Ok(id)
    }

    fn origin(
        &mut self,
        now: Moment,
        direction: Direction,
        contact: Option<ContactName>,
        media: Media,
        monitor: bool,
    ) -> call::Origin {
        self.durable.last_call = self.durable.last_call.next();
        call::Origin {
            id: self.durable.last_call,
            direction,
            contact,
            media,
            monitor,
            rules: self.profile.call.clone(),
            started_at: now,
        }
    }

    fn stillborn(
        &mut self,
        origin: call::Origin,
        from: Option<HandsetId>,
        end: (Status, Reason),
        leg_status: Status,
    ) {
        let now = origin.started_at;
        let call = Call::stillborn(origin, from, end, leg_status, &mut self.effects);
        self.bury(now, &call, end.0);
    }

    /// Keeps an ended call readable for a while and tells the visitor when it went wrong.
    pub(super) fn bury(&mut self, now: Moment, call: &Call, status: Status) {
        if call::sounds_failed(call.direction(), status) {
            self.failure_until = Some(now + call.show_failure());
        }
        if self.ended.len() >= super::ENDED_CALLS {
            self.ended.pop_front();
        }
        self.ended.push_back(EndedCall {
            id: call.id(),
            view: call.view(),
            forget_at: now + call.linger(),
        });
    }

    /// A listener whose notice was taken away has to go.
    pub(super) fn nobody_listens_in_the_dark(&mut self, now: Moment) {
        if let Some(call) = self.call.as_mut().filter(|call| call.is_monitored()) {
            call.fail(now, Reason::Privacy, &mut self.effects);
        }
    }

    pub(super) fn opened_by_hand(&mut self, now: Moment) {
        if let Some(call) = self.call.as_mut().filter(|call| call.ends_when_opened_by_hand()) {
            call.opened_by_hand(now, &mut self.effects);
        }
    }

    /// Nothing can be done to a call that is over or never was. A handset that comes too late
    /// hears what it would have heard while the call lasted.
    pub(super) fn why_not(&self, id: CallId, by: Option<&HandsetId>, verb: CallVerb) -> Rejected {
        let Some(ended) = self.ended.iter().find(|ended| ended.id == id) else {
            return Rejected::NotFound(Subject::Call(id));
        };
        let CallView { status, answered_by, legs, .. } = &ended.view;
        let late = match verb {
            CallVerb::Accept | CallVerb::Reject | CallVerb::HangUp => by,
            CallVerb::Nudge
            | CallVerb::Silence
            | CallVerb::Hold
            | CallVerb::Unhold
            | CallVerb::Mute(_) => None,
        };
        let Some(late) = late else { return Rejected::WrongState { status: *status } };
        let Some(leg) = legs.get(late) else {
            let leg = LegId { call: id, handset: late.clone() };
            return Rejected::NotFound(Subject::Leg(leg));
        };
        match answered_by {
            Some(winner) if winner != late => Rejected::AnsweredBy { by: winner.clone() },
            Some(_) | None => Rejected::WrongState { status: leg.status },
        }
    }
}
