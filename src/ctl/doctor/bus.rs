// SPDX-License-Identifier: MIT OR Apache-2.0
//! The way from local programs to the station: the bus, its policy, polkit.

use std::collections::BTreeMap;

use super::{finding::Finding, root::Root};
use crate::{
    config::{Authorization, BusAddress, Config},
    ctl::{show::explained, state::Handset},
};

/// What a try to reach the station found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ctl) enum Reached {
    /// With what it says of itself, as far as this user may read it.
    Station {
        problems: Vec<String>,
        handsets: BTreeMap<String, Handset>,
    },
    /// The bus is there and nobody owns our name.
    BusOnly,
    Nothing(String),
}

const POLICY: [&str; 2] =
    ["/etc/dbus-1/system.d/org.intercomd1.conf", "/usr/share/dbus-1/system.d/org.intercomd1.conf"];
const POLKIT: [&str; 3] = [
    "/usr/share/dbus-1/system-services/org.freedesktop.PolicyKit1.service",
    "/usr/lib/polkit-1/polkitd",
    "/usr/libexec/polkitd",
];
const ACTIONS: &str = "/usr/share/polkit-1/actions/org.intercomd1.policy";

pub(super) fn check(root: &Root, config: Option<&Config>, reached: &Reached) -> Vec<Finding> {
    let address = config.map_or(&BusAddress::System, |config| &config.bus.address);
    if *address == BusAddress::None {
        let advice = "set bus.address, or nothing local can use the station";
        return vec![Finding::info("bus", "the station is on no bus", advice)];
    }
    let mut findings = vec![reachable(reached)];
    if let Reached::Station { problems, .. } = reached {
        findings.extend(problems.iter().map(|word| reported(word)));
    }
    if *address == BusAddress::System {
        findings.push(policy(root));
    }
    let authorization = config.map_or(Authorization::Polkit, |config| config.bus.authorization);
    match authorization {
        Authorization::Polkit => findings.push(polkit(root)),
        Authorization::Policy => {
            let what = "whoever the bus policy lets in may do everything, doors included";
            findings.push(Finding::info("bus", what, ""));
        }
    }
    findings
}

fn reachable(reached: &Reached) -> Finding {
    match reached {
        Reached::Station { .. } => Finding::ok("bus", "the station answers"),
        Reached::BusOnly => {
            let what = "the bus is there, the station is not on it";
            Finding::warning("bus", what, "run: systemctl start intercomd")
        }
        Reached::Nothing(why) => {
            let what = format!("the bus cannot be reached: {why}");
            Finding::problem("bus", what, "install and start dbus")
        }
    }
}

fn reported(problem: &str) -> Finding {
    let advice = match explained(problem) {
        // Lines, the link and pushes are looked at here.
        advice if advice.is_empty() || advice.contains("doctor") => "the log says why",
        advice => advice,
    };
    Finding::warning("station", format!("it reports {problem}"), advice)
}

fn policy(root: &Root) -> Finding {
    match root.first(&POLICY) {
        Some(path) => Finding::ok("bus", format!("policy installed as {path}")),
        None => {
            let what = "its policy is not installed: the daemon may not own its name";
            let advice = "install org.intercomd1.conf in /usr/share/dbus-1/system.d and run: \
                          systemctl reload dbus";
            Finding::problem("bus", what, advice)
        }
    }
}

fn polkit(root: &Root) -> Finding {
    if root.first(&POLKIT).is_none() {
        let what = "polkit is not installed: only root may do anything";
        let advice = "install polkitd, or set bus.authorization = \"policy\"";
        return Finding::problem("polkit", what, advice);
    }
    if !root.has(ACTIONS) {
        let what = "it does not know the station's actions: only root may do anything";
        return Finding::problem("polkit", what, &format!("install {ACTIONS}"));
    }
    Finding::ok("polkit", "knows the station's actions")
}
