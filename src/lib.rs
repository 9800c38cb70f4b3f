// SPDX-License-Identifier: MIT OR Apache-2.0
//! The door station. `core` decides; everything else is a port around it.
//! ARCHITECTURE.md has the map.

#[cfg(feature = "bus")]
pub mod bus;
pub mod core;
pub mod link;
pub mod media;
pub mod panel;
