// SPDX-License-Identifier: MIT OR Apache-2.0
//! The noise under a voice, by its level in dB, a block at a time.

/// Nothing below is worth calling a noise.
const LEAST: f32 = -60.0;
const FALLS: f32 = 1.0;
/// 3 dB in a second: a lorry that stays becomes noise, a word does not.
const RISES: f32 = 0.03;

#[derive(Clone, Copy, Debug)]
pub(super) struct Floor(f32);

impl Default for Floor {
    fn default() -> Self {
        Self(LEAST)
    }
}

impl Floor {
    /// How far this block rises above what lies under it.
    pub(super) fn rise(&mut self, level: f32) -> f32 {
        self.0 += (level - self.0).clamp(-FALLS, RISES);
        self.0 = self.0.max(LEAST);
        level - self.0
    }
}
