// SPDX-License-Identifier: MIT OR Apache-2.0
//! What lies between a handset's packets and the loudspeaker: enough that the next block is
//! there when it is due, no more, since it is heard late.

use std::collections::VecDeque;

use super::blocks::{BLOCK, RATE};

const LEAST: usize = 2 * BLOCK;
const MOST: usize = 10 * BLOCK;
/// After so much sound without a gap the cushion may have grown for nothing.
const CALM: usize = 10 * RATE as usize;

#[derive(Debug)]
pub(crate) struct Cushion {
    samples: VecDeque<i16>,
    /// How much must be there before it begins, again after each gap.
    depth: usize,
    filling: bool,
    /// Taken since the last gap or cut, and the least that was left over meanwhile.
    calm: usize,
    spare: usize,
}

impl Default for Cushion {
    fn default() -> Self {
        let samples = VecDeque::with_capacity(2 * MOST);
        Self { samples, depth: LEAST, filling: true, calm: 0, spare: usize::MAX }
    }
}

impl Cushion {
    pub(crate) fn put(&mut self, samples: impl Iterator<Item = i16>) {
        self.samples.extend(samples);
        let excess = self.samples.len().saturating_sub(self.depth + MOST);
        self.samples.drain(..excess);
    }

    /// The next block, or nothing while there is too little.
    pub(crate) fn take(&mut self) -> Option<impl Iterator<Item = i16>> {
        if self.filling && self.samples.len() < self.depth.max(BLOCK) {
            return None;
        }
        if self.samples.len() < BLOCK {
            // What comes late once comes late again.
            self.depth = (self.depth + BLOCK).min(MOST);
            (self.filling, self.calm, self.spare) = (true, 0, usize::MAX);
            return None;
        }
        self.filling = false;
        self.settle();
        Some(self.samples.drain(..BLOCK))
    }

    fn settle(&mut self) {
        self.calm += BLOCK;
        self.spare = self.spare.min(self.samples.len() - BLOCK);
        if self.calm < CALM {
            return;
        }
        if self.spare > LEAST {
            self.samples.drain(..BLOCK);
            self.depth = self.depth.saturating_sub(BLOCK).max(LEAST);
        }
        (self.calm, self.spare) = (0, usize::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(of: i16) -> impl Iterator<Item = i16> {
        std::iter::repeat_n(of, 2 * BLOCK)
    }

    fn takes(cushion: &mut Cushion) -> bool {
        cushion.take().is_some_and(|block| block.count() == BLOCK)
    }

    #[test]
    fn sound_begins_with_the_first_packet_and_goes_on_without_gaps() {
        let mut cushion = Cushion::default();
        assert!(!takes(&mut cushion));
        for _ in 0..100 {
            cushion.put(packet(1));
            assert!(takes(&mut cushion) && takes(&mut cushion));
        }
    }

    #[test]
    fn after_a_gap_there_is_more_in_store() {
        let mut cushion = Cushion::default();
        cushion.put(packet(1));
        assert!(takes(&mut cushion) && takes(&mut cushion));
        assert!(!takes(&mut cushion), "the gap");
        cushion.put(packet(1));
        assert!(!takes(&mut cushion), "one packet is not enough any more");
        cushion.put(packet(1));
        assert!(takes(&mut cushion));
    }

    #[test]
    fn a_burst_is_cut_from_its_old_end() {
        let mut cushion = Cushion::default();
        for of in 0..50 {
            cushion.put(packet(of));
        }
        let first = cushion.take().and_then(|mut block| block.next());
        assert_eq!(first, Some(44), "six packets are kept");
    }

    #[test]
    fn what_lies_in_store_for_nothing_is_cut_a_little_at_a_time() {
        let mut cushion = Cushion::default();
        (0..5).for_each(|_| cushion.put(packet(1)));
        let before = cushion.samples.len();
        for _ in 0..CALM / BLOCK / 2 + 1 {
            cushion.put(packet(1));
            assert!(takes(&mut cushion) && takes(&mut cushion));
        }
        assert_eq!(cushion.samples.len(), before - BLOCK);
    }
}
