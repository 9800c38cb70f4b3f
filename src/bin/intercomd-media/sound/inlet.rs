// SPDX-License-Identifier: MIT OR Apache-2.0
//! One session's way to the loudspeaker: packets in as they come, blocks out as they are due.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    blocks::{self, BLOCK},
    cushion::Cushion,
    level::Level,
    opus::Decode,
};

#[derive(Debug)]
pub(crate) struct Inlet {
    cushion: Mutex<Cushion>,
    level: Level,
}

impl Inlet {
    pub(super) fn new(decoder: Box<dyn Decode>) -> Self {
        Self { cushion: Mutex::new(Cushion::new(decoder)), level: Level::default() }
    }

    pub(crate) fn put(&self, timestamp: u32, packet: &[u8]) {
        self.cushion().put(timestamp, packet);
    }

    /// What came before a gate closed is not heard after it.
    pub(crate) fn empty(&self) {
        self.cushion().empty();
    }

    pub(super) fn take(&self) -> Option<[i16; BLOCK]> {
        let block = self.cushion().take();
        let heard = block.unwrap_or([0; BLOCK]);
        self.level.measure(heard.into_iter().map(blocks::from_pcm));
        block
    }

    /// Since it was last asked.
    pub(crate) fn level(&self) -> i8 {
        self.level.read()
    }

    fn cushion(&self) -> MutexGuard<'_, Cushion> {
        self.cushion.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
