// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one directory that a demo writes to. It is gone with the demo, and if the demo was killed,
//! with the next one.

use std::{
    env,
    ffi::OsStr,
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use crate::store;

const PREFIX: &str = "intercomd-demo-";

/// Removed when it is dropped.
#[derive(Debug)]
pub struct Home(PathBuf);

impl Home {
    /// # Errors
    /// With the directory that cannot be made.
    pub fn make() -> Result<Self, (PathBuf, io::Error)> {
        let beside = env::temp_dir();
        sweep(&beside);
        let path = beside.join(format!("{PREFIX}{}", std::process::id()));
        // Whoever made it before us may be somebody else.
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|error| (path.clone(), error))?;
        Ok(Self(path))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Whatever is left is in a directory that is cleaned at every boot.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// What demos of ours left that were killed.
fn sweep(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if is_left_over(&entry.file_name(), &entry.path()) {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

/// The process is asked for too: a demo that begins has no claim yet.
fn is_left_over(name: &OsStr, path: &Path) -> bool {
    let Some(process) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
        return false;
    };
    let is_number = !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit());
    let us = rustix::process::geteuid().as_raw();
    let is_ours = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == us);
    is_number && is_ours && !Path::new("/proc").join(process).exists() && store::claim(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No process has this number.
    const NOBODY: &str = "intercomd-demo-4194305";

    #[test]
    fn what_a_killed_demo_left_is_removed_and_nothing_else() {
        let temp = tempfile::tempdir().unwrap();
        let at = |name: &str| temp.path().join(name);
        let alive = format!("{PREFIX}{}", std::process::id());
        for name in
            [NOBODY, "intercomd-demo-", "intercomd-demo-x", "intercomd-media-4194305", &alive]
        {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("state.json"), "{}").unwrap();
        }
        std::os::unix::fs::symlink(at("intercomd-demo-x"), at("intercomd-demo-4194306")).unwrap();
        let claim = store::claim(&at(NOBODY)).unwrap();
        sweep(temp.path());
        assert!(at(NOBODY).exists(), "somebody keeps it");
        drop(claim);
        sweep(temp.path());
        assert!(!at(NOBODY).exists());
        for name in ["intercomd-demo-", "intercomd-demo-x", "intercomd-media-4194305", &alive] {
            assert!(at(name).join("state.json").exists(), "{name}");
        }
        assert!(at("intercomd-demo-4194306").is_symlink());
    }
}
