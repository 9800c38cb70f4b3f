// SPDX-License-Identifier: MIT OR Apache-2.0
#![no_main]

#[path = "../description.rs"]
mod description;

#[allow(dead_code, reason = "the rest of the worker")]
#[path = "../../../src/bin/intercomd-media/leg"]
mod leg {
    pub(crate) mod answer;
    pub(crate) mod candidate;
    pub(crate) mod offer;
    pub(crate) mod trust;
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    description::sdp(data);
});
