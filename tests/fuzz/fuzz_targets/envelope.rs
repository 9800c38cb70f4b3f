// SPDX-License-Identifier: MIT OR Apache-2.0
#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code, reason = "the other targets")]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::envelope(data);
});
