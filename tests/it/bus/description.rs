// SPDX-License-Identifier: MIT OR Apache-2.0
//! The interface description that ships is what the objects say and what they do.

use std::collections::{BTreeMap, BTreeSet};

use zbus::{ObjectPath, OwnedVariant};

use super::{NAME, ROOT, Stage, call, error};

const SHIPPED: &str = include_str!("../../../config/dbus/org.intercomd1.xml");

const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// One path of each interface.
pub(super) const OBJECTS: [(&str, &str); 7] = [
    ("org.intercomd1.Station", "/org/intercomd1"),
    ("org.intercomd1.Call", "/org/intercomd1/calls/7"),
    ("org.intercomd1.Door", "/org/intercomd1/doors/front"),
    ("org.intercomd1.Button", "/org/intercomd1/buttons/bell"),
    ("org.intercomd1.Light", "/org/intercomd1/lights/ring"),
    ("org.intercomd1.Handset", "/org/intercomd1/handsets/phone_one"),
    ("org.intercomd1.Contact", "/org/intercomd1/contacts/hall"),
];

/// The members of one interface: `method Call in s contact`, `property Volume y readwrite`.
type Members = BTreeSet<String>;

/// Reads the elements that matter; enough XML for introspection data.
fn interfaces(xml: &str) -> BTreeMap<String, Members> {
    let mut interfaces = BTreeMap::<String, Members>::new();
    let (mut interface, mut member) = (String::new(), String::new());
    let mut argument = 0;
    for element in without_comments(xml).split('<').skip(1) {
        let attribute = |name: &str| {
            let from = element.find(&format!(" {name}=\""))? + name.len() + 3;
            element.get(from..)?.split('"').next().map(str::to_owned)
        };
        let kind = element.split([' ', '>', '/']).next().unwrap_or_default();
        let name = attribute("name").unwrap_or_default();
        let line = match kind {
            "interface" => {
                interfaces.insert(name.clone(), Members::new());
                interface = name;
                continue;
            }
            "method" | "signal" => {
                member = format!("{kind} {name}");
                argument = 0;
                member.clone()
            }
            "property" => {
                let (kind, access) = (attribute("type").unwrap(), attribute("access").unwrap());
                format!("property {name} {kind} {access}")
            }
            "arg" => {
                argument += 1;
                let direction = attribute("direction").unwrap_or_else(|| "out".into());
                format!("{member} {argument} {direction} {} {name}", attribute("type").unwrap())
            }
            _ => continue,
        };
        interfaces.get_mut(&interface).expect("members are inside an interface").insert(line);
    }
    interfaces
}

fn without_comments(xml: &str) -> String {
    let mut rest = xml;
    let mut kept = String::new();
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = comment.split_once("-->").expect("comments end").1;
    }
    kept + rest
}

/// The words after the kind: `Volume`, `y`, `readwrite`.
fn properties(members: &Members) -> Vec<[String; 3]> {
    let words = |line: &String| -> Option<[String; 3]> {
        let mut words = line.strip_prefix("property ")?.split(' ').map(str::to_owned);
        Some([words.next()?, words.next()?, words.next()?])
    };
    members.iter().filter_map(words).collect()
}

/// Each signal with the types of its arguments.
pub(super) fn described_signals() -> BTreeMap<String, String> {
    let mut signals = BTreeMap::new();
    for (interface, members) in interfaces(SHIPPED) {
        for line in members.iter().filter_map(|line| line.strip_prefix("signal ")) {
            let mut words = line.split(' ');
            let name = format!("{interface}.{}", words.next().unwrap());
            let types: &mut String = signals.entry(name).or_default();
            // Sorted by the number of the argument; a signal without any is a line of its own.
            types.push_str(words.nth(2).unwrap_or_default());
        }
    }
    signals
}

#[tokio::test]
async fn live_introspection_equals_the_shipped_description() {
    let stage = Stage::set().await;
    let shipped = interfaces(SHIPPED);
    assert_eq!(
        shipped.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        OBJECTS.iter().map(|(interface, _)| *interface).collect()
    );
    for (interface, path) in OBJECTS {
        let introspectable = "org.freedesktop.DBus.Introspectable";
        let reply = call(&stage.client, path, introspectable, "Introspect", &()).await.unwrap();
        let live = interfaces(&reply.body().deserialize::<String>().unwrap());
        let ours: Vec<_> = live.keys().filter(|name| name.starts_with(NAME)).collect();
        assert_eq!(ours, [interface]);
        assert_eq!(live[interface], shipped[interface]);
        assert!(live.contains_key(PROPERTIES));
    }
}

#[tokio::test]
async fn every_object_has_exactly_the_properties_described_with_their_types() {
    let stage = Stage::set().await;
    let shipped = interfaces(SHIPPED);
    for (interface, path) in OBJECTS {
        let reply =
            call(&stage.client, path, PROPERTIES, "GetAll", &interface).await.unwrap().body();
        let live: BTreeMap<String, OwnedVariant> = reply.deserialize().unwrap();
        let live: BTreeSet<[String; 2]> = live
            .into_iter()
            .map(|(name, value)| [name, value.value_signature().to_string()])
            .collect();
        let described: BTreeSet<[String; 2]> = properties(&shipped[interface])
            .into_iter()
            .map(|[name, kind, _]| [name, kind])
            .collect();
        assert_eq!(live, described, "{interface}");
    }
}

#[tokio::test]
async fn only_properties_described_as_writable_can_be_written() {
    let stage = Stage::set().await;
    for (interface, path) in OBJECTS {
        for [name, _, access] in properties(&interfaces(SHIPPED)[interface]) {
            // No property is a double.
            let body = (interface, name.as_str(), zbus::Variant::from(1.5));
            let refused = call(&stage.client, path, PROPERTIES, "Set", &body).await.unwrap_err().0;
            let expected = match access.as_str() {
                "readwrite" => error("InvalidArgs"),
                _ => "org.freedesktop.DBus.Error.PropertyReadOnly".to_owned(),
            };
            assert_eq!(refused, expected, "{interface}.{name}");
        }
    }
}

#[tokio::test]
async fn every_described_method_exists_and_checks_its_arguments() {
    let stage = Stage::set().await;
    for (interface, path) in OBJECTS {
        for method in interfaces(SHIPPED)[interface]
            .iter()
            .filter_map(|line| line.strip_prefix("method "))
            .filter(|method| !method.contains(' '))
        {
            // No method takes a double.
            let refused = call(&stage.client, path, interface, method, &1.5).await.unwrap_err();
            assert_eq!(refused.0, error("InvalidArgs"), "{interface}.{method}");
        }
        let refused = call(&stage.client, path, interface, "Sing", &()).await.unwrap_err();
        assert_eq!(refused.0, "org.freedesktop.DBus.Error.UnknownMethod");
    }
}

#[tokio::test]
async fn the_object_manager_lists_every_object_with_all_its_properties() {
    let stage = Stage::set().await;
    let manager = "org.freedesktop.DBus.ObjectManager";
    let reply = call(&stage.client, ROOT, manager, "GetManagedObjects", &()).await.unwrap().body();
    type Values = BTreeMap<String, OwnedVariant>;
    let objects: BTreeMap<ObjectPath<'_>, BTreeMap<String, Values>> = reply.deserialize().unwrap();

    let listed: BTreeSet<_> = objects.keys().map(ObjectPath::as_str).collect();
    let below: BTreeSet<_> =
        OBJECTS.iter().map(|(_, path)| *path).filter(|path| *path != ROOT).collect();
    assert_eq!(listed, below);
    for (path, interfaces) in &objects {
        for (interface, values) in interfaces {
            let all = call(&stage.client, path, PROPERTIES, "GetAll", interface).await.unwrap();
            assert_eq!(*values, all.body().deserialize::<Values>().unwrap(), "{path}");
        }
    }
}

#[tokio::test]
async fn what_does_not_exist_has_the_standard_errors() {
    let stage = Stage::set().await;
    let get = |path, interface, property| {
        let client = stage.client.clone();
        async move {
            call(&client, path, PROPERTIES, "Get", &(interface, property)).await.unwrap_err().0
        }
    };
    let error = |name| format!("org.freedesktop.DBus.Error.{name}");
    let gone = "/org/intercomd1/calls/8";
    assert_eq!(get(gone, "org.intercomd1.Call", "Status").await, error("UnknownObject"));
    assert_eq!(get(ROOT, "org.intercomd1.Call", "Status").await, error("UnknownInterface"));
    assert_eq!(get(ROOT, "org.intercomd1.Station", "Colour").await, error("UnknownProperty"));
    let refused =
        call(&stage.client, gone, "org.intercomd1.Call", "Hangup", &()).await.unwrap_err();
    assert_eq!(refused.0, super::error("NotFound"));
}

#[tokio::test]
async fn moments_are_told_on_the_monotonic_clock_and_ids_as_paths() {
    let stage = Stage::set().await;
    let read = |name: &'static str| {
        let client = stage.client.clone();
        async move {
            let body = ("org.intercomd1.Call", name);
            let reply = call(&client, "/org/intercomd1/calls/7", PROPERTIES, "Get", &body).await;
            reply.unwrap().body().deserialize::<OwnedVariant>().unwrap()
        }
    };
    assert_eq!(u64::try_from(read("StartedAt").await), Ok(1_000));
    assert_eq!(u64::try_from(read("EndedAt").await), Ok(5_000));
    assert_eq!(u64::try_from(read("AnsweredAt").await), Ok(0));
    assert_eq!(ObjectPath::try_from(&*read("Contact").await).unwrap().as_str(), "/");
    assert_eq!(String::try_from(read("Handset").await).unwrap(), "phone_one");
}
