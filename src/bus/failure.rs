// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a call over the bus was not carried out, and the error name that tells it.

use super::{object::Object, right::Right};
use crate::{
    core::Rejected,
    station::request::{PairingRefused, RemovalRefused},
};

#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{0}")]
    InvalidArgs(String),
    #[error(transparent)]
    Rejected(#[from] Rejected),
    #[error("there is no {0}")]
    Gone(Object),
    #[error("this needs {}", .0.polkit_action())]
    NotAuthorized(Right),
    #[error("nobody can say whether the caller has {}: {why}", .right.polkit_action())]
    NoAuthority { right: Right, why: String },
    #[error("nobody said in time whether the caller has {}", .0.polkit_action())]
    AuthorityTimeout(Right),
    #[error("the station did not answer in time")]
    StationTimeout,
    #[error("the station is stopping")]
    Stopping,
    #[error(transparent)]
    Pairing(#[from] PairingRefused),
    #[error(transparent)]
    Removal(#[from] RemovalRefused),
    #[error("{}", .0.join("\n"))]
    BadConfiguration(Vec<String>),
    #[error("the pairing link does not fit into a QR code")]
    LinkTooLong,
    #[error("too many calls wait for an answer")]
    TooManyCalls,

    #[error("there is no object {0}")]
    UnknownObject(String),
    #[error("there is no interface {0} here")]
    UnknownInterface(String),
    #[error("there is no method {0} here")]
    UnknownMethod(String),
    #[error("there is no property {0} here")]
    UnknownProperty(String),
    #[error("{0} cannot be written")]
    ReadOnly(String),
    #[error(transparent)]
    Unsendable(zbus::Error),
}

impl Failure {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::InvalidArgs(_) => INVALID_ARGS,
            Self::Rejected(rejected) => rejected_name(rejected),
            Self::Gone(_) => NOT_FOUND,
            Self::NotAuthorized(_) | Self::NoAuthority { .. } => NOT_AUTHORIZED,
            Self::AuthorityTimeout(_) | Self::StationTimeout => TIMEOUT,
            Self::Pairing(refused) => match refused {
                PairingRefused::Unavailable | PairingRefused::Unreachable => DEVICE_UNAVAILABLE,
                PairingRefused::NoDoor(_) => NOT_FOUND,
                PairingRefused::NoLight => WRONG_STATE,
            },
            Self::Removal(refused) => match refused {
                RemovalRefused::NotFound(_) => NOT_FOUND,
                RemovalRefused::Configured(_) => DEVICE_UNAVAILABLE,
                RemovalRefused::NotKept(_) => FAILED,
            },
            Self::Stopping
            | Self::BadConfiguration(_)
            | Self::LinkTooLong
            | Self::Unsendable(_) => FAILED,
            Self::TooManyCalls => "org.freedesktop.DBus.Error.LimitsExceeded",
            Self::UnknownObject(_) => "org.freedesktop.DBus.Error.UnknownObject",
            Self::UnknownInterface(_) => "org.freedesktop.DBus.Error.UnknownInterface",
            Self::UnknownMethod(_) => "org.freedesktop.DBus.Error.UnknownMethod",
            Self::UnknownProperty(_) => "org.freedesktop.DBus.Error.UnknownProperty",
            Self::ReadOnly(_) => "org.freedesktop.DBus.Error.PropertyReadOnly",
        }
    }
}

const INVALID_ARGS: &str = "org.intercomd1.Error.InvalidArgs";
const WRONG_STATE: &str = "org.intercomd1.Error.WrongState";
const NOT_FOUND: &str = "org.intercomd1.Error.NotFound";
const BUSY: &str = "org.intercomd1.Error.Busy";
const NOT_AUTHORIZED: &str = "org.intercomd1.Error.NotAuthorized";
const RATE_LIMITED: &str = "org.intercomd1.Error.RateLimited";
const LOCKED: &str = "org.intercomd1.Error.Locked";
const TAMPERED: &str = "org.intercomd1.Error.Tampered";
const DEVICE_UNAVAILABLE: &str = "org.intercomd1.Error.DeviceUnavailable";
const TIMEOUT: &str = "org.intercomd1.Error.Timeout";
const FAILED: &str = "org.intercomd1.Error.Failed";

const fn rejected_name(rejected: &Rejected) -> &'static str {
    match rejected {
        Rejected::NotFound(_) => NOT_FOUND,
        Rejected::WrongState { .. }
        | Rejected::AnsweredBy { .. }
        | Rejected::WrongDoorState { .. }
        | Rejected::NothingToDo => WRONG_STATE,
        Rejected::Busy { .. } => BUSY,
        Rejected::NotAuthorized => NOT_AUTHORIZED,
        Rejected::RateLimited { .. } => RATE_LIMITED,
        Rejected::Locked => LOCKED,
        Rejected::Tampered => TAMPERED,
        Rejected::RelayFault => DEVICE_UNAVAILABLE,
        Rejected::OutOfRange(_) => INVALID_ARGS,
    }
}
