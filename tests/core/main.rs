// SPDX-License-Identifier: MIT OR Apache-2.0
//! The core, tried against a second telling of its rules and against what must always hold.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::too_many_arguments)]

mod draw;
mod golden;
mod golden_lights;
mod histories;
mod invariants;
mod model;
mod scenarios;
mod scene;
