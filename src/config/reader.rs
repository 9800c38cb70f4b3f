// SPDX-License-Identifier: MIT OR Apache-2.0
//! Walks a parsed file by path. Nothing here stops at a problem: it is noted, and reading goes on.

use std::{
    borrow::Cow, cell::RefCell, collections::BTreeSet, fmt::Display, iter, str::FromStr, sync::Arc,
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    problem::{Problem, Problems},
    spelling::{listed, nearest, quoted},
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
            None => Ok(self.warnings.into_inner()),
        }
    }
}

/// A table being read. What nobody has asked for by the time it is dropped is an unknown key;
/// no section can forget to say so.
pub(super) struct Table<'r> {
    pub findings: &'r Findings<'r>,
    pub spot: Spot,
    entries: Option<&'r DeTable<'r>>,
    known: RefCell<Vec<&'static str>>,
}

impl<'r> Table<'r> {
    pub(super) fn new(
        findings: &'r Findings<'r>,
        spot: Spot,
        entries: Option<&'r DeTable<'r>>,
    ) -> Self {
        Self { findings, spot, entries, known: RefCell::default() }
    }

    pub(super) fn key(&self, key: &'static str) -> Entry<'r> {
        self.known.borrow_mut().push(key);
        let found = self.entries.and_then(|entries| entries.get(key));
        Entry {
            findings: self.findings,
            spot: Spot {
                path: below(&self.spot.path, key),
                at: found.map_or(self.spot.at, |value| value.span().start),
            },
            value: found.map(|value| value.get_ref()),
        }
    }

    /// The same as the entry's own table, empty when it is absent.
    pub(super) fn section(&self, key: &'static str) -> Table<'r> {
        self.key(key).section()
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        let known = self.known.borrow();
        for (key, _) in self.entries.into_iter().flatten() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let spot = Spot { path: below(&self.spot.path, name), at: key.span().start };
            let guess = nearest(name, known.iter().copied());
            let what = guess.map_or_else(
                || "is not known here".to_owned(),
                |guess| format!("is not known here, did you mean {guess}?"),
            );
            self.findings.wrong(&spot, what, &listed(known.iter()));
        }
    }
}

/// A key and, where the file has it, its value. The kinds of values are in `value.rs`.
pub(super) struct Entry<'r> {
    pub findings: &'r Findings<'r>,
    pub spot: Spot,
    pub value: Option<&'r DeValue<'r>>,
}

impl<'r> Entry<'r> {
    pub(super) fn is_set(&self) -> bool {
        self.value.is_some()
    }

    /// `None` when the value is absent, or not what `convert` takes: then that is noted.
    pub(super) fn take<T>(
        &self,
        allowed: &str,
        convert: impl FnOnce(&'r DeValue<'r>) -> Option<T>,
    ) -> Option<T> {
        #[cfg(test)]
        self.findings.asked.borrow_mut().push(Asked {
            path: self.spot.path.clone(),
            allowed: allowed.to_owned(),
            found: self.is_set(),
        });
        let value = self.value?;
        let taken = convert(value);
        if taken.is_none() {
            self.wrong(format!("is {}", super::value::shown(value)), allowed);
        }
        taken
    }

    pub(super) fn section(&self) -> Table<'r> {
        let entries = self.take("a table", DeValue::as_table);
        Table::new(self.findings, self.spot.clone(), entries)
    }

    pub(super) fn items(&self, allowed: &str) -> Option<Vec<Entry<'r>>> {
        let items = self.take(allowed, DeValue::as_array)?;
        let entry = |(index, item): (usize, &'r Spanned<DeValue<'r>>)| Entry {
            findings: self.findings,
            spot: Spot { path: format!("{}[{index}]", self.spot.path), at: item.span().start },
            value: Some(item.get_ref()),
        };
        Some(items.iter().enumerate().map(entry).collect())
    }

    /// The tables of a table whose keys are names. One with an unusable name is read like the
    /// others, so that its own problems are noted too.
    pub(super) fn named<N: FromStr<Err: Display>>(&self) -> Vec<(Option<N>, Table<'r>)> {
        let entries = self.take("tables, each with a name", DeValue::as_table);
        let read = |(key, value): (&'r Spanned<Cow<'r, str>>, &'r Spanned<DeValue<'r>>)| {
            let path = below(&self.spot.path, key.get_ref());
            let name = key.get_ref().parse::<N>();
            if let Err(error) = &name {
                let spot = Spot { path: path.clone(), at: key.span().start };
                self.findings.wrong(&spot, "is no name".to_owned(), &error.to_string());
            }
            let spot = Spot { path, at: value.span().start };
            let entry = Entry { findings: self.findings, spot, value: Some(value.get_ref()) };
            (name.ok(), entry.section())
        };
        entries.into_iter().flatten().map(read).collect()
    }

    /// The usable names among the keys of a table, before any of it is read.
    pub(super) fn names<N: FromStr + Ord>(&self) -> BTreeSet<N> {
        let entries = self.value.and_then(DeValue::as_table);
        entries.into_iter().flatten().filter_map(|(key, _)| key.get_ref().parse().ok()).collect()
    }

    pub(super) fn wrong(&self, what: String, allowed: &str) {
        self.findings.wrong(&self.spot, what, allowed);
    }

    pub(super) fn clash(&self, what: String, allowed: &str) {
        self.findings.clash(&self.spot, what, allowed);
    }

    /// " (line 12)", or " by default", for a message that points at this entry from another.
    pub(super) fn whence(&self) -> String {
        match self.value {
            Some(_) => format!(" (line {})", self.findings.line(&self.spot)),
            None => " by default".to_owned(),
        }
    }
}

fn below(path: &str, key: &str) -> String {
    let bare =
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let key = if bare { key.to_owned() } else { format!("\"{}\"", quoted(key, 40)) };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
