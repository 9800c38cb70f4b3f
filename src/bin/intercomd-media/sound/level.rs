// SPDX-License-Identifier: MIT OR Apache-2.0
//! How loud it is, for whoever draws a meter.

use std::sync::{Mutex, PoisonError};

const SILENCE: i8 = -90;

#[derive(Debug, Default)]
pub(crate) struct Level(Mutex<Sum>);

#[derive(Debug, Default)]
struct Sum {
    squares: f64,
    count: u32,
}

impl Level {
    pub(crate) fn measure(&self, samples: impl Iterator<Item = f32>) {
        let mut sum = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for value in samples {
            sum.squares += f64::from(value * value);
            sum.count = sum.count.saturating_add(1);
        }
    }

    /// In dB below full scale since the last time somebody asked.
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the range before")]
    pub(crate) fn read(&self) -> i8 {
        let mut sum = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Sum { squares, count } = std::mem::take(&mut *sum);
        let decibel = 10.0 * (squares / f64::from(count.max(1))).log10();
        decibel.round().clamp(f64::from(SILENCE), 0.0) as i8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_of_what_was_measured_since_it_was_read() {
        let level = Level::default();
        assert_eq!(level.read(), SILENCE);
        level.measure([1.0, -1.0].into_iter());
        assert_eq!(level.read(), 0);
        level.measure([0.1; 480].into_iter());
        assert_eq!(level.read(), -20);
        assert_eq!(level.read(), SILENCE);
    }
}
