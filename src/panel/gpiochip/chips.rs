// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a configured line is, on the chips that the board has now.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use gpiocdev::{Chip, chip};

use super::refusal;
use crate::panel::{
    fault::{Cause, Function, Place},
    wiring::{Backend, Line},
};

#[derive(Debug)]
pub(super) struct Chips {
    seen: Vec<Seen>,
    closed: Vec<Closed>,
    claimed: BTreeMap<(PathBuf, u32), Function>,
}

#[derive(Debug)]
struct Seen {
    device: PathBuf,
    name: String,
    label: String,
    lines: Vec<gpiocdev::line::Info>,
}

/// A chip that exists and cannot be looked at.
#[derive(Debug)]
struct Closed {
    device: PathBuf,
    error: gpiocdev::Error,
}

impl Closed {
    fn cause(&self) -> Cause {
        refusal::of_chip(self.error.clone(), &self.device)
    }

    fn is_called(&self, name: &str) -> bool {
        self.device.file_name().is_some_and(|file| file == name)
    }
}

fn look(device: &Path) -> gpiocdev::Result<Seen> {
    let chip = Chip::from_path(device)?;
    let info = chip.info()?;
    let lines = chip.line_info_iter()?.collect::<gpiocdev::Result<_>>()?;
    Ok(Seen { device: device.to_owned(), name: info.name, label: info.label, lines })
}

impl Seen {
    fn place(&self, offset: u32) -> Result<Place, Cause> {
        let info = self.lines.iter().find(|info| info.offset == offset).ok_or_else(|| {
            Cause::NoSuchOffset { lines: u32::try_from(self.lines.len()).unwrap_or(u32::MAX) }
        })?;
        Ok(Place {
            device: self.device.clone(),
            chip: self.label.clone(),
            offset,
            name: info.name.clone(),
            used_by: info.used.then(|| info.consumer.clone()),
        })
    }
}

impl Chips {
    pub(super) fn scan() -> Self {
        let mut chips = Self { seen: Vec::new(), closed: Vec::new(), claimed: BTreeMap::new() };
        for device in chip::chips().unwrap_or_default() {
            match look(&device) {
                Ok(seen) => chips.seen.push(seen),
                Err(error) => chips.closed.push(Closed { device, error }),
            }
        }
        chips
    }

    /// A line by its name and the same line by its offset look different in the configuration;
    /// only here can one see that they are one.
    pub(super) fn claim(&mut self, line: &Line, function: &Function) -> Result<Place, Cause> {
        let place = self.find(line)?;
        match self.claimed.insert((place.device.clone(), place.offset), function.clone()) {
            Some(other) => Err(Cause::SameLineAs(other)),
            None => Ok(place),
        }
    }

    fn find(&self, line: &Line) -> Result<Place, Cause> {
        match line {
            Line::Named(name) => self.named(name),
            Line::Offset { chip, offset } if chip.starts_with('/') => {
                self.chip_at(Path::new(chip))?.place(*offset)
            }
            Line::Offset { chip, offset } => self.chip_called(chip)?.place(*offset),
            Line::Bcm(_) => Err(Cause::WrongKind(Backend::Gpiochip)),
        }
    }

    fn named(&self, name: &str) -> Result<Place, Cause> {
        let mut hits = self.seen.iter().flat_map(|seen| {
            seen.lines.iter().filter(|info| info.name == name).map(move |info| (seen, info.offset))
        });
        let Some((seen, offset)) = hits.next() else {
            return Err(self.hidden().unwrap_or(Cause::NoSuchName));
        };
        let others: Vec<_> = hits.map(|(other, _)| other.device.clone()).collect();
        if others.is_empty() {
            return seen.place(offset);
        }
        let all = std::iter::once(seen.device.clone()).chain(others).collect();
        Err(Cause::AmbiguousName(all))
    }

    fn chip_called(&self, chip: &str) -> Result<&Seen, Cause> {
        let mut hits = self.seen.iter().filter(|seen| seen.name == chip || seen.label == chip);
        let Some(seen) = hits.next() else {
            let closed = self.closed.iter().find(|closed| closed.is_called(chip));
            let cause = closed.map(Closed::cause).or_else(|| self.hidden());
            return Err(cause.unwrap_or(Cause::NoSuchChip));
        };
        let others: Vec<_> = hits.map(|other| other.device.clone()).collect();
        if others.is_empty() {
            return Ok(seen);
        }
        let all = std::iter::once(seen.device.clone()).chain(others).collect();
        Err(Cause::AmbiguousChip(all))
    }

    fn chip_at(&self, path: &Path) -> Result<&Seen, Cause> {
        let device = match fs::canonicalize(path) {
            Ok(device) => device,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Cause::NoSuchChip),
            Err(error) => return Err(Cause::Io(error)),
        };
        if let Some(closed) = self.closed.iter().find(|closed| closed.device == device) {
            return Err(closed.cause());
        }
        let seen = self.seen.iter().find(|seen| seen.device == device);
        seen.ok_or_else(|| Cause::NotAChip(path.to_owned()))
    }

    /// What we look for may be on a chip that we may not read.
    fn hidden(&self) -> Option<Cause> {
        self.closed.first().map(Closed::cause)
    }
}
