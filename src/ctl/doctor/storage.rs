// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where state is kept, and whether the time is known that goes into it.

use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::{
    accounts::{Accounts, USER},
    finding::Finding,
    root::Root,
    unit::Unit,
};
use crate::config::{Config, Store};

const WRITE_BY_OWNER: u32 = 0o300;

pub(super) fn check(
    root: &Root,
    accounts: &Accounts,
    unit: Option<&Unit>,
    config: Option<&Config>,
) -> Vec<Finding> {
    let own = config.and_then(|config| config.store.directory.clone());
    let directory = own.unwrap_or_else(|| PathBuf::from(Store::DIRECTORY));
    let mut findings = vec![writable(root, accounts, &directory)];
    let is_strict = unit.is_some_and(|unit| unit.value("ProtectSystem") == Some("strict"));
    if directory != Path::new(Store::DIRECTORY) && is_strict && !is_allowed(unit, &directory) {
        let path = directory.display();
        let what = format!("the service may not write to {path}");
        let advice = format!("set ReadWritePaths={path} in the service");
        findings.push(Finding::problem("state", what, &advice));
    }
    findings
}

fn is_allowed(unit: Option<&Unit>, directory: &Path) -> bool {
    let paths = unit.map(|unit| unit.words("ReadWritePaths")).unwrap_or_default();
    paths.iter().any(|path| directory.starts_with(path.trim_start_matches(['-', '+'])))
}

fn writable(root: &Root, accounts: &Accounts, directory: &Path) -> Finding {
    let path = directory.display();
    let is_usual = directory == Path::new(Store::DIRECTORY);
    let Ok(metadata) = root.at(directory).metadata() else {
        if is_usual {
            return Finding::info("state", format!("{path} is made at the first start"), "");
        }
        let advice = format!("run: install -d -o {USER} -m 0700 {path}");
        return Finding::problem("state", format!("there is no {path}"), &advice);
    };
    if !metadata.is_dir() {
        return Finding::problem("state", format!("{path} is no directory"), "move it away");
    }
    let is_own = accounts.uid() == Some(metadata.uid());
    if is_own && metadata.mode() & WRITE_BY_OWNER == WRITE_BY_OWNER {
        return room(&root.at(directory), &path.to_string());
    }
    let mode = metadata.mode() & 0o777;
    let what =
        format!("{path} cannot be written by {USER} (owner {}, mode {mode:04o})", metadata.uid());
    let advice = format!("run: chown {USER} {path}; chmod u+rwx {path}");
    Finding::problem("state", what, &advice)
}

/// What everything that the station keeps may grow to, and once more while a file is replaced.
const ENOUGH_KB: u64 = 1024;

fn room(directory: &Path, path: &str) -> Finding {
    let Ok(disk) = rustix::fs::statvfs(directory) else {
        return Finding::ok("state", format!("{path} can be written"));
    };
    if disk.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
        let advice = "mount a disk there that can be written, or call log and locks are forgotten";
        return Finding::problem("state", format!("{path} is on a disk for reading only"), advice);
    }
    let left = disk.f_bavail.saturating_mul(disk.f_frsize) / 1024;
    if left < ENOUGH_KB {
        let what = format!("{path} is on a disk that is full: {left} kB are left");
        return Finding::problem("state", what, "make room");
    }
    Finding::ok("state", format!("{path} can be written"))
}

const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";
const OTHERS: [&str; 3] = ["/run/chrony/chronyd.pid", "/run/chronyd.pid", "/run/ntpd.pid"];

pub(super) fn clock(root: &Root, config: Option<&Config>) -> Finding {
    if root.has(SYNCHRONISED) {
        return Finding::ok("clock", "set by the network");
    }
    if root.first(&OTHERS).is_some() {
        return Finding::info("clock", "another time service is in charge of it", "");
    }
    let what = "nobody knows whether it is right; the call log needs it";
    let advice = "run: timedatectl set-ntp true";
    if config.is_some_and(|config| config.profile.follows_the_clock()) {
        return Finding::warning(
            "clock",
            format!("{what}, and so do the hours that the configuration names"),
            advice,
        );
    }
    Finding::info("clock", what, advice)
}
