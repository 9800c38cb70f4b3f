// SPDX-License-Identifier: MIT OR Apache-2.0
//! The real daemon and handsets that speak the protocol to it over TLS.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test waits for one answer of many")]

mod calls;
mod doors;
mod house;
mod pairing;
mod phone;
#[cfg(feature = "push")]
mod push;
#[cfg(feature = "push")]
#[path = "../link/push_keys.rs"]
mod push_keys;
#[cfg(feature = "push")]
mod push_service;
mod restart;
mod secrets;
mod server;
mod strangers;
mod wire;
