// SPDX-License-Identifier: MIT OR Apache-2.0
//! Device files: GPIO chips, sound cards, cameras.

use std::os::unix::fs::MetadataExt;

use super::{
    accounts::{Accounts, GPIO},
    finding::Finding,
    root::Root,
};
use crate::{config::Config, core::status::Media, panel::wiring::Backend};

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
    let contacts = config.into_iter().flat_map(|config| config.profile.contacts.values());
    let media: Vec<Media> = contacts.map(|contact| contact.media).collect();
    if !media.is_empty() {
        findings.push(sound(root));
    }
    if media.contains(&Media::Video) {
        findings.push(camera(root));
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

fn sound(root: &Root) -> Finding {
    let text = root.text("/proc/asound/cards").unwrap_or_default();
    // A card has two lines; the first one has its short name in brackets.
    let cards: Vec<&str> = text
        .lines()
        .filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0.trim()))
        .collect();
    if cards.is_empty() {
        let advice = "plug one in before the release that carries sound";
        return Finding::warning("sound", "there is no sound card", advice);
    }
    Finding::ok("sound", cards.join(", "))
}

fn camera(root: &Root) -> Finding {
    let cameras = root.names("/dev", |name| name.starts_with("video"));
    if cameras.is_empty() {
        let advice = "plug one in before the release that carries video, or set media = \"audio\"";
        return Finding::warning("camera", "there is no /dev/video*", advice);
    }
    Finding::ok("camera", cameras.join(", "))
}
