// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[buttons.NAME]` and `[[chords]]`.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Declared, action,
    reader::{Entry, Table},
    value::rate,
    wires::{PUSH_BUTTON, Required, Wires},
};
use crate::core::{
    event::Input,
    ids::ButtonName,
    profile::{Button, Chord, HoldAction, Rate},
};

const RATE: Rate = Rate { count: 6, per: Duration::from_secs(10) };

pub(super) fn read(
    buttons: &Entry<'_>,
    declared: &Declared,
    wires: &mut Wires,
) -> BTreeMap<ButtonName, Button> {
    let mut all = BTreeMap::new();
    for (name, table) in buttons.named::<ButtonName>() {
        let button = read_one(&table, name.as_ref(), declared);
        wires.input(name.clone().map(Input::Button), &table, PUSH_BUTTON, Required::No);
        all.extend(name.zip(Some(button)));
    }
    all
}

fn read_one(table: &Table<'_>, name: Option<&ButtonName>, declared: &Declared) -> Button {
    let min_press = table.key("min_press_ms");
    let shortest = min_press.millis(0..=1000).unwrap_or(Duration::from_millis(20));
    let hold = table.key("hold");
    Button {
        label: table.key("label").text().unwrap_or_else(|| label(name)),
        press: action::read(&table.key("press"), declared),
        hold: hold.is_set().then(|| read_hold(&hold, declared, &min_press, shortest)),
        min_press: shortest,
        rate: rate(&table.key("max_presses"), &table.key("per_s"), RATE),
    }
}

fn read_hold(
    hold: &Entry<'_>,
    declared: &Declared,
    min_press: &Entry<'_>,
    shortest: Duration,
) -> HoldAction {
    let table = hold.section();
    let after_ms = table.key("after_ms");
    let after = after_ms.millis(100..=30_000).unwrap_or(Duration::from_secs(2));
    if after <= shortest {
        let whence = min_press.whence();
        let what = format!("is {}, not after a short press is one", after.as_millis());
        after_ms.clash(what, &format!("more than min_press_ms, {}{whence}", shortest.as_millis()));
    }
    let action = table.key("action");
    action.required("what the button does when held");
    HoldAction { after, actions: action::read(&action, declared) }
}

pub(super) fn read_chords(chords: &Entry<'_>, declared: &Declared) -> Vec<Chord> {
    let mut all: Vec<Chord> = Vec::new();
    for entry in chords.items("a list of tables").unwrap_or_default() {
        let chord = read_chord(&entry.section(), declared);
        if chord.buttons.len() > 1 && all.iter().any(|other| other.buttons == chord.buttons) {
            let what = "is made with the same buttons as one before it".to_owned();
            entry.clash(what, "one action for the same buttons");
        }
        all.push(chord);
    }
    all
}

fn read_chord(table: &Table<'_>, declared: &Declared) -> Chord {
    let allowed = "a list of two or more buttons";
    let entry = table.key("buttons");
    let buttons = entry.set(allowed, |item| item.known(&declared.buttons, "button"));
    match entry.value.map(|value| value.as_array().map_or(2, |list| list.len())) {
        None => entry.required(allowed),
        Some(0) => entry.wrong("names no button".to_owned(), allowed),
        Some(1) => entry.wrong("names a single button".to_owned(), allowed),
        Some(_) => {}
    }
    let action = table.key("action");
    action.required("what the buttons do when held together");
    Chord {
        buttons: buttons.unwrap_or_default(),
        after: table.key("after_ms").millis(0..=30_000).unwrap_or(Duration::from_secs(5)),
        actions: action::read(&action, declared),
    }
}

/// What people read where the file gives no label.
pub(super) fn label(name: Option<&impl ToString>) -> String {
    name.map(ToString::to_string).unwrap_or_default()
}
