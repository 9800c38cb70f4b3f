// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why something could not be done to the surroundings, by the names that the station itself uses.

use zbus::DBusError;

use crate::{core::Rejected, demo::ControlError};

#[derive(Debug, DBusError)]
#[zbus(prefix = "org.intercomd1.Error")]
pub(super) enum Failure {
    #[zbus(error)]
    Bus(zbus::Error),
    InvalidArgs(String),
    NotFound(String),
    WrongState(String),
    Busy(String),
    NotAuthorized(String),
    RateLimited(String),
    Locked(String),
    Tampered(String),
    DeviceUnavailable(String),
    Failed(String),
}

impl From<ControlError> for Failure {
    fn from(error: ControlError) -> Self {
        let text = error.to_string();
        match error {
            ControlError::NoHandset(_) => Self::NotFound(text),
            ControlError::WrongLink => Self::InvalidArgs(text),
            ControlError::NoCall(_) | ControlError::NoWorker | ControlError::Paired(_) => {
                Self::WrongState(text)
            }
            ControlError::Refused(rejected) => Self::refused(&rejected, text),
            ControlError::Over => Self::Failed(text),
        }
    }
}

impl Failure {
    /// By the names that the station itself uses on the bus.
    fn refused(rejected: &Rejected, text: String) -> Self {
        match rejected {
            Rejected::NotFound(_) => Self::NotFound(text),
            Rejected::WrongState { .. }
            | Rejected::AnsweredBy { .. }
            | Rejected::WrongDoorState { .. }
            | Rejected::NothingToDo => Self::WrongState(text),
            Rejected::Busy { .. } => Self::Busy(text),
            Rejected::NotAuthorized => Self::NotAuthorized(text),
            Rejected::RateLimited { .. } => Self::RateLimited(text),
            Rejected::Locked => Self::Locked(text),
            Rejected::Tampered => Self::Tampered(text),
            Rejected::RelayFault => Self::DeviceUnavailable(text),
            Rejected::OutOfRange(_) => Self::InvalidArgs(text),
        }
    }
}
