// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which one is meant. One that is alone needs no name; nothing is guessed otherwise.

use super::{
    failure::{Failure, Kind},
    state::State,
};

pub(super) fn named(kind: Kind, wanted: Option<&str>, state: &State) -> Result<String, Failure> {
    let known: Vec<String> = match kind {
        Kind::Call => state.calls.keys().map(u64::to_string).collect(),
        Kind::Contact => state.contacts.keys().cloned().collect(),
        Kind::Door => state.doors.keys().cloned().collect(),
        Kind::Button => state.buttons.keys().cloned().collect(),
        Kind::Handset => state.handsets.keys().cloned().collect(),
    };
    match (wanted, known.as_slice()) {
        (Some(name), _) if known.iter().any(|known| known == name) => Ok(name.to_owned()),
        (Some(name), _) => Err(Failure::Unknown { kind, name: name.to_owned(), known }),
        (None, []) => Err(Failure::None(kind)),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(Failure::Ambiguous { kind, known }),
    }
}

/// The call that is not over, unless it is told which.
pub(super) fn call(wanted: Option<u64>, state: &State) -> Result<u64, Failure> {
    match wanted {
        None => state.station.active_call.ok_or(Failure::NoCall),
        Some(id) => named(Kind::Call, Some(&id.to_string()), state).map(|_| id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctl::state::{Call, Door};

    fn with_doors(names: &[&str]) -> State {
        let doors = names.iter().map(|name| ((*name).to_owned(), Door::default())).collect();
        State { doors, ..State::default() }
    }

    fn door(wanted: Option<&str>, names: &[&str]) -> Result<String, String> {
        named(Kind::Door, wanted, &with_doors(names)).map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_only_door_needs_no_name() {
        assert_eq!(door(None, &["front"]), Ok("front".into()));
        assert_eq!(door(None, &[]), Err("there is no door".into()));
    }

    #[test]
    fn of_two_doors_none_is_guessed() {
        let names = ["back", "front"];
        assert_eq!(door(None, &names), Err("which door? there are two: back, front".into()));
        assert_eq!(door(Some("back"), &names), Ok("back".into()));
        let unknown = "there is no door fron; there are back, front";
        assert_eq!(door(Some("fron"), &names), Err(unknown.into()));
    }

    #[test]
    fn the_active_call_is_meant_even_when_another_one_lingers() {
        let mut state = State::default();
        assert!(matches!(call(None, &state), Err(Failure::NoCall)));
        state.calls.insert(6, Call::default());
        state.calls.insert(7, Call::default());
        state.station.active_call = Some(7);
        assert_eq!(call(None, &state).unwrap(), 7);
        assert_eq!(call(Some(6), &state).unwrap(), 6);
        assert!(matches!(call(Some(5), &state), Err(Failure::Unknown { .. })));
    }
}
