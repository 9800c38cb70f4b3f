// SPDX-License-Identifier: MIT OR Apache-2.0
//! The media worker as the daemon meets it: a process at the end of a socket pair. What it sends
//! and plays is judged by its content.

// The exemption of tests in clippy.toml does not reach functions that tests share.
#![allow(clippy::indexing_slicing, clippy::print_stdout, clippy::unwrap_used)]

mod door;
mod ear;
mod echo;
mod eye;
mod gates;
mod looped;
mod lossy;
mod melody;
mod peer;
mod pictures;
mod process;
mod rebuild;
mod sounds;
mod storm;
mod tone;
mod tones;
mod trust;
