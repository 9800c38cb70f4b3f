// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many are served at once, from one address, from one network and in all.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub from_one_address: usize,
    /// Half of them at most from one IPv6 /64.
    pub in_all: usize,
}

#[derive(Clone, Debug)]
pub struct Admission {
    limits: Limits,
    guests: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

/// Given back when it is dropped, if not before.
#[derive(Debug)]
pub struct Seat {
    admission: Admission,
    of: IpAddr,
    is_given_back: AtomicBool,
}

impl Seat {
    pub fn give_back(&self) {
        if self.is_given_back.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut guests = self.admission.guests();
        if let Some(count) = guests.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                guests.remove(&self.of);
            }
        }
    }
}

impl Admission {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, guests: Arc::default() }
    }

    /// `None` when there are too many already.
    #[must_use]
    pub fn admit(&self, peer: IpAddr) -> Option<Seat> {
        let of = peer.to_canonical();
        let Limits { from_one_address, in_all } = self.limits;
        let mut guests = self.guests();
        let from_here = guests.get(&of).copied().unwrap_or_default();
        let neighbours = guests.iter().filter(|(guest, _)| are_neighbours(**guest, of));
        let from_around: usize = neighbours.map(|(_, count)| count).sum();
        if from_here >= from_one_address
            || from_around >= in_all / 2
            || guests.values().sum::<usize>() >= in_all
        {
            return None;
        }
        guests.insert(of, from_here + 1);
        drop(guests);
        Some(Seat { admission: self.clone(), of, is_given_back: AtomicBool::new(false) })
    }

    fn guests(&self) -> MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// A /64 of IPv6 is all the machines of a house, or one that goes through its addresses: nobody
/// can tell which.
fn are_neighbours(one: IpAddr, other: IpAddr) -> bool {
    matches!((one, other), (IpAddr::V6(one), IpAddr::V6(other))
        if one.segments()[..4] == other.segments()[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission() -> Admission {
        Admission::new(Limits { from_one_address: 2, in_all: 6 })
    }

    fn from(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    #[test]
    fn one_address_has_few_seats_and_gets_them_back() {
        let admission = admission();
        let first = admission.admit(from("192.0.2.1")).unwrap();
        let _second = admission.admit(from("192.0.2.1")).unwrap();
        assert!(admission.admit(from("192.0.2.1")).is_none());
        assert!(admission.admit(from("::ffff:192.0.2.1")).is_none(), "the same in other words");
        first.give_back();
        let _third = admission.admit(from("192.0.2.1")).unwrap();
        drop(first);
        assert!(admission.admit(from("192.0.2.1")).is_none(), "no seat is given back twice");
    }

    #[test]
    fn whoever_has_all_seats_of_an_address_leaves_the_neighbours_theirs() {
        let admission = admission();
        let _seats = [(); 2].map(|()| admission.admit(from("fe80::1")).unwrap());
        assert!(admission.admit(from("fe80::1")).is_none());
        assert!(admission.admit(from("fe80::2")).is_some());
    }

    #[test]
    fn a_whole_network_has_half_of_the_seats() {
        let admission = admission();
        let seats: Vec<_> =
            (1..=6).filter_map(|n| admission.admit(from(&format!("2001:db8::{n}")))).collect();
        assert_eq!(seats.len(), 3);
        let _others = ["2001:db8:0:1::1", "192.0.2.1", "::ffff:192.0.2.2"]
            .map(|other| admission.admit(from(other)).unwrap());
        drop(seats);
        assert!(admission.admit(from("2001:db8::7")).is_some(), "there is room again");
    }

    #[test]
    fn there_are_so_many_seats_in_all() {
        let admission = admission();
        let seats: Vec<_> =
            (1..=8).filter_map(|n| admission.admit(from(&format!("192.0.2.{n}")))).collect();
        assert_eq!(seats.len(), 6, "of addresses that make no network");
        drop(seats);
        assert!(admission.guests().is_empty());
    }
}
