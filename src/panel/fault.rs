// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a panel does not open: every line at once, each with the function it was meant for.

use std::{fmt, io, path::PathBuf};

use super::{
    Output,
    wiring::{Backend, Line},
};
use crate::core::event::Input;

/// What a line is for. Displayed, it is the path of its section in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    Input(Input),
    Output(Output),
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(input) => input.fmt(f),
            Self::Output(output) => output.fmt(f),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("this binary is built without the {0} panel")]
    NotBuilt(Backend),
    #[error("{}", summary(.0))]
    Lines(Vec<LineFault>),
    #[error("the output thread does not start")]
    Thread(#[source] io::Error),
    #[error("the event queue has no room for the first level of every input")]
    QueueFull,
}

fn summary(faults: &[LineFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl OpenError {
    /// Waiting cures nothing: only an edit does. Anything else may pass by itself, also a chip
    /// or a name that is not there, since drivers of expanders and USB adapters come late.
    #[must_use]
    pub fn is_config_mistake(&self) -> bool {
        match self {
            Self::NotBuilt(_) => true,
            Self::Lines(faults) => faults.iter().any(|fault| fault.cause.is_config_mistake()),
            Self::Thread(_) | Self::QueueFull => false,
        }
    }
}

/// One line that cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("{function}: {line}: {cause}")]
pub struct LineFault {
    pub function: Function,
    pub line: Line,
    pub cause: Cause,
}

/// Where a line is, and how things stood when it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub device: PathBuf,
    /// The chip's label.
    pub chip: String,
    pub offset: u32,
    /// Empty if the line has none.
    pub name: String,
    pub used_by: Option<String>,
}

/// What a look at a configured line found.
#[derive(Debug)]
pub struct Finding {
    pub function: Function,
    pub line: Line,
    pub found: Result<Place, Cause>,
}

#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error("{0} is already used for this line")]
    SameLineAs(Function),
    #[error("the {0} panel has no lines of this kind")]
    WrongKind(Backend),
    #[error("no chip has this name, label or path")]
    NoSuchChip,
    #[error("{} is not a GPIO chip", .0.display())]
    NotAChip(PathBuf),
    #[error("several chips have this label: {}", paths(.0))]
    AmbiguousChip(Vec<PathBuf>),
    #[error("no chip has a line of this name")]
    NoSuchName,
    #[error("several lines have this name, on {}", paths(.0))]
    AmbiguousName(Vec<PathBuf>),
    #[error("the chip has only {lines} lines")]
    NoSuchOffset { lines: u32 },
    #[error("the board has no such header line")]
    NoSuchBcm,
    #[error("in use by {consumer}")]
    InUse { consumer: String },
    #[error("permission denied for {}: {}", .device.display(), remedy(.group.as_deref()))]
    PermissionDenied { device: PathBuf, group: Option<String> },
    #[error("the line has no interrupt, so it cannot report a press")]
    NoEdges,
    #[error("this is not a Raspberry Pi that the rppal panel knows")]
    UnknownBoard,
    #[cfg(feature = "gpiochip")]
    #[error(transparent)]
    Kernel(gpiocdev::Error),
    #[error(transparent)]
    Io(io::Error),
}

fn paths(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn remedy(group: Option<&str>) -> String {
    match group {
        Some(group) => format!("only group {group} may use it"),
        None => "no group may use it, a udev rule is missing".to_owned(),
    }
}

impl Cause {
    #[must_use]
    pub fn is_config_mistake(&self) -> bool {
        match self {
            Self::SameLineAs(_)
            | Self::WrongKind(_)
            | Self::NotAChip(_)
            | Self::AmbiguousChip(_)
            | Self::AmbiguousName(_)
            | Self::NoSuchOffset { .. }
            | Self::NoSuchBcm
            | Self::NoEdges
            | Self::UnknownBoard => true,
            Self::NoSuchChip
            | Self::NoSuchName
            | Self::InUse { .. }
            | Self::PermissionDenied { .. }
            | Self::Io(_) => false,
            #[cfg(feature = "gpiochip")]
            Self::Kernel(_) => false,
        }
    }
}
