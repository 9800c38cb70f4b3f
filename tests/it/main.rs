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
mod private_bus;
