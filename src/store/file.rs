// SPDX-License-Identifier: MIT OR Apache-2.0
//! One file, replaced as a whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

const VERSION: u32 = 1;
/// Far more than the longest call log.
const SIZE_MAX: u64 = 4 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", path.display())]
pub struct FileFault {
    pub path: PathBuf,
    #[source]
    pub cause: Cause,
}

#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error("cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    #[error("cannot be written: {0}")]
    Unwritable(#[source] io::Error),
    #[error("is damaged: {0}")]
    Damaged(#[source] serde_json::Error),
    #[error("has version {0}, written by a newer intercomd; this one leaves it alone")]
    Newer(u32),
    #[error("is too large to be ours")]
    TooLarge,
}

impl FileFault {
    /// Writing would destroy what somebody may still want.
    pub(super) fn forbids_writing(&self) -> bool {
        match self.cause {
            Cause::Newer(_) => true,
            Cause::Unreadable(_) | Cause::Unwritable(_) | Cause::Damaged(_) | Cause::TooLarge => {
                false
            }
        }
    }

    /// The bytes are of no use to us but may be to somebody.
    pub(super) fn is_worth_keeping(&self) -> bool {
        match self.cause {
            Cause::Damaged(_) | Cause::TooLarge => true,
            Cause::Newer(_) | Cause::Unreadable(_) | Cause::Unwritable(_) => false,
        }
    }
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Versioned<T> {
    version: u32,
    content: T,
}

/// `None` when there is no such file.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, FileFault> {
    read_versioned(path).map_err(|cause| FileFault { path: path.to_owned(), cause })
}

fn read_versioned<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Cause> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(SIZE_MAX + 1).read_to_end(&mut bytes).map_err(Cause::Unreadable)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Cause::Unreadable(error)),
    };
    if bytes.len() as u64 > SIZE_MAX {
        return Err(Cause::TooLarge);
    }
    let Version { version } = serde_json::from_slice(&bytes).map_err(Cause::Damaged)?;
    if version > VERSION {
        return Err(Cause::Newer(version));
    }
    let versioned: Versioned<T> = serde_json::from_slice(&bytes).map_err(Cause::Damaged)?;
    Ok(Some(versioned.content))
}

/// The content before the last write.
pub(super) fn previous(path: &Path) -> PathBuf {
    with_suffix(path, ".previous")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// At every moment `path` holds the old content or the new, also when the power goes.
pub(super) fn write<T: Serialize>(path: &Path, content: &T) -> Result<(), FileFault> {
    let replace = || -> io::Result<()> {
        let text = serde_json::to_vec(&Versioned { version: VERSION, content })?;
        let new = with_suffix(path, ".new");
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&text)?;
        file.sync_all()?;
        keep_previous(path)?;
        fs::rename(&new, path)?;
        match path.parent() {
            Some(directory) => File::open(directory)?.sync_all(),
            None => Ok(()),
        }
    };
    let unwritable = |error| FileFault { path: path.to_owned(), cause: Cause::Unwritable(error) };
    replace().map_err(unwritable)
}

/// A second name for the old content; the first one stays, so there is no moment without it.
fn keep_previous(path: &Path) -> io::Result<()> {
    let previous = previous(path);
    ignore_missing(fs::remove_file(&previous))?;
    match fs::hard_link(path, &previous) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        // A file system of memory cards has no second names.
        Err(_) => fs::copy(path, &previous).map(drop),
        Ok(()) => Ok(()),
    }
}

fn ignore_missing(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// A second name for somebody who wants to look at it. The first one stays until it is written
/// over: a missing file would say that there was never anything to remember.
pub(super) fn set_aside(path: &Path) -> io::Result<()> {
    let aside = with_suffix(path, ".damaged");
    ignore_missing(fs::remove_file(&aside))?;
    fs::hard_link(path, &aside)
}
