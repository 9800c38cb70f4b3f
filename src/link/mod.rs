// SPDX-License-Identifier: MIT OR Apache-2.0
//! How handsets are reached. A link carries what the station says to a handset and what a
//! handset asks of the station; it decides nothing.

use std::time::Duration;

use crate::core::{
    ContactName, HandsetId, LegId, Reason, Status,
    event::{Command, Event},
    status::Media,
};

/// From the station to the handsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkCommand {
    Ring { leg: LegId, contact: Option<ContactName>, ring_for: Duration, media: Media },
    Nudge { leg: LegId },
    Select { leg: LegId },
    End { leg: LegId, status: Status, reason: Reason, answered_by: Option<HandsetId> },
    Held { leg: LegId, held: bool },
    Warn { leg: LegId, ends_in: Duration },
    OpenPairing { lasts: Duration },
    ClosePairing,
}

/// From the handsets to the station: a fact, or a wish of an authenticated handset.
#[derive(Debug)]
pub enum LinkEvent {
    Fact(Event),
    Wish { handset: HandsetId, command: Command },
}
