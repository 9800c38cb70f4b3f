// SPDX-License-Identifier: MIT OR Apache-2.0
//! The worker's, as they are.

#[path = "../../../src/bin/intercomd-media/sound/blocks.rs"]
pub(crate) mod blocks;
#[path = "../../../src/bin/intercomd-media/sound/echo/mod.rs"]
pub(crate) mod echo;
