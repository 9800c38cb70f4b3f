// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one place that carries out what the core decides: a single task that owns the core and
//! waits for everything at once. Nothing in it waits for an adapter.

pub mod clock;
pub mod request;

#[cfg(feature = "bus")]
mod bus_port;
#[cfg(feature = "bus")]
mod effects;
#[cfg(feature = "bus")]
mod engine;
#[cfg(feature = "bus")]
pub mod in_force;
#[cfg(feature = "bus")]
mod kept;
#[cfg(feature = "bus")]
mod notify;
#[cfg(feature = "bus")]
mod panel_port;
#[cfg(feature = "bus")]
mod reload;
#[cfg(feature = "bus")]
mod requests;
#[cfg(feature = "bus")]
mod service;

#[cfg(feature = "bus")]
pub use service::{Error, Setup, run};
