// SPDX-License-Identifier: MIT OR Apache-2.0
//! The states of a call and of its legs. Each owns what only it knows, its deadline included.

use std::time::Duration;

use super::RingTier;
use crate::core::{
    ids::HandsetId,
    status::{MediaState, Reason, Status},
    time::Moment,
};

#[derive(Debug)]
pub(super) enum State {
    /// Outgoing, and nobody has accepted.
    Calling(Plan),
    /// Incoming; the panel rings.
    Alerting {
        ring_ends: Moment,
    },
    /// Accepted; media is on its way.
    Connecting {
        peer: HandsetId,
        answered_at: Moment,
        until: Moment,
    },
    Ongoing {
        peer: HandsetId,
        answered_at: Moment,
        ends_at: Moment,
        warn_at: Option<Moment>,
        link: Link,
    },
    Over {
        status: Status,
        reason: Reason,
        at: Moment,
        answered: Option<(HandsetId, Moment)>,
    },
}

#[derive(Debug)]
pub(super) enum Link {
    Up,
    /// Media or its transport is gone; the call waits this long for it.
    Lost {
        until: Moment,
    },
}

impl State {
    pub(super) fn status(&self) -> Status {
        match self {
            Self::Calling(Plan { rang: false, .. }) => Status::Initiated,
            Self::Calling(Plan { rang: true, .. }) | Self::Alerting { .. } => Status::Ringing,
            Self::Connecting { .. } => Status::Connecting,
            Self::Ongoing { .. } => Status::Ongoing,
            Self::Over { status, .. } => *status,
        }
    }

    /// Every state but the last ends by itself.
    pub(super) fn deadline(&self) -> Option<Moment> {
        match self {
            Self::Calling(plan) => Some(plan.tier_ends),
            Self::Alerting { ring_ends } => Some(*ring_ends),
            Self::Connecting { until, .. } => Some(*until),
            Self::Ongoing { ends_at, link: Link::Up, .. } => Some(*ends_at),
            Self::Ongoing { ends_at, link: Link::Lost { until }, .. } => Some(*ends_at.min(until)),
            Self::Over { .. } => None,
        }
    }

    /// What is due before the state ends.
    pub(super) fn warn_at(&self) -> Option<Moment> {
        match self {
            Self::Ongoing { warn_at, .. } => *warn_at,
            Self::Calling(_)
            | Self::Alerting { .. }
            | Self::Connecting { .. }
            | Self::Over { .. } => None,
        }
    }

    pub(super) fn ring_deadline(&self) -> Option<Moment> {
        match self {
            Self::Calling(plan) => Some(plan.ring_ends()),
            Self::Alerting { ring_ends } => Some(*ring_ends),
            Self::Connecting { .. } | Self::Ongoing { .. } | Self::Over { .. } => None,
        }
    }

    pub(super) fn ended_at(&self) -> Option<Moment> {
        match self {
            Self::Over { at, .. } => Some(*at),
            Self::Calling(_)
            | Self::Alerting { .. }
            | Self::Connecting { .. }
            | Self::Ongoing { .. } => None,
        }
    }
}

/// The tiers still to come, and when the present one has rung long enough.
#[derive(Debug)]
pub(super) struct Plan {
    /// A handset was heard to ring; the call does not fall back from there.
    pub(super) rang: bool,
    pub(super) to_come: std::vec::IntoIter<RingTier>,
    pub(super) tier_ends: Moment,
    pub(super) nudge_after: Moment,
}

impl Plan {
    pub(super) fn new(now: Moment, tiers: Vec<RingTier>) -> Self {
        Self { rang: false, to_come: tiers.into_iter(), tier_ends: now, nudge_after: now }
    }

    /// How much longer than its own tier a leg rings: while the tiers that follow join it. The
    /// handset stops by itself at its ring's lifetime, so the lifetime has to cover them.
    pub(super) fn rings_on_for(&self) -> Duration {
        let joining = self.to_come.as_slice().iter().take_while(|tier| tier.joins);
        joining.map(|tier| tier.ring_for).sum()
    }

    fn ring_ends(&self) -> Moment {
        self.to_come.as_slice().iter().fold(self.tier_ends, |end, tier| end + tier.ring_for)
    }
}

#[derive(Debug)]
pub(super) struct Leg {
    pub(super) part: Part,
    pub(super) media: MediaState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Asked to ring; not heard of yet.
    Invited,
    Ringing,
    /// It called the station.
    Dialled,
    /// In the call.
    Selected,
    Over {
        status: Status,
        reason: Reason,
    },
}

impl Leg {
    pub(super) fn new(part: Part) -> Self {
        Self { part, media: MediaState::None }
    }

    pub(super) fn is_ringing(&self) -> bool {
        match self.part {
            Part::Invited | Part::Ringing => true,
            Part::Dialled | Part::Selected | Part::Over { .. } => false,
        }
    }

    /// As the handset sees the call.
    pub(super) fn seen_as(&self, call: Status) -> (Status, Option<Reason>) {
        match self.part {
            Part::Invited => (Status::Initiated, None),
            Part::Ringing => (Status::Ringing, None),
            Part::Dialled | Part::Selected => (call, None),
            Part::Over { status, reason } => (status, Some(reason)),
        }
    }
}
