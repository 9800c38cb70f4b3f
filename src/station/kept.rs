// SPDX-License-Identifier: MIT OR Apache-2.0
//! What of the state is written when. Call ids are written ahead in blocks: a call is told to
//! others at once, and a daemon that is killed before the disk knows of it must not use its id
//! again. It also spares a write for every call.

use crate::core::{CallId, Durable};

const BLOCK: u64 = 64;
/// Left when the next block is written, so that it is on the disk long before it is used.
const LEFT: u64 = BLOCK / 2;

#[derive(Debug, Default)]
pub(super) struct Kept {
    now: Durable,
    written: Durable,
}

impl Kept {
    /// What to write, if anything.
    pub(super) fn follows(&mut self, durable: Durable) -> Option<Durable> {
        let used = durable.last_call.0;
        let mut reserved = self.written.last_call.0;
        if used.saturating_add(LEFT) > reserved {
            reserved = used.saturating_add(BLOCK);
        }
        let ahead = Durable { last_call: CallId(reserved), ..durable.clone() };
        self.now = durable;
        (ahead != self.written).then(|| {
            self.written = ahead.clone();
            ahead
        })
    }

    /// The state without ids that nobody used, for a stop in order.
    pub(super) fn at_last(&self) -> Durable {
        self.now.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(last_call: u64) -> Durable {
        Durable { last_call: CallId(last_call), volume: 70, ..Durable::default() }
    }

    #[test]
    fn ids_are_on_their_way_to_the_disk_long_before_they_are_used() {
        let mut kept = Kept::default();
        let first = kept.follows(after(7)).unwrap();
        assert_eq!(first, after(7 + BLOCK));
        let mut reserved = first.last_call.0;
        let mut writes = 0;
        for used in 8..1000 {
            if let Some(written) = kept.follows(after(used)) {
                assert!(reserved >= used + LEFT - 1, "{used} of {reserved}");
                reserved = written.last_call.0;
                writes += 1;
            }
            assert!(reserved > used);
        }
        assert!(writes < 40, "{writes}");
        assert_eq!(kept.at_last(), after(999));
    }

    #[test]
    fn every_other_change_is_written_and_nothing_twice() {
        let mut kept = Kept::default();
        kept.follows(after(1)).unwrap();
        assert_eq!(kept.follows(after(1)), None);
        let louder = Durable { volume: 90, ..after(2) };
        assert_eq!(kept.follows(louder), Some(Durable { volume: 90, ..after(1 + BLOCK) }));
    }
}
