// SPDX-License-Identifier: MIT OR Apache-2.0
//! The reader as its users meet it: whole files in, whole answers out.

mod any_text;
mod golden;
mod meaning;
mod media;
mod reference;
mod sounds;

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

fn shipped() -> String {
    std::fs::read_to_string(tree("config/intercomd.toml")).unwrap()
}

/// A line of the reference that is a setting when its "#" is removed: prose has one blank after
/// it, the inside of a list has two.
fn setting(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('#')?;
    let prose = rest.starts_with(' ') && !rest.starts_with("  ");
    (!rest.is_empty() && !prose).then_some(rest)
}

fn in_use(text: &str) -> String {
    let lines = text.lines().map(|line| setting(line).unwrap_or(line));
    lines.fold(String::new(), |all, line| all + line + "\n")
}
