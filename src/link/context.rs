// SPDX-License-Identifier: MIT OR Apache-2.0
//! Freshness without a clock: PROTOCOL.md, section 3. A context counts what it hears and repeats
//! what was not acknowledged.

use std::{collections::VecDeque, time::Duration};

use super::{bytes, keys::sha256, message::field::Nonce};
use crate::core::Moment;

/// So many messages of one side may be under way.
pub const WINDOW: u64 = 64;
pub const ACK_WITHIN: Duration = Duration::from_millis(500);
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// The `sx` of both sides.
#[must_use]
pub fn derive(n_h: &Nonce, n_d: &Nonce) -> String {
    let hash = sha256(&[b"icm1-context", &n_h.0, &n_d.0]);
    bytes::encode(hash.split_at(16).0)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    New,
    /// Seen before: to be acknowledged again, and nothing else.
    Repeated,
    Stale,
}

/// What came in.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// Nothing is missing up to here.
    whole: u64,
    /// Bit 0 stands for the one after the next.
    beyond: u64,
}

impl Heard {
    #[must_use]
    pub fn ack(&self) -> u64 {
        self.whole
    }

    pub fn take(&mut self, seq: u64) -> Arrival {
        let Some(ahead) = seq.checked_sub(self.whole + 1) else {
            return if seq == 0 { Arrival::Stale } else { Arrival::Repeated };
        };
        if ahead >= WINDOW {
            return Arrival::Stale;
        }
        if ahead == 0 {
            self.advance();
            return Arrival::New;
        }
        let bit = 1 << (ahead - 1);
        if self.beyond & bit != 0 {
            return Arrival::Repeated;
        }
        self.beyond |= bit;
        Arrival::New
    }

    fn advance(&mut self) {
        loop {
            self.whole += 1;
            let next_is_there = self.beyond & 1 == 1;
            self.beyond >>= 1;
            if !next_is_there {
                return;
            }
        }
    }
}

/// What went out and may have to go out again.
#[derive(Debug, Default)]
pub struct Said {
    last: u64,
    unheard: VecDeque<Unheard>,
}

#[derive(Debug)]
struct Unheard {
    seq: u64,
    frame: String,
    since: Moment,
    again_at: Moment,
    pause: Duration,
}

impl Said {
    /// For the next message; nothing when the other side is too far behind.
    #[must_use]
    pub fn next_seq(&self) -> Option<u64> {
        ((self.unheard.len() as u64) < WINDOW).then_some(self.last + 1)
    }

    pub fn sent(&mut self, now: Moment, frame: String) {
        self.last += 1;
        let (pause, again_at) = (FIRST_PAUSE, now + FIRST_PAUSE);
        self.unheard.push_back(Unheard { seq: self.last, frame, since: now, again_at, pause });
    }

    pub fn heard(&mut self, ack: u64) {
        self.unheard.retain(|message| message.seq > ack);
    }

    /// What is to be said again now, byte for byte.
    pub fn due(&mut self, now: Moment) -> Vec<String> {
        let mut frames = Vec::new();
        for message in self.unheard.iter_mut().filter(|message| message.again_at <= now) {
            message.pause = (message.pause * 2).min(LONGEST_PAUSE);
            message.again_at = now + message.pause;
            frames.push(message.frame.clone());
        }
        frames
    }

    /// Everything that was not acknowledged, whether it is due or not.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        self.unheard.iter().map(|message| message.frame.clone()).collect()
    }

    #[must_use]
    pub fn is_given_up(&self, now: Moment) -> bool {
        self.unheard.iter().any(|message| message.since + GIVE_UP_AFTER <= now)
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Moment> {
        let due = |message: &Unheard| message.again_at.min(message.since + GIVE_UP_AFTER);
        self.unheard.iter().map(due).min()
    }
}

#[cfg(test)]
#[path = "context_tests.rs"]
mod tests;
