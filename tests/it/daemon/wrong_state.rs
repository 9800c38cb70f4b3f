// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every method of every interface in every state, and the error it returns. The methods are
//! those of the shipped description; `UPDATE_GOLDEN=1` writes the answers anew.

use std::{fmt::Write, fs};

use zbus::Variant;

use super::{
    client::{Refusal, no_options, until},
    home::Tables,
    station::Station,
};

const SHIPPED: &str = include_str!("../../../config/dbus/org.intercomd1.xml");
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/dbus-errors.txt");

/// `Call.Accept a{sv}`, or `Call.Mute= b` for a property that can be written.
fn members() -> Vec<(String, String, String)> {
    let mut members: Vec<(String, String, String)> = Vec::new();
    let mut interface = String::new();
    for line in SHIPPED.lines().map(str::trim) {
        let attribute = |name: &str| {
            let value = line.split(&format!("{name}=\"")).nth(1)?;
            value.split('"').next().map(str::to_owned)
        };
        if line.starts_with("<interface ") {
            interface = attribute("name").unwrap().rsplit('.').next().unwrap().to_owned();
        } else if line.starts_with("<method ") {
            members.push((interface.clone(), attribute("name").unwrap(), String::new()));
        } else if line.contains("direction=\"in\"") {
            members.last_mut().unwrap().2.push_str(&attribute("type").unwrap());
        } else if line.contains("access=\"readwrite\"") {
            let (name, kind) = (attribute("name").unwrap(), attribute("type").unwrap());
            members.push((interface.clone(), format!("{name}="), kind));
        }
    }
    members
}

#[derive(Clone, Copy, Debug)]
enum State {
    Idle,
    RingingOut,
    RingingIn,
    Ongoing,
    Held,
    Ended,
    /// The object is not there.
    Unknown,
}

impl State {
    const ALL: [(Self, &str); 7] = [
        (Self::Idle, "idle"),
        (Self::RingingOut, "ringing out"),
        (Self::RingingIn, "ringing in"),
        (Self::Ongoing, "ongoing"),
        (Self::Held, "held"),
        (Self::Ended, "ended"),
        (Self::Unknown, "unknown"),
    ];
}

fn tables() -> Tables {
    let plenty = "max_presses = 1000\nper_s = 1";
    let bell = "press = { idle = 'call:home', calling = 'nothing', ringing = 'accept', ongoing = 'hang_up' }";
    Tables::usual()
        .with("buttons.bell", &format!("{bell}\n{plenty}"))
        .with("buttons.bell.hold", "action = { ongoing = 'toggle_mute' }")
        .with("buttons.second", &format!("press = 'nothing'\n{plenty}"))
        .with("doors.front", "pulse_ms = 60000\nmax_opens = 1000\nper_s = 1\nrelay = {}")
}

/// Brings the station into the state; the call that it is about.
async fn enter(station: &Station, state: State) -> String {
    station.call("", "HangupAll", &()).await.unwrap();
    station.call("doors/front", "Lock", &()).await.unwrap();
    station.call("doors/front", "Unlock", &()).await.unwrap();
    let in_call = async || {
        let call = station.ring("home").await.unwrap();
        station.play("Accept", &"hall").await.unwrap();
        station.becomes(&call, "Status", "ongoing").await;
        call
    };
    match state {
        State::Idle | State::Unknown => "calls/999999".to_owned(),
        State::RingingOut => {
            let call = station.ring("home").await.unwrap();
            station.becomes(&call, "Status", "ringing").await;
            call
        }
        State::RingingIn => {
            station.play("Dial", &("hall", "audio", false)).await.unwrap();
            let active: zbus::ObjectPath<'static> = station.property("", "ActiveCall").await;
            super::client::object(active.as_str())
        }
        State::Ongoing => in_call().await,
        State::Held => {
            let call = in_call().await;
            station.call(&call, "Hold", &()).await.unwrap();
            call
        }
        State::Ended => {
            let call = station.ring("home").await.unwrap();
            station.call(&call, "Hangup", &()).await.unwrap();
            call
        }
    }
}

/// What of this kind the method is called on; `None` where nothing can be unknown.
fn target(interface: &str, state: State, call: &str) -> Option<String> {
    let unknown = matches!(state, State::Unknown);
    Some(match interface {
        "Station" if unknown => return None,
        "Station" => String::new(),
        "Call" => call.to_owned(),
        "Door" => if unknown { "doors/nowhere" } else { "doors/front" }.to_owned(),
        "Button" => if unknown { "buttons/nowhere" } else { "buttons/bell" }.to_owned(),
        "Handset" => if unknown { "handsets/nobody" } else { "handsets/hall" }.to_owned(),
        "Contact" => if unknown { "contacts/nobody" } else { "contacts/home" }.to_owned(),
        other => panic!("{other} has methods: say on what to call them"),
    })
}

async fn ask(
    station: &Station,
    object: &str,
    (method, arguments): (&str, &str),
) -> Result<(), Refusal> {
    if let Some(property) = method.strip_suffix('=') {
        let value = match arguments {
            "b" => Variant::from(false),
            "y" => Variant::from(50_u8),
            "n" => Variant::from(0_i16),
            other => panic!("a value of type {other}"),
        };
        return station.set(object, property, value).await;
    }
    match arguments {
        "" => station.call(object, method, &()).await,
        "s" => station.call(object, method, &"").await,
        "u" => station.call(object, method, &0_u32).await,
        "a{sv}" => station.call(object, method, &no_options()).await,
        "sa{sv}" => station.call(object, method, &("home", no_options())).await,
        other => panic!("arguments {other}"),
    }
    .map(drop)
}

fn answer(outcome: Result<(), Refusal>) -> String {
    match outcome {
        Ok(()) => "ok".to_owned(),
        Err((error, _)) => error,
    }
}

fn row(table: &mut String, name: &str, cells: &[String]) {
    let cells: String = cells.iter().map(|cell| format!(" {cell:<18}")).collect();
    writeln!(table, "{name:<22}{cells}").unwrap();
    table.truncate(table.trim_end().len());
    table.push('\n');
}

#[tokio::test]
async fn every_method_in_every_state_returns_what_is_written_down() {
    let station = Station::with(tables()).await;
    let mut table = String::new();
    let states: Vec<_> = State::ALL.iter().map(|(_, name)| (*name).to_owned()).collect();
    row(&mut table, "", &states);
    for (interface, method, arguments) in members() {
        let mut cells = Vec::new();
        for (state, _) in State::ALL {
            let call = enter(&station, state).await;
            cells.push(match target(&interface, state, &call) {
                Some(object) => answer(ask(&station, &object, (&method, &arguments)).await),
                None => "-".to_owned(),
            });
        }
        row(&mut table, &format!("{interface}.{method}"), &cells);
    }
    table.push('\n');
    doors(&mut table).await;
    compare(&table);
}

const DOOR: &str = "doors/front";
const RELAY: &str = "doors.front.relay";

async fn tamper(station: &Station, active: bool) {
    station.play("SetInput", &("tamper", active)).await.unwrap();
    let seen = async || match active {
        true => station.property::<bool>("", "Tampered").await,
        // Refused for as long as the station is open.
        false => station.call(DOOR, "Unlock", &()).await.is_ok(),
    };
    until("the cover is seen", seen).await;
}

async fn enter_at_door(station: &Station, state: &str) {
    let ask = async |method: &str| station.call(DOOR, method, &()).await.map(drop).unwrap();
    let open = async || station.call(DOOR, "Open", &no_options()).await.map(drop).unwrap();
    tamper(station, false).await;
    station.play("FailOutput", &(RELAY, false)).await.unwrap();
    ask("Lock").await;
    ask("Unlock").await;
    station.becomes(DOOR, "Alarm", "normal").await;
    match state {
        "closed" => {}
        "open" => open().await,
        "held" => ask("Hold").await,
        "locked" => ask("Lock").await,
        "tampered" => {
            tamper(station, true).await;
            station.play("SetInput", &("tamper", false)).await.unwrap();
        }
        "pried open" => tamper(station, true).await,
        "broken" => {
            station.play("FailOutput", &(RELAY, true)).await.unwrap();
            open().await;
            station.becomes(DOOR, "Alarm", "fault").await;
        }
        other => panic!("no door is {other}"),
    }
}

/// Doors have states of their own.
async fn doors(table: &mut String) {
    let station = Station::with(tables()).await;
    let states = ["closed", "open", "held", "locked", "tampered", "pried open", "broken"];
    row(table, "", &states.map(str::to_owned));
    for (_, method, arguments) in members().into_iter().filter(|(kind, ..)| kind == "Door") {
        let mut cells = Vec::new();
        for state in states {
            enter_at_door(&station, state).await;
            cells.push(answer(ask(&station, DOOR, (&method, &arguments)).await));
        }
        row(table, &format!("Door.{method}"), &cells);
    }
}

fn compare(table: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(GOLDEN, table).unwrap();
    }
    let expected = fs::read_to_string(GOLDEN).unwrap_or_default();
    assert!(table == expected, "expected:\n{expected}\nfound:\n{table}");
}
