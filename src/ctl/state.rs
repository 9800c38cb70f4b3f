// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station as it was at one moment. Words stay text: a newer station may have more of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// Times are microseconds on CLOCK_MONOTONIC, zero when there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    /// When it was asked.
    pub now: u64,
    pub station: Station,
    pub calls: BTreeMap<u64, Call>,
    pub doors: BTreeMap<String, Door>,
    pub buttons: BTreeMap<String, Button>,
    pub lights: BTreeMap<String, Light>,
    pub handsets: BTreeMap<String, Handset>,
    pub contacts: BTreeMap<String, Contact>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub struct Station {
    pub name: String,
    pub version: String,
    pub active_call: Option<u64>,
    pub indications: Vec<String>,
    pub problems: Vec<String>,
    pub do_not_disturb: bool,
    pub quiet: bool,
    pub tampered: bool,
    pub audio_available: bool,
    pub volume: u8,
    pub tone: String,
    pub pairing_deadline: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub struct Call {
    pub status: String,
    pub reason: String,
    pub direction: String,
    pub contact: Option<String>,
    pub handset: String,
    pub answered_by: String,
    pub legs: BTreeMap<String, Leg>,
    pub media: String,
    pub media_state: String,
    pub encrypted: bool,
    pub monitor: bool,
    pub mute: bool,
    pub held: bool,
    pub silenced: bool,
    pub started_at: u64,
    pub answered_at: u64,
    pub ended_at: u64,
    pub ring_deadline: u64,
    pub deadline: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Leg {
    pub status: String,
    pub reason: String,
    pub media_state: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub struct Door {
    pub label: String,
    pub state: String,
    pub alarm: String,
    pub contact: String,
    pub locked: bool,
    pub relay_active: bool,
    pub relay_deadline: u64,
    pub pulse_ms: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub struct Button {
    pub label: String,
    pub pressed: bool,
    pub presses: u64,
    pub glitches: u64,
    pub ignored: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub struct Light {
    pub pattern: String,
    pub shows: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub struct Handset {
    pub label: String,
    pub rights: Vec<String>,
    pub doors: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub struct Contact {
    pub label: String,
    pub media: String,
}

/// The properties of one object, by D-Bus name.
pub(super) type Properties = Map<String, Value>;

#[derive(Debug, thiserror::Error)]
#[error("{object}: {error}")]
pub(super) struct WrongType {
    object: String,
    error: serde_json::Error,
}

impl State {
    /// Objects are keyed by folder and name as in `doors/front`. Unknown folders are left out.
    pub(super) fn of(
        now: u64,
        station: Properties,
        objects: impl IntoIterator<Item = (String, Properties)>,
    ) -> Result<Self, WrongType> {
        let mut state = Self { now, station: typed("station", station)?, ..Self::default() };
        for (key, properties) in objects {
            state.take(&key, properties)?;
        }
        Ok(state)
    }

    fn take(&mut self, key: &str, properties: Properties) -> Result<(), WrongType> {
        let Some((folder, name)) = key.split_once('/') else { return Ok(()) };
        let own = name.to_owned();
        match folder {
            "calls" => {
                let call = typed(key, properties)?;
                name.parse().ok().and_then(|id| self.calls.insert(id, call));
            }
            "doors" => drop(self.doors.insert(own, typed(key, properties)?)),
            "buttons" => drop(self.buttons.insert(own, typed(key, properties)?)),
            "lights" => drop(self.lights.insert(own, typed(key, properties)?)),
            "handsets" => drop(self.handsets.insert(own, typed(key, properties)?)),
            "contacts" => drop(self.contacts.insert(own, typed(key, properties)?)),
            _ => {}
        }
        Ok(())
    }
}

fn typed<T: DeserializeOwned>(object: &str, properties: Properties) -> Result<T, WrongType> {
    serde_json::from_value(Value::Object(properties))
        .map_err(|error| WrongType { object: object.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn properties(value: Value) -> Properties {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_newer_station_with_more_properties_and_objects_is_understood() {
        let station = properties(json!({ "Name": "Gate", "ActiveCall": 7, "Moon": "full" }));
        let door = properties(json!({ "State": "ajar", "PulseMs": 3000, "Colour": "green" }));
        let bell = properties(json!({ "Loud": true }));
        let objects = [("doors/front".to_owned(), door), ("bells/big".to_owned(), bell)];
        let state = State::of(5, station, objects).unwrap();
        let front = Door { state: "ajar".into(), pulse_ms: 3000, ..Door::default() };
        let expected = State {
            now: 5,
            station: Station { name: "Gate".into(), active_call: Some(7), ..Station::default() },
            doors: BTreeMap::from([("front".into(), front)]),
            ..State::default()
        };
        assert_eq!(state, expected);
    }

    #[test]
    fn a_property_of_the_wrong_type_is_told_with_its_object() {
        let door = properties(json!({ "Locked": "perhaps" }));
        let error = State::of(0, Map::new(), [("doors/front".to_owned(), door)]).unwrap_err();
        assert!(error.to_string().starts_with("doors/front: "), "{error}");
    }

    #[test]
    fn names_are_in_snake_case_when_printed() {
        let printed = serde_json::to_value(Station::default()).unwrap();
        assert_eq!(printed["do_not_disturb"], json!(false));
    }
}
