// SPDX-License-Identifier: MIT OR Apache-2.0
//! Device files of the lines: GPIO chips.

use std::os::unix::fs::MetadataExt;

use super::{
    accounts::{Accounts, GPIO},
    finding::Finding,
    root::Root,
};
use crate::{config::Config, panel::wiring::Backend};

const READ_AND_WRITE_BY_GROUP: u32 = 0o060;
const UDEV: &str = "install 60-intercomd-gpio.rules in /usr/lib/udev/rules.d, then run: \
                    udevadm control --reload; udevadm trigger --subsystem-match=gpio";

pub(super) fn check(root: &Root, accounts: &Accounts, config: Option<&Config>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let backend = config.map_or(Backend::Gpiochip, |config| config.wiring.backend);
    match backend {
        Backend::Sim => findings.push(Finding::info("gpio", "the panel is simulated", "")),
        Backend::Gpiochip => findings.extend(chips(root, accounts, "gpiochip")),
        Backend::Rppal => {
            findings.extend(chips(root, accounts, "gpiochip"));
            findings.extend(chips(root, accounts, "gpiomem"));
        }
    }
    findings
}

fn chips(root: &Root, accounts: &Accounts, prefix: &str) -> Vec<Finding> {
    let names = root.names("/dev", |name| name.starts_with(prefix));
    if names.is_empty() {
        let advice = "is the driver of the board loaded? panel.backend = \"sim\" needs none";
        return vec![Finding::problem("gpio", format!("there is no /dev/{prefix}*"), advice)];
    }
    names.iter().map(|name| chip(root, accounts, &format!("/dev/{name}"))).collect()
}

fn chip(root: &Root, accounts: &Accounts, device: &str) -> Finding {
    let metadata = match root.at(device).metadata() {
        Ok(metadata) => metadata,
        Err(error) => return Finding::problem("gpio", format!("{device}: {error}"), ""),
    };
    let mode = metadata.mode() & 0o777;
    let is_of_group = accounts.gid(GPIO).is_some_and(|gid| gid == metadata.gid());
    if is_of_group && mode & READ_AND_WRITE_BY_GROUP == READ_AND_WRITE_BY_GROUP {
        return Finding::ok("gpio", format!("{device}: open to the group {GPIO}"));
    }
    let owner = if is_of_group { GPIO.to_owned() } else { format!("id {}", metadata.gid()) };
    let what = format!("{device}: closed to the group {GPIO} (group {owner}, mode {mode:04o})");
    Finding::problem("gpio", what, UDEV)
}
