// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[simulator.handsets.NAME]`: handsets that exist only in the simulated link, and how they act.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    Declared,
    buttons::label,
    reader::{Entry, Table},
};
pub use crate::core::profile::Right;
use crate::core::{
    ids::{DoorName, HandsetId},
    profile::Rights,
    status::words,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simulator {
    pub handsets: BTreeMap<HandsetId, SimulatedHandset>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedHandset {
    pub label: String,
    pub rights: Rights,
    pub script: Script,
}

/// What a simulated handset does by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    pub on_ring: OnRing,
    /// From the ring to its answer.
    pub after: Duration,
    /// From being selected to media.
    pub connect: Duration,
    /// How long it talks before it hangs up; `None`: until somebody else does.
    pub talk: Option<Duration>,
}

words! {
    pub enum OnRing {
        /// Rings and waits for somebody to press a button on it.
        Ring = "ring",
        Accept = "accept",
        Reject = "reject",
        Busy = "busy",
        Unreachable = "unreachable",
        /// Never answers anything, like a phone that is switched off.
        Silent = "silent",
    }
}

pub(super) fn read(table: &Table<'_>, declared: &Declared, has_light: bool) -> Simulator {
    let mut handsets = BTreeMap::new();
    for (name, table) in table.key("handsets").named::<HandsetId>() {
        let handset = SimulatedHandset {
            label: table.key("label").text().unwrap_or_else(|| label(name.as_ref())),
            rights: read_rights(&table, declared, has_light, BTreeSet::new()),
            script: read_script(&table.section("script")),
        };
        handsets.extend(name.zip(Some(handset)));
    }
    Simulator { handsets }
}

/// Without a word about it a handset answers and sees who rings.
pub(super) fn read_rights(
    table: &Table<'_>,
    declared: &Declared,
    has_light: bool,
    usual_doors: BTreeSet<DoorName>,
) -> Rights {
    let right = |item: &Entry<'_>| item.word(Right::ALL, Right::word);
    let entry = table.key("rights");
    let rights = entry.set("a list of answer, preview, monitor, admin", right);
    let rights = rights.unwrap_or_else(|| BTreeSet::from([Right::Answer, Right::Preview]));
    if rights.contains(&Right::Monitor) && !has_light {
        let what = "lets a handset listen in, and no light would show it".to_owned();
        entry.clash(what, "monitor only where the file declares a light; where [audio] plays to no sound card, one with a line");
    }
    let doors =
        table.key("doors").set("a list of doors", |item| item.known(&declared.doors, "door"));
    Rights::new(&rights, doors.unwrap_or(usual_doors))
}

fn read_script(table: &Table<'_>) -> Script {
    let on_ring = table.key("on_ring").word(OnRing::ALL, OnRing::word);
    let ms = |key, usual| {
        let time = table.key(key).millis(0..=600_000);
        time.unwrap_or(Duration::from_millis(usual))
    };
    Script {
        on_ring: on_ring.unwrap_or(OnRing::Ring),
        after: ms("after_ms", 1000),
        connect: ms("connect_ms", 200),
        talk: table.key("talk_ms").millis(1..=3_600_000),
    }
}
