// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the station can be reached at the moment, and who is told so.

use std::net::SocketAddr;

use super::{addresses, announce::Announcement};
use crate::{
    config::Host,
    link::{desk::Place, keys::Thumbprint},
};

#[derive(Debug)]
pub(super) struct Whereabouts {
    /// For each address of the configuration, once it can be had.
    bound: Vec<Option<SocketAddr>>,
    at: Vec<Host>,
    place: Place,
    /// Whose announcement it would be; `None`: nobody is to be told.
    announce: Option<Thumbprint>,
    announcement: Option<Announcement>,
}

impl Whereabouts {
    /// `place` is right but for the addresses.
    pub(super) fn new(
        bound: Vec<Option<SocketAddr>>,
        at: Vec<Host>,
        place: Place,
        announce: Option<Thumbprint>,
    ) -> Self {
        let mut here = Self { bound, at, place, announce, announcement: None };
        here.look_again();
        here.announce();
        here
    }

    pub(super) fn place(&self) -> Place {
        self.place.clone()
    }

    pub(super) fn is_whole(&self) -> bool {
        self.bound.iter().all(Option::is_some)
    }

    pub(super) fn bound(&mut self, slot: usize, address: SocketAddr) -> Place {
        if let Some(slot) = self.bound.get_mut(slot) {
            *slot = Some(address);
        }
        self.look_again();
        self.announce();
        self.place()
    }

    /// `Some` when the addresses are others than before.
    pub(super) fn look_again(&mut self) -> Option<Place> {
        let at = addresses::places(&self.addresses(), &self.at);
        let changed = at != self.place.at;
        self.place.at = at;
        changed.then(|| self.place())
    }

    fn addresses(&self) -> Vec<SocketAddr> {
        self.bound.iter().flatten().copied().collect()
    }

    /// Once, under the first address that others can use.
    fn announce(&mut self) {
        let (Some(key), None) = (&self.announce, &self.announcement) else { return };
        let reachable = self.addresses().into_iter().find(|at| !at.ip().is_loopback());
        if let Some(address) = reachable {
            self.announcement = Announcement::start(&self.place.name, key, address.port());
        }
    }
}
