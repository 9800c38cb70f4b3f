// SPDX-License-Identifier: MIT OR Apache-2.0
//! A key of the station: made once, readable by nobody else, never written over.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::file::{Cause, FileFault};

/// Far more than a key with its certificate.
const SIZE_MAX: u64 = 64 * 1024;

/// It does not print.
pub struct Secret {
    pub path: PathBuf,
    pub text: String,
    /// Why it lasts only until this process ends.
    pub unkept: Option<FileFault>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What is there, or what `make` makes when nothing is. A directory that cannot be written does
/// not keep a station from having a key; a key that cannot be read does.
pub fn secret<E: From<FileFault>>(
    directory: &Path,
    name: &str,
    make: impl FnOnce() -> Result<String, E>,
) -> Result<Secret, E> {
    let path = directory.join(name);
    let fault = |cause| FileFault { path: path.clone(), cause };
    match read(&path) {
        Ok(text) => return Ok(Secret { path, text, unkept: None }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(fault(Cause::Unreadable(error)).into()),
    }
    let text = make()?;
    let unkept = write(&path, &text).err().map(|error| fault(Cause::Unwritable(error)));
    Ok(Secret { path, text, unkept })
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(SIZE_MAX).read_to_string(&mut text)?;
    Ok(text)
}

/// Whole or not at all.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn made(directory: &Path, text: &str) -> Result<Secret, FileFault> {
        secret(directory, "station.pem", || Ok(text.to_owned()))
    }

    #[test]
    fn a_secret_is_made_once_and_is_nobody_elses() {
        let home = tempfile::tempdir().unwrap();
        let first = made(home.path(), "one").unwrap();
        assert!(first.unkept.is_none());
        let mode = fs::metadata(&first.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(made(home.path(), "two").unwrap().text, "one");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        assert!(!format!("{first:?}").contains("one"));
    }

    #[test]
    fn a_directory_that_is_not_there_makes_a_secret_that_does_not_last() {
        let home = tempfile::tempdir().unwrap();
        let missing = home.path().join("missing");
        let made = made(&missing, "one").unwrap();
        assert_eq!(made.text, "one");
        assert!(matches!(made.unkept.unwrap().cause, Cause::Unwritable(_)));
    }

    #[test]
    fn a_secret_that_cannot_be_read_is_not_replaced() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("station.pem"), [0xff, 0xfe]).unwrap();
        assert!(matches!(made(home.path(), "two").unwrap_err().cause, Cause::Unreadable(_)));
        assert_eq!(fs::read(home.path().join("station.pem")).unwrap(), [0xff, 0xfe]);
    }
}
