// SPDX-License-Identifier: MIT OR Apache-2.0
//! What lies between a handset's packets and the loudspeaker: enough that the next packet is
//! there when it is due, no more, since it is heard late. Packets are decoded when they are due,
//! so that what came too late or not at all is known by then, and made up for.

use std::collections::{BTreeMap, VecDeque};

use super::{
    arrivals::Arrivals,
    blocks::{BLOCK, RATE},
    opus::Decode,
    shorten::shorten,
};

const SECOND: i64 = RATE as i64;
const STEP: i64 = BLOCK as i64;
/// As browsers send it, until a packet says otherwise.
const FRAME: i64 = SECOND / 50;
/// However late packets come: who talks cannot wait longer.
const MOST: i64 = SECOND / 5;
/// So late, and it is better to leave out a word than to catch up slowly.
const HOPELESS: i64 = 3 * SECOND / 10;
/// Less of it is no gain.
const WORD: i64 = SECOND / 10;
/// After so long made-up sound is noise.
const CONCEALED: i64 = SECOND / 10;
/// A sender whose time jumps further began anew.
const JUMP: i64 = 2 * SECOND;
/// One such packet is a straggler, so many in a row are not.
const STRAYS: usize = 5;
/// A loudspeaker that asks so late is silent meanwhile, whether it asks for all of it then or not.
const STALLED: i64 = SECOND / 10;
/// With each block, of what is late still one part in so many is taken for lost.
const GIVEN_UP: i64 = 16;
/// After so long without a loss there may be no other.
const REMEMBERED: i64 = 10 * SECOND;
const PACKETS: usize = 200;

/// Times are in samples: `now` and `clock` are ours, the others are the sender's.
#[derive(Debug)]
pub(crate) struct Cushion {
    decoder: Box<dyn Decode>,
    packets: BTreeMap<i64, Vec<u8>>,
    /// Decoded and not heard yet.
    pcm: VecDeque<i16>,
    /// Of what is decoded next; none before the first packet.
    next: Option<i64>,
    newest: i64,
    /// When the next block is due.
    clock: i64,
    arrivals: Arrivals,
    /// How long a packet lasts.
    frame: i64,
    /// How long nothing has been there in time.
    missed: i64,
    /// How many packets in a row had no place among those before.
    strays: usize,
    lost_at: Option<i64>,
    changed_at: i64,
}

impl Cushion {
    pub(crate) fn new(decoder: Box<dyn Decode>) -> Self {
        Self {
            decoder,
            packets: BTreeMap::new(),
            pcm: VecDeque::new(),
            next: None,
            newest: 0,
            clock: 0,
            arrivals: Arrivals::default(),
            frame: FRAME,
            missed: 0,
            strays: 0,
            lost_at: None,
            changed_at: 0,
        }
    }

    /// As if nothing had ever come.
    pub(crate) fn empty(&mut self) {
        if self.next.is_some() {
            self.decoder.reset();
            self.begin_anew();
        }
    }

    fn begin_anew(&mut self) {
        self.packets.clear();
        self.pcm.clear();
        self.arrivals = Arrivals::default();
        (self.next, self.missed, self.strays, self.lost_at) = (None, 0, 0, None);
    }

    /// `timestamp` is the sender's, which wraps.
    pub(crate) fn put(&mut self, now: i64, timestamp: u32, packet: &[u8]) {
        let mut at = i64::from(timestamp);
        if self.next.is_some() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "wraps")]
            let ahead = timestamp.wrapping_sub(self.newest as u32).cast_signed();
            at = self.newest + i64::from(ahead);
        }
        let is_foreign = self.arrivals.is_foreign(now - at, JUMP);
        if !is_foreign {
            self.arrivals.note(now - at);
        }
        // Of the others, what is before `next` was heard, or something in its place.
        if is_foreign || self.next.is_some_and(|next| at < next) {
            self.strays += 1;
            if self.strays < STRAYS {
                return;
            }
            self.begin_anew();
            self.arrivals.note(now - at);
        }
        self.strays = 0;
        if self.next.is_none() {
            (self.next, self.newest) = (Some(at), at);
        }
        self.newest = self.newest.max(at);
        self.packets.insert(at, packet.to_vec());
        if self.packets.len() > PACKETS {
            self.packets.pop_first();
        }
    }

    /// The next block, or nothing while there is nothing to be heard.
    pub(crate) fn take(&mut self, now: i64) -> Option<[i16; BLOCK]> {
        self.keep_time(now);
        let block = self.block();
        self.clock += STEP;
        block
    }

    /// Blocks are asked for unevenly, and no sooner than they are due. Who was kept from asking a
    /// little asks for several at once then, unless it was the loudspeaker that stood still.
    fn keep_time(&mut self, now: i64) {
        let late = (now - self.clock).max(0);
        self.clock = now - if late > STALLED { 0 } else { late - late / GIVEN_UP };
    }

    fn block(&mut self) -> Option<[i16; BLOCK]> {
        self.next?;
        self.leave_out_what_is_hopeless();
        self.have(BLOCK);
        if self.pcm.len() < BLOCK {
            return self.make_up();
        }
        self.missed = 0;
        if self.is_too_much() && self.have(3 * BLOCK) {
            self.changed_at = self.clock;
            return Some(shorten(&mut self.pcm));
        }
        self.pop()
    }

    fn pop(&mut self) -> Option<[i16; BLOCK]> {
        let block = self.pcm.drain(..self.pcm.len().min(BLOCK)).collect::<Vec<_>>();
        block.try_into().ok()
    }

    /// Decodes until there is so much, as far as there are packets.
    fn have(&mut self, samples: usize) -> bool {
        while self.pcm.len() < samples && self.decode() {}
        self.pcm.len() >= samples
    }

    /// How late the next packet is, if it is not there, against the fastest one.
    fn age(&self) -> i64 {
        self.clock - self.next.unwrap_or(0) - self.arrivals.fastest()
    }

    /// Of what the sender said.
    fn heard_until(&self) -> i64 {
        self.next.unwrap_or(0) - i64::try_from(self.pcm.len()).unwrap_or(0)
    }

    /// How late the next sample is heard.
    fn delay(&self) -> i64 {
        self.clock - self.heard_until() - self.arrivals.fastest()
    }

    /// How late it has to be: so that packets are there, and, where they get lost, the one after
    /// them as well, which tells of the lost one.
    fn wanted(&self) -> i64 {
        let loses = self.lost_at.is_some_and(|at| self.clock - at < REMEMBERED);
        let spare = if loses { self.frame } else { 0 };
        (self.arrivals.late() + spare).min(MOST)
    }

    /// The more there is, the sooner it has to go; a little may be needed again.
    fn is_too_much(&self) -> bool {
        let patience = match (self.delay() - self.wanted()) / STEP {
            ..=0 => return false,
            1 => 5 * SECOND,
            2..=4 => SECOND / 2,
            5.. => SECOND / 10,
        };
        self.clock - self.changed_at >= patience
    }

    /// If there is a word to leave out: what comes may be late as it is.
    fn leave_out_what_is_hopeless(&mut self) {
        let Some(last) = self.packets.last_key_value().map(|(at, _)| *at) else { return };
        if self.delay() <= HOPELESS {
            return;
        }
        let due = self.clock - self.arrivals.fastest() - self.wanted();
        let first = self.packets.range(due..).next().map_or(last, |(at, _)| *at);
        if first - self.heard_until() < WORD {
            return;
        }
        self.packets = self.packets.split_off(&first);
        self.pcm.clear();
        (self.next, self.missed, self.changed_at) = (Some(first), 0, self.clock);
    }

    /// The next packet, or what stands in for it. False if nobody knows yet whether it was lost.
    fn decode(&mut self) -> bool {
        let Some(mut next) = self.next else { return false };
        self.packets = self.packets.split_off(&next);
        let Some((at, packet)) = self.packets.pop_first() else { return false };
        if at > next {
            if self.age() < self.wanted() {
                self.packets.insert(at, packet);
                return false;
            }
            self.lost_at = Some(self.clock);
            next += self.made_up_already(at - next);
        }
        match at - next {
            0 => {
                let heard = self.decoder.packet(&packet);
                self.append(at, heard);
            }
            gap if gap <= self.frame => {
                let [lost, heard] = self.decoder.recovered(&packet, self.samples(self.frame));
                let made_up = lost.len().saturating_sub(self.samples(gap));
                self.pcm.extend(lost.into_iter().skip(made_up));
                self.append(at, heard);
            }
            _ => {
                self.packets.insert(at, packet);
                let lost = self.decoder.concealed(self.samples(self.frame));
                self.append(next, lost);
            }
        }
        true
    }

    /// Of a gap so long, what was made up while nobody knew whether it was one. With too little in
    /// store its end is heard all the same, late, so that next time there is enough.
    fn made_up_already(&self, gap: i64) -> i64 {
        let made_up = self.missed.min(gap);
        let too_little = self.delay() - made_up < self.wanted();
        if too_little { made_up.min(gap - self.frame).max(0) } else { made_up }
    }

    fn append(&mut self, at: i64, heard: Vec<i16>) {
        let lasts = i64::try_from(heard.len()).unwrap_or(0);
        if lasts > 0 {
            self.frame = lasts;
            self.pcm.extend(heard);
        } else {
            // It could not be decoded.
            self.pcm.extend(std::iter::repeat_n(0, self.samples(self.frame)));
        }
        self.next = Some(at + self.frame);
    }

    fn samples(&self, lasts: i64) -> usize {
        usize::try_from(lasts).unwrap_or(0)
    }

    /// The packet that is due is late, or lost: nobody knows before another one comes.
    fn make_up(&mut self) -> Option<[i16; BLOCK]> {
        self.missed += STEP;
        self.changed_at = self.clock;
        if self.missed > CONCEALED {
            self.pcm.clear();
            return None;
        }
        let made_up = self.decoder.concealed(BLOCK);
        self.pcm.extend(made_up);
        self.pop()
    }
}

#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod street;
#[cfg(test)]
mod tests;
