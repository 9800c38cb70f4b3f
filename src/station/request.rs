// SPDX-License-Identifier: MIT OR Apache-2.0
//! What local programs ask of the station. Whoever asked may be gone by the time of the answer;
//! a reply that nobody waits for is to be dropped.

use std::{collections::BTreeMap, time::Duration};

use tokio::sync::oneshot;

use crate::{
    core::{Command, DoorName, HandsetId, Moment, Origin, Rejected, Reply, profile::Grant},
    link::PairingLink,
    store::LoggedCall,
};

/// The caller was authorised. The station publishes what changed before it replies.
#[derive(Debug)]
pub enum Request {
    Command {
        origin: Origin,
        command: Command,
        reply: oneshot::Sender<Result<Reply, Rejected>>,
    },
    OpenPairing {
        lifetime: Duration,
        grant: Grant,
        reply: oneshot::Sender<Result<Pairing, PairingRefused>>,
    },
    /// Answered when it is on the disk that the handset is forgotten.
    RemoveHandset {
        handset: HandsetId,
        reply: oneshot::Sender<Result<(), RemovalRefused>>,
    },
    /// Refused with every problem of the new configuration.
    Reload {
        reply: oneshot::Sender<Result<(), Vec<String>>>,
    },
    /// The newest first; a limit of 0 means all.
    CallLog {
        limit: u32,
        reply: oneshot::Sender<Vec<LoggedCall>>,
    },
    /// Answered when the loop was tested too, if it can be.
    SelfTest {
        reply: oneshot::Sender<SelfTestReport>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairing {
    pub link: PairingLink,
    pub deadline: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairingRefused {
    #[error("this station has no link over which a handset could be paired")]
    Unavailable,
    #[error("the link listens on none of its addresses, so that no handset could be paired")]
    Unreachable,
    #[error("there is no door {0}")]
    NoDoor(DoorName),
    #[error(
        "monitor needs a light that shows it, and the station has none (or, with no sound card to play to, none with a line)"
    )]
    NoLight,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemovalRefused {
    #[error("there is no handset {0}")]
    NotFound(HandsetId),
    #[error("handset {0} comes from the configuration and was never paired")]
    Configured(HandsetId),
    #[error(
        "handset {0} is forgotten, but the disk does not take it: it may be back after a restart"
    )]
    NotKept(HandsetId),
}

/// Names of checks, with what is wrong or why they were left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelfTestReport {
    pub passed: Vec<String>,
    pub failed: BTreeMap<String, String>,
    pub skipped: BTreeMap<String, String>,
    /// What those found that measure something.
    pub measured: BTreeMap<String, String>,
}
