// SPDX-License-Identifier: MIT OR Apache-2.0
//! One-time challenges that open doors: PROTOCOL.md, section 7.

use std::{collections::VecDeque, time::Duration};

use super::{keys::Thumbprint, message::field::Nonce};
use crate::core::{CallId, DoorName, Moment};

pub const LASTS: Duration = Duration::from_secs(30);
/// Older ones lapse.
pub const MOST: usize = 4;

/// What is to be opened, and in which call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    pub door: DoorName,
    pub call: Option<CallId>,
}

impl Purpose {
    /// What the action key signs.
    #[must_use]
    pub fn text(&self, station: &Thumbprint, handset: &Thumbprint, nonce: &Nonce) -> String {
        let Self { door, call } = self;
        let cid = call.map_or_else(|| "-".to_owned(), |call| call.to_string());
        format!("icm1-open\0{station}\0{handset}\0{door}\0{cid}\0{nonce}")
    }
}

/// Those of one handset.
#[derive(Debug, Default)]
pub struct Challenges(VecDeque<Challenge>);

#[derive(Debug)]
struct Challenge {
    nonce: Nonce,
    purpose: Purpose,
    until: Moment,
}

impl Challenges {
    pub fn issue(&mut self, now: Moment, nonce: Nonce, purpose: Purpose) {
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(Challenge { nonce, purpose, until: now + LASTS });
    }

    /// Whatever comes of it, it is used now.
    pub fn take(&mut self, now: Moment, nonce: &Nonce) -> Option<Purpose> {
        let place = self.0.iter().position(|challenge| challenge.nonce == *nonce)?;
        let challenge = self.0.remove(place)?;
        (now < challenge.until).then_some(challenge.purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purpose() -> Purpose {
        Purpose { door: "house".parse().unwrap(), call: None }
    }

    #[test]
    fn a_challenge_is_good_once_and_not_for_long() {
        let mut challenges = Challenges::default();
        let now = Moment::default();
        challenges.issue(now, Nonce([1; 16]), purpose());
        challenges.issue(now, Nonce([2; 16]), purpose());
        assert_eq!(challenges.take(now, &Nonce([1; 16])), Some(purpose()));
        assert_eq!(challenges.take(now, &Nonce([1; 16])), None);
        assert_eq!(challenges.take(now + LASTS, &Nonce([2; 16])), None);
    }

    #[test]
    fn the_fifth_challenge_ends_the_first() {
        let mut challenges = Challenges::default();
        let now = Moment::default();
        for n in 1..=5 {
            challenges.issue(now, Nonce([n; 16]), purpose());
        }
        assert_eq!(challenges.take(now, &Nonce([1; 16])), None);
        assert_eq!(challenges.take(now, &Nonce([2; 16])), Some(purpose()));
    }
}
