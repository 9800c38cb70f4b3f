// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is wrong with a configuration, and where it says so.

use std::{fmt, sync::Arc};

use serde::Serialize;

/// Also a warning: then the file is used in spite of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub file: Arc<str>,
    /// Counted from 1; zero when the file as a whole is meant.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// As in `doors.front.pulse_ms`; empty when the text is no TOML there.
    pub path: String,
    pub what: String,
    /// What would be right instead; empty when `what` says it all.
    pub allowed: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        if !self.path.is_empty() {
            write!(f, ": {}", self.path)?;
        }
        write!(f, ": {}", self.what)?;
        if !self.allowed.is_empty() {
            write!(f, "; allowed: {}", self.allowed)?;
        }
        Ok(())
    }
}

/// Everything that is wrong with one file, in the file's order. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// `None` when there is nothing wrong.
    pub(super) fn of(mut found: Vec<Problem>) -> Option<Self> {
        found.sort_by_key(|problem| (problem.line, problem.column));
        found.dedup();
        (!found.is_empty()).then_some(Self(found))
    }

    pub(super) fn with_file(file: &str, what: String, allowed: String) -> Self {
        let (path, file) = (String::new(), file.into());
        Problem { file, line: 0, column: 0, path, what, allowed }.into()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self {
            writeln!(f, "{problem}")?;
        }
        match self.0.len() {
            1 => f.write_str("1 problem"),
            count => write!(f, "{count} problems"),
        }
    }
}

impl std::error::Error for Problems {}
