// SPDX-License-Identifier: MIT OR Apache-2.0
//! The way from phones and browsers to the station: addresses, and a certificate of one's own.

use std::{fmt, net::TcpListener, os::unix::fs::MetadataExt, path::Path};

use super::{
    accounts::{Accounts, USER},
    bus::Reached,
    finding::Finding,
    root::Root,
};
use crate::config::{Certificate, Config, Listen};

/// A browser needs it renewed by then.
#[cfg(feature = "direct")]
const SOON_S: i64 = 21 * 24 * 60 * 60;

/// Addresses and why they cannot be had at this moment.
pub(in crate::ctl) type Tried = Vec<(Listen, Option<String>)>;

/// Only a look: whatever could be had is let go of at once.
pub(in crate::ctl) fn try_addresses(config: &Config) -> Tried {
    let tried = |listen: &Listen| {
        let refused = TcpListener::bind(listen.address()).err();
        (*listen, refused.map(|error| error.to_string()))
    };
    config.link.listen.iter().map(tried).collect()
}

pub(super) fn check(
    root: &Root,
    accounts: &Accounts,
    config: &Config,
    (tried, reached): (&Tried, &Reached),
) -> Vec<Finding> {
    if config.link.listen.is_empty() {
        let advice = "set link.listen, or no phone can be paired";
        return vec![Finding::info("link", "handsets cannot connect", advice)];
    }
    let mut findings: Vec<Finding> = tried
        .iter()
        .map(|(listen, refused)| address(listen, refused.as_deref(), reached))
        .collect();
    if let Some(certificate) = &config.link.certificate {
        let Certificate { certificate: chain, key } = certificate;
        let closed = [chain, key].into_iter().filter_map(|path| closed(root, accounts, path));
        findings.extend(closed);
        findings.extend(usable(root, certificate));
    }
    findings
}

fn address(listen: &impl fmt::Display, refused: Option<&str>, reached: &Reached) -> Finding {
    match (refused, reached) {
        (None, _) => Finding::ok("link", format!("{listen} can be listened on")),
        // Who has it is most likely the station.
        (Some(_), Reached::Station { .. }) => Finding::ok("link", format!("{listen} is in use")),
        (Some(why), Reached::BusOnly | Reached::Nothing(_)) => {
            let what = format!("{listen} cannot be listened on: {why}");
            Finding::problem("link", what, "end the program that has it, or change link.listen")
        }
    }
}

fn closed(root: &Root, accounts: &Accounts, path: &Path) -> Option<Finding> {
    let metadata = root.at(path).metadata().ok()?;
    let is_own = accounts.uid() == Some(metadata.uid()) && metadata.mode() & 0o400 != 0;
    let group = accounts.gid(USER) == Some(metadata.gid()) && metadata.mode() & 0o040 != 0;
    if is_own || group || metadata.mode() & 0o004 != 0 {
        return None;
    }
    let path = path.display();
    let advice = format!("run: chgrp {USER} {path}; chmod g+r {path}");
    Some(Finding::warning("link", format!("{USER} may not be able to read {path}"), &advice))
}

#[cfg(feature = "direct")]
fn usable(root: &Root, certificate: &Certificate) -> Vec<Finding> {
    use crate::{link::direct, station::clock};

    let Certificate { certificate: chain, key } = certificate;
    let files = Certificate { certificate: root.at(chain), key: root.at(key) };
    let name = chain.display();
    let not_after = match direct::examine(&files) {
        Ok(not_after) => not_after,
        Err(error) => {
            let advice = "correct link.certificate and link.key";
            return vec![Finding::problem("link", error.to_string(), advice)];
        }
    };
    let now = clock::unix_ms().and_then(|ms| i64::try_from(ms / 1000).ok());
    let left = not_after.zip(now).map(|(end, now)| end - now);
    let advice = "renew it; handsets that were paired go on if its key stays the same";
    vec![match left {
        Some(left) if left < 0 => {
            Finding::warning("link", format!("{name} is over: browsers refuse it"), advice)
        }
        Some(left) if left < SOON_S => {
            let days = left / (24 * 60 * 60);
            Finding::warning("link", format!("{name} is over in {days} days"), advice)
        }
        Some(_) | None => Finding::ok("link", format!("{name} can be used")),
    }]
}

#[cfg(not(feature = "direct"))]
fn usable(_: &Root, _: &Certificate) -> Vec<Finding> {
    Vec::new()
}
