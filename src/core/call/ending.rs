// SPDX-License-Identifier: MIT OR Apache-2.0
//! How a call moves on and how it ends, told to every leg exactly once.

use super::{Call, Effects, Leg, Link, Part, State};
use crate::core::{
    effect::Effect,
    ids::HandsetId,
    status::{Direction, MediaState, Reason, Sound, Status},
    time::Moment,
};

impl Call {
    /// The last tier that rang anybody ends the call as unanswered, whatever others refused.
    pub(super) fn tier_time_is_up(&mut self, now: Moment, fx: &mut Effects) {
        let Some(plan) = self.plan() else { return };
        let to_come = plan.to_come.as_slice();
        let rings_on = to_come.first().is_some_and(|next| next.joins);
        let is_new = |handset: &HandsetId| !self.legs.contains_key(handset);
        if rings_on || to_come.iter().any(|tier| tier.handsets.iter().any(is_new)) {
            return self.ring_next_tier(now, fx);
        }
        let end = (Status::Unanswered, Reason::Unanswered);
        self.end_all_alike(now, end, Status::Missed, fx);
    }

    /// Rings the next tier that has anybody left to ring, or ends the call.
    pub(super) fn ring_next_tier(&mut self, now: Moment, fx: &mut Effects) {
        loop {
            let Some(tier) = self.plan_mut().and_then(|plan| plan.to_come.next()) else {
                return self.nobody_left(now, fx);
            };
            if !tier.joins {
                self.end_ringing_legs(Status::Missed, Reason::Missed, None, fx);
            }
            let Some(plan) = self.plan_mut() else { return };
            plan.tier_ends = now + tier.ring_for;
            let ring_for = tier.ring_for + plan.rings_on_for();
            for handset in tier.handsets {
                if self.legs.contains_key(&handset) {
                    continue;
                }
                fx.push_back(Effect::RingHandset {
                    leg: self.leg_id(&handset),
                    contact: self.origin.contact.clone(),
                    ring_for,
                    media: self.origin.media,
                });
                self.legs.insert(handset, Leg::new(Part::Invited));
            }
            if self.legs.values().any(Leg::is_ringing) {
                return;
            }
        }
    }

    /// A refusal may leave nobody ringing; then there is no point in waiting.
    pub(super) fn move_on_if_nobody_rings(&mut self, now: Moment, fx: &mut Effects) {
        if self.plan().is_some() && !self.legs.values().any(Leg::is_ringing) {
            self.ring_next_tier(now, fx);
        }
    }

    fn nobody_left(&mut self, now: Moment, fx: &mut Effects) {
        let saw = |wanted: Status| {
            self.legs
                .values()
                .any(|leg| matches!(leg.part, Part::Over { status, .. } if status == wanted))
        };
        let (status, reason) = if saw(Status::Rejected) {
            (Status::Rejected, Reason::Rejected)
        } else if saw(Status::Busy) {
            (Status::Busy, Reason::Busy)
        } else if saw(Status::Missed) {
            (Status::Unanswered, Reason::Unanswered)
        } else {
            (Status::Failed, Reason::Unreachable)
        };
        self.end(now, status, reason, (Status::Missed, Reason::Missed), fx);
    }

    /// The handset is in the call; every other leg has lost.
    pub(super) fn select(&mut self, now: Moment, winner: HandsetId, fx: &mut Effects) {
        let answered_by = match self.origin.direction {
            Direction::Outgoing => Some(winner.clone()),
            Direction::Incoming => None,
        };
        let connected = match self.legs.get_mut(&winner) {
            Some(leg) => {
                leg.part = Part::Selected;
                leg.media == MediaState::Connected
            }
            None => false,
        };
        fx.push_back(Effect::SelectHandset { leg: self.leg_id(&winner) });
        self.end_ringing_legs(Status::Elsewhere, Reason::Elsewhere, answered_by.as_ref(), fx);
        if connected {
            self.go_ongoing(now, now, winner, fx);
        } else {
            let until = now + self.origin.rules.connect_timeout;
            self.state = State::Connecting { peer: winner, answered_at: now, until };
        }
    }

    pub(super) fn go_ongoing(
        &mut self,
        now: Moment,
        answered_at: Moment,
        peer: HandsetId,
        fx: &mut Effects,
    ) {
        let rules = &self.origin.rules;
        let ends_at = now + rules.max_duration;
        let warn_at = now + rules.max_duration.saturating_sub(rules.warn_before);
        self.state = State::Ongoing {
            peer,
            answered_at,
            ends_at,
            warn_at: (warn_at < ends_at).then_some(warn_at),
            link: Link::Up,
        };
        fx.push_back(Effect::Play(Sound::Connected));
    }

    /// A person, or the longest duration, ended a call that had been accepted.
    pub(super) fn finish(&mut self, now: Moment, reason: Reason, fx: &mut Effects) {
        self.end(now, Status::Ended, reason, (Status::Ended, reason), fx);
    }

    pub(crate) fn fail(&mut self, now: Moment, reason: Reason, fx: &mut Effects) {
        self.end(now, Status::Failed, reason, (Status::Failed, reason), fx);
    }

    /// The legs hear the same reason under a status of their own.
    pub(super) fn end_all_alike(
        &mut self,
        now: Moment,
        (status, reason): (Status, Reason),
        leg_status: Status,
        fx: &mut Effects,
    ) {
        self.end(now, status, reason, (leg_status, reason), fx);
    }

    pub(super) fn end(
        &mut self,
        now: Moment,
        status: Status,
        reason: Reason,
        (leg_status, leg_reason): (Status, Reason),
        fx: &mut Effects,
    ) {
        let answered = self.peer().cloned().zip(self.answered_at());
        self.state = State::Over { status, reason, at: now, answered };
        let answered_by = self.answered_by().cloned();
        let live: Vec<_> = self.legs.keys().filter(|h| self.is_live_leg(h)).cloned().collect();
        for handset in live {
            self.end_leg(&handset, leg_status, leg_reason, answered_by.clone(), fx);
        }
        self.conclude(now, status, fx);
    }

    pub(super) fn conclude(&self, now: Moment, status: Status, fx: &mut Effects) {
        if sounds_failed(self.origin.direction, status) {
            fx.push_back(Effect::Play(Sound::Failed));
        }
        fx.push_back(Effect::RecordCall(self.record(now)));
    }

    fn end_ringing_legs(
        &mut self,
        status: Status,
        reason: Reason,
        answered_by: Option<&HandsetId>,
        fx: &mut Effects,
    ) {
        let ringing = self.legs.iter().filter(|(_, leg)| leg.is_ringing());
        let ringing: Vec<_> = ringing.map(|(handset, _)| handset.clone()).collect();
        for handset in ringing {
            self.end_leg(&handset, status, reason, answered_by.cloned(), fx);
        }
    }

    pub(super) fn end_leg(
        &mut self,
        handset: &HandsetId,
        status: Status,
        reason: Reason,
        answered_by: Option<HandsetId>,
        fx: &mut Effects,
    ) {
        let id = self.leg_id(handset);
        if let Some(leg) = self.legs.get_mut(handset) {
            leg.part = Part::Over { status, reason };
            leg.media = MediaState::None;
            fx.push_back(Effect::EndLeg { leg: id, status, reason, answered_by });
        }
    }
}

/// The visitor pressed and got nobody, or lost the line.
pub(crate) fn sounds_failed(direction: Direction, status: Status) -> bool {
    match status {
        Status::Failed => true,
        Status::Busy | Status::Rejected | Status::Unanswered => direction == Direction::Outgoing,
        Status::Initiated
        | Status::Ringing
        | Status::Connecting
        | Status::Ongoing
        | Status::Ended
        | Status::Cancelled
        | Status::Missed
        | Status::Elsewhere => false,
    }
}
