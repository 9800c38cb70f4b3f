// SPDX-License-Identifier: MIT OR Apache-2.0
//! The door station. `core` decides; everything else is a port around it.
//! ARCHITECTURE.md has the map.

#[cfg(feature = "daemon")]
pub mod bus;
#[cfg(feature = "daemon")]
pub mod cli;
pub mod config;
pub mod core;
#[cfg(feature = "daemon")]
pub mod ctl;
#[cfg(feature = "daemon")]
pub mod demo;
#[cfg(feature = "direct")]
pub mod http;
#[cfg(feature = "daemon")]
pub mod link;
#[cfg(feature = "daemon")]
pub mod logging;
pub mod media;
pub mod panel;
#[cfg(feature = "push")]
pub mod push;
pub mod session;
#[cfg(feature = "daemon")]
pub mod station;
pub mod store;
