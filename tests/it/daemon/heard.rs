// SPDX-License-Identifier: MIT OR Apache-2.0
//! Everything that a watching client gets from the station, one line for each message.

use std::{collections::VecDeque, future::poll_fn, pin::Pin};

use futures_core::Stream;
use zbus::{
    Connection, MatchRule, Message, MessageStream, ObjectPath, OwnedVariant, fdo::DBusProxy,
    message::Type,
};

use super::client::{NAME, Properties, object};
use crate::deadline::within_deadline;

pub(crate) struct Heard {
    messages: MessageStream,
    lines: VecDeque<String>,
}

impl Heard {
    /// Once this returns nothing is missed.
    pub(crate) async fn by(client: &Connection) -> Self {
        let messages = MessageStream::from(client.clone());
        let rule = MatchRule::builder().msg_type(Type::Signal).sender(NAME).build().unwrap();
        let bus = DBusProxy::new(client).await.unwrap();
        within_deadline("subscribing", bus.add_match_rule(rule)).await.unwrap();
        Self { messages, lines: VecDeque::new() }
    }

    pub(crate) async fn next(&mut self) -> String {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return line;
            }
            let next = poll_fn(|cx| Pin::new(&mut self.messages).poll_next(cx));
            let message = within_deadline("a signal", next).await.unwrap().unwrap();
            self.lines.extend(line(&message));
        }
    }

    /// Everything up to and including the first line that begins so.
    pub(crate) async fn up_to(&mut self, start: &str) -> Vec<String> {
        let mut heard = Vec::new();
        while !heard.last().is_some_and(|line: &String| line.starts_with(start)) {
            heard.push(self.next().await);
        }
        heard
    }
}

fn line(message: &Message) -> Option<String> {
    let (header, body) = (message.header(), message.body());
    if header.message_type() != Type::Signal {
        return None;
    }
    let path = header.path()?.as_str();
    if !path.starts_with("/org/intercomd1") || path.ends_with("/Simulator") {
        return None;
    }
    let name = object(path);
    let member = header.member()?.as_str();
    Some(match member {
        "PropertiesChanged" => {
            let (_, values, _): (String, Properties, Vec<String>) = body.deserialize().unwrap();
            let values: Vec<_> =
                values.into_iter().map(|(key, value)| shown(&key, value)).collect();
            format!("{name} changed {}", values.join(" "))
        }
        "InterfacesAdded" => {
            let (added, _): (ObjectPath<'_>, OwnedInterfaces) = body.deserialize().unwrap();
            format!("added {}", object(added.as_str()))
        }
        "InterfacesRemoved" => {
            let (removed, _): (ObjectPath<'_>, Vec<String>) = body.deserialize().unwrap();
            format!("removed {}", object(removed.as_str()))
        }
        "StateChanged" | "StatusChanged" => {
            let (old, new, last): (String, String, String) = body.deserialize().unwrap();
            format!("{name} {member} {old} {new} {last}").trim_end().to_owned()
        }
        "AlarmChanged" => {
            let (old, new): (String, String) = body.deserialize().unwrap();
            format!("{name} {member} {old} {new}")
        }
        "EndingSoon" => format!("{name} {member} {}", body.deserialize::<u32>().unwrap()),
        "ConfigurationReloaded" => {
            let (ok, problems): (bool, Vec<String>) = body.deserialize().unwrap();
            format!("{name} {member} {ok} {}", problems.join("; "))
        }
        _ => format!("{name} {member}"),
    })
}

type OwnedInterfaces = std::collections::BTreeMap<String, Properties>;

/// Words are shown, other values only named.
fn shown(key: &str, value: OwnedVariant) -> String {
    match String::try_from(value) {
        Ok(word) => format!("{key}={word}"),
        Err(_) => key.to_owned(),
    }
}
