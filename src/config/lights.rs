// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[lights.NAME]`.

use std::collections::BTreeMap;

use super::{
    reader::{Entry, Table},
    spelling::listed,
    wires::{Required, Wires},
};
use crate::{
    core::{
        ids::LightName,
        profile::Light,
        status::{Indication, Pattern},
    },
    media::setup::Playback,
    panel::{Output, wiring::Wiring},
};

pub(super) fn read(lights: &Entry<'_>, wires: &mut Wires) -> BTreeMap<LightName, Light> {
    let mut all = BTreeMap::new();
    for (name, table) in lights.named::<LightName>() {
        let light = read_one(&table);
        wires.output(name.clone().map(Output::Light), &table, Required::No);
        all.extend(name.zip(Some(light)));
    }
    all
}

/// What only a screen may show is not enough where nothing is heard either.
pub(super) fn seen(
    mut lights: BTreeMap<LightName, Light>,
    wiring: &Wiring,
    playback: &Playback,
) -> BTreeMap<LightName, Light> {
    let is_heard = matches!(playback, Playback::Alsa(_));
    for (name, light) in &mut lights {
        light.is_seen = is_heard || wiring.outputs.contains_key(&Output::Light(name.clone()));
    }
    lights
}

fn read_one(light: &Table<'_>) -> Light {
    let entry = light.key("shows");
    let mut shows = BTreeMap::new();
    let mut dark = true;
    let table = entry.section();
    for indication in Indication::ALL {
        let key = table.key(indication.word());
        let pattern = key.word(Pattern::ALL, Pattern::word);
        dark &= !key.is_set() || pattern == Some(Pattern::Off);
        let Some(pattern) = pattern else { continue };
        if *indication == Indication::Monitored && pattern == Pattern::Off {
            let others = Pattern::ALL.iter().filter(|pattern| **pattern != Pattern::Off);
            key.wrong("would hide that somebody listens in".to_owned(), &listed(others));
        }
        shows.insert(*indication, pattern);
    }
    if dark {
        let allowed = format!("a pattern other than off for one of {}", listed(Indication::ALL));
        entry.clash("shows nothing".to_owned(), &allowed);
    }
    Light { shows, is_seen: true }
}
