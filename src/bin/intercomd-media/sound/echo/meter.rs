// SPDX-License-Identifier: MIT OR Apache-2.0
//! How much of what a handset says comes back, and how much of that is left: for people, nothing here depends on it.

use super::judge::{SPEAKS, power};

/// Blocks of speech that are measured together: 1 s.
const WINDOW: u32 = 100;

/// Sums of power.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    blocks: u32,
    played: f32,
    before: f32,
    after: f32,
}

/// In dB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Losses {
    pub(crate) through_the_air: i8,
    pub(crate) besides: i8,
}

impl Meter {
    /// Levels of what was played, of the microphone, and of what is left of it, now and then with a result.
    pub(crate) fn hear(&mut self, played: f32, before: f32, after: f32) -> Option<Losses> {
        if played <= SPEAKS {
            return None;
        }
        self.blocks += 1;
        self.played += power(played);
        self.before += power(before);
        self.after += power(after);
        if self.blocks < WINDOW {
            return None;
        }
        let Self { played, before, after, .. } = std::mem::take(self);
        Some(Losses { through_the_air: loss(played, before), besides: loss(before, after) })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range before")]
fn loss(from: f32, to: f32) -> i8 {
    (10.0 * (from / to).log10()).round().clamp(-90.0, 90.0) as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_told_after_a_second_of_speech_however_long_it_takes() {
        let mut meter = Meter::default();
        let told = (0..1000).filter_map(|block| {
            let speaks = block % 5 == 0;
            meter.hear(if speaks { -20.0 } else { -80.0 }, -32.0, -60.0).map(|told| (block, told))
        });
        let losses = Losses { through_the_air: 12, besides: 28 };
        assert_eq!(told.collect::<Vec<_>>(), [(495, losses), (995, losses)]);
    }
}
