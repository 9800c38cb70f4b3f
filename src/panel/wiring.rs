// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which line of the board is what.

use std::{collections::BTreeMap, fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use super::Output;
use crate::core::{event::Input, status::words};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wiring {
    pub backend: Backend,
    pub inputs: BTreeMap<Input, InputLine>,
    pub outputs: BTreeMap<Output, OutputLine>,
}

words! {
    pub enum Backend {
        /// Any Linux board, through /dev/gpiochip*.
        Gpiochip = "gpiochip",
        /// Raspberry Pi, by BCM number.
        Rppal = "rppal",
        /// No hardware: levels are set and read over D-Bus or by the simulator.
        Sim = "sim",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// As the device tree names it.
    Named(String),
    /// A chip by its label, its name (`gpiochip0`) or its path.
    Offset { chip: String, offset: u32 },
    /// A Raspberry Pi header line by its BCM number.
    Bcm(u8),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Offset { chip, offset } => write!(f, "{chip}:{offset}"),
            Self::Bcm(number) => write!(f, "GPIO{number}"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputLine {
    pub line: Line,
    pub polarity: Polarity,
    pub bias: Bias,
    pub debounce: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputLine {
    pub line: Line,
    pub polarity: Polarity,
}

words! {
    pub enum Polarity {
        ActiveLow = "low",
        ActiveHigh = "high",
    }
}

words! {
    pub enum Bias {
        PullUp = "pull_up",
        PullDown = "pull_down",
        None = "none",
        AsIs = "as_is",
    }
}

/// What a voltmeter would say, never to be mixed up with "active".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Electrical {
    Low,
    High,
}

impl Polarity {
    #[must_use]
    pub fn electrical(self, active: bool) -> Electrical {
        match (self, active) {
            (Self::ActiveHigh, true) | (Self::ActiveLow, false) => Electrical::High,
            (Self::ActiveHigh, false) | (Self::ActiveLow, true) => Electrical::Low,
        }
    }

    #[must_use]
    pub fn is_active(self, level: Electrical) -> bool {
        match (self, level) {
            (Self::ActiveHigh, Electrical::High) | (Self::ActiveLow, Electrical::Low) => true,
            (Self::ActiveHigh, Electrical::Low) | (Self::ActiveLow, Electrical::High) => false,
        }
    }
}
