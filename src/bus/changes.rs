// SPDX-License-Identifier: MIT OR Apache-2.0
//! What clients are to be told when one published value follows another, and in which order.

use std::{collections::BTreeMap, time::Duration};

use zbus::{Message, names::UniqueName};

use super::{
    object::{Object, ROOT},
    published::{Notice, Published},
    view::{Clock, Properties, properties},
};
use crate::core::{
    effect::Signal,
    status::{Reason, Status},
};

const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const OBJECT_MANAGER: &str = "org.freedesktop.DBus.ObjectManager";

#[derive(Debug, PartialEq)]
pub(super) enum Change<'a> {
    Added(Object, Properties),
    Notice(&'a Notice),
    Changed(Object, Properties),
    Removed(Object),
}

/// New objects first, then what happened, then new values, one change for each object, and then
/// the objects that are gone.
pub(super) fn changes<'a>(old: &Published, new: &'a Published, clock: Clock) -> Vec<Change<'a>> {
    let before = Object::managed(&old.snapshot);
    let after = Object::managed(&new.snapshot);

    let added = after
        .difference(&before)
        .filter_map(|object| Some(Change::Added(object.clone(), properties(object, new, clock)?)));
    let notices = new.notices_since(old).map(Change::Notice);
    let changed = [Object::Station]
        .iter()
        .chain(before.intersection(&after))
        .filter(|object| differs(object, old, new))
        .filter_map(|object| {
            let values = changed_values(object, old, new, clock);
            (!values.is_empty()).then(|| Change::Changed(object.clone(), values))
        })
        .collect::<Vec<_>>();
    let removed = before.difference(&after).cloned().map(Change::Removed);

    added.chain(notices).chain(changed).chain(removed).collect()
}

/// Cheap, so that the values of objects that did not change are never computed.
fn differs(object: &Object, old: &Published, new: &Published) -> bool {
    let (before, after) = (&old.snapshot, &new.snapshot);
    match object {
        Object::Station => {
            before.station != after.station || old.configured.name() != new.configured.name()
        }
        Object::Call(id) => before.calls.get(id) != after.calls.get(id),
        Object::Door(name) => before.doors.get(name) != after.doors.get(name),
        Object::Button(name) => before.buttons.get(name) != after.buttons.get(name),
        Object::Light(name) => before.lights.get(name) != after.lights.get(name),
        Object::Handset(id) => before.handsets.get(id) != after.handsets.get(id),
        Object::Contact(name) => before.contacts.get(name) != after.contacts.get(name),
    }
}

fn changed_values(object: &Object, old: &Published, new: &Published, clock: Clock) -> Properties {
    let before = properties(object, old, clock).unwrap_or_default();
    let after = properties(object, new, clock).unwrap_or_default();
    after.into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect()
}

impl Change<'_> {
    pub(super) fn message(&self, sender: Option<&UniqueName<'_>>) -> zbus::Result<Message> {
        match self {
            Self::Added(object, values) => {
                let interfaces = BTreeMap::from([(object.interface(), values)]);
                let body = (object.path(), interfaces);
                signal(ROOT, OBJECT_MANAGER, "InterfacesAdded", sender, &body)
            }
            Self::Notice(notice) => notice.message(sender),
            Self::Changed(object, values) => {
                let body = (object.interface(), values, Vec::<&str>::new());
                signal(&object.to_string(), PROPERTIES, "PropertiesChanged", sender, &body)
            }
            Self::Removed(object) => {
                let body = (object.path(), vec![object.interface()]);
                signal(ROOT, OBJECT_MANAGER, "InterfacesRemoved", sender, &body)
            }
        }
    }
}

impl Notice {
    fn message(&self, sender: Option<&UniqueName<'_>>) -> zbus::Result<Message> {
        let signal = match self {
            Self::ConfigurationReloaded { problems } => {
                let body = (problems.is_empty(), problems);
                return own(&Object::Station, "ConfigurationReloaded", sender, &body);
            }
            Self::Core(signal) => signal,
        };
        match signal {
            Signal::StatusChanged { call, old, new, reason } => {
                let body = status_change(*old, *new, *reason);
                own(&Object::Call(*call), "StatusChanged", sender, &body)
            }
            Signal::EndingSoon { call, ends_in } => {
                own(&Object::Call(*call), "EndingSoon", sender, &seconds(*ends_in))
            }
            Signal::ButtonPressed { button } => {
                own(&Object::Button(button.clone()), "ShortPress", sender, &())
            }
            Signal::ButtonHeld { button } => {
                own(&Object::Button(button.clone()), "LongPress", sender, &())
            }
            Signal::DoorStateChanged { door, old, new, by } => {
                let body = (old.word(), new.word(), by);
                own(&Object::Door(door.clone()), "StateChanged", sender, &body)
            }
            Signal::DoorAlarmChanged { door, old, new } => {
                let body = (old.word(), new.word());
                own(&Object::Door(door.clone()), "AlarmChanged", sender, &body)
            }
        }
    }
}

fn status_change(
    old: Status,
    new: Status,
    reason: Option<Reason>,
) -> (&'static str, &'static str, &'static str) {
    (old.word(), new.word(), reason.map_or("", |reason| reason.word()))
}

fn seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}

fn own<B: serde::Serialize + zbus::DynamicType>(
    object: &Object,
    member: &str,
    sender: Option<&UniqueName<'_>>,
    body: &B,
) -> zbus::Result<Message> {
    signal(&object.to_string(), object.interface(), member, sender, body)
}

fn signal<B: serde::Serialize + zbus::DynamicType>(
    path: &str,
    interface: &str,
    member: &str,
    sender: Option<&UniqueName<'_>>,
    body: &B,
) -> zbus::Result<Message> {
    let signal = Message::signal(path, interface, member);
    match sender {
        Some(sender) => signal.sender(sender.clone()),
        None => signal,
    }
    .build(body)
}
