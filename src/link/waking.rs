// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a handset that sleeps can be woken, as far as its station knows.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::core::status::words;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waking {
    /// It said where it is woken.
    pub registered: bool,
    /// Since the start.
    pub last: Option<LastPush>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastPush {
    pub result: PushResult,
    /// Absent where nobody knows whether the clock is right.
    pub at_unix_ms: Option<u64>,
}

words! {
    /// What became of a push.
    pub enum PushResult {
        Taken = "taken",
        /// Its push service knows the endpoint no more, which ends the registration.
        Gone = "gone",
        /// By the push service, or by a rule of the station.
        Refused = "refused",
        /// The push service has trouble, or keeps silent.
        Unavailable = "unavailable",
        /// The push service does not prove who it is.
        Untrusted = "untrusted",
        /// There is no way to the push service.
        Unreachable = "unreachable",
        /// Nobody knows whether the clock of the station is right.
        NoClock = "no_clock",
        /// The station knows nobody whom it could trust.
        NoCertificates = "no_certificates",
    }
}

impl PushResult {
    /// The station itself lacks something, so that it pushes to nobody.
    #[must_use]
    pub fn is_own(self) -> bool {
        match self {
            Self::NoClock | Self::NoCertificates => true,
            Self::Taken
            | Self::Gone
            | Self::Refused
            | Self::Unavailable
            | Self::Untrusted
            | Self::Unreachable => false,
        }
    }
}
