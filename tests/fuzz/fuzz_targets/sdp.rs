// SPDX-License-Identifier: MIT OR Apache-2.0
#![no_main]

#[path = "../description.rs"]
mod description;

#[allow(dead_code, reason = "the rest of the worker")]
mod leg {
    #[path = "../../../../src/bin/intercomd-media/leg/answer.rs"]
    pub(crate) mod answer;
    #[path = "../../../../src/bin/intercomd-media/leg/candidate.rs"]
    pub(crate) mod candidate;
    #[path = "../../../../src/bin/intercomd-media/leg/offer.rs"]
    pub(crate) mod offer;
    #[path = "../../../../src/bin/intercomd-media/leg/trust.rs"]
    pub(crate) mod trust;
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    description::sdp(data);
});
