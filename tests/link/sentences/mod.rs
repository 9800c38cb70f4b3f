// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sentences of the specification, one by one.

mod calls;
mod contexts;
mod doors;
mod limits;
mod pairing;
mod pushes;
mod requests;
mod revocation;
mod standing;
