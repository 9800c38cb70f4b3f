// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many are served at once, from one address and in all.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub from_one_address: usize,
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
        let of = household(peer);
        let mut guests = self.guests();
        let from_here = guests.get(&of).copied().unwrap_or_default();
        let in_all: usize = guests.values().sum();
        if from_here >= self.limits.from_one_address || in_all >= self.limits.in_all {
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

/// One machine has a whole /64 of IPv6 addresses to choose from.
fn household(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission() -> Admission {
        Admission::new(Limits { from_one_address: 2, in_all: 3 })
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
    fn the_addresses_of_one_machine_share_their_seats() {
        let admission = admission();
        let _seats = [admission.admit(from("2001:db8::1")), admission.admit(from("2001:db8::2"))];
        assert!(admission.admit(from("2001:db8::3")).is_none());
        assert!(admission.admit(from("2001:db8:0:1::3")).is_some());
    }

    #[test]
    fn there_are_so_many_seats_in_all() {
        let admission = admission();
        let seats: Vec<_> =
            (1..=4).map(|n| admission.admit(from(&format!("192.0.2.{n}")))).collect();
        assert_eq!(seats.iter().flatten().count(), 3);
        drop(seats);
        assert!(admission.guests().is_empty());
    }
}
