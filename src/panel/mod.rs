// SPDX-License-Identifier: MIT OR Apache-2.0
//! The board's lines. A backend turns levels into [`PanelEvent`]s and [`PanelCommand`]s into
//! levels; it decides nothing, except that a relay falls back on time.

pub mod blink;
#[cfg(any(feature = "gpiochip", feature = "rppal"))]
mod denied;
pub mod drive;
#[cfg(feature = "daemon")]
pub mod fault;
#[cfg(feature = "gpiochip")]
mod gpiochip;
#[cfg(feature = "daemon")]
mod open;
#[cfg(feature = "daemon")]
mod output;
#[cfg(any(feature = "gpiochip", feature = "rppal"))]
mod reported;
#[cfg(feature = "rppal")]
mod rppal;
#[cfg(feature = "daemon")]
pub mod sim;
pub mod wiring;

#[cfg(feature = "daemon")]
pub use open::{Panel, open, outputs_off, probe};

use crate::core::{DoorName, LightName, effect::Drive, event::Input, status::Pattern};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelEvent {
    /// A debounced, logical level. The first event of each input is its level at the start.
    InputChanged { input: Input, active: bool },
    /// A line cannot be read any more, and will not be before the panel is opened again.
    InputLost { input: Input, why: String },
    /// A line stopped working, or works again.
    OutputFault { output: Output, faulty: bool, why: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelCommand {
    Relay { door: DoorName, drive: Drive },
    Light { light: LightName, pattern: Pattern },
}

impl PanelCommand {
    #[must_use]
    pub fn output(&self) -> Output {
        match self {
            Self::Relay { door, .. } => Output::Relay(door.clone()),
            Self::Light { light, .. } => Output::Light(light.clone()),
        }
    }
}

/// Relays sort before lights: whoever goes through all outputs secures the doors first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Output {
    Relay(DoorName),
    Light(LightName),
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Relay(name) => write!(f, "doors.{name}.relay"),
            Self::Light(name) => write!(f, "lights.{name}"),
        }
    }
}
