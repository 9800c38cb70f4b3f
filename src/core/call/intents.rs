// SPDX-License-Identifier: MIT OR Apache-2.0
//! What people want of a call: at the panel, on the bus, on a handset.

use std::time::Duration;

use super::{Call, Effects, Part, State};
use crate::core::{
    effect::Effect,
    event::{CallVerb, Rejected, Subject},
    ids::HandsetId,
    status::{Reason, Status},
    time::Moment,
};

const NUDGE_PAUSE: Duration = Duration::from_secs(2);

type Done = Result<(), Rejected>;

impl Call {
    /// `by` is the handset that wants it, or nobody where it was wanted at the station.
    pub(crate) fn command(
        &mut self,
        now: Moment,
        by: Option<&HandsetId>,
        verb: CallVerb,
        fx: &mut Effects,
    ) -> Done {
        match (verb, by) {
            (CallVerb::Accept, None) => self.accept_here(now, fx),
            (CallVerb::Accept, Some(handset)) => self.accept_on(now, handset, fx),
            (CallVerb::Reject, None) => self.reject_here(now, fx),
            (CallVerb::Reject, Some(handset)) => self.reject_on(now, handset, fx),
            (CallVerb::HangUp, None) => self.hang_up_here(now, fx),
            (CallVerb::HangUp, Some(handset)) => self.hang_up_on(now, handset, fx),
            (CallVerb::Nudge, _) => self.nudge(now, fx),
            (CallVerb::Silence, _) => self.silence(),
            (CallVerb::Hold, by) => self.hold(by, true, fx),
            (CallVerb::Unhold, by) => self.hold(by, false, fx),
            (CallVerb::Mute(muted), _) => self.mute(muted),
        }
    }

    fn wrong_state(&self) -> Rejected {
        Rejected::WrongState { status: self.status() }
    }

    /// Somebody at the station accepts what a handset dialled.
    fn accept_here(&mut self, now: Moment, fx: &mut Effects) -> Done {
        match &self.state {
            State::Alerting { .. } => {
                if let Some(caller) = self.legs.keys().next().cloned() {
                    self.select(now, caller, fx);
                }
                Ok(())
            }
            State::Calling(_)
            | State::Connecting { .. }
            | State::Ongoing { .. }
            | State::Over { .. } => Err(self.wrong_state()),
        }
    }

    /// The first handset wins; every later one learns who did.
    pub(crate) fn accept_on(&mut self, now: Moment, handset: &HandsetId, fx: &mut Effects) -> Done {
        self.ringing_leg(handset)?;
        self.select(now, handset.clone(), fx);
        Ok(())
    }

    /// The handset still has a say in an unanswered outgoing call.
    fn ringing_leg(&self, handset: &HandsetId) -> Done {
        let Some(leg) = self.legs.get(handset) else {
            return Err(Rejected::NotFound(Subject::Leg(self.leg_id(handset))));
        };
        match self.answered_by() {
            Some(winner) if winner != handset => {
                return Err(Rejected::AnsweredBy { by: winner.clone() });
            }
            Some(_) | None => {}
        }
        if self.plan().is_some() && leg.is_ringing() {
            return Ok(());
        }
        let (status, _) = leg.seen_as(self.status());
        Err(Rejected::WrongState { status })
    }

    fn reject_here(&mut self, now: Moment, fx: &mut Effects) -> Done {
        match &self.state {
            State::Alerting { .. } => {
                self.end_all_alike(now, (Status::Rejected, Reason::Rejected), Status::Rejected, fx);
                Ok(())
            }
            State::Calling(_)
            | State::Connecting { .. }
            | State::Ongoing { .. }
            | State::Over { .. } => Err(self.wrong_state()),
        }
    }

    /// Ends this leg only; the others ring on.
    fn reject_on(&mut self, now: Moment, handset: &HandsetId, fx: &mut Effects) -> Done {
        self.ringing_leg(handset)?;
        self.end_leg(handset, Status::Rejected, Reason::Rejected, None, fx);
        self.move_on_if_nobody_rings(now, fx);
        Ok(())
    }

    /// Hanging up leads to idle from every state.
    pub(crate) fn hang_up_here(&mut self, now: Moment, fx: &mut Effects) -> Done {
        match &self.state {
            State::Calling(_) => {
                let end = (Status::Cancelled, Reason::Cancelled);
                self.end_all_alike(now, end, Status::Missed, fx);
                Ok(())
            }
            State::Alerting { .. } => self.reject_here(now, fx),
            State::Connecting { .. } | State::Ongoing { .. } => {
                self.finish(now, Reason::Ended, fx);
                Ok(())
            }
            State::Over { .. } => Err(self.wrong_state()),
        }
    }

    fn hang_up_on(&mut self, now: Moment, handset: &HandsetId, fx: &mut Effects) -> Done {
        match self.legs.get(handset).map(|leg| leg.part) {
            Some(Part::Selected) => {
                self.finish(now, Reason::Ended, fx);
                Ok(())
            }
            Some(Part::Dialled) => {
                let end = (Status::Missed, Reason::Cancelled);
                self.end_all_alike(now, end, Status::Cancelled, fx);
                Ok(())
            }
            Some(Part::Invited | Part::Ringing | Part::Over { .. }) | None => {
                self.reject_on(now, handset, fx)
            }
        }
    }

    /// Somebody let the visitor in by hand.
    pub(crate) fn opened_by_hand(&mut self, now: Moment, fx: &mut Effects) {
        let end = (Status::Cancelled, Reason::AnsweredAtDoor);
        self.end_all_alike(now, end, Status::Elsewhere, fx);
    }

    fn nudge(&mut self, now: Moment, fx: &mut Effects) -> Done {
        let wrong = self.wrong_state();
        let Some(plan) = self.plan_mut() else { return Err(wrong) };
        if now < plan.nudge_after {
            return Err(Rejected::RateLimited { retry_after: plan.nudge_after.since(now) });
        }
        plan.nudge_after = now + NUDGE_PAUSE;
        for (handset, leg) in &self.legs {
            if leg.is_ringing() {
                fx.push_back(Effect::NudgeHandset { leg: self.leg_id(handset) });
            }
        }
        Ok(())
    }

    fn silence(&mut self) -> Done {
        match &self.state {
            State::Alerting { .. } => {
                self.silenced = true;
                Ok(())
            }
            State::Calling(_)
            | State::Connecting { .. }
            | State::Ongoing { .. }
            | State::Over { .. } => Err(self.wrong_state()),
        }
    }

    /// Of the handsets only the one in the call has a say: another could listen in by unmuting.
    fn mute(&mut self, muted: bool) -> Done {
        if self.ending().is_some() {
            return Err(self.wrong_state());
        }
        self.muted = muted;
        Ok(())
    }

    /// Held by either side the call is silent; it resumes when neither holds it.
    fn hold(&mut self, by: Option<&HandsetId>, held: bool, fx: &mut Effects) -> Done {
        let State::Ongoing { peer, .. } = &self.state else { return Err(self.wrong_state()) };
        let leg = self.leg_id(peer);
        let before = self.held();
        match by {
            None => self.held_by_station = held,
            Some(handset) if *handset == leg.handset => self.held_by_handset = held,
            Some(_) => return Err(Rejected::NotAuthorized),
        }
        if before != self.held() {
            fx.push_back(Effect::TellHeld { leg, held: self.held() });
        }
        Ok(())
    }
}
