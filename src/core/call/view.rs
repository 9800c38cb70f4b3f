// SPDX-License-Identifier: MIT OR Apache-2.0
//! A call as others see it: the bus, the log, the worker that opens gates.

use std::time::Duration;

use super::{Call, Link, State};
use crate::core::{
    effect::CallRecord,
    ids::{HandsetId, LegId},
    snapshot::{CallView, LegView},
    status::{Direction, Gate, MediaState},
    time::Moment,
};

impl Call {
    /// What the worker lets through: nothing before the accept, nothing for a losing leg,
    /// nothing on hold.
    fn gate(&self, handset: &HandsetId) -> Gate {
        match &self.state {
            State::Connecting { peer, .. } | State::Ongoing { peer, .. }
                if peer == handset && !self.held() =>
            {
                if self.muted {
                    Gate::Muted
                } else {
                    Gate::Open
                }
            }
            State::Connecting { .. }
            | State::Ongoing { .. }
            | State::Calling(_)
            | State::Alerting { .. }
            | State::Over { .. } => Gate::Closed,
        }
    }

    pub(crate) fn gates(&self) -> impl Iterator<Item = (LegId, Gate)> {
        self.legs.keys().map(|handset| (self.leg_id(handset), self.gate(handset)))
    }

    pub(super) fn record(&self, now: Moment) -> CallRecord {
        let lasted = now.since(self.origin.started_at);
        let talked = self.answered_at().map_or(Duration::ZERO, |at| now.since(at));
        let whole_ms = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
        CallRecord {
            id: self.origin.id,
            direction: self.origin.direction,
            contact: self.origin.contact.clone(),
            handset: self.far_handset().cloned(),
            status: self.status(),
            reason: self.ending().map(|(_, reason)| reason),
            lasted_ms: whole_ms(lasted),
            talked_ms: whole_ms(talked),
        }
    }

    /// Who dialled or who answered.
    fn far_handset(&self) -> Option<&HandsetId> {
        match self.origin.direction {
            Direction::Incoming => self.legs.keys().next(),
            Direction::Outgoing => self.peer(),
        }
    }

    pub(crate) fn view(&self) -> CallView {
        let legs = self.legs.iter().map(|(handset, leg)| {
            let (status, reason) = leg.seen_as(self.status());
            let gate = self.gate(handset);
            (handset.clone(), LegView { status, reason, media_state: leg.media, gate })
        });
        CallView {
            status: self.status(),
            reason: self.ending().map(|(_, reason)| reason),
            direction: self.origin.direction,
            media: self.origin.media,
            monitor: self.origin.monitor,
            contact: self.origin.contact.clone(),
            legs: legs.collect(),
            handset: self.far_handset().cloned(),
            answered_by: self.answered_by().cloned(),
            started_at: self.origin.started_at,
            answered_at: self.answered_at(),
            ended_at: self.state.ended_at(),
            ring_deadline: self.state.ring_deadline(),
            deadline: self.state.deadline(),
            media_state: self.media_state(),
            muted: self.muted,
            held: self.held(),
            silenced: self.silenced,
        }
    }

    fn media_state(&self) -> MediaState {
        match &self.state {
            State::Ongoing { link: Link::Up, .. } => MediaState::Connected,
            State::Ongoing { link: Link::Lost { .. }, .. } => MediaState::Lost,
            State::Connecting { .. } => MediaState::Connecting,
            State::Calling(_) | State::Alerting { .. } => MediaState::None,
            State::Over { .. } => MediaState::None,
        }
    }
}
