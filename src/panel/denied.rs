// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who would be allowed to use a device that we may not.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use super::fault::Cause;

pub(super) fn denied(device: &Path) -> Cause {
    Cause::PermissionDenied { device: device.to_owned(), group: group_that_may_use(device) }
}

fn group_that_may_use(device: &Path) -> Option<String> {
    const GROUP_READ: u32 = 0o040;
    let meta = fs::metadata(device).ok()?;
    if meta.mode() & GROUP_READ == 0 {
        return None;
    }
    let id = meta.gid().to_string();
    let groups = fs::read_to_string("/etc/group").unwrap_or_default();
    let name = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id).then(|| name.to_owned())
    });
    Some(name.unwrap_or(id))
}
