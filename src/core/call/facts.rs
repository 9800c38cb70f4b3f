// SPDX-License-Identifier: MIT OR Apache-2.0
//! What handsets and the media worker report.

use super::{Call, Effects, Leg, Link, Part, State};
use crate::core::{
    event::LegFact,
    ids::HandsetId,
    status::{MediaState, Reason, Status},
    time::Moment,
};

impl Call {
    pub(crate) fn learn(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        fact: LegFact,
        fx: &mut Effects,
    ) {
        match fact {
            LegFact::Rang => self.rang(handset),
            LegFact::Unreachable => {
                self.leg_refused(now, handset, Status::Failed, Reason::Unreachable, fx);
            }
            LegFact::Busy => self.leg_refused(now, handset, Status::Busy, Reason::Busy, fx),
            LegFact::SessionClosed => self.session_closed(now, handset, fx),
            LegFact::SessionTimedOut => self.session_timed_out(now, handset, fx),
            LegFact::MediaConnected => self.media_connected(now, handset, fx),
            LegFact::MediaLost => self.media_lost(now, handset),
            LegFact::MediaFailed(reason) => self.media_failed(now, handset, reason, fx),
        }
    }

    fn rang(&mut self, handset: &HandsetId) {
        let Some(leg) = self.legs.get_mut(handset) else { return };
        if leg.part != Part::Invited {
            return;
        }
        leg.part = Part::Ringing;
        if let Some(plan) = self.plan_mut() {
            plan.rang = true;
        }
    }

    /// The leg cannot be had: out of reach, in another call, unpaired.
    fn leg_refused(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        status: Status,
        reason: Reason,
        fx: &mut Effects,
    ) {
        if self.legs.get(handset).is_some_and(Leg::is_ringing) {
            self.end_leg(handset, status, reason, None, fx);
            self.move_on_if_nobody_rings(now, fx);
        }
    }

    /// A handset that may not answer any more is not rung by a later tier.
    pub(crate) fn rings_no_more(&mut self, handset: &HandsetId) {
        let Some(plan) = self.plan_mut() else { return };
        for tier in plan.to_come.as_mut_slice() {
            tier.handsets.retain(|other| other != handset);
        }
    }

    pub(crate) fn revoked(&mut self, now: Moment, handset: &HandsetId, fx: &mut Effects) {
        self.rings_no_more(handset);
        match self.legs.get(handset).map(|leg| leg.part) {
            Some(Part::Invited | Part::Ringing) => {
                self.leg_refused(now, handset, Status::Failed, Reason::Revoked, fx);
            }
            Some(Part::Dialled | Part::Selected) => self.fail(now, Reason::Revoked, fx),
            Some(Part::Over { .. }) | None => {}
        }
    }

    fn session_closed(&mut self, now: Moment, handset: &HandsetId, fx: &mut Effects) {
        match self.legs.get_mut(handset).map(|leg| (leg.part, leg)) {
            Some((Part::Selected, _)) => self.finish(now, Reason::Ended, fx),
            Some((Part::Dialled, _)) => {
                let end = (Status::Missed, Reason::Cancelled);
                self.end_all_alike(now, end, Status::Cancelled, fx);
            }
            Some((Part::Invited | Part::Ringing, leg)) => leg.media = MediaState::None,
            Some((Part::Over { .. }, _)) | None => {}
        }
    }

    fn session_timed_out(&mut self, now: Moment, handset: &HandsetId, fx: &mut Effects) {
        match self.legs.get_mut(handset).map(|leg| (leg.part, leg)) {
            Some((Part::Selected | Part::Dialled, _)) => {
                self.fail(now, Reason::SessionTimeout, fx);
            }
            Some((Part::Invited | Part::Ringing, leg)) => leg.media = MediaState::None,
            Some((Part::Over { .. }, _)) | None => {}
        }
    }

    fn media_connected(&mut self, now: Moment, handset: &HandsetId, fx: &mut Effects) {
        let Some(leg) = self.live_leg_mut(handset) else { return };
        leg.media = MediaState::Connected;
        match &mut self.state {
            State::Connecting { peer, answered_at, .. } if peer == handset => {
                let answered_at = *answered_at;
                self.go_ongoing(now, answered_at, handset.clone(), fx);
            }
            State::Ongoing { peer, link, .. } if peer == handset => *link = Link::Up,
            State::Connecting { .. }
            | State::Ongoing { .. }
            | State::Calling(_)
            | State::Alerting { .. }
            | State::Over { .. } => {}
        }
    }

    /// The grace period starts with the first loss; a second report does not prolong it.
    fn media_lost(&mut self, now: Moment, handset: &HandsetId) {
        let until = now + self.origin.rules.grace;
        let Some(leg) = self.live_leg_mut(handset) else { return };
        leg.media = match leg.media {
            MediaState::Connected | MediaState::Lost => MediaState::Lost,
            MediaState::None | MediaState::Connecting => MediaState::Connecting,
        };
        match &mut self.state {
            State::Ongoing { peer, link: link @ Link::Up, .. } if peer == handset => {
                *link = Link::Lost { until };
            }
            State::Ongoing { .. }
            | State::Connecting { .. }
            | State::Calling(_)
            | State::Alerting { .. }
            | State::Over { .. } => {}
        }
    }

    fn media_failed(&mut self, now: Moment, handset: &HandsetId, reason: Reason, fx: &mut Effects) {
        let Some(leg) = self.live_leg_mut(handset) else { return };
        leg.media = MediaState::None;
        if leg.part == Part::Selected {
            self.fail(now, reason, fx);
        }
    }

    pub(crate) fn worker_crashed(&mut self, now: Moment, fx: &mut Effects) {
        if self.ending().is_none() {
            self.fail(now, Reason::WorkerCrashed, fx);
        }
    }

    fn live_leg_mut(&mut self, handset: &HandsetId) -> Option<&mut Leg> {
        self.legs.get_mut(handset).filter(|leg| !matches!(leg.part, Part::Over { .. }))
    }
}
