// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[doors.NAME]`.

use std::collections::BTreeMap;

use super::{
    buttons::label,
    reader::{Entry, Table},
    value::rate,
    wires::{CLOSED_CIRCUIT, EXIT_BUTTON, Required, Usual, Wires},
};
use crate::{
    core::{event::Input, ids::DoorName, profile::Door},
    panel::Output,
};

pub(super) fn read(doors: &Entry<'_>, wires: &mut Wires) -> BTreeMap<DoorName, Door> {
    let mut all = BTreeMap::new();
    for (name, table) in doors.named::<DoorName>() {
        let door = read_one(&table, name.as_ref());
        wire(&table, name.as_ref(), wires);
        all.extend(name.zip(Some(door)));
    }
    all
}

fn read_one(table: &Table<'_>, name: Option<&DoorName>) -> Door {
    let usual = Door::default();
    let has_contact = table.key("contact").is_set();
    let (open_alarm, forced) = (table.key("open_alarm_after_s"), table.key("forced_open_alarm"));
    let forced_open_alarm = forced.flag();
    for (entry, wanted) in [(&open_alarm, true), (&forced, forced_open_alarm == Some(true))] {
        if entry.is_set() && wanted && !has_contact {
            let what = "cannot be told without a contact that says whether the door is open";
            entry.clash(what.to_owned(), "only together with contact");
        }
    }
    Door {
        label: table.key("label").text().unwrap_or_else(|| label(name)),
        pulse: table.key("pulse_ms").millis(100..=60_000).unwrap_or(usual.pulse),
        max_hold: table.key("max_hold_s").seconds(1..=86_400).unwrap_or(usual.max_hold),
        rate: rate(&table.key("max_opens"), &table.key("per_s"), usual.rate),
        has_contact,
        open_alarm_after: open_alarm.seconds(1..=86_400),
        settle: table.key("settle_s").seconds(0..=3600).unwrap_or(usual.settle),
        forced_open_alarm: forced_open_alarm.unwrap_or(usual.forced_open_alarm),
    }
}

fn wire(table: &Table<'_>, name: Option<&DoorName>, wires: &mut Wires) {
    const WIRED: &str = "a table, as in { line = … }";
    let relay = table.key("relay").table(WIRED);
    wires.output(name.cloned().map(Output::Relay), &relay, Required::Yes);
    let mut optional = |key, input: fn(DoorName) -> Input, usual: Usual| {
        let entry = table.key(key);
        let wiring = entry.table(WIRED);
        if entry.is_set() {
            wires.input(name.cloned().map(input), &wiring, usual, Required::Yes);
        }
    };
    optional("contact", Input::DoorContact, CLOSED_CIRCUIT);
    optional("exit_button", Input::ExitButton, EXIT_BUTTON);
}
