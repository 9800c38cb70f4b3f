// SPDX-License-Identifier: MIT OR Apache-2.0
//! The door station. `core` decides; everything else is a port around it.
//! ARCHITECTURE.md has the map.

#[cfg(feature = "daemon")]
pub mod cli;
pub mod config;
pub mod core;
#[cfg(feature = "bus")]
pub mod ctl;
pub mod link;
pub mod media;
pub mod panel;
pub mod station;
pub mod store;
