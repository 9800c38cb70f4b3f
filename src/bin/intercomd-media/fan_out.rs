// SPDX-License-Identifier: MIT OR Apache-2.0
//! One source, any number of takers. A taker leaves by being dropped.

use std::sync::{Arc, Mutex, PoisonError, Weak};

#[derive(Debug)]
pub(crate) struct FanOut<T>(Mutex<Vec<Weak<T>>>);

impl<T> Default for FanOut<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> FanOut<T> {
    pub(crate) fn join(&self, taker: &Arc<T>) {
        let mut takers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        takers.retain(|taker| taker.strong_count() > 0);
        takers.push(Arc::downgrade(taker));
    }

    /// The lock is not held while a taker takes.
    pub(crate) fn each(&self, mut give: impl FnMut(&T)) {
        let takers = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        takers.iter().filter_map(Weak::upgrade).for_each(|taker| give(&taker));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_dropped_takes_nothing_more() {
        let fan = FanOut::<i32>::default();
        let (one, two) = (Arc::new(1), Arc::new(2));
        fan.join(&one);
        fan.join(&two);
        drop(one);
        let mut taken = Vec::new();
        fan.each(|taker| taken.push(*taker));
        assert_eq!(taken, [2]);
        drop(two);
    }
}
