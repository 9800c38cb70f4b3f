// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is wanted of a call: at the station, by the handset in it, by one that rings, by a stranger.

use std::time::Duration;

use intercomd::core::{
    CallId, Effect, HandsetId, LegId, Moment, Origin, Reason, Rejected, Reply, Status,
    event::{CallVerb, Subject},
    status::Direction,
};

use super::{Model, calls::leg_is_accepted};

impl Model {
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
        let never = matches!(verb, CallVerb::Nudge | CallVerb::Silence | CallVerb::Mute(_));
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

    /// Holding is for the handset that is in the call.
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
        self.hidden.handset_holds = verb == CallVerb::Hold;
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
