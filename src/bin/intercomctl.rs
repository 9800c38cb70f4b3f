// SPDX-License-Identifier: MIT OR Apache-2.0
//! Shows and controls a door station over D-Bus.

use std::process::ExitCode;

use clap::Parser;
use intercomd::ctl::{self, cli::Intercomctl};

fn main() -> ExitCode {
    ctl::main(&Intercomctl::parse())
}
