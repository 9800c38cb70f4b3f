// SPDX-License-Identifier: MIT OR Apache-2.0
//! What clients hear, and in which order.

use std::{
    collections::{BTreeMap, VecDeque},
    future::poll_fn,
    pin::Pin,
    time::Duration,
};

use futures_core::Stream;
use intercomd::{
    bus::Notice,
    core::{
        CallId, Reply, Status,
        effect::Signal,
        status::{DoorAlarm, DoorState},
    },
};
use zbus::{
    Connection, MatchRule, Message, MessageStream, ObjectPath, OwnedVariant, fdo::DBusProxy,
    message::Type,
};

use super::{NAME, ROOT, Stage, call, fixture};
use crate::deadline::within_deadline;

const CALL: CallId = CallId(8);
const PATH: &str = "/org/intercomd1/calls/8";

/// Everything that the client gets from the station, one line for each message.
struct Heard {
    messages: MessageStream,
    waiting: VecDeque<String>,
}

impl Heard {
    async fn by(client: &Connection) -> Self {
        let messages = MessageStream::from(client.clone());
        let rule = MatchRule::builder().msg_type(Type::Signal).sender(NAME).build().unwrap();
        let bus = DBusProxy::new(client).await.unwrap();
        within_deadline("subscribing", bus.add_match_rule(rule)).await.unwrap();
        let mut heard = Self { messages, waiting: VecDeque::new() };
        assert_eq!(heard.next().await, "returned");
        heard
    }

    async fn next(&mut self) -> String {
        loop {
            if let Some(line) = self.waiting.pop_front() {
                return line;
            }
            let message = self.message().await;
            self.waiting.extend(line(&message));
        }
    }

    async fn message(&mut self) -> Message {
        let next = poll_fn(|cx| Pin::new(&mut self.messages).poll_next(cx));
        within_deadline("a message", next).await.unwrap().unwrap()
    }

    async fn lines(&mut self, count: usize) -> Vec<String> {
        let mut lines = Vec::new();
        while lines.len() < count {
            lines.push(self.next().await);
        }
        lines
    }
}

type Values = BTreeMap<String, OwnedVariant>;

fn line(message: &Message) -> Option<String> {
    let (header, body) = (message.header(), message.body());
    if header.message_type() == Type::MethodReturn {
        return Some("returned".to_owned());
    }
    let path = header.path()?.as_str().strip_prefix(ROOT)?.to_owned();
    let member = header.member()?.as_str();
    Some(match member {
        "PropertiesChanged" => {
            let (_, values, invalidated): (String, Values, Vec<String>) =
                body.deserialize().unwrap();
            assert!(invalidated.is_empty());
            let names: Vec<_> = values.into_keys().collect();
            format!("{path} changed {}", names.join(","))
        }
        "InterfacesAdded" => {
            let (added, interfaces): (ObjectPath<'_>, BTreeMap<String, Values>) =
                body.deserialize().unwrap();
            format!("added {added} {}", interfaces.keys().next().unwrap())
        }
        "InterfacesRemoved" => {
            let (removed, interfaces): (ObjectPath<'_>, Vec<String>) = body.deserialize().unwrap();
            format!("removed {removed} {}", interfaces.join(","))
        }
        "StateChanged" | "StatusChanged" => {
            let (old, new, last): (String, String, String) = body.deserialize().unwrap();
            format!("{path} {member} {old} {new} {last}")
        }
        "AlarmChanged" => {
            let (old, new): (String, String) = body.deserialize().unwrap();
            format!("{path} {member} {old} {new}")
        }
        "EndingSoon" => format!("{path} {member} {}", body.deserialize::<u32>().unwrap()),
        "ConfigurationReloaded" => {
            let (ok, problems): (bool, Vec<String>) = body.deserialize().unwrap();
            format!("{path} {member} {ok} {}", problems.join(","))
        }
        _ => {
            body.deserialize::<()>().unwrap();
            format!("{path} {member}")
        }
    })
}

fn status(old: Status, new: Status) -> Notice {
    let reason = None;
    Notice::Core(Signal::StatusChanged { call: CALL, old, new, reason })
}

#[tokio::test]
async fn a_call_is_added_then_signalled_then_changed_and_then_removed() {
    let mut stage = Stage::set().await;
    let mut heard = Heard::by(&stage.client).await;

    stage.station.publish(
        |snapshot| {
            snapshot.calls.insert(CALL, fixture::ringing_call());
            snapshot.station.active_call = Some(CALL);
        },
        vec![status(Status::Initiated, Status::Ringing)],
    );
    assert_eq!(
        heard.lines(3).await,
        [
            format!("added {PATH} org.intercomd1.Call"),
            "/calls/8 StatusChanged initiated ringing ".to_owned(),
            " changed ActiveCall".to_owned(),
        ]
    );

    stage.station.publish(
        |snapshot| {
            let call = snapshot.calls.get_mut(&CALL).unwrap();
            call.status = Status::Ongoing;
            call.ring_deadline = None;
            call.answered_by = Some("phone_one".parse().unwrap());
        },
        vec![
            status(Status::Ringing, Status::Connecting),
            status(Status::Connecting, Status::Ongoing),
        ],
    );
    assert_eq!(
        heard.lines(3).await,
        [
            "/calls/8 StatusChanged ringing connecting ",
            "/calls/8 StatusChanged connecting ongoing ",
            "/calls/8 changed AnsweredBy,RingDeadline,Status",
        ]
    );

    stage.station.publish(|snapshot| drop(snapshot.calls.remove(&CALL)), vec![]);
    assert_eq!(heard.next().await, format!("removed {PATH} org.intercomd1.Call"));
}

/// One of each.
fn notices() -> Vec<Notice> {
    let door = || "front".parse().unwrap();
    let button = || "bell".parse().unwrap();
    vec![
        Notice::Core(Signal::ButtonPressed { button: button() }),
        Notice::Core(Signal::ButtonHeld { button: button() }),
        Notice::Core(Signal::DoorStateChanged {
            door: door(),
            old: DoorState::Closed,
            new: DoorState::Open,
            by: "bus".into(),
        }),
        Notice::Core(Signal::DoorAlarmChanged {
            door: door(),
            old: DoorAlarm::Normal,
            new: DoorAlarm::ForcedOpen,
        }),
        Notice::Core(Signal::EndingSoon { call: CALL, ends_in: Duration::from_secs(10) }),
        Notice::ConfigurationReloaded { problems: vec![] },
        Notice::ConfigurationReloaded { problems: vec!["line 3".into()] },
    ]
}

#[tokio::test]
async fn every_notice_becomes_its_signal() {
    let mut stage = Stage::set().await;
    let mut heard = Heard::by(&stage.client).await;
    stage.station.publish(|_| (), notices());
    assert_eq!(
        heard.lines(7).await,
        [
            "/buttons/bell ShortPress",
            "/buttons/bell LongPress",
            "/doors/front StateChanged closed open bus",
            "/doors/front AlarmChanged normal forced_open",
            "/calls/8 EndingSoon 10",
            " ConfigurationReloaded true ",
            " ConfigurationReloaded false line 3",
        ]
    );
}

#[tokio::test]
async fn every_described_signal_is_sent_with_its_arguments() {
    let mut stage = Stage::set().await;
    let mut heard = Heard::by(&stage.client).await;
    let described = super::description::described_signals();
    let mut all = notices();
    all.push(status(Status::Initiated, Status::Ringing));
    stage.station.publish(|_| (), all);

    let mut sent = BTreeMap::new();
    while sent.len() < described.len() {
        let message = heard.message().await;
        let header = message.header();
        let name = format!("{}.{}", header.interface().unwrap(), header.member().unwrap());
        if name.starts_with(NAME) {
            sent.insert(name, header.signature().to_string_no_parens());
        }
    }
    assert_eq!(sent, described);
}

#[tokio::test]
async fn what_a_method_did_is_heard_before_it_returns_and_can_be_read_then() {
    let mut stage = Stage::set().await;
    let mut heard = Heard::by(&stage.client).await;
    let (path, interface) = ("/org/intercomd1/contacts/hall", "org.intercomd1.Contact");
    let options = BTreeMap::<&str, zbus::Variant<'_>>::new();
    let dial = call(&stage.client, path, interface, "Call", &options);
    let station = async {
        let (_, reply) = stage.station.command().await;
        stage.station.publish(
            |snapshot| drop(snapshot.calls.insert(CALL, fixture::ringing_call())),
            vec![status(Status::Initiated, Status::Ringing)],
        );
        reply.send(Ok(Reply::Call(CALL))).unwrap();
    };
    tokio::join!(dial, station).0.unwrap();
    assert_eq!(
        heard.lines(3).await,
        [
            format!("added {PATH} org.intercomd1.Call"),
            "/calls/8 StatusChanged initiated ringing ".to_owned(),
            "returned".to_owned(),
        ]
    );

    let get = ("org.intercomd1.Call", "Status");
    let properties = "org.freedesktop.DBus.Properties";
    let read = call(&stage.client, PATH, properties, "Get", &get).await.unwrap();
    let value: OwnedVariant = read.body().deserialize().unwrap();
    assert_eq!(String::try_from(value).unwrap(), "ringing");
}

#[tokio::test]
async fn a_written_property_is_told_once() {
    let mut stage = Stage::set().await;
    let mut heard = Heard::by(&stage.client).await;
    let body = ("org.intercomd1.Station", "Volume", zbus::Variant::from(10_u8));
    let write = call(&stage.client, ROOT, "org.freedesktop.DBus.Properties", "Set", &body);
    let station = async {
        let (_, reply) = stage.station.command().await;
        stage.station.publish(|snapshot| snapshot.station.volume = 10, vec![]);
        reply.send(Ok(Reply::Done)).unwrap();
    };
    tokio::join!(write, station).0.unwrap();
    stage.station.publish(|snapshot| snapshot.station.quiet = true, vec![]);
    assert_eq!(heard.lines(3).await, [" changed Volume", "returned", " changed Quiet"]);
}

#[tokio::test]
async fn a_zero_character_in_a_text_does_not_cost_the_connection() {
    let mut stage = Stage::set().await;
    let mut heard = Heard::by(&stage.client).await;
    stage.station.publish(
        |snapshot| snapshot.doors.values_mut().for_each(|door| door.label = "a\0b".into()),
        vec![Notice::ConfigurationReloaded { problems: vec!["line 1: \0".into()] }],
    );
    assert_eq!(
        heard.lines(2).await,
        [" ConfigurationReloaded false line 1: \u{fffd}", "/doors/front changed Label"]
    );
}

#[tokio::test]
async fn two_hundred_watchers_hear_everything_and_hold_up_nobody() {
    const WATCHERS: usize = 200;
    const CHANGES: u64 = 50;
    let mut stage = Stage::set().await;
    let mut watchers = Vec::new();
    for _ in 0..WATCHERS {
        let client = stage.bus.connect().await;
        watchers.push(Heard::by(&client).await);
    }
    for presses in 1..=CHANGES {
        let path = "/org/intercomd1/buttons/bell";
        let press = call(&stage.client, path, "org.intercomd1.Button", "Press", &());
        let station = async {
            let (_, reply) = stage.station.command().await;
            stage.station.publish(
                |snapshot| {
                    snapshot.buttons.values_mut().for_each(|button| button.presses = presses);
                },
                vec![Notice::Core(Signal::ButtonPressed { button: "bell".parse().unwrap() })],
            );
            reply.send(Ok(Reply::Done)).unwrap();
        };
        // Nobody reads what the watchers are sent in the meantime.
        tokio::join!(press, station).0.unwrap();
    }
    for heard in &mut watchers {
        for _ in 0..CHANGES {
            assert_eq!(
                heard.lines(2).await,
                ["/buttons/bell ShortPress", "/buttons/bell changed Presses"]
            );
        }
    }
}
