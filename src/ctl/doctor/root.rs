// SPDX-License-Identifier: MIT OR Apache-2.0
//! The machine's files, below a directory that tests can fill with faults.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ctl) struct Root(pub(in crate::ctl) PathBuf);

impl Root {
    /// Relative paths are not below the root: they are where the user is.
    pub(super) fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        path.strip_prefix("/").map_or_else(|_| path.to_owned(), |below| self.0.join(below))
    }

    pub(super) fn text(&self, path: impl AsRef<Path>) -> io::Result<String> {
        fs::read(self.at(path)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// True for what is there and for a link to nowhere.
    pub(super) fn has(&self, path: impl AsRef<Path>) -> bool {
        self.at(path).symlink_metadata().is_ok()
    }

    pub(super) fn first<'p>(&self, paths: &[&'p str]) -> Option<&'p str> {
        paths.iter().copied().find(|path| self.has(path))
    }

    /// Names in a directory, sorted; none if it cannot be read.
    pub(super) fn names(&self, directory: &str, accept: impl Fn(&str) -> bool) -> Vec<String> {
        let entries = fs::read_dir(self.at(directory)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| accept(name)).collect();
        names.sort();
        names
    }
}
