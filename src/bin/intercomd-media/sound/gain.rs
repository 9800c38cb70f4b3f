// SPDX-License-Identifier: MIT OR Apache-2.0
//! How much louder or softer the visitor is sent than the microphone and all that cares for its
//! sound say.

use std::sync::atomic::{AtomicI16, Ordering};

use super::blocks;

#[derive(Debug, Default)]
pub(super) struct Gain {
    decibels: AtomicI16,
}

impl Gain {
    pub(super) fn set(&self, decibels: i16) {
        self.decibels.store(decibels, Ordering::Relaxed);
    }

    /// What gets too loud is cut off.
    pub(super) fn apply(&self, block: &mut [u8]) {
        let decibels = self.decibels.load(Ordering::Relaxed);
        if decibels == 0 {
            return;
        }
        let factor = 10f32.powf(f32::from(decibels) / 20.0);
        for pair in block.as_chunks_mut::<2>().0 {
            let sample = blocks::from_pcm(i16::from_le_bytes(*pair));
            *pair = blocks::to_pcm(sample * factor).to_le_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(decibels: i16, samples: [i16; 3]) -> Vec<i16> {
        let mut block = samples.map(i16::to_le_bytes).concat();
        let gain = Gain::default();
        gain.set(decibels);
        gain.apply(&mut block);
        blocks::samples(&block).collect()
    }

    #[test]
    fn six_decibels_are_twice_as_much_and_nothing_wraps_around() {
        assert_eq!(with(0, [1, -32768, 32767]), [1, -32768, 32767]);
        assert_eq!(with(6, [100, -100, 20_000]), [199, -199, 32767]);
        assert_eq!(with(-20, [10_000, -10_000, 0]), [999, -999, 0]);
    }
}
