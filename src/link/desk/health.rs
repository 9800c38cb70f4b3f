// SPDX-License-Identifier: MIT OR Apache-2.0
//! How well pushes go: told of each handset, and of the station where it can push to nobody.

use super::{Desk, Output};
use crate::{
    core::HandsetId,
    link::{LinkEvent, PushResult, push::Tried},
};

/// Whether anything keeps the station from pushing to anybody.
#[derive(Debug)]
pub(super) struct Health {
    /// Of the newest try.
    newest: Option<PushResult>,
    /// As it was told.
    pushing: bool,
}

impl Default for Health {
    fn default() -> Self {
        Self { newest: None, pushing: true }
    }
}

impl Desk {
    pub(super) fn push_tried(&mut self, tried: Tried) {
        let Tried { handset, subscription, last } = tried;
        let Some(known) = self.handsets.get_mut(&handset) else { return };
        if known.registration.tried(&subscription, last) {
            self.health.newest = Some(last.result);
            self.tell_waking(&handset);
        }
    }

    pub(super) fn pushes_ready(&mut self) {
        self.health.newest.take_if(|newest| newest.is_own());
        self.tell_if_pushing();
    }

    pub(super) fn tell_who_is_registered(&mut self) {
        let registered =
            self.handsets.iter().filter(|(_, known)| known.registration.push().is_some());
        for handset in registered.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.tell_waking(&handset);
        }
    }

    pub(super) fn tell_waking(&mut self, handset: &HandsetId) {
        let Some(known) = self.handsets.get(handset) else { return };
        let waking = known.registration.waking();
        self.event(LinkEvent::Waking { handset: handset.clone(), waking });
        self.tell_if_pushing();
    }

    pub(super) fn tell_if_pushing(&mut self) {
        if self.place.pushes.is_none() {
            self.health.newest = None;
        }
        let pushing = !self.is_hindered();
        if pushing != self.health.pushing {
            self.health.pushing = pushing;
            self.outputs.push_back(Output::Pushing(pushing));
        }
    }

    /// A way that leads nowhere is the fault of one endpoint, unless there is none to any of them.
    fn is_hindered(&self) -> bool {
        let Some(newest) = self.health.newest else { return false };
        let wakings = self.handsets.values().map(|known| known.registration.waking());
        let mut results = wakings
            .filter(|waking| waking.registered)
            .map(|waking| waking.last.map(|last| last.result))
            .peekable();
        let is_lost = |result| result == Some(PushResult::Unreachable);
        results.peek().is_some()
            && (newest.is_own() || newest == PushResult::Unreachable && results.all(is_lost))
    }
}
