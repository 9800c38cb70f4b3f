// SPDX-License-Identifier: MIT OR Apache-2.0
use std::collections::BTreeMap;

use zbus::{ObjectPath, Variant};

use super::*;

const CALL: &str = "/org/intercomd1/calls/7";

fn signal<B: serde::Serialize + zbus::DynamicType>(
    path: &str,
    interface: &str,
    member: &str,
    body: &B,
) -> News {
    let message = Message::signal(path, interface, member).build(body).unwrap();
    News::of(&message).unwrap().unwrap()
}

#[test]
fn a_change_of_status_is_one_line() {
    let interface = "org.intercomd1.Call";
    let news = signal(CALL, interface, "StatusChanged", &("ringing", "failed", "ice_timeout"));
    assert_eq!(news.lines(), ["calls/7  StatusChanged  ringing -> failed (ice_timeout)"]);
    assert_eq!(news.status_of(7), Some(("failed", "ice_timeout")));
    assert_eq!(news.status_of(8), None);

    let news = signal(CALL, interface, "StatusChanged", &("ringing", "ended", "ended"));
    assert_eq!(news.lines(), ["calls/7  StatusChanged  ringing -> ended"]);
}

#[test]
fn signals_with_one_argument_or_none_are_told() {
    let soon = signal(CALL, "org.intercomd1.Call", "EndingSoon", &10_u32);
    assert_eq!(soon.lines(), ["calls/7  EndingSoon  in 10 s"]);
    let bell = "/org/intercomd1/buttons/bell";
    let press = signal(bell, "org.intercomd1.Button", "ShortPress", &());
    assert_eq!(press.lines(), ["buttons/bell  ShortPress"]);
}

#[test]
fn every_changed_property_has_a_line_of_its_own() {
    let values = BTreeMap::from([("Quiet", Variant::from(true)), ("Volume", Variant::from(7_u8))]);
    let body = ("org.intercomd1.Station", values, Vec::<&str>::new());
    let news = signal(ROOT, "org.freedesktop.DBus.Properties", "PropertiesChanged", &body);
    assert_eq!(news.lines(), ["station  Quiet = yes", "station  Volume = 7"]);
    let expected = literal!({
        "time_ms": 5,
        "object": "station",
        "event": "changed",
        "properties": { "Quiet": true, "Volume": 7 },
    });
    assert_eq!(news.json(Some(5)), expected);
}

#[test]
fn objects_come_and_go() {
    let manager = "org.freedesktop.DBus.ObjectManager";
    let path = ObjectPath::from_static_str(CALL).unwrap();
    let values = BTreeMap::from([("Status", Variant::from("initiated"))]);
    let interfaces = BTreeMap::from([("org.intercomd1.Call", values)]);
    let added = signal(ROOT, manager, "InterfacesAdded", &(path.clone(), interfaces));
    assert_eq!(added.lines(), ["calls/7  added  Status=initiated"]);
    assert_eq!(added.status_of(7), Some(("initiated", "")));
    let removed = signal(ROOT, manager, "InterfacesRemoved", &(path, vec!["org.intercomd1.Call"]));
    assert_eq!(removed.lines(), ["calls/7  removed"]);
}

#[test]
fn the_daemon_comes_and_goes() {
    let bus = "/org/freedesktop/DBus";
    let change = |old: &str, new: &str| {
        let body = (NAME, old, new);
        signal(bus, "org.freedesktop.DBus", "NameOwnerChanged", &body).what
    };
    assert_eq!(change(":1.5", ""), What::Gone);
    assert_eq!(change("", ":1.6"), What::Back);
}

#[test]
fn signals_of_others_are_nothing_to_us() {
    let message = Message::signal("/org/other", "org.other.Thing", "Happened");
    assert_eq!(News::of(&message.build(&()).unwrap()).unwrap(), None);
}
