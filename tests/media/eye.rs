// SPDX-License-Identifier: MIT OR Apache-2.0
//! Looks: do pictures come, and do they change?

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Debug, Default)]
pub(crate) struct Eye(Arc<(Mutex<Seen>, Condvar)>);

#[derive(Debug, Default)]
struct Seen {
    count: usize,
    /// Pictures that need no other.
    keys: usize,
    different: BTreeSet<u64>,
}

impl Eye {
    pub(crate) fn see(&self, picture: &[u8]) {
        let mut hasher = DefaultHasher::new();
        picture.hash(&mut hasher);
        let mut seen = self.0.0.lock().unwrap();
        seen.count += 1;
        seen.different.insert(hasher.finish());
        drop(seen);
        self.0.1.notify_all();
    }

    pub(crate) fn key(&self) {
        self.0.0.lock().unwrap().keys += 1;
    }

    pub(crate) fn keys(&self) -> usize {
        self.0.0.lock().unwrap().keys
    }

    pub(crate) fn count(&self) -> usize {
        self.0.0.lock().unwrap().count
    }

    /// Waits until so many more have come, and as many that were never seen before.
    pub(crate) fn sees(&self, more: usize) {
        let seen = self.0.0.lock().unwrap();
        let (count, different) = (seen.count + more, seen.different.len() + more / 2);
        let waiting = |seen: &mut Seen| seen.count < count || seen.different.len() < different;
        let (seen, timeout) = self.0.1.wait_timeout_while(seen, PATIENCE, waiting).unwrap();
        assert!(!timeout.timed_out(), "{} pictures, {}", seen.count, seen.different.len());
    }
}
