// SPDX-License-Identifier: MIT OR Apache-2.0
//! Walks a parsed file by path. Nothing here stops at a problem: it is noted, and reading goes on.

use std::{borrow::Cow, cell::RefCell, collections::BTreeSet, str::FromStr};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    findings::{Findings, Spot},
    spelling::{listed, nearest, quoted},
    value::{name_rule, shown},
};

/// A table being read. What nobody has asked for by the time it is dropped is an unknown key;
/// no section can forget to say so.
pub(super) struct Table<'r> {
    pub findings: &'r Findings<'r>,
    pub spot: Spot,
    entries: Option<&'r DeTable<'r>>,
    /// The file has something else here; what is missing in it would be no news.
    broken: bool,
    known: RefCell<BTreeSet<&'static str>>,
}

impl<'r> Table<'r> {
    pub(super) fn root(findings: &'r Findings<'r>, entries: &'r DeTable<'r>) -> Self {
        let (spot, known) = (Spot { path: String::new(), at: 0 }, RefCell::default());
        Self { findings, spot, entries: Some(entries), broken: false, known }
    }

    pub(super) fn key(&self, key: &'static str) -> Entry<'r> {
        self.known.borrow_mut().insert(key);
        let found = self.entries.and_then(|entries| entries.get(key));
        Entry {
            findings: self.findings,
            spot: Spot {
                path: below(&self.spot.path, key),
                at: found.map_or(self.spot.at, |value| value.span().start),
            },
            value: found.map(|value| value.get_ref()),
            in_broken: self.broken,
        }
    }

    /// Whether the file has it; nobody learns from this that it may.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.is_some_and(|entries| entries.contains_key(key))
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
    in_broken: bool,
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
        self.findings.asked.borrow_mut().push(super::findings::Asked {
            path: self.spot.path.clone(),
            allowed: allowed.to_owned(),
            found: self.is_set(),
        });
        let value = self.value?;
        let taken = convert(value);
        if taken.is_none() {
            self.wrong(format!("is {}", shown(value)), allowed);
        }
        taken
    }

    pub(super) fn section(&self) -> Table<'r> {
        self.table("a table")
    }

    /// Empty when the entry is absent.
    pub(super) fn table(&self, allowed: &str) -> Table<'r> {
        let entries = self.take(allowed, DeValue::as_table);
        let broken = self.in_broken || (self.is_set() && entries.is_none());
        let (findings, spot) = (self.findings, self.spot.clone());
        Table { findings, spot, entries, broken, known: RefCell::default() }
    }

    pub(super) fn items(&self, allowed: &str) -> Option<Vec<Entry<'r>>> {
        let items = self.take(allowed, DeValue::as_array)?;
        let entry = |(index, item): (usize, &'r Spanned<DeValue<'r>>)| Entry {
            findings: self.findings,
            spot: Spot { path: format!("{}[{index}]", self.spot.path), at: item.span().start },
            value: Some(item.get_ref()),
            in_broken: false,
        };
        Some(items.iter().enumerate().map(entry).collect())
    }

    /// The tables of a table whose keys are names. One with an unusable name is read like the
    /// others, so that its own problems are noted too.
    pub(super) fn named<N: FromStr>(&self) -> Vec<(Option<N>, Table<'r>)> {
        let entries = self.take("tables, each with a name", DeValue::as_table);
        let read = |(key, value): (&'r Spanned<Cow<'r, str>>, &'r Spanned<DeValue<'r>>)| {
            let path = below(&self.spot.path, key.get_ref());
            let name = key.get_ref().parse::<N>();
            if name.is_err() {
                let spot = Spot { path: path.clone(), at: key.span().start };
                self.findings.wrong(&spot, "is no name".to_owned(), &name_rule());
            }
            let spot = Spot { path, at: value.span().start };
            let entry = Entry {
                findings: self.findings,
                spot,
                value: Some(value.get_ref()),
                in_broken: false,
            };
            (name.ok(), entry.section())
        };
        entries.into_iter().flatten().map(read).collect()
    }

    /// The entries of a table whose keys are of somebody else's choice.
    pub(super) fn keys(&self, allowed: &str) -> Vec<(String, Entry<'r>)> {
        let entries = self.take(allowed, DeValue::as_table);
        let entry = |(key, value): (&'r Spanned<Cow<'r, str>>, &'r Spanned<DeValue<'r>>)| {
            let path = below(&self.spot.path, key.get_ref());
            let spot = Spot { path, at: value.span().start };
            let value = Some(value.get_ref());
            let entry = Entry { findings: self.findings, spot, value, in_broken: false };
            (key.get_ref().to_string(), entry)
        };
        entries.into_iter().flatten().map(entry).collect()
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
        if !self.in_broken {
            self.findings.clash(&self.spot, what, allowed);
        }
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
