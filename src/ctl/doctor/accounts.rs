// SPDX-License-Identifier: MIT OR Apache-2.0
//! The user that the daemon runs as, and the groups that open devices and the bus.

use std::collections::BTreeMap;

use super::{finding::Finding, root::Root, unit::Unit};

pub(super) const USER: &str = "intercomd";
pub(super) const GPIO: &str = "gpio";
const BUS_GROUP: &str = "intercom";
const SYSUSERS: &str = "run: systemd-sysusers intercomd.conf";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Accounts {
    user: Option<(u32, u32)>,
    groups: BTreeMap<String, Group>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    gid: u32,
    members: Vec<String>,
}

impl Accounts {
    pub(super) fn read(root: &Root) -> Self {
        let passwd = root.text("/etc/passwd").unwrap_or_default();
        let group = root.text("/etc/group").unwrap_or_default();
        Self {
            user: passwd.lines().find_map(user),
            groups: group.lines().filter_map(named_group).collect(),
        }
    }

    pub(super) fn uid(&self) -> Option<u32> {
        self.user.map(|(uid, _)| uid)
    }

    pub(super) fn gid(&self, group: &str) -> Option<u32> {
        self.groups.get(group).map(|group| group.gid)
    }

    /// By its own group, by membership, or because the service is started with it.
    fn is_member(&self, name: &str, unit: Option<&Unit>) -> bool {
        let Some(group) = self.groups.get(name) else { return false };
        group.members.iter().any(|member| member == USER)
            || self.user.is_some_and(|(_, gid)| gid == group.gid)
            || unit.is_some_and(|unit| unit.words("SupplementaryGroups").contains(&name))
    }
}

fn user(line: &str) -> Option<(u32, u32)> {
    let mut fields = line.split(':');
    let is_ours = fields.next()? == USER;
    let mut ids = fields.skip(1).map(|id| id.parse().ok());
    is_ours.then_some((ids.next()??, ids.next()??))
}

fn named_group(line: &str) -> Option<(String, Group)> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, _, gid, members] = fields.as_slice() else { return None };
    let members = members.split(',').filter(|m| !m.is_empty()).map(str::to_owned).collect();
    Some(((*name).to_owned(), Group { gid: gid.parse().ok()?, members }))
}

pub(super) fn check(accounts: &Accounts, unit: Option<&Unit>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match accounts.user {
        Some((uid, _)) => findings.push(Finding::ok("user", format!("{USER}, id {uid}"))),
        None => {
            findings.push(Finding::problem("user", format!("there is no user {USER}"), SYSUSERS));
        }
    }
    for group in [GPIO, "audio", "video"] {
        findings.push(device_group(accounts, group, unit));
    }
    findings.push(match accounts.gid(BUS_GROUP) {
        Some(_) => Finding::ok("group", format!("{BUS_GROUP}: may use the station on D-Bus")),
        None => {
            let what = format!("there is no group {BUS_GROUP}: only root can use the station");
            Finding::warning("group", what, SYSUSERS)
        }
    });
    findings
}

/// A service with a supplementary group that does not exist is not started at all.
fn device_group(accounts: &Accounts, group: &str, unit: Option<&Unit>) -> Finding {
    if accounts.gid(group).is_none() {
        return Finding::problem("group", format!("there is no group {group}"), SYSUSERS);
    }
    if !accounts.is_member(group, unit) {
        let what = format!("{USER} is not in the group {group}");
        return Finding::problem("group", what, &format!("run: adduser {USER} {group}"));
    }
    Finding::ok("group", format!("{group}: {USER} is in it"))
}
