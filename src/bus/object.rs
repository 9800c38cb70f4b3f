// SPDX-License-Identifier: MIT OR Apache-2.0
//! The tree of objects: which exist follows from the snapshot.

use std::{collections::BTreeSet, fmt, str::FromStr};

use zbus::ObjectPath;

use crate::core::{ButtonName, CallId, ContactName, DoorName, HandsetId, LightName, Snapshot};

pub(super) const ROOT: &str = "/org/intercomd1";

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Object {
    Station,
    Call(CallId),
    Door(DoorName),
    Button(ButtonName),
    Light(LightName),
    Handset(HandsetId),
    Contact(ContactName),
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Station => f.write_str(ROOT),
            Self::Call(id) => write!(f, "{ROOT}/calls/{id}"),
            Self::Door(name) => write!(f, "{ROOT}/doors/{name}"),
            Self::Button(name) => write!(f, "{ROOT}/buttons/{name}"),
            Self::Light(name) => write!(f, "{ROOT}/lights/{name}"),
            Self::Handset(id) => write!(f, "{ROOT}/handsets/{id}"),
            Self::Contact(name) => write!(f, "{ROOT}/contacts/{name}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoObject;

impl FromStr for Object {
    type Err = NoObject;

    fn from_str(path: &str) -> Result<Self, NoObject> {
        let below = path.strip_prefix(ROOT).ok_or(NoObject)?;
        if below.is_empty() {
            return Ok(Self::Station);
        }
        let (kind, name) =
            below.strip_prefix('/').and_then(|b| b.split_once('/')).ok_or(NoObject)?;
        match kind {
            "calls" => call_id(name).map(Self::Call),
            "doors" => name.parse().ok().map(Self::Door),
            "buttons" => name.parse().ok().map(Self::Button),
            "lights" => name.parse().ok().map(Self::Light),
            "handsets" => name.parse().ok().map(Self::Handset),
            "contacts" => name.parse().ok().map(Self::Contact),
            _ => None,
        }
        .ok_or(NoObject)
    }
}

/// Only as it is printed: `+1` and `01` are other paths than `1`.
fn call_id(text: &str) -> Option<CallId> {
    let id = CallId(text.parse().ok()?);
    (id.to_string() == text).then_some(id)
}

impl Object {
    pub(super) fn path(&self) -> ObjectPath<'static> {
        // Valid because a name has only a-z, 0-9 and _, and a call id only digits.
        ObjectPath::from_string_unchecked(self.to_string())
    }

    pub(super) const fn interface(&self) -> &'static str {
        match self {
            Self::Station => "org.intercomd1.Station",
            Self::Call(_) => "org.intercomd1.Call",
            Self::Door(_) => "org.intercomd1.Door",
            Self::Button(_) => "org.intercomd1.Button",
            Self::Light(_) => "org.intercomd1.Light",
            Self::Handset(_) => "org.intercomd1.Handset",
            Self::Contact(_) => "org.intercomd1.Contact",
        }
    }

    /// What the ObjectManager lists: everything below its own path.
    pub(super) fn managed(snapshot: &Snapshot) -> BTreeSet<Self> {
        let calls = snapshot.calls.keys().copied().map(Self::Call);
        calls
            .chain(snapshot.doors.keys().cloned().map(Self::Door))
            .chain(snapshot.buttons.keys().cloned().map(Self::Button))
            .chain(snapshot.lights.keys().cloned().map(Self::Light))
            .chain(snapshot.handsets.keys().cloned().map(Self::Handset))
            .chain(snapshot.contacts.keys().cloned().map(Self::Contact))
            .collect()
    }
}

/// The last elements of the paths right below `path`, for introspection.
pub(super) fn children(path: &str, snapshot: &Snapshot) -> BTreeSet<String> {
    let prefix = if path == "/" { "/".to_owned() } else { format!("{path}/") };
    [Object::Station]
        .into_iter()
        .chain(Object::managed(snapshot))
        .filter_map(|object| {
            let path = object.to_string();
            let below = path.strip_prefix(&prefix)?;
            below.split('/').next().map(str::to_owned)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_names_its_object_again() {
        let objects = [
            Object::Station,
            Object::Call(CallId(7)),
            Object::Door("front".parse().unwrap()),
            Object::Button("bell".parse().unwrap()),
            Object::Light("ring".parse().unwrap()),
            Object::Handset("hall".parse().unwrap()),
            Object::Contact("flat_2".parse().unwrap()),
        ];
        for object in objects {
            assert_eq!(object.to_string().parse(), Ok(object.clone()));
            assert_eq!(ObjectPath::try_from(object.to_string()).unwrap(), object.path());
        }
    }

    #[test]
    fn a_path_has_one_spelling() {
        for path in [
            "",
            "/",
            "/org",
            "/org/intercomd1/",
            "/org/intercomd1x",
            "/org/intercomd1/calls",
            "/org/intercomd1/calls/",
            "/org/intercomd1/calls/01",
            "/org/intercomd1/calls/+1",
            "/org/intercomd1/calls/1/2",
            "/org/intercomd1/doors/Front",
            "/org/intercomd1/cellars/front",
        ] {
            assert_eq!(path.parse::<Object>(), Err(NoObject), "{path}");
        }
    }

    #[test]
    fn introspection_finds_its_way_from_the_root_to_every_object() {
        let mut snapshot = Snapshot::default();
        snapshot.lights.insert(
            "ring".parse().unwrap(),
            crate::core::snapshot::LightView {
                pattern: crate::core::status::Pattern::Off,
                shows: crate::core::status::Indication::Idle,
            },
        );
        let below = |path| children(path, &snapshot).into_iter().collect::<Vec<_>>();
        assert_eq!(below("/"), ["org"]);
        assert_eq!(below("/org"), ["intercomd1"]);
        assert_eq!(below("/org/intercomd1"), ["lights"]);
        assert_eq!(below("/org/intercomd1/lights"), ["ring"]);
        assert!(below("/org/intercomd1/lights/ring").is_empty());
        assert!(below("/org/intercomd1/doors").is_empty());
    }
}
