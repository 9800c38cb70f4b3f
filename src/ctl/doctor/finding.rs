// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a look at one thing found.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::ctl) enum Grade {
    Ok,
    /// Neither good nor bad, and good to know.
    Info,
    /// The station works without it, less well.
    Warning,
    /// The station does not do what it should.
    Problem,
}

impl Grade {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::ctl) struct Finding {
    pub(super) grade: Grade,
    /// What was looked at.
    pub(super) check: &'static str,
    pub(super) what: String,
    /// What to do about it; empty if there is nothing to do.
    pub(super) advice: String,
}

impl Finding {
    fn new(grade: Grade, check: &'static str, what: impl Into<String>, advice: &str) -> Self {
        Self { grade, check, what: what.into(), advice: advice.to_owned() }
    }

    pub(super) fn ok(check: &'static str, what: impl Into<String>) -> Self {
        Self::new(Grade::Ok, check, what, "")
    }

    pub(super) fn info(check: &'static str, what: impl Into<String>, advice: &str) -> Self {
        Self::new(Grade::Info, check, what, advice)
    }

    pub(super) fn warning(check: &'static str, what: impl Into<String>, advice: &str) -> Self {
        Self::new(Grade::Warning, check, what, advice)
    }

    pub(super) fn problem(check: &'static str, what: impl Into<String>, advice: &str) -> Self {
        Self::new(Grade::Problem, check, what, advice)
    }
}
