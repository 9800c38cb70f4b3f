// SPDX-License-Identifier: MIT OR Apache-2.0
//! `intercomctl`: the station from a terminal.

pub mod cli;
mod client;
mod failure;
mod state;
mod value;
