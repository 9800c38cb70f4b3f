// SPDX-License-Identifier: MIT OR Apache-2.0
//! What one side of a call does: the station, the handset in it, a handset that rings, a stranger.

use intercomd::core::{
    CallId, Effect, HandsetId, LegId, Moment, Reason, Status, effect,
    event::LegFact,
    status::{Direction, MediaState, Sound},
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
        self.plays(Sound::Connected);
    }

    pub(super) fn warn(&mut self, now: Moment) {
        let ends_in = self.due[&Due::LongestCall].since(now);
        let (id, call) = self.live().unwrap();
        let leg = LegId { call: id, handset: call.handset.clone().unwrap() };
        self.told.push(Effect::WarnHandset { leg, ends_in });
        let signal = effect::Signal::EndingSoon { call: id, ends_in };
        self.told.push(Effect::Announce(signal));
        self.plays(Sound::Warning);
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

    pub(super) fn ends_alone(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        status: Status,
        reason: Reason,
    ) {
        self.end_leg(handset, status, reason, None);
        if !self.anybody_rings() {
            self.begin_next_tier(now);
        }
    }

    pub(super) fn caller_gives_up(&mut self, now: Moment) {
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
}
