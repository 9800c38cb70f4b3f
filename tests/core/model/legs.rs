// SPDX-License-Identifier: MIT OR Apache-2.0
//! What one side of a call does: the station, the handset in it, a handset that rings, a stranger.

use std::time::Duration;

use intercomd::core::{
    CallId, Effect, HandsetId, LegId, Moment, Origin, Reason, Rejected, Reply, Status, effect,
    event::{CallVerb, LegFact, Subject},
    status::{Direction, MediaState},
};

use super::{
    Due, Model,
    calls::{RINGING_DUES, leg_is_accepted},
};

impl Model {
    pub(super) fn end_leg(
        &mut self,
        handset: &HandsetId,
        status: Status,
        reason: Reason,
        answered_by: Option<HandsetId>,
    ) {
        let (id, call) = self.live().unwrap();
        let leg = call.legs.get_mut(handset).unwrap();
        leg.status = status;
        leg.reason = Some(reason);
        leg.media_state = MediaState::None;
        let leg = LegId { call: id, handset: handset.clone() };
        self.told.push(Effect::EndLeg { leg, status, reason, answered_by });
    }

    pub(super) fn end_ringing_legs(
        &mut self,
        status: Status,
        reason: Reason,
        winner: Option<&HandsetId>,
    ) {
        let (_, call) = self.live().unwrap();
        let open =
            call.legs.iter().filter(|(id, leg)| !leg.status.is_terminal() && Some(*id) != winner);
        let open: Vec<_> = open.map(|(id, _)| id.clone()).collect();
        for handset in open {
            self.end_leg(&handset, status, reason, winner.cloned());
        }
    }

    /// By a handset that was rung, or by the station (or nobody, when monitored).
    pub(super) fn accepted(&mut self, now: Moment, by: Option<&HandsetId>) {
        for due in RINGING_DUES {
            self.due.remove(&due);
        }
        if by.is_some() {
            self.end_ringing_legs(Status::Elsewhere, Reason::Elsewhere, by);
        }
        let (id, call) = self.live().unwrap();
        call.answered_at = Some(now);
        call.answered_by = by.cloned();
        let dialled = call.handset.clone();
        call.handset = by.cloned().or(dialled);
        let handset = call.handset.clone().unwrap();
        let leg = call.legs.get_mut(&handset).unwrap();
        let connected = leg.media_state == MediaState::Connected;
        leg.status = Status::Connecting;
        self.told.push(Effect::SelectHandset { leg: LegId { call: id, handset } });
        if connected {
            self.talk(now);
        } else {
            self.becomes(Status::Connecting);
            self.due.insert(Due::NoMediaAfterAccept, now + self.hidden.rules.connect_timeout);
        }
    }

    fn talk(&mut self, now: Moment) {
        self.due.remove(&Due::NoMediaAfterAccept);
        let rules = self.hidden.rules.clone();
        let longest = now + rules.max_duration;
        self.due.insert(Due::LongestCall, longest);
        if !rules.warn_before.is_zero() {
            let early = rules.max_duration.saturating_sub(rules.warn_before);
            self.due.insert(Due::Warning, now + early);
        }
        let (_, call) = self.live().unwrap();
        let leg = call.legs.values_mut().find(|leg| leg_is_accepted(leg.status)).unwrap();
        leg.status = Status::Ongoing;
        leg.media_state = MediaState::Connected;
        self.becomes(Status::Ongoing);
    }

    pub(super) fn warn(&mut self, now: Moment) {
        let ends_in = self.due[&Due::LongestCall].since(now);
        let (id, call) = self.live().unwrap();
        let leg = LegId { call: id, handset: call.handset.clone().unwrap() };
        self.told.push(Effect::WarnHandset { leg, ends_in });
        let signal = effect::Signal::EndingSoon { call: id, ends_in };
        self.told.push(Effect::Announce(signal));
    }

    pub(super) fn longest_call(&mut self, now: Moment) {
        self.over(now, Status::Ended, Reason::MaxDuration);
    }

    pub(super) fn media_stays_away(&mut self, now: Moment) {
        self.over(now, Status::Failed, Reason::MediaTimeout);
    }

    pub(super) fn no_media_after_accept(&mut self, now: Moment) {
        self.over(now, Status::Failed, Reason::IceTimeout);
    }

    pub(super) fn leg_fact(&mut self, now: Moment, leg: &LegId, fact: LegFact) {
        let Some((id, call)) = self.live() else { return };
        let (status, direction) = (call.status, call.direction);
        let Some(part) = call.legs.get(&leg.handset) else { return };
        if id != leg.call || part.status.is_terminal() {
            return;
        }
        let rings = direction == Direction::Outgoing && !leg_is_accepted(part.status);
        let caller = direction == Direction::Incoming && !leg_is_accepted(part.status);
        match fact {
            LegFact::Rang if rings => self.rang(&leg.handset),
            LegFact::Unreachable if rings => {
                self.ends_alone(now, &leg.handset, Status::Failed, Reason::Unreachable);
            }
            LegFact::Busy if rings => {
                self.ends_alone(now, &leg.handset, Status::Busy, Reason::Busy);
            }
            LegFact::Rang | LegFact::Unreachable | LegFact::Busy => {}
            LegFact::SessionClosed | LegFact::SessionTimedOut if rings => {
                self.media_is(&leg.handset, MediaState::None);
            }
            LegFact::SessionClosed if caller => self.caller_gives_up(now),
            LegFact::SessionClosed => self.over(now, Status::Ended, Reason::Ended),
            LegFact::SessionTimedOut => self.over(now, Status::Failed, Reason::SessionTimeout),
            LegFact::MediaConnected => self.media_connected(now, &leg.handset, status),
            LegFact::MediaLost => self.media_lost(now, &leg.handset, status),
            LegFact::MediaFailed(_) if rings || caller => {
                self.media_is(&leg.handset, MediaState::None);
            }
            LegFact::MediaFailed(reason) => self.over(now, Status::Failed, reason),
        }
    }

    fn media_is(&mut self, handset: &HandsetId, state: MediaState) {
        let (_, call) = self.live().unwrap();
        call.legs.get_mut(handset).unwrap().media_state = state;
    }

    fn rang(&mut self, handset: &HandsetId) {
        let (_, call) = self.live().unwrap();
        call.legs.get_mut(handset).unwrap().status = Status::Ringing;
        self.becomes(Status::Ringing);
    }

    fn media_connected(&mut self, now: Moment, handset: &HandsetId, status: Status) {
        self.media_is(handset, MediaState::Connected);
        if status == Status::Connecting {
            self.talk(now);
        }
        self.due.remove(&Due::MediaStaysAway);
    }

    fn media_lost(&mut self, now: Moment, handset: &HandsetId, status: Status) {
        let (_, call) = self.live().unwrap();
        let leg = call.legs.get_mut(handset).unwrap();
        let had = matches!(leg.media_state, MediaState::Connected | MediaState::Lost);
        leg.media_state = if had { MediaState::Lost } else { MediaState::Connecting };
        if status == Status::Ongoing {
            let until = now + self.hidden.rules.grace;
            self.due.entry(Due::MediaStaysAway).or_insert(until);
        }
    }

    fn ends_alone(&mut self, now: Moment, handset: &HandsetId, status: Status, reason: Reason) {
        self.end_leg(handset, status, reason, None);
        if !self.anybody_rings() {
            self.begin_next_tier(now);
        }
    }

    fn caller_gives_up(&mut self, now: Moment) {
        self.end_ringing_legs(Status::Cancelled, Reason::Cancelled, None);
        self.over(now, Status::Missed, Reason::Cancelled);
    }

    pub(super) fn worker_crashed(&mut self, now: Moment, call: CallId) {
        if self.seen.station.active_call == Some(call) {
            self.over(now, Status::Failed, Reason::WorkerCrashed);
        }
    }

    pub(super) fn revoked(&mut self, now: Moment, handset: &HandsetId) {
        self.seen.handsets.remove(handset);
        self.rings_no_more(handset);
        let Some((_, call)) = self.live() else { return };
        let Some(leg) = call.legs.get(handset).filter(|leg| !leg.status.is_terminal()) else {
            return;
        };
        if call.direction == Direction::Incoming || leg_is_accepted(leg.status) {
            self.over(now, Status::Failed, Reason::Revoked);
        } else {
            self.ends_alone(now, handset, Status::Failed, Reason::Revoked);
        }
    }

    /// Somebody opened a door by hand.
    pub(super) fn let_in_by_hand(&mut self, now: Moment) {
        let applies = self.hidden.rules.answered_at_door;
        let Some((_, call)) = self.live() else { return };
        let unanswered = call.direction == Direction::Outgoing && call.answered_at.is_none();
        if applies && unanswered {
            self.end_ringing_legs(Status::Elsewhere, Reason::AnsweredAtDoor, None);
            self.over(now, Status::Cancelled, Reason::AnsweredAtDoor);
        }
    }

    pub(super) fn hang_up_all(&mut self, now: Moment, origin: &Origin) -> Result<Reply, Rejected> {
        self.local_only(origin)?;
        match self.seen.station.active_call {
            Some(call) => self.at_station(now, call, CallVerb::HangUp),
            None => Ok(Reply::Done),
        }
    }

    pub(super) fn in_call(
        &mut self,
        now: Moment,
        origin: &Origin,
        call: CallId,
        verb: CallVerb,
    ) -> Result<Reply, Rejected> {
        if let Origin::Handset(handset) = origin {
            self.may_in_call(handset, verb)?;
        }
        let Some(view) = self.seen.calls.get(&call) else {
            return Err(Rejected::NotFound(Subject::Call(call)));
        };
        let over = view.status.is_terminal();
        let wrong = Err(Rejected::WrongState { status: view.status });
        let about_leg = matches!(verb, CallVerb::Accept | CallVerb::Reject | CallVerb::HangUp);
        match origin {
            Origin::Panel | Origin::Bus if over => wrong,
            Origin::Panel | Origin::Bus => self.at_station(now, call, verb),
            Origin::Handset(_) if over && !about_leg => wrong,
            Origin::Handset(handset) if about_leg => {
                self.has_a_say(handset, call)?;
                self.on_handset(now, handset, verb)
            }
            Origin::Handset(handset) => self.inside(handset, verb),
        }
    }

    fn may_in_call(&self, handset: &HandsetId, verb: CallVerb) -> Result<(), Rejected> {
        let Some(rights) = self.rights(handset) else { return Err(Rejected::NotAuthorized) };
        let never = matches!(verb, CallVerb::Nudge | CallVerb::Silence);
        let refused = never || verb == CallVerb::Accept && !rights.answer;
        if refused { Err(Rejected::NotAuthorized) } else { Ok(()) }
    }

    fn has_a_say(&self, handset: &HandsetId, call: CallId) -> Result<(), Rejected> {
        let view = &self.seen.calls[&call];
        let Some(leg) = view.legs.get(handset) else {
            let leg = LegId { call, handset: handset.clone() };
            return Err(Rejected::NotFound(Subject::Leg(leg)));
        };
        match &view.answered_by {
            Some(by) if by != handset => Err(Rejected::AnsweredBy { by: by.clone() }),
            _ if leg.status.is_terminal() => Err(Rejected::WrongState { status: leg.status }),
            _ => Ok(()),
        }
    }

    /// Holding and muting is for the handset that is in the call.
    fn inside(&mut self, handset: &HandsetId, verb: CallVerb) -> Result<Reply, Rejected> {
        let (_, call) = self.live().unwrap();
        let status = call.status;
        let inside = call.legs.get(handset).is_some_and(|leg| leg_is_accepted(leg.status));
        let holds = matches!(verb, CallVerb::Hold | CallVerb::Unhold);
        if holds && status != Status::Ongoing {
            return Err(Rejected::WrongState { status });
        }
        if !inside {
            return Err(Rejected::NotAuthorized);
        }
        if let CallVerb::Mute(on) = verb {
            call.muted = on;
        } else {
            self.hidden.handset_holds = verb == CallVerb::Hold;
        }
        Ok(Reply::Done)
    }

    fn at_station(&mut self, now: Moment, id: CallId, verb: CallVerb) -> Result<Reply, Rejected> {
        let (_, call) = self.live().unwrap();
        let wrong = Err(Rejected::WrongState { status: call.status });
        let rings_in = call.direction == Direction::Incoming && call.answered_at.is_none();
        let rings_out = call.direction == Direction::Outgoing && call.answered_at.is_none();
        match verb {
            CallVerb::Accept if rings_in => self.accepted(now, None),
            CallVerb::Reject if rings_in => self.over(now, Status::Rejected, Reason::Rejected),
            CallVerb::HangUp if rings_in => self.over(now, Status::Rejected, Reason::Rejected),
            CallVerb::HangUp if rings_out => {
                self.end_ringing_legs(Status::Missed, Reason::Cancelled, None);
                self.over(now, Status::Cancelled, Reason::Cancelled);
            }
            CallVerb::HangUp => self.over(now, Status::Ended, Reason::Ended),
            CallVerb::Silence if rings_in => call.silenced = true,
            CallVerb::Nudge if rings_out => return self.nudge(now, id),
            CallVerb::Hold | CallVerb::Unhold if call.status == Status::Ongoing => {
                self.hidden.station_holds = verb == CallVerb::Hold;
            }
            CallVerb::Mute(on) => call.muted = on,
            CallVerb::Accept
            | CallVerb::Reject
            | CallVerb::Silence
            | CallVerb::Nudge
            | CallVerb::Hold
            | CallVerb::Unhold => return wrong,
        }
        Ok(Reply::Done)
    }

    fn nudge(&mut self, now: Moment, id: CallId) -> Result<Reply, Rejected> {
        const PAUSE: Duration = Duration::from_secs(2);
        if let Some(wait) = self.hidden.nudged_at.map(|at| PAUSE.saturating_sub(now.since(at)))
            && !wait.is_zero()
        {
            return Err(Rejected::RateLimited { retry_after: wait });
        }
        self.hidden.nudged_at = Some(now);
        let (_, call) = self.live().unwrap();
        let ringing = call.legs.iter().filter(|(_, leg)| !leg.status.is_terminal());
        let ringing: Vec<_> = ringing.map(|(handset, _)| handset.clone()).collect();
        let nudges = ringing.into_iter().map(|handset| LegId { call: id, handset });
        self.told.extend(nudges.map(|leg| Effect::NudgeHandset { leg }));
        Ok(Reply::Done)
    }

    fn on_handset(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        verb: CallVerb,
    ) -> Result<Reply, Rejected> {
        let (_, call) = self.live().unwrap();
        let status = call.legs[handset].status;
        let outgoing = call.direction == Direction::Outgoing;
        match (verb, leg_is_accepted(status)) {
            (CallVerb::HangUp, true) => self.over(now, Status::Ended, Reason::Ended),
            (CallVerb::Accept, false) if outgoing => self.accepted(now, Some(handset)),
            (CallVerb::Reject | CallVerb::HangUp, false) if outgoing => {
                self.ends_alone(now, handset, Status::Rejected, Reason::Rejected);
            }
            (CallVerb::HangUp, false) => self.caller_gives_up(now),
            (_, _) => return Err(Rejected::WrongState { status }),
        }
        Ok(Reply::Done)
    }
}
