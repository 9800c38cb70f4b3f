// SPDX-License-Identifier: MIT OR Apache-2.0
//! How calls begin, ring and end, told from the whole call's side.

use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

use intercomd::core::{
    CallId, ContactName, Effect, HandsetId, LegId, Moment, Origin, Reason, Rejected, Reply, Status,
    effect,
    event::Subject,
    profile::{self, Whom},
    snapshot::{CallView, LegView, Snapshot},
    status::{Direction, Gate, Media, MediaState, Sound},
};

use super::{Due, Hidden, Model, Tier};

pub(super) const RINGING_DUES: [Due; 2] = [Due::NextTier, Due::PanelStopsRinging];
const CALL_DUES: [Due; 6] = [
    Due::NextTier,
    Due::PanelStopsRinging,
    Due::NoMediaAfterAccept,
    Due::LongestCall,
    Due::MediaStaysAway,
    Due::Warning,
];

impl Model {
    pub(super) fn live(&mut self) -> Option<(CallId, &mut CallView)> {
        let id = self.seen.station.active_call?;
        self.seen.calls.get_mut(&id).map(|call| (id, call))
    }

    pub(super) fn new_call(&mut self, now: Moment, direction: Direction, media: Media) -> CallId {
        self.last_call = CallId(self.last_call.0 + 1);
        let call = CallView {
            status: Status::Initiated,
            reason: None,
            direction,
            media,
            monitor: false,
            contact: None,
            legs: [].into(),
            handset: None,
            answered_by: None,
            started_at: now,
            answered_at: None,
            ended_at: None,
            ring_deadline: None,
            deadline: None,
            media_state: MediaState::None,
            muted: false,
            held: false,
            silenced: false,
        };
        self.seen.calls.insert(self.last_call, call);
        self.last_call
    }

    pub(super) fn takes_the_line(&mut self, call: CallId) {
        self.begins(Hidden { rules: self.profile.call.clone(), ..Hidden::default() }, call);
    }

    fn begins(&mut self, hidden: Hidden, call: CallId) {
        self.seen.station.active_call = Some(call);
        self.hidden = hidden;
    }

    pub(super) fn call(
        &mut self,
        now: Moment,
        origin: &Origin,
        contact: &ContactName,
        media: Option<Media>,
    ) -> Result<Reply, Rejected> {
        self.local_only(origin)?;
        let Some(whom) = self.profile.contacts.get(contact).cloned() else {
            return Err(Rejected::NotFound(Subject::Contact(contact.clone())));
        };
        if let Some(call) = self.seen.station.active_call {
            return Err(Rejected::Busy { call });
        }
        let id = self.new_call(now, Direction::Outgoing, media.unwrap_or(whom.media));
        self.takes_the_line(id);
        self.seen.calls.get_mut(&id).unwrap().contact = Some(contact.clone());
        let tier = |tier: profile::Tier| Tier {
            whom: self.may_answer(&tier.handsets),
            ring_for: tier.ring_for,
            joins: tier.joins,
        };
        let tiers: VecDeque<_> = whom.tiers.into_iter().map(tier).collect();
        if self.seen.station.do_not_disturb && !whom.always {
            self.turned_away(now, (Status::Rejected, Reason::DoNotDisturb), Status::Rejected);
        } else if tiers.iter().all(|tier| tier.whom.is_empty()) {
            self.turned_away(now, (Status::Failed, Reason::NoHandset), Status::Failed);
        } else {
            self.hidden.tiers = tiers;
            self.failure_is_history();
            self.plays(Sound::Activated);
            self.begin_next_tier(now);
        }
        Ok(Reply::Call(id))
    }

    pub(super) fn failure_is_history(&mut self) {
        self.seen.station.failure_shown = false;
        self.due.remove(&Due::FailureWasShown);
    }

    fn may_answer(&self, whom: &Whom) -> BTreeSet<HandsetId> {
        let may_answer = self.seen.handsets.iter().filter(|(_, view)| view.rights.answer);
        let in_tier = |id: &HandsetId| match whom {
            Whom::Everyone => true,
            Whom::These(these) => these.contains(id),
        };
        may_answer.map(|(id, _)| id.clone()).filter(in_tier).collect()
    }

    /// Whoever was unpaired is not rung by a later tier.
    pub(super) fn rings_no_more(&mut self, handset: &HandsetId) {
        for tier in &mut self.hidden.tiers {
            tier.whom.remove(handset);
        }
    }

    pub(super) fn anybody_rings(&self) -> bool {
        let id = self.seen.station.active_call;
        let call = id.and_then(|id| self.seen.calls.get(&id));
        call.is_some_and(|call| call.legs.values().any(|leg| !leg.status.is_terminal()))
    }

    pub(super) fn tier_time_is_up(&mut self, now: Moment) {
        let tiers = self.hidden.tiers.clone();
        let rings_on = tiers.front().is_some_and(|next| next.joins);
        if !rings_on && !tiers.iter().any(|tier| self.adds_somebody(tier)) {
            return self.nobody_answered(now);
        }
        self.begin_next_tier(now);
    }

    fn adds_somebody(&self, tier: &Tier) -> bool {
        let legs = &self.seen.calls[&self.seen.station.active_call.unwrap()].legs;
        tier.whom.iter().any(|handset| !legs.contains_key(handset))
    }

    pub(super) fn begin_next_tier(&mut self, now: Moment) {
        while let Some(tier) = self.hidden.tiers.pop_front() {
            if !tier.joins {
                self.end_ringing_legs(Status::Missed, Reason::Missed, None);
            }
            if self.adds_somebody(&tier) || self.anybody_rings() {
                self.due.insert(Due::NextTier, now + tier.ring_for);
                return self.ring(&tier);
            }
        }
        self.conclude_without_answer(now);
    }

    fn ring(&mut self, tier: &Tier) {
        let joining = self.hidden.tiers.iter().take_while(|later| later.joins);
        let ring_for = tier.ring_for + joining.map(|later| later.ring_for).sum::<Duration>();
        let (call, view) = self.live().unwrap();
        let (contact, media) = (view.contact.clone(), view.media);
        let new = tier.whom.iter().filter(|handset| !view.legs.contains_key(*handset));
        let new: Vec<_> = new.cloned().collect();
        for handset in &new {
            view.legs.insert(handset.clone(), new_leg(Status::Initiated));
        }
        for handset in new {
            let (leg, contact) = (LegId { call, handset }, contact.clone());
            self.told.push(Effect::RingHandset { leg, contact, ring_for, media });
        }
    }

    fn nobody_answered(&mut self, now: Moment) {
        self.end_ringing_legs(Status::Missed, Reason::Unanswered, None);
        self.over(now, Status::Unanswered, Reason::Unanswered);
    }

    fn conclude_without_answer(&mut self, now: Moment) {
        let (_, call) = self.live().unwrap();
        let was = |status| call.legs.values().any(|leg| leg.status == status);
        let (status, reason) = if was(Status::Rejected) {
            (Status::Rejected, Reason::Rejected)
        } else if was(Status::Busy) {
            (Status::Busy, Reason::Busy)
        } else if was(Status::Missed) {
            (Status::Unanswered, Reason::Unanswered)
        } else {
            (Status::Failed, Reason::Unreachable)
        };
        self.over(now, status, reason);
    }

    pub(super) fn panel_stops_ringing(&mut self, now: Moment) {
        self.end_ringing_legs(Status::Unanswered, Reason::Missed, None);
        self.over(now, Status::Missed, Reason::Missed);
    }

    /// The status changes, and the bus hears it.
    pub(super) fn becomes(&mut self, new: Status) {
        let (id, call) = self.live().unwrap();
        let old = std::mem::replace(&mut call.status, new);
        if old != new {
            let reason = call.reason;
            let signal = effect::Signal::StatusChanged { call: id, old, new, reason };
            self.told.push(Effect::Announce(signal));
        }
    }

    /// The live call ends; legs that are not over yet end like it.
    pub(super) fn over(&mut self, now: Moment, status: Status, reason: Reason) {
        let (id, call) = self.live().unwrap();
        let winner = call.answered_by.clone();
        let open = call.legs.iter().filter(|(_, leg)| !leg.status.is_terminal());
        let open: Vec<_> = open.map(|(handset, _)| handset.clone()).collect();
        for handset in open {
            self.end_leg(&handset, status, reason, winner.clone());
        }
        let held = self.hidden.station_holds || self.hidden.handset_holds;
        let (_, call) = self.live().unwrap();
        call.held = held;
        call.reason = Some(reason);
        call.ended_at = Some(now);
        call.media_state = MediaState::None;
        let outgoing = call.direction == Direction::Outgoing;
        self.becomes(status);
        for due in CALL_DUES {
            self.due.remove(&due);
        }
        self.seen.station.active_call = None;
        self.due.insert(Due::Forget(id), now + self.hidden.rules.linger);
        let in_vain = matches!(status, Status::Busy | Status::Rejected | Status::Unanswered);
        if status == Status::Failed || in_vain && outgoing {
            self.seen.station.failure_shown = true;
            self.plays(Sound::Failed);
            self.due.insert(Due::FailureWasShown, now + self.hidden.rules.show_failure);
        }
        self.ended.push_back(id);
        while self.ended.len() > 8 {
            let oldest = self.ended[0];
            self.forget(oldest);
        }
    }

    pub(super) fn forget(&mut self, call: CallId) {
        self.seen.calls.remove(&call);
        self.due.remove(&Due::Forget(call));
        self.ended.retain(|other| *other != call);
    }

    pub(super) fn fill_in_call(&self, picture: &mut Snapshot) {
        let Some(id) = picture.station.active_call else { return };
        let Some(call) = picture.calls.get_mut(&id) else { return };
        let at = |due: &Due| self.due.get(due).copied();
        let later: Duration = self.hidden.tiers.iter().map(|tier| tier.ring_for).sum();
        call.ring_deadline = RINGING_DUES.iter().find_map(at).map(|end| end + later);
        call.deadline = CALL_DUES.iter().filter(|due| **due != Due::Warning).filter_map(at).min();
        call.held = self.hidden.station_holds || self.hidden.handset_holds;
        let gate = match (call.held, call.muted) {
            (true, _) => Gate::Closed,
            (false, true) => Gate::Muted,
            (false, false) => Gate::Open,
        };
        for leg in call.legs.values_mut().filter(|leg| leg_is_accepted(leg.status)) {
            leg.gate = gate;
            let ongoing = call.status == Status::Ongoing;
            call.media_state = if ongoing { leg.media_state } else { MediaState::Connecting };
        }
    }
}

pub(super) fn leg_is_accepted(status: Status) -> bool {
    matches!(status, Status::Connecting | Status::Ongoing)
}

pub(super) fn new_leg(status: Status) -> LegView {
    LegView { status, reason: None, media_state: MediaState::None, gate: Gate::Closed }
}
