// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is found while reading, with the place in the file for each.

use std::{cell::RefCell, collections::BTreeSet, iter, sync::Arc};

use super::{
    problem::{Problem, Problems},
    spelling::quoted,
};

/// A place in the file.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub path: String,
    /// In bytes from the start of the file.
    pub at: usize,
}

/// Collects what is found while reading.
pub(super) struct Findings<'t> {
    file: Arc<str>,
    text: &'t str,
    line_starts: Vec<usize>,
    /// Lines that are no TOML. What is missing or clashes may be hidden in them, so neither is
    /// reported while there are any.
    torn: BTreeSet<usize>,
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
    #[cfg(test)]
    pub asked: RefCell<Vec<Asked>>,
}

/// A key that was read, for the test of the reference file.
#[cfg(test)]
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub path: String,
    pub allowed: String,
    pub found: bool,
}

impl<'t> Findings<'t> {
    pub(super) fn new(file: &str, text: &'t str) -> Self {
        let newlines = text.match_indices('\n');
        Self {
            file: file.into(),
            text,
            line_starts: iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect(),
            torn: BTreeSet::new(),
            problems: RefCell::default(),
            warnings: RefCell::default(),
            #[cfg(test)]
            asked: RefCell::default(),
        }
    }

    /// One message for each line: the later ones are mostly consequences of the first.
    pub(super) fn torn_at(&mut self, at: usize, message: &str) {
        let (what, allowed) = message.split_once(", expected ").unwrap_or((message, ""));
        let allowed = if allowed == "nothing" { "" } else { allowed };
        let spot = Spot { path: String::new(), at };
        if self.torn.insert(self.position(at).0) {
            let problem = self.problem(&spot, quoted(what, 120), allowed);
            self.problems.borrow_mut().push(problem);
        }
    }

    /// A value or a key that is not right by itself.
    pub(super) fn wrong(&self, spot: &Spot, what: String, allowed: &str) {
        let problem = self.problem(spot, what, allowed);
        if !self.torn.contains(&problem.line) {
            self.problems.borrow_mut().push(problem);
        }
    }

    /// Something that is missing, or not right together with something else.
    pub(super) fn clash(&self, spot: &Spot, what: String, allowed: &str) {
        if self.torn.is_empty() {
            self.wrong(spot, what, allowed);
        }
    }

    pub(super) fn warn(&self, spot: &Spot, what: String, allowed: &str) {
        let problem = self.problem(spot, what, allowed);
        self.warnings.borrow_mut().push(problem);
    }

    pub(super) fn problem(&self, spot: &Spot, what: String, allowed: &str) -> Problem {
        let (line, column) = self.position(spot.at);
        let (file, path) = (self.file.clone(), spot.path.clone());
        Problem { file, line, column, path, what, allowed: allowed.to_owned() }
    }

    pub(super) fn line(&self, spot: &Spot) -> usize {
        self.position(spot.at).0
    }

    fn position(&self, at: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|index| self.line_starts.get(index));
        let before = start.and_then(|start| self.text.get(*start..at)).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// The warnings, unless there are problems.
    pub(super) fn verdict(self) -> Result<Vec<Problem>, Problems> {
        match Problems::of(self.problems.into_inner()) {
            Some(problems) => Err(problems),
            None => {
                let mut warnings = self.warnings.into_inner();
                warnings.sort_by_key(|warning| (warning.line, warning.column));
                Ok(warnings)
            }
        }
    }
}
