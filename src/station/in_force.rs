// SPDX-License-Identifier: MIT OR Apache-2.0
//! The configuration that the running daemon obeys, kept where it goes away with the service.
//! `outputs-off` reads it first: the file in /etc may have been edited since, even broken.

use std::{
    ffi::OsStr,
    fs, io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use crate::config::Source;

const NAME: &str = "in-force.toml";

/// `None` where no service manager made a directory for us.
pub fn path() -> Option<PathBuf> {
    let directories = std::env::var_os("RUNTIME_DIRECTORY")?;
    let first = directories.as_bytes().split(|byte| *byte == b':').next()?;
    (!first.is_empty()).then(|| Path::new(OsStr::from_bytes(first)).join(NAME))
}

/// Replaced whole, so that whoever reads it after a crash finds the old one or the new.
pub(super) fn remember(source: &Source) {
    let Some(path) = path() else { return };
    if let Err(error) = replace(&path, &source.text) {
        tracing::warn!(%error, path = %path.display(), "the configuration in force cannot be kept");
    }
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, text)?;
    fs::rename(&new, path)
}
