// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a signal on the bus tells, as lines.

use std::collections::HashMap;

use serde_json::{Value, json as literal};
use zbus::{Message, OwnedObjectPath, OwnedVariant, Structure, message::Body};

use super::{
    client::{NAME, ROOT},
    state::Properties,
    value::{json, text},
};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct News {
    /// As in `doors/front`, or `station`.
    pub(super) object: String,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Signal {
        name: String,
        arguments: Vec<Value>,
    },
    Changed(Properties),
    Added(Properties),
    Removed,
    /// How things stood at the start.
    Here(Properties),
    /// The daemon is not on the bus any more.
    Gone,
    Back,
}

const STATION: &str = "station";

impl News {
    pub(super) fn of_station(what: What) -> Self {
        Self { object: STATION.to_owned(), what }
    }

    /// Empty for signals that mean nothing to us.
    pub(super) fn of(message: &Message) -> Result<Option<Self>, zbus::Error> {
        let header = message.header();
        let interface = header.interface().map(|name| name.as_str()).unwrap_or_default();
        let member = header.member().map(|name| name.as_str()).unwrap_or_default();
        let object = header.path().and_then(|path| object(path.as_str()));
        let body = message.body();
        Ok(match (interface, member, object) {
            ("org.freedesktop.DBus", "NameOwnerChanged", _) => owner_changed(&body)?,
            ("org.freedesktop.DBus.Properties", "PropertiesChanged", Some(object)) => {
                let (_, values, _): (String, HashMap<String, OwnedVariant>, Vec<String>) =
                    body.deserialize()?;
                Some(Self { object, what: What::Changed(properties(&values)) })
            }
            ("org.freedesktop.DBus.ObjectManager", "InterfacesAdded", Some(_)) => {
                let (path, interfaces): (OwnedObjectPath, Interfaces) = body.deserialize()?;
                let own = interfaces.iter().filter(|(name, _)| name.starts_with(NAME));
                let values = own.flat_map(|(_, values)| properties(values)).collect();
                object_news(&path, What::Added(values))
            }
            ("org.freedesktop.DBus.ObjectManager", "InterfacesRemoved", Some(_)) => {
                let (path, _): (OwnedObjectPath, Vec<String>) = body.deserialize()?;
                object_news(&path, What::Removed)
            }
            (own, name, Some(object)) if own.starts_with(NAME) => {
                let what = What::Signal { name: name.to_owned(), arguments: arguments(&body)? };
                Some(Self { object, what })
            }
            _ => None,
        })
    }

    /// A line for each thing that a reader would look for.
    pub(super) fn lines(&self) -> Vec<String> {
        let object = &self.object;
        match &self.what {
            What::Signal { name, arguments } => {
                vec![format!("{object}  {name}{}", spoken(name, arguments))]
            }
            What::Changed(values) => values
                .iter()
                .map(|(name, value)| format!("{object}  {name} = {}", text(value)))
                .collect(),
            What::Added(values) => {
                vec![format!("{object}  added  {}", text(&Value::Object(values.clone())))]
            }
            What::Removed => vec![format!("{object}  removed")],
            What::Here(values) => {
                vec![format!("{object}  here  {}", text(&Value::Object(values.clone())))]
            }
            What::Gone => vec![format!("{object}  gone")],
            What::Back => vec![format!("{object}  back")],
        }
    }

    pub(super) fn json(&self, unix_ms: Option<u64>) -> Value {
        let (event, key, detail) = match &self.what {
            What::Signal { name, arguments } => (name.as_str(), "arguments", literal!(arguments)),
            What::Changed(values) => ("changed", "properties", literal!(values)),
            What::Added(values) => ("added", "properties", literal!(values)),
            What::Removed => ("removed", "", Value::Null),
            What::Here(values) => ("here", "properties", literal!(values)),
            What::Gone => ("gone", "", Value::Null),
            What::Back => ("back", "", Value::Null),
        };
        let mut line = literal!({ "time_ms": unix_ms, "object": self.object, "event": event });
        if let (Value::Object(line), false) = (&mut line, key.is_empty()) {
            line.insert(key.to_owned(), detail);
        }
        line
    }

    /// The status and the reason that this call has now, if this tells them. A call that is over
    /// at once is added that way and never changes.
    pub(super) fn status_of(&self, call: u64) -> Option<(&str, &str)> {
        if self.object != format!("calls/{call}") {
            return None;
        }
        match &self.what {
            What::Signal { name, arguments } if name == "StatusChanged" => {
                match arguments.as_slice() {
                    [_, Value::String(new), Value::String(reason)] => Some((new, reason)),
                    _ => None,
                }
            }
            What::Changed(values) | What::Added(values) => {
                let status = values.get("Status")?.as_str()?;
                Some((status, values.get("Reason").and_then(Value::as_str).unwrap_or_default()))
            }
            What::Signal { .. } | What::Removed | What::Here(_) | What::Gone | What::Back => None,
        }
    }
}

type Interfaces = HashMap<String, HashMap<String, OwnedVariant>>;

fn object_news(path: &OwnedObjectPath, what: What) -> Option<News> {
    Some(News { object: object(path.as_str())?, what })
}

fn object(path: &str) -> Option<String> {
    match path.strip_prefix(ROOT)? {
        "" => Some(STATION.to_owned()),
        below => below.strip_prefix('/').map(str::to_owned),
    }
}

fn properties(values: &HashMap<String, OwnedVariant>) -> Properties {
    values.iter().map(|(name, value)| (name.clone(), json(value))).collect()
}

fn owner_changed(body: &Body) -> Result<Option<News>, zbus::Error> {
    let (name, _, owner): (String, String, String) = body.deserialize()?;
    let what = if owner.is_empty() { What::Gone } else { What::Back };
    Ok((name == NAME).then(|| News::of_station(what)))
}

fn arguments(body: &Body) -> Result<Vec<Value>, zbus::Error> {
    if body.is_empty() {
        return Ok(Vec::new());
    }
    let fields: Structure<'_> = body.deserialize()?;
    Ok(fields.fields().iter().map(json).collect())
}

fn spoken(name: &str, arguments: &[Value]) -> String {
    let words: Vec<String> = arguments.iter().map(text).collect();
    match (name, words.as_slice()) {
        (_, []) => String::new(),
        ("StatusChanged", [old, new, reason]) if reason.is_empty() || reason == new => {
            format!("  {old} -> {new}")
        }
        ("StatusChanged", [old, new, reason]) => format!("  {old} -> {new} ({reason})"),
        ("StateChanged", [old, new, by]) => format!("  {old} -> {new} by {by}"),
        ("AlarmChanged", [old, new]) => format!("  {old} -> {new}"),
        ("EndingSoon", [seconds]) => format!("  in {seconds} s"),
        (_, words) => format!("  {}", words.join(" ")),
    }
}

#[cfg(test)]
#[path = "news_tests.rs"]
mod tests;
