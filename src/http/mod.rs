// SPDX-License-Identifier: MIT OR Apache-2.0
//! HTTP as all pages of the station are served: to few at once, and to none that dawdles.

pub mod admission;
mod server;

pub use server::{Server, Site};
