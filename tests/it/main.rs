// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests over the public face of the crate, in one binary.

// The exemption of tests in clippy.toml does not reach functions that tests share.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod bus;
mod ctl;
mod daemon;
mod deadline;
#[cfg(feature = "direct")]
mod link;
#[cfg(feature = "media")]
#[path = "../media/melody.rs"]
mod melody;
mod private_bus;
#[cfg(feature = "media")]
#[expect(dead_code, reason = "the tests of the worker ask it more")]
#[path = "../media/tone.rs"]
mod tone;
