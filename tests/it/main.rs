// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests over the public face of the crate, in one binary.

#[cfg(feature = "bus")]
mod bus;
#[cfg(feature = "bus")]
mod private_bus;
