// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a handset asked, so that nothing is done twice.

use std::collections::VecDeque;

use crate::link::{envelope::Mid, message::FromStation};

/// Of each handset.
const MOST: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Answers(VecDeque<(Mid, Answer)>);

#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// Somebody else decides it.
    Awaited,
    Given(FromStation),
}

impl Answers {
    pub(super) fn find(&self, mid: &Mid) -> Option<&Answer> {
        self.0.iter().find(|(other, _)| other == mid).map(|(_, answer)| answer)
    }

    /// False when too much is awaited already. What is awaited is not forgotten: it would be done
    /// again.
    pub(super) fn await_one(&mut self, mid: Mid) -> bool {
        if self.0.len() == MOST {
            let given = self.0.iter().position(|(_, answer)| matches!(answer, Answer::Given(_)));
            let Some(oldest) = given else { return false };
            self.0.remove(oldest);
        }
        self.0.push_back((mid, Answer::Awaited));
        true
    }

    pub(super) fn give(&mut self, mid: &Mid, answer: FromStation) {
        if let Some((_, place)) = self.0.iter_mut().find(|(other, _)| other == mid) {
            *place = Answer::Given(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::message::from_station::Done;

    fn mid(n: u8) -> Mid {
        Mid([n; 16])
    }

    #[test]
    fn what_is_awaited_is_not_forgotten() {
        let mut answers = Answers::default();
        assert!((0..64).all(|n| answers.await_one(mid(n))));
        assert!(!answers.await_one(mid(64)));
        answers.give(&mid(7), FromStation::Ok(Done::default()));
        assert!(answers.await_one(mid(64)));
        assert!(answers.find(&mid(7)).is_none());
        assert!(matches!(answers.find(&mid(0)), Some(Answer::Awaited)));
    }
}
