// SPDX-License-Identifier: MIT OR Apache-2.0
//! The configuration that the running daemon obeys. `outputs-off` reads it first: the file in
//! /etc may have been edited since, even broken.

use std::path::PathBuf;

use super::runtime;
use crate::config::Source;

pub fn path() -> Option<PathBuf> {
    runtime::file("in-force.toml")
}

pub(super) fn remember(source: &Source) {
    let Some(path) = path() else { return };
    if let Err(error) = runtime::replace(&path, source.text.as_bytes()) {
        tracing::warn!(%error, path = %path.display(), "the configuration in force cannot be kept");
    }
}
