// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one place that carries out what the core decides.

pub mod clock;
pub mod request;
