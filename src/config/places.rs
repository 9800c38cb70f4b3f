// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where in the file something stands that turns out to be wrong only later.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use super::problem::Problem;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Where each wired function got its line: the board may not have it.
    pub(super) lines: BTreeMap<String, Problem>,
    /// Files that may not be there.
    pub(super) secrets: Vec<SecretFile>,
    pub(super) sounds: Vec<SoundFile>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SoundFile {
    pub(super) path: PathBuf,
    /// Of a listener.
    pub(super) is_notice: bool,
    pub(super) place: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SecretFile {
    pub(super) path: PathBuf,
    pub(super) place: Problem,
    /// Whose password is in it.
    pub(super) turn: usize,
}

impl Places {
    /// A problem with the line of an `Input` or `Output`. `None` for what the file does not wire.
    pub fn problem(&self, function: &impl fmt::Display, what: String) -> Option<Problem> {
        let place = self.lines.get(&function.to_string())?;
        Some(Problem { what, ..place.clone() })
    }
}

impl SecretFile {
    pub(super) fn problem(&self, error: &std::io::Error) -> Problem {
        let what = format!("{} cannot be read: {error}", self.path.display());
        Problem { what, ..self.place.clone() }
    }
}
