// SPDX-License-Identifier: MIT OR Apache-2.0
//! The reader as its users meet it: whole files in, whole answers out.

mod any_text;
mod golden;
mod meaning;
mod reference;

use std::path::{Path, PathBuf};

fn tree(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn files(directory: &str, extension: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(tree(directory)).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}
