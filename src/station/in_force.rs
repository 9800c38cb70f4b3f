// SPDX-License-Identifier: MIT OR Apache-2.0
//! The configuration that the running daemon obeys. `outputs-off` reads it first: the file in
//! /etc may have been edited since, even broken.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::runtime;

pub fn path() -> Option<PathBuf> {
    runtime::file("in-force.toml")
}

pub(super) fn remember(config: &Path) {
    let Some(path) = path() else { return };
    let kept = fs::read(config).and_then(|content| runtime::replace(&path, &content));
    if let Err(error) = kept {
        tracing::warn!(%error, path = %path.display(), "the configuration in force cannot be kept");
    }
}
