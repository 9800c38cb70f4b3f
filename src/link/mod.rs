// SPDX-License-Identifier: MIT OR Apache-2.0
//! How handsets are reached. A link carries what the station says to a handset and what a
//! handset asks of the station; it decides nothing.

#[cfg(feature = "direct")]
pub mod bytes;
#[cfg(feature = "direct")]
pub mod challenge;
#[cfg(feature = "direct")]
pub mod context;
#[cfg(feature = "direct")]
pub mod desk;
#[cfg(feature = "direct")]
pub mod direct;
#[cfg(feature = "direct")]
pub mod envelope;
#[cfg(feature = "direct")]
mod json;
#[cfg(feature = "direct")]
pub mod keys;
#[cfg(feature = "direct")]
pub mod message;
#[cfg(feature = "direct")]
pub mod pairing;
#[cfg(feature = "direct")]
pub mod push;
pub(crate) mod qr;
#[cfg(feature = "direct")]
pub mod refusal;
mod waking;

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

pub use self::waking::{LastPush, PushResult, Waking};

use crate::{
    config::Push,
    core::{
        ContactName, HandsetId, LegId, Reason, Rejected, Reply, Status,
        event::{Command, LegFact, Origin},
        profile::{Grant, Rights},
        status::Media,
    },
    media::setup::Ice,
    session::{SessionNo, Signal, Wants},
};

/// From the station to the handsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkCommand {
    Ring {
        leg: LegId,
        contact: Option<ContactName>,
        ring_for: Duration,
        media: Media,
    },
    Nudge {
        leg: LegId,
    },
    Select {
        leg: LegId,
    },
    End {
        leg: LegId,
        status: Status,
        reason: Reason,
        answered_by: Option<HandsetId>,
    },
    Held {
        leg: LegId,
        held: bool,
    },
    Warn {
        leg: LegId,
        ends_in: Duration,
    },
    /// From the media worker. A description begins a session of this leg.
    Signal {
        leg: LegId,
        session: SessionNo,
        signal: Signal,
    },
    /// Any window before it is closed.
    OpenPairing {
        window: PairingWindow,
        lasts: Duration,
        /// A handset that asked for it is told the link.
        by: Origin,
        grant: Grant,
    },
    /// Forget its keys.
    Unpair {
        handset: HandsetId,
    },
    ClosePairing,
}

impl LinkCommand {
    /// Whom it is for.
    #[must_use]
    pub fn handset(&self) -> Option<&HandsetId> {
        match self {
            Self::Ring { leg, .. }
            | Self::Nudge { leg }
            | Self::Select { leg }
            | Self::End { leg, .. }
            | Self::Held { leg, .. }
            | Self::Warn { leg, .. }
            | Self::Signal { leg, .. } => Some(&leg.handset),
            Self::Unpair { handset } => Some(handset),
            Self::OpenPairing { .. } | Self::ClosePairing => None,
        }
    }
}

/// From the handsets to the station. No link can say anything about lines, doors or sound.
#[derive(Debug)]
pub enum FromLink {
    Event(LinkEvent),
    /// What an authenticated handset wants; the answer goes back to it.
    Wish {
        handset: HandsetId,
        command: Command,
        reply: oneshot::Sender<Result<Reply, Rejected>>,
    },
    /// How many frames were refused so far, by code.
    Refused(BTreeMap<&'static str, u64>),
    /// Whether handsets can connect.
    Listening(bool),
    /// False while something keeps the station from pushing to anybody.
    Pushing(bool),
}

impl From<LinkEvent> for FromLink {
    fn from(event: LinkEvent) -> Self {
        Self::Event(event)
    }
}

/// What handsets did, and what became of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    Leg {
        leg: LegId,
        fact: LegFact,
    },
    /// The handset can be connected now: for the first time, or anew because its path broke.
    SessionWanted {
        leg: LegId,
        wants: Wants,
    },
    /// From the handset to the media worker.
    Signal {
        leg: LegId,
        session: SessionNo,
        signal: Signal,
    },
    Paired {
        handset: HandsetId,
        label: String,
        rights: Rights,
    },
    Revoked {
        handset: HandsetId,
    },
    /// A handset was unpaired, and whether that will outlast this process.
    Forgotten {
        handset: HandsetId,
        kept: bool,
    },
    /// Something about waking it is not as it was.
    Waking {
        handset: HandsetId,
        waking: Waking,
    },
    /// The window that [`LinkCommand::OpenPairing`] asked for is open under this one-time link.
    PairingOpened {
        window: PairingWindow,
        link: PairingLink,
    },
    /// It was used, guessed at too often, or could not even be opened.
    PairingClosed {
        window: PairingWindow,
    },
}

/// What a link tells handsets of the station, as its configuration has it. The newest holds, also
/// for those who are connected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What people call the station.
    pub name: String,
    /// Of a handset that is paired without a word about its rights.
    pub pairing: Rights,
    /// What a handset needs to find a way.
    pub ice: Ice,
    pub push: Push,
}

/// Counts up: tells the link of the newest window from one that is worth nothing any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairingWindow(pub u64);

/// Holds the one-time secret, so it does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PairingLink(pub String);

impl fmt::Debug for PairingLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairingLink")
    }
}

/// Whoever carries the handsets' side: commands in, events out, both bounded.
#[derive(Debug)]
pub struct Link {
    pub commands: mpsc::Sender<LinkCommand>,
    pub events: mpsc::Receiver<FromLink>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pairing_link_does_not_print() {
        let event = LinkEvent::PairingOpened {
            window: PairingWindow(1),
            link: PairingLink("icm:secret".to_owned()),
        };
        assert!(!format!("{event:?}").contains("secret"));
    }
}
