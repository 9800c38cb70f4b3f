// SPDX-License-Identifier: MIT OR Apache-2.0
//! A sender, its path and the loudspeaker, for tests.

use super::{fake::*, *};

/// The sender's time begins anywhere.
const BEGAN: u32 = u32::MAX - 5000;
/// How long each packet lasts.
pub(super) const PACKET: i64 = 2 * STEP;

pub(super) struct Street {
    pub(super) cushion: Cushion,
    /// When they come, what the sender's time was, and their number, which is their sound.
    on_the_way: Vec<(i64, i64, i16)>,
    now: i64,
}

impl Street {
    pub(super) fn new(tells: bool) -> Self {
        let cushion = Cushion::new(Box::new(Plain { tells }));
        Self { cushion, on_the_way: Vec::new(), now: 0 }
    }

    /// `late` says, in ticks, how much later than the fastest a packet comes, if it does.
    pub(super) fn sends(
        &mut self,
        numbers: std::ops::Range<i16>,
        late: impl Fn(i16) -> Option<i64>,
    ) {
        for number in numbers {
            if let Some(late) = late(number) {
                let said = PACKET * i64::from(number);
                self.comes(said + STEP * late, said, number);
            }
        }
    }

    pub(super) fn comes(&mut self, at: i64, said: i64, number: i16) {
        self.on_the_way.push((at, said, number));
    }

    /// The number in each block, none for silence.
    pub(super) fn hears(&mut self, ticks: i64) -> Vec<Option<i16>> {
        let heard = |_| {
            let block = self.take();
            self.now += STEP;
            block
        };
        (0..ticks).map(heard).collect()
    }

    /// As who was kept from it asks for them.
    pub(super) fn hears_at_once(&mut self, ticks: i64) -> Vec<Option<i16>> {
        (0..ticks).map(|_| self.take()).collect()
    }

    pub(super) fn stands_still(&mut self, ticks: i64) {
        self.now += STEP * ticks;
    }

    fn take(&mut self) -> Option<i16> {
        let now = self.now;
        let mut come = self.on_the_way.extract_if(.., |(at, ..)| *at <= now).collect::<Vec<_>>();
        come.sort_unstable();
        for (at, said, number) in come {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "wraps")]
            let timestamp = BEGAN.wrapping_add(said as u32);
            self.cushion.put(at, timestamp, &(APART * number).to_le_bytes().repeat(2 * BLOCK));
        }
        let number = |sample| if sample < 0 { sample } else { (sample + APART / 2) / APART };
        self.cushion.take(now).map(|block| number(block[0]))
    }
}
