// SPDX-License-Identifier: MIT OR Apache-2.0
//! Several demos on one machine: each takes the next ports that are free.

use std::{
    collections::BTreeSet,
    net::{SocketAddr, TcpListener},
};

use crate::config::Listen;

const TRIES: u16 = 50;

/// The same addresses with ports that nobody has at the moment.
#[must_use]
pub fn that_are_free(listen: &BTreeSet<Listen>) -> BTreeSet<Listen> {
    let free = |listen: &Listen| match listen {
        Listen::Tls(address) => Listen::Tls(next_free(*address)),
        Listen::Plain(address) => Listen::Plain(next_free(*address)),
    };
    listen.iter().map(free).collect()
}

/// The first one if none is: then the link says what is wrong with it.
fn next_free(first: SocketAddr) -> SocketAddr {
    let at = |port| SocketAddr::new(first.ip(), port);
    let ports = first.port()..=first.port().saturating_add(TRIES);
    ports.map(at).find(|address| TcpListener::bind(address).is_ok()).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_somebody_has_is_passed_over() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let held = TcpListener::bind(taken).unwrap();
        let found = that_are_free(&BTreeSet::from([Listen::Plain(taken)]));
        let found = found.first().unwrap().address();
        assert!(found.ip() == taken.ip() && found.port() > taken.port(), "{found}");
        drop(held);
        let again = that_are_free(&BTreeSet::from([Listen::Plain(taken)]));
        assert_eq!(again.first().unwrap().address(), taken);
    }
}
