// SPDX-License-Identifier: MIT OR Apache-2.0
//! What clients are to be told when one published value follows another, and in which order.

use std::{collections::BTreeMap, time::Duration};

use zbus::{Message, names::UniqueName};

use super::{
    object::{Object, ROOT},
    published::{Notice, Published},
    text::carriable,
    view::{Properties, properties},
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
pub(super) fn changes<'a>(old: &Published, new: &'a Published) -> Vec<Change<'a>> {
    let before = Object::managed(&old.snapshot);
    let after = Object::managed(&new.snapshot);

    let added = after
        .difference(&before)
        .filter_map(|object| Some(Change::Added(object.clone(), properties(object, new)?)));
    let notices = new.notices_since(old).map(Change::Notice);
    let changed = [Object::Station]
        .iter()
        .chain(before.intersection(&after))
        .filter(|object| differs(object, old, new))
        .filter_map(|object| {
            let values = changed_values(object, old, new);
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
            before.station != after.station
                || old.configured.name() != new.configured.name()
                || old.refused != new.refused
                || old.loop_tested != new.loop_tested
        }
        Object::Call(id) => {
            before.calls.get(id) != after.calls.get(id)
                || old.is_encrypted(*id) != new.is_encrypted(*id)
                || old.reception(*id) != new.reception(*id)
                || old.echo(*id) != new.echo(*id)
        }
        Object::Door(name) => before.doors.get(name) != after.doors.get(name),
        Object::Button(name) => before.buttons.get(name) != after.buttons.get(name),
        Object::Light(name) => before.lights.get(name) != after.lights.get(name),
        Object::Handset(id) => {
            before.handsets.get(id) != after.handsets.get(id)
                || old.wakings.get(id) != new.wakings.get(id)
        }
        Object::Contact(name) => before.contacts.get(name) != after.contacts.get(name),
    }
}

fn changed_values(object: &Object, old: &Published, new: &Published) -> Properties {
    let before = properties(object, old).unwrap_or_default();
    let after = properties(object, new).unwrap_or_default();
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
                let texts: Vec<_> = problems.iter().map(|problem| carriable(problem)).collect();
                let body = (problems.is_empty(), texts);
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
                let body = (old.word(), new.word(), carriable(by));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::{
            CallId, HandsetId, LightName, Snapshot,
            profile::Rights,
            snapshot::{HandsetView, LightView},
            status::{Indication, Pattern},
        },
        link::{LastPush, PushResult, Waking},
        media::{LoopTest, LoopTested},
    };

    fn light(name: &str) -> LightName {
        name.parse().unwrap()
    }

    fn lights(lights: &[(&str, Pattern)]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (name, pattern) in lights {
            let view = LightView { pattern: *pattern, shows: Indication::Idle };
            snapshot.lights.insert(light(name), view);
        }
        snapshot
    }

    fn status(old: Status, new: Status) -> Notice {
        Notice::Core(Signal::StatusChanged { call: CallId(1), old, new, reason: None })
    }

    #[test]
    fn skipped_values_become_one_change_with_every_notice_in_its_place() {
        let first = Published::default()
            .followed_by(lights(&[("gone", Pattern::Off), ("kept", Pattern::Off)]), []);
        let begin = status(Status::Initiated, Status::Ringing);
        let second = first
            .followed_by(lights(&[("gone", Pattern::On), ("kept", Pattern::On)]), [begin.clone()]);
        let end = status(Status::Ringing, Status::Cancelled);
        let third = second
            .followed_by(lights(&[("kept", Pattern::Flash), ("new", Pattern::On)]), [end.clone()]);

        let values = |pattern: &'static str| Properties::from([("Pattern", pattern.into())]);
        let mut new = values("on");
        new.insert("Shows", "idle".into());
        assert_eq!(
            changes(&first, &third),
            [
                Change::Added(Object::Light(light("new")), new),
                Change::Notice(&begin),
                Change::Notice(&end),
                Change::Changed(Object::Light(light("kept")), values("flash")),
                Change::Removed(Object::Light(light("gone"))),
            ]
        );
    }

    #[test]
    fn what_changed_and_changed_back_is_not_told() {
        let first = Published::default().followed_by(lights(&[("kept", Pattern::Off)]), []);
        let second = first.followed_by(lights(&[("kept", Pattern::On)]), []);
        let third = second.followed_by(first.snapshot.clone(), []);
        assert_eq!(changes(&first, &third), []);
    }

    #[test]
    fn a_loop_test_is_a_changed_property_of_the_station() {
        let first = Published::default();
        let tested = LoopTested { result: LoopTest::NotHeard { noise: -50 }, at_unix_ms: None };
        let second = first.followed_by(Snapshot::default(), []).tested(Some(tested));
        let told = changes(&first, &second);
        let [Change::Changed(Object::Station, values)] = told.as_slice() else {
            panic!("{told:?}");
        };
        let expected = BTreeMap::from([
            ("noise_db", zbus::Variant::from(-50_i32)),
            ("result", "not_heard".into()),
        ]);
        assert_eq!(*values, Properties::from([("LoopTest", expected.into())]));
    }

    #[test]
    fn what_became_of_a_push_is_a_changed_property_of_its_handset() {
        let id: HandsetId = "kitchen".parse().unwrap();
        let view = HandsetView { label: "Kitchen".to_owned(), rights: Rights::default() };
        let snapshot =
            || Snapshot { handsets: [(id.clone(), view.clone())].into(), ..Snapshot::default() };
        let first = Published::default().followed_by(snapshot(), []);
        let last = LastPush { result: PushResult::Gone, at_unix_ms: Some(5) };
        let waking = Waking { registered: false, last: Some(last) };
        let second = first.followed_by(snapshot(), []).waking(&id, waking);
        let told = changes(&first, &second);
        let [Change::Changed(Object::Handset(told_of), values)] = told.as_slice() else {
            panic!("{told:?}");
        };
        let expected = BTreeMap::from([
            ("at", zbus::Variant::from(5_u64)),
            ("registered", false.into()),
            ("result", "gone".into()),
        ]);
        assert_eq!(*told_of, id);
        assert_eq!(*values, Properties::from([("Push", expected.into())]));
    }

    #[test]
    fn a_new_name_is_a_changed_property_of_the_station() {
        let first = Published::default();
        let profile = crate::core::Profile::default();
        let configured = super::super::published::Configured::new("Back gate", &profile);
        let second = first
            .followed_by(Snapshot::default(), [])
            .reconfigured(std::sync::Arc::new(configured));
        let name = Properties::from([("Name", "Back gate".to_owned().into())]);
        assert_eq!(changes(&first, &second), [Change::Changed(Object::Station, name)]);
    }
}
