// SPDX-License-Identifier: MIT OR Apache-2.0
//! The handset protocol without any I/O: the vectors, the sentences of the specification, a model
//! with random histories, and noise.

// The exemption of tests in clippy.toml does not reach functions that tests share.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod histories;
mod noise;
mod peer;
mod phone;
mod push_keys;
mod pushes;
mod sentences;
mod stage;
mod vectors;
