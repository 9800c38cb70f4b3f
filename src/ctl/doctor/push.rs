// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether phones that sleep can be woken.

use super::{bus::Reached, finding::Finding, root::Root};
use crate::{
    config::{Clock, Config},
    ctl::{pushes::told, state::Handset, when::Wall},
};

/// Whether a time service has set the clock; `None` where nobody knows.
#[cfg(feature = "push")]
pub(in crate::ctl) async fn is_synchronized(config: &Config) -> Option<bool> {
    use crate::push::time::{Synchronized, synchronized};

    match synchronized(&config.bus.address).await {
        Synchronized::Yes => Some(true),
        Synchronized::No => Some(false),
        Synchronized::Unknown => None,
    }
}

/// Who does not push does not ask.
#[cfg(not(feature = "push"))]
pub(in crate::ctl) async fn is_synchronized(_: &Config) -> Option<bool> {
    None
}

pub(super) fn check(
    root: &Root,
    config: &Config,
    is_synchronized: Option<bool>,
    reached: &Reached,
) -> Vec<Finding> {
    if config.link.listen.is_empty() {
        return Vec::new();
    }
    if !cfg!(feature = "push") {
        return vec![Finding::info("push", "this intercomd was built without pushes", "")];
    }
    if !config.push.enabled {
        let advice = "to wake phones that sleep, set push.enabled = true";
        return vec![Finding::info("push", "pushes are off", advice)];
    }
    let mut findings: Vec<Finding> =
        clock(config.push.clock, is_synchronized).into_iter().collect();
    findings.extend(certificates(root));
    if let Reached::Station { handsets, .. } = reached {
        let wall = Wall::of_this_machine();
        findings.extend(registered(handsets.values()));
        findings.extend(handsets.iter().filter_map(|(id, handset)| last(id, handset, &wall)));
    }
    findings
}

/// Nothing where it is as it should be.
fn clock(clock: Clock, is_synchronized: Option<bool>) -> Option<Finding> {
    let (what, advice) = match (clock, is_synchronized) {
        (Clock::Trusted, _) | (Clock::Synchronized, Some(true)) => return None,
        (Clock::Synchronized, Some(false)) => {
            ("no time service has set the clock", "run: timedatectl set-ntp true")
        }
        (Clock::Synchronized, None) => (
            "nobody knows whether the clock is right",
            "install systemd-timesyncd, or set push.clock = \"trusted\" if something else sets it",
        ),
    };
    Some(Finding::warning("push", format!("nothing is pushed: {what}"), advice))
}

#[cfg(feature = "push")]
fn certificates(root: &Root) -> Option<Finding> {
    use crate::push::roots::{BUNDLES, trusted};

    let nothing = "nothing is pushed but by http";
    let Some(path) = root.first(&BUNDLES) else {
        let what = format!("{nothing}: there are no certificates to trust");
        return Some(Finding::warning("push", what, "install ca-certificates"));
    };
    Some(match trusted(&root.at(path)) {
        Ok(roots) => {
            let what = format!("trusts the {} certificates of {path}", roots.len());
            Finding::ok("push", what)
        }
        Err(error) => {
            let what = format!("{nothing}: {path} cannot be used: {error}");
            Finding::warning("push", what, "run: update-ca-certificates --fresh")
        }
    })
}

#[cfg(not(feature = "push"))]
fn certificates(_: &Root) -> Option<Finding> {
    None
}

fn registered<'h>(handsets: impl ExactSizeIterator<Item = &'h Handset>) -> Option<Finding> {
    let all = handsets.len();
    let registered = handsets.filter(|handset| handset.push.registered).count();
    let what = format!("{registered} of {all} handsets can be woken");
    let advice =
        "the others ring while they are connected; open the app once on a phone that sleeps";
    match (registered, all) {
        (_, 0) => None,
        (registered, all) if registered == all => Some(Finding::ok("push", what)),
        _ => Some(Finding::info("push", what, advice)),
    }
}

fn last(id: &str, handset: &Handset, wall: &Wall) -> Option<Finding> {
    let Handset { label, push, .. } = handset;
    if push.result.is_empty() {
        return None;
    }
    let (what, advice) = told(&push.result);
    let at = if push.at > 0 { format!(", {},", wall.moment(push.at)) } else { String::new() };
    let what = format!("{label} ({id}): the last push{at} {what}");
    if advice.is_empty() {
        return Some(Finding::ok("push", what));
    }
    Some(Finding::warning("push", what, advice))
}
