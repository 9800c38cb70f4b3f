// SPDX-License-Identifier: MIT OR Apache-2.0
//! One call, from its ring to its one end.

mod ending;
mod facts;
mod intents;
mod state;
mod view;

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

pub(super) use self::ending::sounds_failed;
use self::state::{Leg, Link, Part, Plan, State};
use super::{
    effect::{Effect, Signal},
    ids::{CallId, ContactName, HandsetId, LegId},
    profile::CallRules,
    status::{Direction, Media, Reason, Sound, Status},
    time::Moment,
};

pub(super) type Effects = VecDeque<Effect>;

/// The handsets to ring together, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RingTier {
    pub(super) handsets: Vec<HandsetId>,
    pub(super) ring_for: Duration,
    pub(super) joins: bool,
}

/// What a call is from its first moment, and stays.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) id: CallId,
    pub(super) direction: Direction,
    pub(super) contact: Option<ContactName>,
    pub(super) media: Media,
    pub(super) monitor: bool,
    pub(super) rules: CallRules,
    pub(super) started_at: Moment,
}

#[derive(Debug)]
pub(super) struct Call {
    origin: Origin,
    state: State,
    legs: BTreeMap<HandsetId, Leg>,
    muted: bool,
    held_by_station: bool,
    held_by_handset: bool,
    silenced: bool,
}

impl Call {
    fn new(origin: Origin, state: State) -> Self {
        Self {
            origin,
            state,
            legs: BTreeMap::new(),
            muted: false,
            held_by_station: false,
            held_by_handset: false,
            silenced: false,
        }
    }

    /// The station calls; `tiers` have somebody to ring.
    pub(super) fn outgoing(origin: Origin, tiers: Vec<RingTier>, fx: &mut Effects) -> Self {
        let now = origin.started_at;
        let plan = Plan::new(now, tiers);
        let mut call = Self::new(origin, State::Calling(plan));
        call.begin(fx);
        fx.push_back(Effect::Play(Sound::Activated));
        call.ring_next_tier(now, fx);
        call
    }

    /// A handset calls the panel, which rings.
    pub(super) fn incoming(origin: Origin, from: HandsetId, fx: &mut Effects) -> Self {
        let ring_ends = origin.started_at + origin.rules.ring_timeout;
        let mut call = Self::new(origin, State::Alerting { ring_ends });
        call.legs.insert(from, Leg::new(Part::Dialled));
        call.begin(fx);
        call
    }

    /// A handset listens in; nobody is asked, everybody is told.
    pub(super) fn monitored(origin: Origin, from: HandsetId, fx: &mut Effects) -> Self {
        let now = origin.started_at;
        let mut call = Self::incoming(origin, from.clone(), fx);
        // Before the gate opens: the worker sends nothing of the microphone until this is over.
        fx.push_back(Effect::Play(Sound::Monitored));
        call.select(now, from, fx);
        call
    }

    /// A call that was never to be: its end is known before anything rings.
    pub(super) fn stillborn(
        origin: Origin,
        from: Option<HandsetId>,
        (status, reason): (Status, Reason),
        leg_status: Status,
        fx: &mut Effects,
    ) -> Self {
        let now = origin.started_at;
        let mut call = Self::new(origin, State::Over { status, reason, at: now, answered: None });
        if let Some(handset) = from {
            call.legs.insert(handset.clone(), Leg::new(Part::Dialled));
            call.end_leg(&handset, leg_status, reason, None, fx);
        }
        call.conclude(now, status, fx);
        call
    }

    fn begin(&self, fx: &mut Effects) {
        fx.push_back(Effect::RecordCall(self.record(self.origin.started_at)));
        fx.push_back(Effect::StartMedia { call: self.origin.id, media: self.origin.media });
    }

    pub(super) fn id(&self) -> CallId {
        self.origin.id
    }

    pub(super) fn direction(&self) -> Direction {
        self.origin.direction
    }

    pub(super) fn contact(&self) -> Option<&ContactName> {
        self.origin.contact.as_ref()
    }

    pub(super) fn is_unanswered_outgoing(&self) -> bool {
        self.plan().is_some()
    }

    pub(super) fn is_monitored(&self) -> bool {
        self.origin.monitor
    }

    pub(super) fn linger(&self) -> Duration {
        self.origin.rules.linger
    }

    pub(super) fn show_failure(&self) -> Duration {
        self.origin.rules.show_failure
    }

    pub(super) fn ends_when_opened_by_hand(&self) -> bool {
        self.origin.rules.answered_at_door && self.plan().is_some()
    }

    pub(super) fn status(&self) -> Status {
        self.state.status()
    }

    pub(super) fn ending(&self) -> Option<(Status, Reason)> {
        match &self.state {
            State::Over { status, reason, .. } => Some((*status, *reason)),
            State::Calling(_)
            | State::Alerting { .. }
            | State::Connecting { .. }
            | State::Ongoing { .. } => None,
        }
    }

    /// The leg is in the call or may still get into it.
    pub(super) fn is_live_leg(&self, handset: &HandsetId) -> bool {
        self.legs.get(handset).is_some_and(|leg| !matches!(leg.part, Part::Over { .. }))
    }

    fn plan(&self) -> Option<&Plan> {
        match &self.state {
            State::Calling(plan) => Some(plan),
            State::Alerting { .. }
            | State::Connecting { .. }
            | State::Ongoing { .. }
            | State::Over { .. } => None,
        }
    }

    fn plan_mut(&mut self) -> Option<&mut Plan> {
        match &mut self.state {
            State::Calling(plan) => Some(plan),
            State::Alerting { .. }
            | State::Connecting { .. }
            | State::Ongoing { .. }
            | State::Over { .. } => None,
        }
    }

    fn peer(&self) -> Option<&HandsetId> {
        match &self.state {
            State::Connecting { peer, .. } | State::Ongoing { peer, .. } => Some(peer),
            State::Over { answered, .. } => answered.as_ref().map(|(peer, _)| peer),
            State::Calling(_) | State::Alerting { .. } => None,
        }
    }

    fn answered_at(&self) -> Option<Moment> {
        match &self.state {
            State::Connecting { answered_at, .. } | State::Ongoing { answered_at, .. } => {
                Some(*answered_at)
            }
            State::Over { answered, .. } => answered.as_ref().map(|(_, at)| *at),
            State::Calling(_) | State::Alerting { .. } => None,
        }
    }

    /// Who accepted an outgoing call; an incoming one is accepted at the station.
    fn answered_by(&self) -> Option<&HandsetId> {
        match self.origin.direction {
            Direction::Outgoing => self.peer(),
            Direction::Incoming => None,
        }
    }

    fn leg_id(&self, handset: &HandsetId) -> LegId {
        LegId { call: self.origin.id, handset: handset.clone() }
    }

    fn held(&self) -> bool {
        self.held_by_station || self.held_by_handset
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        [self.state.deadline(), self.state.warn_at()].into_iter().flatten().min()
    }

    /// Carries out what was due at `due`, which is never later than now.
    pub(super) fn fire(&mut self, due: Moment, fx: &mut Effects) {
        match &mut self.state {
            State::Calling(_) => self.tier_time_is_up(due, fx),
            State::Alerting { .. } => {
                self.end_all_alike(due, (Status::Missed, Reason::Missed), Status::Unanswered, fx);
            }
            State::Connecting { .. } => {
                self.fail(due, Reason::IceTimeout, fx);
            }
            State::Ongoing { ends_at, warn_at, link, .. } => {
                if due >= *ends_at {
                    self.finish(due, Reason::MaxDuration, fx);
                } else if matches!(link, Link::Lost { until } if due >= *until) {
                    self.fail(due, Reason::MediaTimeout, fx);
                } else if warn_at.is_some_and(|at| due >= at) {
                    *warn_at = None;
                    let ends_in = ends_at.since(due);
                    self.warn(ends_in, fx);
                }
            }
            State::Over { .. } => {}
        }
    }

    fn warn(&self, ends_in: Duration, fx: &mut Effects) {
        fx.push_back(Effect::Play(Sound::Warning));
        fx.push_back(Effect::Announce(Signal::EndingSoon { call: self.origin.id, ends_in }));
        if let Some(peer) = self.peer() {
            fx.push_back(Effect::WarnHandset { leg: self.leg_id(peer), ends_in });
        }
    }
}
