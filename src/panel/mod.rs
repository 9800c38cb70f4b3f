// SPDX-License-Identifier: MIT OR Apache-2.0
//! The board's lines. A backend turns levels into [`PanelEvent`]s and [`PanelCommand`]s into
//! levels; it decides nothing, except that a relay falls back on time.

pub mod wiring;

use crate::core::{DoorName, LightName, effect::Drive, event::Input, status::Pattern};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelEvent {
    /// A debounced, logical level. The first event of each input is its level at the start.
    InputChanged { input: Input, active: bool },
    /// A line stopped working, or works again.
    OutputFault { output: Output, faulty: bool, why: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelCommand {
    Relay { door: DoorName, drive: Drive },
    Light { light: LightName, pattern: Pattern },
}

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
