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
    Some(group_name(meta.gid()))
}

/// Its number if it has no name.
fn group_name(id: u32) -> String {
    let id = id.to_string();
    let groups = fs::read_to_string("/etc/group").unwrap_or_default();
    let name = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id).then(|| name.to_owned())
    });
    name.unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_device_closed_to_its_group_names_no_group() {
        let device = tempfile::NamedTempFile::new().unwrap();
        fs::set_permissions(device.path(), fs::Permissions::from_mode(0o600)).unwrap();
        let said = denied(device.path()).to_string();
        assert!(said.ends_with("no group may use it, a udev rule is missing"), "{said}");
    }

    #[test]
    fn a_device_open_to_its_group_names_it() {
        let device = tempfile::NamedTempFile::new().unwrap();
        fs::set_permissions(device.path(), fs::Permissions::from_mode(0o660)).unwrap();
        let owner = group_name(fs::metadata(device.path()).unwrap().gid());
        let said = denied(device.path()).to_string();
        assert!(said.ends_with(&format!("only group {owner} may use it")), "{said}");
    }

    #[test]
    fn a_group_is_named_as_the_system_names_it_and_numbered_if_it_has_no_name() {
        assert_eq!(group_name(0), "root");
        assert_eq!(group_name(4_000_000_000), "4000000000");
    }
}
