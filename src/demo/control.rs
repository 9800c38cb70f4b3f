// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can be done to the simulated surroundings.

use tokio::sync::oneshot;

use super::Controls;
use crate::{
    config::{Script, Simulator},
    core::{
        DoorName, HandsetId, Rejected,
        event::{CallVerb, DialKind, LegFact},
        status,
    },
    link::PairingLink,
    panel::sim::SimError,
};

#[derive(Debug)]
pub enum Order {
    Do { control: Control, reply: oneshot::Sender<Result<(), ControlError>> },
    Reconfigure(Simulator),
}

#[derive(Clone, Debug)]
pub enum Control {
    /// A person presses something on the handset during a call.
    InCall {
        handset: HandsetId,
        verb: CallVerb,
    },
    Dial {
        handset: HandsetId,
        media: status::Media,
        kind: DialKind,
    },
    OpenDoor {
        handset: HandsetId,
        door: DoorName,
    },
    /// What the network or the worker does to the handset's leg.
    Leg {
        handset: HandsetId,
        fact: LegFact,
    },
    Script {
        handset: HandsetId,
        script: Script,
    },
    Pair {
        link: PairingLink,
        handset: HandsetId,
        label: String,
    },
    Unpair {
        handset: HandsetId,
    },
    CrashWorker,
    Audio {
        available: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    #[error("there is no simulated handset {0}")]
    NoHandset(HandsetId),
    #[error("{0} is in no call")]
    NoCall(HandsetId),
    #[error("no call has media")]
    NoWorker,
    #[error("{0} is paired already")]
    Paired(HandsetId),
    #[error("the pairing link is not open")]
    WrongLink,
    #[error("the station refused: {0}")]
    Refused(#[from] Rejected),
    #[error("the simulation has ended")]
    Over,
}

/// Why nothing could be moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    #[error("the panel is not simulated")]
    NoPanel,
    #[error("there is no {0}")]
    NoInput(String),
    #[error(transparent)]
    Panel(#[from] SimError),
}

impl Controls {
    /// By the name that the input has in the configuration.
    pub fn move_input(&self, name: &str, active: bool) -> Result<(), MoveError> {
        let panel = self.panel().ok_or(MoveError::NoPanel)?;
        let input = panel.inputs().into_keys().find(|input| input.to_string() == name);
        let input = input.ok_or_else(|| MoveError::NoInput(name.to_owned()))?;
        Ok(panel.set_input(&input, active)?)
    }

    /// Returns when the station has taken it in.
    pub async fn order(&self, control: Control) -> Result<(), ControlError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.orders.send(Order::Do { control, reply }).await;
        sent.map_err(|_| ControlError::Over)?;
        answer.await.map_err(|_| ControlError::Over)?
    }
}
