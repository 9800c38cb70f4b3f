// SPDX-License-Identifier: MIT OR Apache-2.0
//! How calls begin, ring and end, told from the whole call's side.

use intercomd::core::{
    CallId, ContactName, Effect, HandsetId, LegId, Moment, Origin, Reason, Rejected, Reply, Status,
    effect,
    event::{DialKind, Subject},
    profile::Whom,
    snapshot::{CallView, LegView, Snapshot},
    status::{Direction, Gate, Media, MediaState},
};

use super::{Due, Hidden, Model};

pub(super) const RINGING_DUES: [Due; 2] = [Due::NextTier, Due::PanelStopsRinging];
const CALL_DUES: [Due; 6] = [
    Due::NextTier,
    Due::PanelStopsRinging,
    Due::NoMediaAfterAccept,
    Due::Warning,
    Due::LongestCall,
    Due::MediaStaysAway,
];

impl Model {
    pub(super) fn live(&mut self) -> Option<(CallId, &mut CallView)> {
        let id = self.seen.station.active_call?;
        self.seen.calls.get_mut(&id).map(|call| (id, call))
    }

    fn new_call(&mut self, now: Moment, direction: Direction, media: Media) -> CallId {
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

    fn takes_the_line(&mut self, call: CallId) {
        self.seen.station.active_call = Some(call);
        self.hidden = Hidden { rules: self.profile.call.clone(), ..Hidden::default() };
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
        self.hidden.tiers = whom.tiers;
        let somebody = (0..self.hidden.tiers.len()).any(|tier| !self.reachable(tier).is_empty());
        if self.seen.station.do_not_disturb && !whom.always {
            self.over(now, Status::Rejected, Reason::DoNotDisturb);
        } else if !somebody {
            self.over(now, Status::Failed, Reason::NoHandset);
        } else {
            self.begin_next_tier(now);
        }
        Ok(Reply::Call(id))
    }

    /// Of a tier, the paired handsets that may answer.
    fn reachable(&self, tier: usize) -> Vec<HandsetId> {
        let may_answer = self.seen.handsets.iter().filter(|(_, view)| view.rights.answer);
        let in_tier = |id: &HandsetId| match &self.hidden.tiers[tier].handsets {
            Whom::Everyone => true,
            Whom::These(these) => these.contains(id),
        };
        may_answer.map(|(id, _)| id.clone()).filter(in_tier).collect()
    }

    pub(super) fn anybody_rings(&self) -> bool {
        let id = self.seen.station.active_call;
        let call = id.and_then(|id| self.seen.calls.get(&id));
        call.is_some_and(|call| call.legs.values().any(|leg| !leg.status.is_terminal()))
    }

    pub(super) fn tier_time_is_up(&mut self, now: Moment) {
        match self.hidden.tiers.get(self.hidden.tiers_begun) {
            None => self.nobody_answered(now),
            Some(next) => {
                if !next.joins && self.later_tier_rings_somebody_new() {
                    self.end_ringing_legs(Status::Missed, Reason::Missed, None);
                }
                self.begin_next_tier(now);
            }
        }
    }

    fn later_tier_rings_somebody_new(&self) -> bool {
        (self.hidden.tiers_begun..self.hidden.tiers.len()).any(|tier| self.adds_somebody(tier))
    }

    fn adds_somebody(&self, tier: usize) -> bool {
        let id = self.seen.station.active_call.unwrap();
        self.reachable(tier).iter().any(|id_| !self.seen.calls[&id].legs.contains_key(id_))
    }

    /// With the legs that ring now ringing on.
    pub(super) fn begin_next_tier(&mut self, now: Moment) {
        for tier in self.hidden.tiers_begun..self.hidden.tiers.len() {
            self.hidden.tiers_begun = tier + 1;
            if self.adds_somebody(tier) || self.anybody_rings() {
                let until = now + self.hidden.tiers[tier].ring_for;
                self.due.insert(Due::NextTier, until);
                self.ring(tier);
                return;
            }
        }
        self.conclude_without_answer(now);
    }

    fn ring(&mut self, tier: usize) {
        let reachable = self.reachable(tier);
        let ring_for = self.hidden.tiers[tier].ring_for;
        let (id, call) = self.live().unwrap();
        let (contact, media) = (call.contact.clone(), call.media);
        let mut rung = Vec::new();
        for handset in reachable {
            if !call.legs.contains_key(&handset) {
                call.legs.insert(handset.clone(), new_leg(Status::Initiated));
                rung.push(LegId { call: id, handset });
            }
        }
        let contact = &contact;
        self.told.extend(rung.into_iter().map(|leg| Effect::RingHandset {
            leg,
            contact: contact.clone(),
            ring_for,
            media,
        }));
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

    pub(super) fn dial(
        &mut self,
        now: Moment,
        origin: &Origin,
        handset: &HandsetId,
        media: Media,
        kind: DialKind,
    ) -> Result<Reply, Rejected> {
        if matches!(origin, Origin::Handset(other) if other != handset) {
            return Err(Rejected::NotAuthorized);
        }
        let Some(rights) = self.rights(handset) else {
            return Err(Rejected::NotFound(Subject::Handset(handset.clone())));
        };
        let monitor = kind == DialKind::Monitor;
        let allowed = if monitor { rights.monitor } else { rights.answer };
        if let Some((id, call)) = self.live()
            && let Some(leg) = call.legs.get(handset).filter(|leg| !leg.status.is_terminal())
        {
            if call.direction == Direction::Incoming || leg_is_accepted(leg.status) {
                return Err(Rejected::WrongState { status: call.status });
            }
            self.accepted(now, Some(handset));
            return Ok(Reply::Call(id));
        }
        if !allowed {
            return Err(Rejected::NotAuthorized);
        }
        Ok(Reply::Call(self.let_in(now, handset, media, monitor)))
    }

    fn let_in(&mut self, now: Moment, handset: &HandsetId, media: Media, monitor: bool) -> CallId {
        let taken = self.seen.station.active_call.is_some();
        let dark = self.profile.lights.is_empty();
        let quiet = self.seen.station.do_not_disturb;
        let id = self.new_call(now, Direction::Incoming, media);
        let call = self.seen.calls.get_mut(&id).unwrap();
        call.handset = Some(handset.clone());
        call.monitor = monitor;
        call.legs.insert(handset.clone(), new_leg(Status::Ringing));
        if taken {
            self.over_at_once(now, id, (Status::Missed, Reason::Busy), (Status::Busy, Reason::Busy));
            return id;
        }
        self.takes_the_line(id);
        if monitor && dark {
            self.over(now, Status::Failed, Reason::Privacy);
        } else if quiet && !monitor {
            self.end_ringing_legs(Status::Rejected, Reason::DoNotDisturb, None);
            self.over(now, Status::Missed, Reason::DoNotDisturb);
        } else if monitor {
            self.accepted(now, None);
        } else {
            self.becomes(Status::Ringing);
            self.due.insert(Due::PanelStopsRinging, now + self.hidden.rules.ring_timeout);
        }
        id
    }

    fn over_at_once(
        &mut self,
        now: Moment,
        id: CallId,
        (status, reason): (Status, Reason),
        leg: (Status, Reason),
    ) {
        let line = self.seen.station.active_call.replace(id);
        let (due, hidden) = (self.due.clone(), self.hidden.clone());
        self.end_ringing_legs(leg.0, leg.1, None);
        self.over(now, status, reason);
        let forget = self.due.remove_entry(&Due::Forget(id));
        self.due = due;
        self.due.extend(forget);
        self.hidden = hidden;
        self.seen.station.active_call = line;
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
        self.end_ringing_legs(status, reason, None);
        let (id, call) = self.live().unwrap();
        call.reason = Some(reason);
        call.ended_at = Some(now);
        call.media_state = MediaState::None;
        self.becomes(status);
        for due in CALL_DUES {
            self.due.remove(&due);
        }
        self.seen.station.active_call = None;
        self.due.insert(Due::Forget(id), now + self.hidden.rules.linger);
        if status == Status::Failed {
            self.seen.station.failure_shown = true;
            self.due.insert(Due::FailureWasShown, now + self.hidden.rules.show_failure);
        }
        self.keep_eight();
    }

    fn keep_eight(&mut self) {
        let ended = self.seen.calls.iter().filter(|(_, call)| call.status.is_terminal());
        let mut ended: Vec<_> = ended.map(|(id, _)| *id).collect();
        ended.reverse();
        for old in ended.into_iter().skip(8) {
            self.seen.calls.remove(&old);
            self.due.remove(&Due::Forget(old));
        }
    }

    pub(super) fn fill_in_call(&self, picture: &mut Snapshot) {
        let Some(id) = picture.station.active_call else { return };
        let Some(call) = picture.calls.get_mut(&id) else { return };
        let at = |due: &Due| self.due.get(due).copied();
        call.ring_deadline = RINGING_DUES.iter().find_map(at);
        call.deadline = CALL_DUES.iter().filter(|due| **due != Due::Warning).filter_map(at).min();
        call.held = self.hidden.station_holds || self.hidden.handset_holds;
        let gate = match (call.held, call.muted) {
            (true, _) => Gate::Closed,
            (false, true) => Gate::Muted,
            (false, false) => Gate::Open,
        };
        for leg in call.legs.values_mut().filter(|leg| leg_is_accepted(leg.status)) {
            leg.gate = gate;
            call.media_state = leg.media_state;
        }
    }
}

pub(super) fn leg_is_accepted(status: Status) -> bool {
    matches!(status, Status::Connecting | Status::Ongoing)
}

fn new_leg(status: Status) -> LegView {
    LegView { status, reason: None, media_state: MediaState::None, gate: Gate::Closed }
}
