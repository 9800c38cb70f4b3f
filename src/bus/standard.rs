// SPDX-License-Identifier: MIT OR Apache-2.0
//! The interfaces that every D-Bus object has, and the ObjectManager. Each answer comes from one
//! published value, so that no client sees half a change.

use std::{collections::BTreeMap, fs};

use zbus::{Message, ObjectPath, OwnedVariant};

use super::{
    failure::Failure,
    intent::{Intent, arguments},
    introspection::introspect,
    object::{Object, ROOT},
    published::Published,
    service::returns,
    view::{Properties, properties},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standard {
    Get,
    GetAll,
    Set,
    Introspect,
    Ping,
    GetMachineId,
    GetManagedObjects,
    /// A standard interface that has no such method.
    Unknown,
}

pub(super) enum Answer {
    Reply(Message),
    Write(Intent),
}

impl Standard {
    /// A call need not name the interface.
    pub(super) fn of(interface: Option<&str>, method: &str) -> Option<Self> {
        let known = [
            ("org.freedesktop.DBus.Properties", "Get", Self::Get),
            ("org.freedesktop.DBus.Properties", "GetAll", Self::GetAll),
            ("org.freedesktop.DBus.Properties", "Set", Self::Set),
            ("org.freedesktop.DBus.Introspectable", "Introspect", Self::Introspect),
            ("org.freedesktop.DBus.Peer", "Ping", Self::Ping),
            ("org.freedesktop.DBus.Peer", "GetMachineId", Self::GetMachineId),
            ("org.freedesktop.DBus.ObjectManager", "GetManagedObjects", Self::GetManagedObjects),
        ];
        let is_standard = interface.is_some_and(|i| known.iter().any(|(name, ..)| *name == i));
        known
            .into_iter()
            .find(|(name, member, _)| *member == method && interface.is_none_or(|i| i == *name))
            .map(|(_, _, standard)| standard)
            .or(is_standard.then_some(Self::Unknown))
    }
}

pub(super) fn answer(
    standard: Standard,
    call: &Message,
    path: &str,
    published: &Published,
) -> Result<Answer, Failure> {
    let body = call.body();
    let reply = match standard {
        Standard::Get => {
            let (interface, property): (String, String) = arguments(&body)?;
            let (_, mut values) = readable(path, &interface, published)?;
            let value = values
                .remove(property.as_str())
                .ok_or_else(|| Failure::UnknownProperty(property))?;
            returns(call, &value)
        }
        Standard::GetAll => {
            let interface: String = arguments(&body)?;
            returns(call, &readable(path, &interface, published)?.1)
        }
        Standard::Set => {
            let (interface, property, value): (String, String, OwnedVariant) = arguments(&body)?;
            let (object, values) = readable(path, &interface, published)?;
            if !values.contains_key(property.as_str()) {
                return Err(Failure::UnknownProperty(property));
            }
            return Intent::of_write(&object, &property, value).map(Answer::Write);
        }
        Standard::Introspect => {
            arguments::<()>(&body)?;
            let xml = introspect(path, published)
                .ok_or_else(|| Failure::UnknownObject(path.to_owned()))?;
            returns(call, &xml)
        }
        Standard::Ping => returns(call, &()),
        Standard::GetMachineId => {
            let id = fs::read_to_string("/etc/machine-id")
                .map_err(|error| Failure::Unsendable(error.into()))?;
            returns(call, &id.trim())
        }
        Standard::GetManagedObjects if path == ROOT => {
            arguments::<()>(&body)?;
            returns(call, &managed_objects(published))
        }
        Standard::GetManagedObjects | Standard::Unknown => {
            let method = call.header().member().map(ToString::to_string).unwrap_or_default();
            Err(Failure::UnknownMethod(method))
        }
    }?;
    Ok(Answer::Reply(reply))
}

fn readable(
    path: &str,
    interface: &str,
    published: &Published,
) -> Result<(Object, Properties), Failure> {
    let found = path.parse::<Object>().ok().and_then(|object| {
        let values = properties(&object, published)?;
        Some((object, values))
    });
    let (object, values) = found.ok_or_else(|| Failure::UnknownObject(path.to_owned()))?;
    if interface.is_empty() || interface == object.interface() {
        Ok((object, values))
    } else {
        Err(Failure::UnknownInterface(interface.to_owned()))
    }
}

type Interfaces = BTreeMap<&'static str, Properties>;

fn managed_objects(published: &Published) -> BTreeMap<ObjectPath<'static>, Interfaces> {
    Object::managed(&published.snapshot)
        .into_iter()
        .filter_map(|object| {
            let values = properties(&object, published)?;
            Some((object.path(), BTreeMap::from([(object.interface(), values)])))
        })
        .collect()
}
