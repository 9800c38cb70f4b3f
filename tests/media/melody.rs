// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which of the station's sounds is it? Told by the heights of its notes, one after the other.

use std::collections::BTreeSet;

use crate::tone::{goertzel, power};

/// As they are built in, in hertz.
const BUILT_IN: [(&str, &[u16]); 10] = [
    ("activated", &[880]),
    ("connected", &[659, 988]),
    ("door_open", &[784, 988, 1175, 1568]),
    ("failed", &[440, 330, 247]),
    ("refused", &[196, 196]),
    ("warning", &[1047, 1047, 1047]),
    ("monitored", &[1319, 1047, 1319, 1047]),
    ("ring", &[784, 988, 784, 988, 784, 988]),
    ("ringback", &[425]),
    ("monitor", &[1400]),
];
/// Heard again and again.
const LASTING: [&str; 3] = ["ring", "ringback", "monitor"];

/// Twenty milliseconds, every ten.
const LENGTH: usize = 960;
const STEP: usize = 480;
/// So many looks in a row make a note; the shortest one lasts for seven.
const NOTE: usize = 3;

/// What somebody heard, and the melodies that they know.
#[derive(Clone, Debug)]
pub(crate) struct Listener {
    known: Vec<(String, Vec<u16>)>,
    heights: BTreeSet<u16>,
    /// Nothing where it is silent, or where it is no single height.
    heard: Vec<Option<u16>>,
}

impl Default for Listener {
    fn default() -> Self {
        Self::of(BUILT_IN.map(|(name, notes)| (name.to_owned(), notes.to_vec())))
    }
}

impl Listener {
    pub(crate) fn of(known: impl IntoIterator<Item = (String, Vec<u16>)>) -> Self {
        let known: Vec<_> = known.into_iter().collect();
        let heights = known.iter().flat_map(|(_, notes)| notes.iter().copied()).collect();
        Self { known, heights, heard: Vec::new() }
    }

    /// All that there is so far. What was listened to already is not listened to again.
    pub(crate) fn listen(&mut self, samples: &[f32]) {
        while let Some(window) =
            samples.get(self.heard.len() * STEP..).and_then(|s| s.get(..LENGTH))
        {
            let height = self.height(window);
            self.heard.push(height);
        }
    }

    fn height(&self, window: &[f32]) -> Option<u16> {
        let all = power(window);
        let strength = |height: u16| goertzel(window, f32::from(height)) / all;
        let strengths = self.heights.iter().map(|height| (strength(*height), *height));
        let (most, height) = strengths.max_by(|one, other| one.0.total_cmp(&other.0))?;
        (all > 1e-6 && most > 0.7).then_some(height)
    }

    /// Those that are over.
    fn notes(&self) -> Vec<u16> {
        let runs: Vec<_> = self.heard.chunk_by(|one, other| one == other).collect();
        let over = runs.split_last().map_or(&[][..], |(_, over)| over);
        over.iter().filter(|run| run.len() >= NOTE).filter_map(|run| run[0]).collect()
    }

    /// The names of what was heard, in order; a tone that lasts is named once.
    pub(crate) fn melodies(&self) -> Vec<String> {
        let notes = self.notes();
        let (mut rest, mut names) = (notes.as_slice(), Vec::<String>::new());
        while let Some((first, after)) = rest.split_first() {
            let fits = self.known.iter().filter(|(_, notes)| rest.starts_with(notes));
            let (name, left) = match fits.max_by_key(|(_, notes)| notes.len()) {
                Some((name, notes)) => (name.clone(), &rest[notes.len()..]),
                None => (format!("{first} Hz"), after),
            };
            let lasts = LASTING.contains(&name.as_str()) && names.last() == Some(&name);
            if !lasts {
                names.push(name);
            }
            rest = left;
        }
        names
    }
}
