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
/// So much too late, and it is better to leave out a word than to catch up slowly.
const HOPELESS: i64 = SECOND / 10;
/// After so long made-up sound is noise.
const CONCEALED: i64 = SECOND / 10;
/// A sender whose time jumps further began anew.
const JUMP: i64 = 2 * SECOND;
/// After so long without a loss there may be no other.
const REMEMBERED: i64 = 10 * SECOND;
const PACKETS: usize = 200;

/// Times are in samples: `clock` is ours, the others are the sender's.
#[derive(Debug)]
pub(crate) struct Cushion {
    decoder: Box<dyn Decode>,
    packets: BTreeMap<i64, Vec<u8>>,
    /// Decoded and not heard yet.
    pcm: VecDeque<i16>,
    /// Of what is decoded next; none before the first packet.
    next: Option<i64>,
    newest: i64,
    clock: i64,
    arrivals: Arrivals,
    /// How long a packet lasts.
    frame: i64,
    /// How long nothing has been there in time.
    missed: i64,
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
        (self.next, self.missed, self.lost_at) = (None, 0, None);
    }

    /// `timestamp` is the sender's, which wraps.
    pub(crate) fn put(&mut self, timestamp: u32, packet: &[u8]) {
        let mut at = i64::from(timestamp);
        if self.next.is_some() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "wraps")]
            let ahead = timestamp.wrapping_sub(self.newest as u32).cast_signed();
            at = self.newest + i64::from(ahead);
        }
        if self.arrivals.is_foreign(self.clock - at, JUMP) {
            self.begin_anew();
        }
        if self.next.is_none() {
            (self.next, self.newest) = (Some(at), at);
        }
        self.newest = self.newest.max(at);
        self.arrivals.note(self.clock - at);
        self.packets.insert(at, packet.to_vec());
        if self.packets.len() > PACKETS {
            self.packets.pop_first();
        }
    }

    /// The next block, or nothing while there is nothing to be heard.
    pub(crate) fn take(&mut self) -> Option<[i16; BLOCK]> {
        let block = self.block();
        self.clock += STEP;
        block
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

    /// How late the next sample is heard.
    fn delay(&self) -> i64 {
        self.age() + i64::try_from(self.pcm.len()).unwrap_or(0)
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

    fn leave_out_what_is_hopeless(&mut self) {
        let Some(last) = self.packets.last_key_value().map(|(at, _)| *at) else { return };
        let wanted = self.wanted();
        if self.delay() <= wanted + HOPELESS {
            return;
        }
        let due = self.clock - self.arrivals.fastest() - wanted;
        let first = self.packets.range(due..).next().map_or(last, |(at, _)| *at);
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
pub(crate) mod fake {
    use super::*;
    use crate::sound::blocks;

    /// Packets are the sound itself; each tells of the one before, if `tells`, in its first sample.
    #[derive(Debug, Default)]
    pub(crate) struct Plain {
        pub(crate) tells: bool,
    }

    /// What is made up.
    pub(crate) const MADE_UP: i16 = -1;

    impl Decode for Plain {
        fn packet(&mut self, packet: &[u8]) -> Vec<i16> {
            blocks::samples(packet).collect()
        }

        fn recovered(&mut self, packet: &[u8], lost: usize) -> [Vec<i16>; 2] {
            let itself = self.packet(packet);
            let told = itself.first().filter(|_| self.tells).map_or(MADE_UP, |next| next - 1);
            [vec![told; lost], itself]
        }

        fn concealed(&mut self, samples: usize) -> Vec<i16> {
            vec![MADE_UP; samples]
        }

        fn reset(&mut self) {}
    }
}

#[cfg(test)]
mod tests {
    use super::{fake::*, *};

    /// The sender's time begins anywhere.
    const BEGAN: u32 = u32::MAX - 5000;

    /// What is heard of packets that come before these ticks, if they come, each with its number
    /// in it.
    struct Street {
        cushion: Cushion,
        on_the_way: Vec<(i64, u32)>,
        ticks: i64,
    }

    impl Street {
        fn new(tells: bool) -> Self {
            let cushion = Cushion::new(Box::new(Plain { tells }));
            Self { cushion, on_the_way: Vec::new(), ticks: 0 }
        }

        /// `late` says, in ticks, how much later than the fastest a packet comes, if it does.
        fn sends(&mut self, numbers: std::ops::Range<u32>, late: impl Fn(u32) -> Option<i64>) {
            let packets = numbers.filter_map(|number| {
                late(number).map(|late| (2 * i64::from(number) + late, number))
            });
            self.on_the_way.extend(packets);
        }

        /// The number in each block, none for silence.
        fn hears(&mut self, ticks: i64) -> Vec<Option<i16>> {
            (0..ticks).map(|_| self.hears_block().map(|block| block[0])).collect()
        }

        fn hears_block(&mut self) -> Option<[i16; BLOCK]> {
            let now = self.ticks;
            for (_, number) in self.on_the_way.extract_if(.., |(at, _)| *at <= now) {
                let sample = i16::try_from(number).unwrap().to_le_bytes();
                let timestamp = BEGAN.wrapping_add(number * 2 * BLOCK as u32);
                self.cushion.put(timestamp, &sample.repeat(2 * BLOCK));
            }
            self.ticks += 1;
            self.cushion.take()
        }
    }

    fn twice(numbers: impl Iterator<Item = i16>) -> Vec<Option<i16>> {
        numbers.flat_map(|number| [Some(number); 2]).collect()
    }

    #[test]
    fn what_comes_evenly_is_heard_at_once_and_all_of_it() {
        let mut street = Street::new(true);
        street.sends(0..300, |_| Some(0));
        assert_eq!(street.hears(600), twice(0..300));
    }

    #[test]
    fn what_was_lost_is_made_up_at_first_and_then_known_from_the_packet_after_it() {
        let mut street = Street::new(true);
        street.sends(0..100, |number| (number % 10 != 9).then_some(0));
        let heard = street.hears(200);
        let told = |number: i16| heard.iter().filter(|block| **block == Some(number)).count();
        let made_up = heard.iter().filter(|block| **block == Some(MADE_UP)).count();
        assert_eq!((told(8), made_up, told(9)), (2, 2, 2), "{heard:?}");
        assert!((10..98).all(|number| told(number) == 2), "{heard:?}");
    }

    #[test]
    fn nothing_is_silent_and_little_made_up_in_a_network_that_jitters() {
        let mut street = Street::new(false);
        street.sends(0..1000, |number| Some(i64::from(number * 7 % 6)));
        let heard = street.hears(2000);
        let made_up = |of: &[Option<i16>]| of.iter().filter(|it| **it == Some(MADE_UP)).count();
        assert!(heard.iter().all(Option::is_some));
        assert!(made_up(&heard) < 20 && made_up(&heard[100..]) == 0, "{heard:?}");
        assert_eq!(street.cushion.delay(), 5 * STEP);
    }

    #[test]
    fn what_is_in_store_for_nothing_goes_again() {
        let mut street = Street::new(false);
        let late = |number| Some(if number < 50 { i64::from(number * 7 % 6) } else { 0 });
        street.sends(0..2000, late);
        street.hears(100);
        assert_eq!(street.cushion.delay(), 5 * STEP);
        street.hears(3500);
        assert!(street.cushion.delay() < STEP, "{}", street.cushion.delay());
    }

    #[test]
    fn after_a_pause_of_the_network_there_is_silence_and_then_what_is_said_now() {
        let mut street = Street::new(false);
        let during = |number: u32| (50..75).contains(&number);
        street.sends(0..200, |number| {
            Some(if during(number) { 150 - 2 * i64::from(number) } else { 0 })
        });
        let heard = street.hears(200);
        assert!(heard[112..148].iter().all(Option::is_none), "{heard:?}");
        let behind = 199 / 2 - heard[199].unwrap();
        assert!((0..=15).contains(&behind), "{behind} packets");
    }

    #[test]
    fn a_sender_that_begins_anew_is_heard_at_once() {
        let mut street = Street::new(false);
        street.sends(0..50, |_| Some(0));
        street.hears(100);
        street.sends(20_000..20_050, |number| {
            Some(100 - 2 * i64::from(number) + 2 * i64::from(number - 20_000))
        });
        assert_eq!(street.hears(100), twice(20_000..20_050));
    }

    #[test]
    fn what_came_before_it_was_emptied_is_not_heard() {
        let mut street = Street::new(false);
        street.sends(0..50, |_| Some(0));
        street.hears(51);
        street.cushion.empty();
        assert_eq!(street.hears(1), [None]);
        assert_eq!(street.hears(2), twice(26..27));
    }

    #[test]
    fn what_cannot_be_decoded_is_silence_of_the_same_length() {
        let mut cushion = Cushion::new(Box::new(Plain::default()));
        cushion.put(0, &[]);
        assert_eq!([cushion.take(), cushion.take()], [Some([0; BLOCK]); 2]);
    }

    #[test]
    fn a_flood_is_cut_off() {
        let mut cushion = Cushion::new(Box::new(Plain::default()));
        (0..5000).for_each(|at| cushion.put(at, &[0; 2]));
        assert_eq!(cushion.packets.len(), PACKETS);
    }
}
