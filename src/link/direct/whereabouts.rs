// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the station can be reached at the moment, and who is told so.

use std::net::SocketAddr;

use super::{addresses, announce::Announcement, ice};
use crate::{
    config::{self, Endpoints, Host},
    link::{
        Settings,
        desk::Place,
        keys::{Pin, Thumbprint},
    },
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
    pub(super) fn new(
        bound: Vec<Option<SocketAddr>>,
        at: Vec<Host>,
        pin: Option<Pin>,
        announce: Option<Thumbprint>,
        settings: &Settings,
    ) -> Self {
        let Settings { name, pairing, ice, push } = settings.clone();
        let (ice, pushes) = (ice::servers(&ice), pushes(&push));
        let place = Place { name, pin, at: Vec::new(), grants: pairing, ice, pushes };
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

    /// From here on the station is what these say.
    pub(super) fn settle(&mut self, settings: &Settings) -> Place {
        let Settings { name, pairing, ice, push } = settings.clone();
        let is_renamed = name != self.place.name;
        let (ice, pushes) = (ice::servers(&ice), pushes(&push));
        self.place = Place { name, grants: pairing, ice, pushes, ..self.place() };
        if is_renamed {
            self.announce();
        }
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

    /// Once there is somewhere to come to, and anew when that or the name changes.
    fn announce(&mut self) {
        let at = self.addresses();
        let Some(key) = &self.announce else { return };
        if at.iter().all(|at| at.ip().is_loopback()) {
            return;
        }
        if self.announcement.is_none() {
            self.announcement = Announcement::begin();
        }
        if let Some(announcement) = &mut self.announcement {
            announcement.say(&self.place.name, key, &at);
        }
    }
}

/// Where pushes may go, if this station sends any.
fn pushes(push: &config::Push) -> Option<Endpoints> {
    (push.enabled && cfg!(feature = "push")).then_some(push.endpoints)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::setup::Ice;

    #[test]
    fn what_the_station_is_changes_and_where_it_is_stays() {
        let bound = vec![Some("127.0.0.1:7480".parse().unwrap())];
        let settings = Settings { name: "Front door".to_owned(), ..Settings::default() };
        let mut here = Whereabouts::new(bound, Vec::new(), None, None, &settings);
        let before = here.place();
        assert_eq!((before.name.as_str(), before.ice.len()), ("Front door", 0));
        let ice = Ice { stun: Some("stun.example:3478".to_owned()), ..Ice::default() };
        let place = here.settle(&Settings { name: "Back door".to_owned(), ice, ..settings });
        assert_eq!(place.ice[0].urls, ["stun:stun.example:3478"]);
        assert_eq!(place, Place { name: "Back door".to_owned(), ice: place.ice.clone(), ..before });
        assert_eq!(here.place(), place);
    }
}
