// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why something was refused, in the words of the wire.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::core::{Rejected, status::words};

words! {
    /// The codes of `error`. The first eleven are those of the checks of a frame, in their order.
    pub enum Code {
        TooLarge = "too_large",
        BadHeader = "bad_header",
        UnknownKey = "unknown_key",
        Revoked = "revoked",
        BadSignature = "bad_signature",
        BadPayload = "bad_payload",
        WrongRecipient = "wrong_recipient",
        Stale = "stale",
        UnknownMessage = "unknown_message",
        BadBody = "bad_body",
        NotAllowed = "not_allowed",
        PairingClosed = "pairing_closed",
        BadToken = "bad_token",
        WrongState = "wrong_state",
        NotFound = "not_found",
        Busy = "busy",
        /// Another handset answered.
        Answered = "answered",
        RateLimited = "rate_limited",
        Locked = "locked",
        Tampered = "tampered",
        RelayFault = "relay_fault",
        BadChallenge = "bad_challenge",
        BadEndpoint = "bad_endpoint",
        Unavailable = "unavailable",
    }
}

impl Code {
    /// Nothing more is heard from somebody who sends such a frame.
    #[must_use]
    pub fn ends_connection(self) -> bool {
        match self {
            Self::TooLarge
            | Self::BadHeader
            | Self::UnknownKey
            | Self::Revoked
            | Self::BadSignature
            | Self::BadPayload
            | Self::WrongRecipient
            | Self::Stale => true,
            Self::UnknownMessage
            | Self::BadBody
            | Self::NotAllowed
            | Self::PairingClosed
            | Self::BadToken
            | Self::WrongState
            | Self::NotFound
            | Self::Busy
            | Self::Answered
            | Self::RateLimited
            | Self::Locked
            | Self::Tampered
            | Self::RelayFault
            | Self::BadChallenge
            | Self::BadEndpoint
            | Self::Unavailable => false,
        }
    }

    #[must_use]
    pub fn of(rejected: &Rejected) -> Self {
        match rejected {
            Rejected::NotFound(_) => Self::NotFound,
            Rejected::WrongState { .. }
            | Rejected::WrongDoorState { .. }
            | Rejected::NothingToDo => Self::WrongState,
            Rejected::AnsweredBy { .. } => Self::Answered,
            Rejected::Busy { .. } => Self::Busy,
            Rejected::NotAuthorized => Self::NotAllowed,
            Rejected::RateLimited { .. } => Self::RateLimited,
            Rejected::Locked => Self::Locked,
            Rejected::Tampered => Self::Tampered,
            Rejected::RelayFault => Self::RelayFault,
            Rejected::OutOfRange(_) => Self::BadBody,
        }
    }
}
