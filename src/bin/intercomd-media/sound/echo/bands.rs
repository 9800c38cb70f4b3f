// SPDX-License-Identifier: MIT OR Apache-2.0
//! A block as three bands of 16 kHz, and those in the steps of four milliseconds in which echo is cancelled.

use std::collections::VecDeque;

use sonora::three_band_filter_bank::{NUM_BANDS, SPLIT_BAND_SIZE};
use sonora_aec3::{block::Block, common::BLOCK_SIZE};

pub(super) const RATE: usize = 16_000;
pub(super) type Bands = [[f32; SPLIT_BAND_SIZE]; NUM_BANDS];
pub(super) const EMPTY: Bands = [[0.0; SPLIT_BAND_SIZE]; NUM_BANDS];

pub(super) fn step() -> Block {
    Block::new(NUM_BANDS, 1)
}

/// What waits until there is enough of it.
#[derive(Debug)]
pub(super) struct Queue([VecDeque<f32>; NUM_BANDS]);

impl Queue {
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|_| VecDeque::with_capacity(2 * SPLIT_BAND_SIZE)))
    }

    /// Two and a half steps are a block: half a step is always on its way.
    pub(super) fn ahead() -> Self {
        let mut queue = Self::new();
        queue.0.iter_mut().for_each(|band| band.resize(BLOCK_SIZE / 2, 0.0));
        queue
    }

    pub(super) fn put(&mut self, bands: &Bands) {
        self.0.iter_mut().zip(bands).for_each(|(queue, band)| queue.extend(band));
    }

    pub(super) fn put_step(&mut self, step: &Block) {
        for (index, queue) in self.0.iter_mut().enumerate() {
            queue.extend(step.view(index, 0));
        }
    }

    pub(super) fn take(&mut self, bands: &mut Bands) {
        self.0.iter_mut().zip(bands).for_each(|(queue, band)| fill(queue, band));
    }

    pub(super) fn take_step(&mut self, step: &mut Block) -> bool {
        let enough = self.0.iter().all(|queue| queue.len() >= BLOCK_SIZE);
        for (index, queue) in self.0.iter_mut().enumerate().filter(|_| enough) {
            fill(queue, step.view_mut(index, 0));
        }
        enough
    }
}

fn fill(queue: &mut VecDeque<f32>, to: &mut [f32]) {
    let count = to.len().min(queue.len());
    to.iter_mut().zip(queue.drain(..count)).for_each(|(to, from)| *to = from);
}
