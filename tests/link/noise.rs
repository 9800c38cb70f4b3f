// SPDX-License-Identifier: MIT OR Apache-2.0
//! Anything at all as a frame, and as what somebody with a key signed.

#[path = "../fuzz/replay.rs"]
mod replay;
#[path = "../fuzz/targets.rs"]
mod targets;

use std::{fs, path::PathBuf};

use serde_json::Value;

use self::replay::{Tally, corpus, replay};
use crate::{peer::vectors, phone::payload};

fn seeds(name: &str) -> Vec<Vec<u8>> {
    corpus(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name))
}

/// The frames of the vectors, which are worth more than anything that is made by chance.
fn frames() -> Vec<Vec<u8>> {
    let text = fs::read(vectors().join("to_station.json")).unwrap();
    let file: Value = serde_json::from_slice(&text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    cases.iter().map(|case| case["frame"].as_str().unwrap().as_bytes().to_vec()).collect()
}

#[test]
fn anything_may_be_a_frame() {
    let tally = replay(&seeds("envelope"), 60_000, targets::envelope);
    assert_eq!(tally.seeds, tally.seeds_taken, "the corpus is good");
    assert!(tally.refused > 0);
    let Tally { seeds_taken, refused, .. } = replay(&frames(), 60_000, targets::envelope);
    assert!(seeds_taken > 100 && refused > 0);
}

#[test]
fn anything_may_be_signed() {
    let tally = replay(&seeds("message"), 40_000, targets::message);
    assert_eq!(tally.seeds, tally.seeds_taken, "the corpus is good");
    assert!(tally.taken > 0 && tally.refused > 0, "{tally:?}");
}

#[test]
fn every_message_is_in_the_corpus() {
    let words = |name: &str| -> Vec<String> {
        let text = |seed: &Vec<u8>| serde_json::from_slice::<Value>(seed).unwrap();
        let seeds = seeds(name);
        let words = seeds.iter().map(|seed| text(seed)["t"].as_str().unwrap().to_owned());
        words.collect()
    };
    let found = words("message");
    let handset = intercomd::link::message::FromHandset::WORDS;
    let station = intercomd::link::message::FromStation::WORDS;
    for word in handset.iter().chain(station) {
        assert!(found.iter().any(|other| other == word), "{word}");
    }
    assert_eq!(payload("a.b.c"), Value::Null);
}
