// SPDX-License-Identifier: MIT OR Apache-2.0
//! A microphone or a loudspeaker that may go, as when its plug is pulled, and come back.

use std::time::Duration;

use intercomd::core::Moment;

/// Well within what somebody at a door takes for a hiccup.
const AGAIN_AFTER: Duration = Duration::from_millis(500);

#[derive(Debug, Default)]
pub(super) enum Device<T> {
    #[default]
    Unused,
    Used(T),
    /// Silence takes its place, so that nothing else has to know.
    Gone {
        _instead: Option<T>,
        again_at: Moment,
    },
}

impl<T> Device<T> {
    pub(super) fn gone(now: Moment, instead: Option<T>) -> Self {
        Self::Gone { _instead: instead, again_at: now + AGAIN_AFTER }
    }

    pub(super) fn is_unused(&self) -> bool {
        matches!(self, Self::Unused)
    }

    pub(super) fn is_used(&self) -> bool {
        matches!(self, Self::Used(_))
    }

    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Gone { .. })
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        match self {
            Self::Gone { again_at, .. } => Some(*again_at),
            Self::Unused | Self::Used(_) => None,
        }
    }

    /// Whether it is time to look for it; asking again is put off.
    pub(super) fn is_due(&mut self, now: Moment) -> bool {
        match self {
            Self::Gone { again_at, .. } if *again_at <= now => {
                *again_at = now + AGAIN_AFTER;
                true
            }
            Self::Gone { .. } | Self::Unused | Self::Used(_) => false,
        }
    }
}
