// SPDX-License-Identifier: MIT OR Apache-2.0
//! Cases told one by one: those of the field, those that chance meets rarely, those once broken.

mod calls;
mod doors;
mod found;
mod panel;
