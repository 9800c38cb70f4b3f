// SPDX-License-Identifier: MIT OR Apache-2.0
//! To say the same in less time, without a click and at the same pitch: one period of the voice
//! is left out.

use std::collections::VecDeque;

use super::blocks::{self, BLOCK};

/// Of voices from 67 to 200 Hz one period, of higher ones some.
const SHORTEST: usize = BLOCK / 2;
const LONGEST: usize = BLOCK + BLOCK / 2;
/// Finer than this nobody hears it.
const STEP: usize = 4;

/// One block made of more, which is gone then. There have to be three blocks.
pub(super) fn shorten(pcm: &mut VecDeque<i16>) -> [i16; BLOCK] {
    let samples = pcm.iter().take(3 * BLOCK).map(|sample| blocks::from_pcm(*sample));
    let samples = samples.collect::<Vec<_>>();
    let later = |by: usize| samples.get(by..by + BLOCK).unwrap_or(&[]);
    let likeness = |by: &usize| likeness(later(0), later(*by));
    let best = (SHORTEST..=LONGEST).step_by(STEP);
    let best = best.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let best = best.unwrap_or(BLOCK);
    let mut block = [0; BLOCK];
    let both = later(0).iter().zip(later(best)).zip(&mut block).zip(0u16..);
    for (((before, after), heard), at) in both {
        let share = f32::from(at) / BLOCK as f32;
        *heard = blocks::to_pcm(before * (1.0 - share) + after * share);
    }
    pcm.drain(..(best + BLOCK).min(pcm.len()));
    block
}

fn likeness(one: &[f32], other: &[f32]) -> f32 {
    let pairs = one.iter().zip(other).step_by(STEP);
    let (product, power) = pairs.fold((0.0, 1e-9), |(product, power), (one, other)| {
        (product + one * other, power + other * other)
    });
    product / f32::sqrt(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_goes_on_without_a_step_and_a_period_is_gone() {
        let sine = |at: usize| (at as f32 * 110.0 * std::f32::consts::TAU / 48_000.0).sin();
        let mut pcm = (0..4 * BLOCK).map(|at| blocks::to_pcm(0.5 * sine(at))).collect();
        let block = shorten(&mut pcm);
        let heard = block.iter().chain(&pcm).copied().map(i32::from).collect::<Vec<_>>();
        let gone = 4 * BLOCK - heard.len();
        assert!((432..=440).contains(&gone), "{gone} samples, a period has 436");
        let steepest = heard.windows(2).map(|pair| (pair[1] - pair[0]).abs()).max().unwrap();
        assert!(steepest < 320, "{steepest}, the sine's own is 236");
    }
}
