// SPDX-License-Identifier: MIT OR Apache-2.0
//! The directory that the service manager keeps for us while the service exists: in memory, over
//! restarts, gone with the service. What is written there costs no disk and waits for none.

use std::{
    ffi::OsStr,
    fs, io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

/// `None` where no service manager made one.
pub(super) fn file(name: &str) -> Option<PathBuf> {
    let directories = std::env::var_os("RUNTIME_DIRECTORY")?;
    let first = directories.as_bytes().split(|byte| *byte == b':').next()?;
    (!first.is_empty()).then(|| Path::new(OsStr::from_bytes(first)).join(name))
}

/// Whoever reads it after a crash finds the old content or the new.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, content)?;
    fs::rename(&new, path)
}
