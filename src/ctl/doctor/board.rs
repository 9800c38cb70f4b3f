// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a Raspberry Pi does with a relay when whoever drove it dies: it keeps the last level,
//! unless it is told not to. A door must not stay open because of that.

use super::{finding::Finding, root::Root};
use crate::config::Config;

/// The parameter of the running kernel's pin controller, on boards up to the 4 and from the 5 on.
const PARAMETERS: [&str; 2] = [
    "/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs",
    "/sys/module/pinctrl_rp1/parameters/persist_gpio_outputs",
];
const SETTING: &str = "persist_gpio_outputs=";
const FIRMWARE: [&str; 2] = ["/boot/firmware/config.txt", "/boot/config.txt"];
const ADVICE: &str = "add dtparam=strict_gpiod to /boot/firmware/config.txt and reboot";

pub(super) fn check(root: &Root, config: Option<&Config>) -> Vec<Finding> {
    let model = root.text("/proc/device-tree/model").unwrap_or_default();
    if !model.contains("Raspberry Pi") {
        return Vec::new();
    }
    let board = model.trim_end_matches('\0');
    vec![Finding::info("board", board, ""), relays(root, config)]
}

fn relays(root: &Root, config: Option<&Config>) -> Finding {
    if lets_go(root) {
        return Finding::ok("board", "a relay falls back when its driver dies");
    }
    if FIRMWARE.iter().any(|path| is_set_up(&root.text(path).unwrap_or_default())) {
        let what = "dtparam=strict_gpiod is set and does not work yet";
        return Finding::warning("board", what, "reboot");
    }
    let what = "a relay keeps its level when its driver dies";
    if config.is_some_and(|config| config.profile.doors.is_empty()) {
        return Finding::info("board", format!("{what}; no door is configured"), "");
    }
    Finding::problem("board", format!("{what}, so a door may stay open"), ADVICE)
}

/// The kernel's own word counts more than what it was started with.
fn lets_go(root: &Root) -> bool {
    let parameter = PARAMETERS.iter().find_map(|path| root.text(path).ok());
    let told = || {
        let line = root.text("/proc/cmdline").unwrap_or_default();
        let mut from_the_end = line.split_whitespace().rev();
        from_the_end.find_map(|word| Some(word.split_once(SETTING)?.1.to_owned()))
    };
    match parameter.or_else(told) {
        Some(value) => matches!(value.trim(), "N" | "n" | "0" | "off"),
        None => is_debians(root),
    }
}

/// Debian's own kernel has always let go, also when it had nothing to set yet.
fn is_debians(root: &Root) -> bool {
    let release = root.text("/proc/sys/kernel/osrelease").unwrap_or_default();
    ["-arm64", "-armmp", "-armmp-lpae"].iter().any(|flavour| release.trim().ends_with(flavour))
}

fn is_set_up(config_txt: &str) -> bool {
    let mut parameters = config_txt
        .lines()
        .filter_map(|line| line.trim().strip_prefix("dtparam="))
        .flat_map(|list| list.split(','));
    parameters.any(|parameter| matches!(parameter.trim(), "strict_gpiod" | "strict_gpiod=on"))
}
