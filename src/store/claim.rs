// SPDX-License-Identifier: MIT OR Apache-2.0
//! One daemon at a time keeps its state in a directory: a second one would write back what it
//! read long ago, locks of doors included.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// Held until it is dropped, or until the process is gone in whatever way.
#[derive(Debug)]
pub struct Claim {
    _file: Option<File>,
}

#[derive(Debug, thiserror::Error)]
#[error("another daemon keeps its state in {}", .0.display())]
pub struct InUse(PathBuf);

/// Makes the directory if only its last part is missing. One that cannot be written is claimed
/// by nobody: nothing is written there.
pub fn claim(directory: &Path) -> Result<Claim, InUse> {
    let Ok(file) = open(directory) else { return Ok(Claim { _file: None }) };
    match file.try_lock() {
        Ok(()) => Ok(Claim { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => Err(InUse(directory.to_owned())),
        Err(TryLockError::Error(_)) => Ok(Claim { _file: None }),
    }
}

fn open(directory: &Path) -> io::Result<File> {
    match fs::create_dir(directory) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        Ok(()) | Err(_) => {}
    }
    File::open(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_claimed_once_at_a_time() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("state");
        let first = claim(&directory).unwrap();
        assert!(directory.is_dir(), "it was made");
        assert!(claim(&directory).is_err());
        drop(first);
        assert!(claim(&directory).is_ok());
    }

    #[test]
    fn a_directory_that_cannot_be_had_is_nobodys() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("missing/state");
        let first = claim(&directory);
        assert!(first.is_ok() && claim(&directory).is_ok());
    }
}
