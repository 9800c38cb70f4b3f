// SPDX-License-Identifier: MIT OR Apache-2.0
//! The configured lines, as the panel finds them on the board.

use super::finding::Finding;
use crate::{
    config::Config,
    panel::fault::{self, Cause, OpenError, Place},
};

/// Our own daemon, when it runs.
const CONSUMER: &str = "intercomd";

pub(in crate::ctl) type Probed = Result<Vec<fault::Finding>, OpenError>;

pub(super) fn check(config: &Config, probed: &Probed) -> Vec<Finding> {
    match probed {
        Ok(found) => found.iter().map(|line| of_line(config, line)).collect(),
        Err(error) => {
            let advice = "choose another panel.backend, or a build that has it";
            vec![Finding::problem("lines", error.to_string(), advice)]
        }
    }
}

fn of_line(config: &Config, line: &fault::Finding) -> Finding {
    let fault::Finding { function, line, found } = line;
    let name = format!("{function}: {line}");
    match found {
        Ok(place) => of_place(&name, place),
        Err(Cause::PermissionDenied { device, .. }) => {
            let what = format!("{name}: {} cannot be looked at by this user", device.display());
            Finding::warning("lines", what, "run the doctor with sudo")
        }
        Err(cause) => {
            let place = config.places.problem(function, cause.to_string());
            let what = place.map_or_else(|| format!("{name}: {cause}"), |place| place.to_string());
            Finding::problem("lines", what, advice(cause))
        }
    }
}

fn of_place(name: &str, place: &Place) -> Finding {
    let Place { device, offset, used_by, .. } = place;
    let at = format!("{name} is {} line {offset}", device.display());
    match used_by.as_deref() {
        None => Finding::ok("lines", at),
        Some(CONSUMER) => Finding::ok("lines", format!("{at}, in use by the station")),
        Some(other) => {
            let what = format!("{at}, in use by {other}");
            Finding::problem("lines", what, "end that program, or unload its driver or overlay")
        }
    }
}

fn advice(cause: &Cause) -> &'static str {
    match cause {
        Cause::NoSuchChip | Cause::NoSuchName | Cause::NoSuchOffset { .. } => {
            "list chips and lines with: gpioinfo (package gpiod)"
        }
        Cause::AmbiguousChip(_) | Cause::AmbiguousName(_) => {
            "name the chip by its path and the line by its offset"
        }
        Cause::InUse { .. } => "end that program, or unload its driver or overlay",
        Cause::NoEdges => "use a line that can interrupt",
        Cause::UnknownBoard => "use panel.backend = \"gpiochip\"",
        Cause::SameLineAs(_) | Cause::WrongKind(_) | Cause::NoSuchBcm | Cause::NotAChip(_) => {
            "correct the configuration"
        }
        Cause::PermissionDenied { .. } | Cause::Io(_) => "",
        #[cfg(feature = "gpiochip")]
        Cause::Kernel(_) => "",
    }
}
