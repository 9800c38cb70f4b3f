// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an object says of itself: its part of the interface description that ships with us.

use std::fmt::Write;

use super::{
    object::{Object, children},
    published::Published,
};

pub(super) const DESCRIPTION: &str = include_str!("../../config/dbus/org.intercomd1.xml");

const STANDARD: &str = r#"  <interface name="org.freedesktop.DBus.Properties">
    <method name="Get">
      <arg name="interface_name" type="s" direction="in"/>
      <arg name="property_name" type="s" direction="in"/>
      <arg name="value" type="v" direction="out"/>
    </method>
    <method name="GetAll">
      <arg name="interface_name" type="s" direction="in"/>
      <arg name="properties" type="a{sv}" direction="out"/>
    </method>
    <method name="Set">
      <arg name="interface_name" type="s" direction="in"/>
      <arg name="property_name" type="s" direction="in"/>
      <arg name="value" type="v" direction="in"/>
    </method>
    <signal name="PropertiesChanged">
      <arg name="interface_name" type="s"/>
      <arg name="changed_properties" type="a{sv}"/>
      <arg name="invalidated_properties" type="as"/>
    </signal>
  </interface>
  <interface name="org.freedesktop.DBus.Introspectable">
    <method name="Introspect">
      <arg name="xml_data" type="s" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.DBus.Peer">
    <method name="Ping"/>
    <method name="GetMachineId">
      <arg name="machine_uuid" type="s" direction="out"/>
    </method>
  </interface>
"#;

const OBJECT_MANAGER: &str = r#"  <interface name="org.freedesktop.DBus.ObjectManager">
    <method name="GetManagedObjects">
      <arg name="objects" type="a{oa{sa{sv}}}" direction="out"/>
    </method>
    <signal name="InterfacesAdded">
      <arg name="object" type="o"/>
      <arg name="interfaces_and_properties" type="a{sa{sv}}"/>
    </signal>
    <signal name="InterfacesRemoved">
      <arg name="object" type="o"/>
      <arg name="interfaces" type="as"/>
    </signal>
  </interface>
"#;

const DOCTYPE: &str = r#"<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
"#;

/// Absent for a path at which and below which there is nothing.
pub(super) fn introspect(path: &str, published: &Published) -> Option<String> {
    let object = path.parse::<Object>().ok();
    let managed = Object::managed(&published.snapshot);
    let object = object.filter(|o| *o == Object::Station || managed.contains(o));
    let below = children(path, &published.snapshot);
    if object.is_none() && below.is_empty() {
        return None;
    }

    let mut xml = format!("{DOCTYPE}<node>\n{STANDARD}");
    if let Some(object) = object {
        xml.push_str(description(object.interface()));
        if object == Object::Station {
            xml.push_str(OBJECT_MANAGER);
        }
    }
    for name in below {
        // Writing to a string cannot fail.
        let _ = writeln!(xml, r#"  <node name="{name}"/>"#);
    }
    xml.push_str("</node>\n");
    Some(xml)
}

/// The element of one interface, with the documentation inside it.
fn description(interface: &str) -> &'static str {
    const END: &str = "</interface>\n";
    let opening = format!("  <interface name=\"{interface}\">");
    let from = DESCRIPTION.find(&opening).unwrap_or(DESCRIPTION.len());
    let element = DESCRIPTION.get(from..).unwrap_or_default();
    let length = element.find(END).map_or(0, |end| end + END.len());
    element.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_station_describes_itself_with_its_documentation() {
        let xml = introspect("/org/intercomd1", &Published::default()).unwrap();
        assert_eq!(xml.matches("<interface name=\"org.intercomd1.").count(), 1);
        assert!(xml.contains("<interface name=\"org.intercomd1.Station\">"));
        assert!(xml.contains("<interface name=\"org.freedesktop.DBus.ObjectManager\">"));
        assert!(xml.contains("Allowed while ActiveCall is \"/\"."));
        assert_eq!(xml.matches("<interface").count(), xml.matches("</interface>").count());
    }

    #[test]
    fn every_kind_of_object_has_a_description() {
        let objects = [
            Object::Station,
            Object::Call(crate::core::CallId(1)),
            Object::Door("a".parse().unwrap()),
            Object::Button("a".parse().unwrap()),
            Object::Light("a".parse().unwrap()),
            Object::Handset("a".parse().unwrap()),
            Object::Contact("a".parse().unwrap()),
        ];
        for object in objects {
            assert!(description(object.interface()).ends_with("</interface>\n"), "{object}");
        }
    }

    #[test]
    fn nothing_is_said_of_a_path_without_objects() {
        assert_eq!(introspect("/org/intercomd1/doors/front", &Published::default()), None);
        assert_eq!(introspect("/com", &Published::default()), None);
        assert!(introspect("/", &Published::default()).unwrap().contains("<node name=\"org\"/>"));
    }
}
