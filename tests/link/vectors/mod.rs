// SPDX-License-Identifier: MIT OR Apache-2.0
//! `tests/vectors`: examples that every implementation runs. They are made here, and held to what
//! is made here; `UPDATE_VECTORS=1` writes them anew.

mod damage;
mod draft;
mod primitives;
mod push;
mod station_cases;
mod to_handset;
mod to_station;

use std::{env, fs};

use serde::{Serialize, de::DeserializeOwned};

use super::peer::vectors;

/// What is in the file; which is what was made, after an update at the latest.
fn kept<T: Serialize + DeserializeOwned>(file: &str, make: impl FnOnce(&str) -> T) -> T {
    let path = vectors().join(file);
    let before = fs::read_to_string(&path).unwrap_or_default();
    let made = serde_json::to_string_pretty(&make(&before)).unwrap() + "\n";
    if env::var_os("UPDATE_VECTORS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let text = fs::read_to_string(&path).unwrap();
    assert!(text == made, "{file} is not what is made here; UPDATE_VECTORS=1 writes it anew");
    serde_json::from_str(&text).unwrap()
}
