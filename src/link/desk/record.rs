// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who is paired, as it is kept.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{
    core::{
        DoorName, HandsetId,
        profile::{Right, Rights},
    },
    link::{
        keys::{PublicKey, Thumbprint},
        message::{field::Label, from_station::Paired},
        push::Subscription,
    },
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandsetRecord {
    pub id: HandsetId,
    pub label: Label,
    pub rights: BTreeSet<Right>,
    pub doors: BTreeSet<DoorName>,
    pub call_key: PublicKey,
    pub action_key: PublicKey,
}

impl HandsetRecord {
    #[must_use]
    pub fn rights(&self) -> Rights {
        Rights::new(&self.rights, self.doors.clone())
    }

    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    pub(super) fn summary(&self) -> Paired {
        Paired {
            id: self.id.clone(),
            label: self.label.clone(),
            rights: self.rights.iter().copied().collect(),
            doors: self.doors.iter().cloned().collect(),
        }
    }
}

/// Everything about handsets that outlives the process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    pub handsets: Vec<HandsetRecord>,
    /// Keys that are never taken again, the oldest first.
    pub revoked: VecDeque<Thumbprint>,
    /// Where handsets are woken.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pushes: BTreeMap<HandsetId, Subscription>,
}

/// A forgotten key is merely unknown, so there is no need to remember them all.
const REVOKED_MOST: usize = 256;

pub(super) fn revoke(revoked: &mut VecDeque<Thumbprint>, record: &HandsetRecord) {
    revoked.extend([record.call_key.thumbprint(), record.action_key.thumbprint()]);
    while revoked.len() > REVOKED_MOST {
        revoked.pop_front();
    }
}

/// A short name that follows from the key. Whoever seeks a key with somebody else's name gets a longer one.
pub(super) fn id_of(call: &Thumbprint, is_taken: impl Fn(&HandsetId) -> bool) -> Option<HandsetId> {
    let digits: String = call.0.iter().map(|byte| format!("{byte:02x}")).collect();
    (10..=digits.len())
        .step_by(2)
        .filter_map(|len| format!("h{}", digits.get(..len)?).parse().ok())
        .find(|id| !is_taken(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_from_the_key_and_is_nobody_elses() {
        let key = Thumbprint([0xab; 32]);
        let first = id_of(&key, |_| false).unwrap();
        assert_eq!(first.as_str(), "habababababab"[..11].to_owned());
        let second = id_of(&key, |id| *id == first).unwrap();
        assert_eq!(second.as_str(), "hababababababab"[..13].to_owned());
        assert_eq!(id_of(&key, |_| true), None);
    }
}
