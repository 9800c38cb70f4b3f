// SPDX-License-Identifier: MIT OR Apache-2.0
//! A wire in place of the air, for tests: what the loudspeaker gets is what the microphone hears. However late either
//! thread is, nothing gets lost between them.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::blocks::{self, RATE};

/// In samples: a tenth of a second.
const LATER: usize = RATE as usize / 10;
const SOFTER: f32 = 0.1;
/// Nobody listens.
const TOO_MUCH: usize = 10 * RATE as usize;
/// Nobody plays.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct Feedback {
    wire: Mutex<Wire>,
    played: Condvar,
}

#[derive(Debug, Default)]
struct Wire {
    samples: VecDeque<i16>,
    /// A microphone has begun to listen: no other station keeps what it plays.
    has_listener: bool,
    is_dead: bool,
}

impl Feedback {
    /// For a microphone that begins to listen.
    pub(super) fn begin(&self) {
        let mut wire = self.wire();
        *wire = Wire { has_listener: true, ..Wire::default() };
        wire.samples.extend([0; LATER]);
    }

    pub(super) fn play(&self, block: &[u8]) {
        let mut wire = self.wire();
        if wire.has_listener && wire.samples.len() < TOO_MUCH {
            wire.samples.extend(blocks::samples(block));
        }
        wire.is_dead = false;
        self.played.notify_one();
    }

    /// Waits for the loudspeaker, if there is one.
    pub(super) fn next(&self) -> f32 {
        let wire = self.wire();
        let nothing = |wire: &mut Wire| wire.samples.is_empty() && !wire.is_dead;
        let waited = self.played.wait_timeout_while(wire, PATIENCE, nothing);
        let (mut wire, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let sample = wire.samples.pop_front();
        wire.is_dead = sample.is_none();
        SOFTER * sample.map_or(0.0, blocks::from_pcm)
    }

    fn wire(&self) -> MutexGuard<'_, Wire> {
        self.wire.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_played_comes_back_later_and_softer_and_is_kept_for_nobody_else() {
        let feedback = Feedback::default();
        let block = 16_384i16.to_le_bytes().repeat(blocks::BLOCK);
        feedback.play(&block);
        assert!(feedback.wire().samples.is_empty());
        feedback.begin();
        feedback.play(&block);
        let heard = (0..=LATER).map(|_| feedback.next()).collect::<Vec<_>>();
        let (before, comes) = heard.split_at(LATER);
        assert!(before.iter().all(|value| *value == 0.0));
        assert_eq!(comes, [0.5 * SOFTER]);
    }
}
