// SPDX-License-Identifier: MIT OR Apache-2.0
//! The canceller of WebRTC (AEC3): it finds the delay by itself, follows it, and learns the room.

use std::time::Duration;

use sonora::three_band_filter_bank::{FULL_BAND_SIZE, ThreeBandFilterBank};
use sonora_aec3::{
    block::Block,
    block_processor::BlockProcessor,
    config::{EchoCanceller3Config, MaskingThresholds},
};

use super::bands::{self, Bands, Queue};
use crate::sound::blocks::RATE;

#[derive(Debug)]
pub(super) struct Canceller {
    core: BlockProcessor,
    split: ThreeBandFilterBank,
    played: Queue,
    heard: Queue,
    cleaned: Queue,
    step: Block,
}

/// 120 ms, from the first moment on. What a longer filter would cancel of a staircase it loses by learning more slowly.
const LENGTH: usize = 30;
/// 32 ms: where many echoes are as strong as the first, now this one is taken for the delay and now that one, and with
/// each new delay the filter begins anew.
const SAME_DELAY: usize = 8;

/// AEC3 is tuned for laptops: it would rather swallow the visitor than let pass any echo. At a door both speak at once,
/// and the loudspeaker sits beside the microphone, so that the filter may be trusted more and the visitor's voice comes
/// back sooner. Measured in `tests/bench/echo`.
fn config() -> EchoCanceller3Config {
    let mut config = EchoCanceller3Config::default();
    let filter = &mut config.filter;
    (filter.refined.length_blocks, filter.refined_initial.length_blocks) = (LENGTH, LENGTH);
    (filter.coarse.length_blocks, filter.coarse_initial.length_blocks) = (LENGTH, LENGTH);
    config.delay.hysteresis_limit_blocks = SAME_DELAY;
    // A voice is like itself a few periods earlier; nothing at a door comes back before the straight way.
    config.delay.detect_pre_echo = false;
    (config.erle.max_l, config.erle.max_h) = (16.0, 8.0);
    config.ep_strength.default_len = 0.95;
    let suppressor = &mut config.suppressor;
    suppressor.dominant_nearend_detection.enr_threshold = 0.5;
    suppressor.dominant_nearend_detection.trigger_threshold = 8;
    let tuning = &mut suppressor.nearend_tuning;
    let mask = |enr_transparent, enr_suppress| MaskingThresholds {
        enr_transparent,
        enr_suppress,
        emr_transparent: 0.3,
    };
    tuning.mask_lf = mask(2.0, 4.0);
    tuning.mask_hf = mask(0.5, 1.0);
    tuning.max_inc_factor = 6.0;
    config
}

impl Canceller {
    pub(super) fn new() -> Self {
        Self {
            core: BlockProcessor::new(&config(), RATE as usize, 1, 1),
            split: ThreeBandFilterBank::new(),
            played: Queue::new(),
            heard: Queue::new(),
            cleaned: Queue::ahead(),
            step: bands::step(),
        }
    }

    pub(super) fn play(&mut self, samples: &[f32; FULL_BAND_SIZE]) {
        let mut bands = bands::EMPTY;
        self.split.analysis(samples, &mut bands);
        self.played.put(&bands);
        while self.played.take_step(&mut self.step) {
            self.core.buffer_render(&self.step);
        }
    }

    pub(super) fn clean(&mut self, bands: &mut Bands, clipped: bool) {
        self.heard.put(bands);
        while self.heard.take_step(&mut self.step) {
            self.core.process_capture(false, clipped, None, &mut self.step);
            self.cleaned.put_step(&self.step);
        }
        self.cleaned.take(bands);
    }

    /// How late what was played comes back, as far as it is known.
    pub(super) fn delay(&self) -> Duration {
        Duration::from_millis(self.core.get_metrics().delay_ms.unsigned_abs().into())
    }
}
