// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one place that carries out what the core decides: a single task that owns the core and
//! waits for everything at once. Nothing in it waits for an adapter.

pub mod clock;
pub mod request;

mod bus_port;
mod effects;
mod engine;
pub mod in_force;
mod kept;
mod last_calls;
mod link_port;
mod links;
mod loop_test;
mod media_port;
mod notify;
mod panel_port;
mod reload;
mod requests;
mod runtime;
mod service;
mod stop;

pub use service::{Error, Setup, run};
