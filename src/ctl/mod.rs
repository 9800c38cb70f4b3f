// SPDX-License-Identifier: MIT OR Apache-2.0
//! `intercomctl`: the station from a terminal.
