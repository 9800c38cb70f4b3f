// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station as it was at one moment. Words stay text: a newer station may have more of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// Times are microseconds on CLOCK_MONOTONIC, zero when there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct State {
    /// When it was asked.
    pub(super) now: u64,
    pub(super) station: Station,
    pub(super) calls: BTreeMap<u64, Call>,
    pub(super) doors: BTreeMap<String, Door>,
    pub(super) buttons: BTreeMap<String, Button>,
    pub(super) lights: BTreeMap<String, Light>,
    pub(super) handsets: BTreeMap<String, Handset>,
    pub(super) contacts: BTreeMap<String, Contact>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub(super) struct Station {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) active_call: Option<u64>,
    pub(super) indications: Vec<String>,
    pub(super) problems: Vec<String>,
    pub(super) do_not_disturb: bool,
    pub(super) quiet: bool,
    pub(super) tampered: bool,
    pub(super) audio_available: bool,
    pub(super) volume: u8,
    pub(super) microphone_gain: i16,
    pub(super) tone: String,
    pub(super) pairing_deadline: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub(super) struct Call {
    pub(super) status: String,
    pub(super) reason: String,
    pub(super) direction: String,
    pub(super) contact: Option<String>,
    pub(super) handset: String,
    pub(super) answered_by: String,
    pub(super) legs: BTreeMap<String, Leg>,
    pub(super) media: String,
    pub(super) media_state: String,
    pub(super) encrypted: bool,
    pub(super) monitor: bool,
    pub(super) mute: bool,
    pub(super) held: bool,
    pub(super) silenced: bool,
    pub(super) started_at: u64,
    pub(super) answered_at: u64,
    pub(super) ended_at: u64,
    pub(super) ring_deadline: u64,
    pub(super) deadline: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Leg {
    pub(super) status: String,
    pub(super) reason: String,
    pub(super) media_state: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub(super) struct Door {
    pub(super) label: String,
    pub(super) state: String,
    pub(super) alarm: String,
    pub(super) contact: String,
    pub(super) locked: bool,
    pub(super) relay_active: bool,
    pub(super) relay_deadline: u64,
    pub(super) pulse_ms: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub(super) struct Button {
    pub(super) label: String,
    pub(super) pressed: bool,
    pub(super) presses: u64,
    pub(super) glitches: u64,
    pub(super) ignored: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub(super) struct Light {
    pub(super) pattern: String,
    pub(super) shows: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub(super) struct Handset {
    pub(super) label: String,
    pub(super) rights: Vec<String>,
    pub(super) doors: Vec<String>,
    pub(super) push: Push,
}

/// Words are empty and times zero where there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Push {
    pub(super) registered: bool,
    pub(super) result: String,
    pub(super) at: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all(deserialize = "PascalCase"))]
pub(super) struct Contact {
    pub(super) label: String,
    pub(super) media: String,
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
