// SPDX-License-Identifier: MIT OR Apache-2.0
//! What lamps of typical configurations show, as text.

use std::{collections::BTreeSet, fmt::Write};

use intercomd::core::{
    lights,
    profile::Light,
    snapshot::LightView,
    status::{Indication, Pattern},
};

use crate::golden::golden;

fn light(shows: &[(Indication, Pattern)]) -> Light {
    Light { shows: shows.iter().copied().collect(), is_seen: true }
}

/// Beside `idle`, which always holds.
fn singles_and_pairs() -> BTreeSet<BTreeSet<Indication>> {
    let all = Indication::ALL;
    let pairs = all.iter().flat_map(|one| all.iter().map(move |other| (*one, *other)));
    pairs.map(|(one, other)| BTreeSet::from([one, other, Indication::Idle])).collect()
}

#[test]
fn every_pair_of_indications_lights_the_lamps_as_the_golden_table_says() {
    let patterns = Pattern::ALL.iter().copied().cycle();
    let full: Vec<_> = Indication::ALL.iter().copied().zip(patterns).collect();
    let lamps = [
        (
            "call lamp",
            light(&[
                (Indication::Ringing, Pattern::Blink),
                (Indication::Connected, Pattern::On),
                (Indication::Failed, Pattern::BlinkFast),
            ]),
        ),
        ("door lamp", light(&[(Indication::DoorOpen, Pattern::On)])),
        (
            "dark when watched",
            light(&[(Indication::Monitored, Pattern::Off), (Indication::Idle, Pattern::On)]),
        ),
        ("all", light(&full)),
    ];
    let mut text = String::from("# indications | lamp: pattern (what it shows)\n");
    for set in singles_and_pairs() {
        let words: Vec<_> = set.iter().map(|indication| indication.word()).collect();
        write!(text, "{}", words.join("+")).unwrap();
        for (lamp, light) in &lamps {
            let LightView { pattern, shows } = lights::show(light, &set);
            write!(text, " | {lamp}: {pattern} ({shows})").unwrap();
        }
        text.push('\n');
    }
    golden("lights.txt", &text);
}
