// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many calls may wait for an answer at once, so that one client cannot keep out the others.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

const EACH: usize = 16;
const TOGETHER: usize = 128;

#[derive(Clone, Debug, Default)]
pub(super) struct Admission(Arc<Mutex<BTreeMap<String, usize>>>);

/// One call, until it is dropped.
#[derive(Debug)]
pub(super) struct Admitted {
    admission: Admission,
    caller: String,
}

impl Admission {
    pub(super) fn admit(&self, caller: String) -> Option<Admitted> {
        let mut waiting = self.waiting();
        let own = waiting.get(&caller).copied().unwrap_or(0);
        if own >= EACH || waiting.values().sum::<usize>() >= TOGETHER {
            return None;
        }
        waiting.insert(caller.clone(), own + 1);
        Some(Admitted { admission: self.clone(), caller })
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut waiting = self.admission.waiting();
        match waiting.get_mut(&self.caller) {
            Some(own) if *own > 1 => *own -= 1,
            Some(_) | None => {
                waiting.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_floods_does_not_keep_out_another() {
        let admission = Admission::default();
        let flood: Vec<_> = (0..EACH).map(|_| admission.admit(":1.1".into()).unwrap()).collect();
        assert!(admission.admit(":1.1".into()).is_none());
        assert!(admission.admit(":1.2".into()).is_some());
        drop(flood);
        assert!(admission.admit(":1.1".into()).is_some());
        assert!(admission.waiting().is_empty());
    }

    #[test]
    fn many_clients_together_are_limited_too() {
        let admission = Admission::default();
        let calls: Vec<_> =
            (0..TOGETHER).map(|n| admission.admit(format!(":1.{n}")).unwrap()).collect();
        assert!(admission.admit(":1.999".into()).is_none());
        drop(calls);
        assert!(admission.admit(":1.999".into()).is_some());
    }
}
