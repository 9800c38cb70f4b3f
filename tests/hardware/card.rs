// SPDX-License-Identifier: MIT OR Apache-2.0
//! An I/O card that keeps driving the last level when its owner is gone, as boards do in the
//! field; gpio-sim forgets it. tests/system lends the card's driver something to write to.

use std::{fs, path::Path};

use crate::board::until;

const REGISTERS: &str = "/sys/kernel/debug/regmap";
const DRIVER: &str = "/sys/bus/pci/drivers/pci-idio-16";

pub(crate) struct Card {
    registers: std::path::PathBuf,
}

impl Card {
    pub(crate) fn found() -> Self {
        let devices = fs::read_dir(DRIVER).unwrap().filter_map(Result::ok);
        let mut names = devices.map(|device| device.file_name());
        let address = names.find(|name| name.to_string_lossy().contains(':')).unwrap();
        Self { registers: Path::new(REGISTERS).join(address).join("registers") }
    }

    /// What the card drives on `OUT0` to `OUT7`, by its own registers.
    pub(crate) fn is_high(&self, out: u32) -> bool {
        let registers = fs::read_to_string(&self.registers).unwrap();
        let first = registers.lines().find_map(|line| line.strip_prefix("0: ")).unwrap();
        u8::from_str_radix(first, 16).unwrap() & (1 << out) != 0
    }

    pub(crate) fn wait(&self, out: u32, high: bool) {
        until(&format!("OUT{out} is {}", if high { "high" } else { "low" }), || {
            self.is_high(out) == high
        });
    }
}
