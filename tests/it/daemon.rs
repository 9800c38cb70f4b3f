// SPDX-License-Identifier: MIT OR Apache-2.0
//! The real daemon over a real bus, driven by nothing but D-Bus: what a local program asks for
//! on `org.intercomd1`, what people and phones do on `org.intercomd1.Simulator`.

pub(crate) mod client;
mod heard;
pub(crate) mod home;
pub(crate) mod process;
pub(crate) mod station;

mod doors;
mod endings;
mod gestures;
mod incoming;
mod killed;
mod media;
mod outgoing;
mod races;
mod reload;
mod secrets;
#[cfg(feature = "media")]
mod sounds;
mod storage;
mod told;
mod watchers;
#[cfg(feature = "media")]
mod worker;
mod wrong_state;
