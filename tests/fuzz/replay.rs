// SPDX-License-Identifier: MIT OR Apache-2.0
//! Runs a target over a corpus and over what becomes of it by small changes: the same ones each
//! time, so that what fails today fails tomorrow.

use std::{fs, path::Path};

/// What was taken, of the corpus and of what was made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) seeds: usize,
    pub(crate) seeds_taken: usize,
    pub(crate) taken: usize,
    pub(crate) refused: usize,
}

pub(crate) fn corpus(directory: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// `FUZZ_ROUNDS` overrides how many are made.
pub(crate) fn replay(seeds: &[Vec<u8>], rounds: usize, target: impl Fn(&[u8]) -> bool) -> Tally {
    let wanted = std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    let mut tally = Tally { seeds: seeds.len(), ..Tally::default() };
    tally.seeds_taken = seeds.iter().filter(|seed| target(seed)).count();
    let mut mutator = Mutator(0x9e37_79b9_7f4a_7c15);
    for _ in 0..wanted.unwrap_or(rounds) {
        let mut input = mutator.of(seeds).clone();
        for _ in 0..=mutator.below(4) {
            mutator.change(&mut input, seeds);
        }
        if target(&input) {
            tally.taken += 1;
        } else {
            tally.refused += 1;
        }
    }
    tally
}

/// What parsers stumble over.
const WORDS: [&[u8]; 28] = [
    b"\0",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\\u0000",
    b"\\ud800",
    b"\"",
    b"{",
    b"}",
    b"[[[[[[[[[[[[[[[[",
    b"]",
    b",",
    b":",
    b"null",
    b"-1",
    b"1e999",
    b"1.0",
    b"9007199254740992",
    b"18446744073709551616",
    b"=",
    b".",
    b"\r\n",
    b"a=",
    b"m=audio 9 ",
    b"a=fingerprint:sha-256 ",
    b"__proto__",
    b"\"t\":\"ack\",",
];

struct Mutator(u64);

impl Mutator {
    /// xorshift64*
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % n.max(1)
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let n = self.below(list.len());
        &list[n]
    }

    fn range(&mut self, len: usize) -> std::ops::Range<usize> {
        let from = self.below(len + 1);
        let long = if self.below(4) == 0 { self.below(len + 1) } else { self.below(9) };
        from..(from + long).min(len)
    }

    fn change(&mut self, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let range = self.range(input.len());
        match self.below(8) {
            0 => {
                if let Some(byte) = input.get_mut(range.start) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => {
                let random = u8::try_from(self.below(256)).unwrap();
                if let Some(byte) = input.get_mut(range.start) {
                    *byte = random;
                }
            }
            2 => drop(input.drain(range)),
            3 => {
                let word = *self.of(&WORDS);
                input.splice(range.start..range.start, word.iter().copied());
            }
            4 => {
                let word = *self.of(&WORDS);
                input.splice(range, word.iter().copied());
            }
            5 => {
                let copy = input[range.clone()].to_vec();
                input.splice(range.start..range.start, copy);
            }
            6 => {
                let other = self.of(seeds);
                let theirs = self.range(other.len());
                input.splice(range, other[theirs].iter().copied());
            }
            _ => {
                // A digit more or less is what ranges are for.
                let n = self.below(16);
                let mut digits = input.iter_mut().filter(|byte| byte.is_ascii_digit());
                if let Some(byte) = digits.nth(n) {
                    *byte = b'0' + u8::try_from(self.below(10)).unwrap();
                }
            }
        }
        input.truncate(48 * 1024);
    }
}
