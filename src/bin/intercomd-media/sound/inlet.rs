// SPDX-License-Identifier: MIT OR Apache-2.0
//! One session's way to the loudspeaker: packets in as they come, blocks out as they are due.

use std::sync::{Mutex, MutexGuard, PoisonError};

use intercomd::station::clock;

use super::{
    blocks::{self, BLOCK, RATE},
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

    /// `may` is asked when nobody can empty it any more before the packet is in.
    pub(crate) fn put(&self, timestamp: u32, packet: &[u8], may: impl FnOnce() -> bool) {
        let mut cushion = self.cushion();
        if may() {
            cushion.put(now(), timestamp, packet);
        }
    }

    /// What came before a gate closed is not heard after it.
    pub(crate) fn empty(&self) {
        self.cushion().empty();
    }

    pub(super) fn take(&self) -> Option<[i16; BLOCK]> {
        let block = self.cushion().take(now());
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

/// In samples.
fn now() -> i64 {
    let samples = clock::now().0.as_nanos() * u128::from(RATE) / 1_000_000_000;
    i64::try_from(samples).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{
        cushion::fake::Plain,
        opus::{Opus, fixture::packets},
    };

    /// What is heard of packets that come evenly, but for those that get lost.
    fn heard(packets: &[Vec<u8>], is_lost: impl Fn(usize) -> bool) -> Vec<i16> {
        let mut cushion = Cushion::new(Box::new(Opus::new().unwrap()));
        let mut heard = Vec::new();
        for (number, packet) in packets.iter().enumerate() {
            let said = number * 2 * BLOCK;
            let now = said as i64;
            if !is_lost(number) {
                cushion.put(now, said as u32, packet);
            }
            let blocks = [now, now + BLOCK as i64].map(|now| cushion.take(now));
            heard.extend(blocks.map(|block| block.unwrap_or([0; BLOCK])));
        }
        heard.concat()
    }

    #[test]
    fn a_gate_does_not_close_between_the_look_at_it_and_the_packet() {
        let inlet = Inlet::new(Box::new(Plain::default()));
        let packet = 1i16.to_le_bytes().repeat(BLOCK);
        inlet.put(0, &packet, || {
            assert!(inlet.cushion.try_lock().is_err(), "it could be emptied now");
            false
        });
        assert_eq!(inlet.take(), None);
        inlet.put(0, &packet, || true);
        assert_eq!(inlet.take(), Some([1; BLOCK]));
    }

    /// Against what is heard where nothing is lost, once there is a packet more in store.
    fn harm(fec: bool) -> f64 {
        let packets = packets(500, fec);
        let whole = heard(&packets, |_| false);
        let rest = heard(&packets, |number| number % 10 == 7);
        let pairs = whole.iter().zip(&rest[2 * BLOCK..]).skip(50 * BLOCK);
        pairs.map(|(said, heard)| (f64::from(*said) - f64::from(*heard)).powi(2)).sum()
    }

    #[test]
    fn a_tenth_of_the_packets_may_be_lost_if_each_tells_of_the_one_before() {
        let (with, without) = (harm(true), harm(false));
        assert!(with < 0.4 * without, "{with:e} {without:e}");
    }
}
