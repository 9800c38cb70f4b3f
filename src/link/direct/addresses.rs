// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a handset finds the station, as a pairing link says it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::config::Host;

/// A code with more of them is hard to scan.
const MOST: usize = 3;

/// What the file says, or else the addresses that were asked for, or else those of the machine.
/// None where nothing listens.
pub(super) fn places(bound: &[SocketAddr], at: &[Host]) -> Vec<String> {
    match bound {
        [first, ..] if !at.is_empty() => {
            at.iter().map(|host| host.with_port(first.port())).collect()
        }
        _ => told(bound, &machine()),
    }
}

fn told(bound: &[SocketAddr], machine: &[IpAddr]) -> Vec<String> {
    let mut places = Vec::new();
    for address in bound {
        let port = address.port();
        let ips = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => {
                machine.iter().copied().filter(IpAddr::is_ipv4).collect()
            }
            IpAddr::V6(ip) if ip.is_unspecified() => machine.to_vec(),
            ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => vec![ip],
        };
        places.extend(ips.into_iter().map(|ip| SocketAddr::new(ip, port).to_string()));
    }
    if places.is_empty() {
        let here =
            |address: &SocketAddr| SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port());
        places.extend(bound.iter().map(|address| here(address).to_string()));
    }
    places.truncate(MOST);
    places
}

/// IPv4 first: it is what a person recognises, and every home network has it.
fn machine() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::debug!(%error, "the addresses of the machine cannot be read");
        Vec::new()
    });
    let mut addresses: Vec<IpAddr> = interfaces
        .iter()
        .filter(|interface| !interface.is_loopback() && !interface.is_link_local())
        .map(if_addrs::Interface::ip)
        .collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bound: &str, machine: &[&str]) -> Vec<String> {
        let machine: Vec<IpAddr> = machine.iter().map(|ip| ip.parse().unwrap()).collect();
        told(&[bound.parse().unwrap()], &machine)
    }

    #[test]
    fn a_link_names_addresses_that_others_can_use() {
        let machine = ["192.0.2.7", "2001:db8::7"];
        assert_eq!(of("[::]:7443", &machine), ["192.0.2.7:7443", "[2001:db8::7]:7443"]);
        assert_eq!(of("0.0.0.0:7443", &machine), ["192.0.2.7:7443"]);
        assert_eq!(of("198.51.100.1:7443", &machine), ["198.51.100.1:7443"]);
        assert_eq!(of("127.0.0.1:7480", &machine), ["127.0.0.1:7480"]);
    }

    #[test]
    fn without_a_network_there_is_still_the_machine_itself() {
        assert_eq!(of("[::]:7443", &[]), ["127.0.0.1:7443"]);
        assert!(told(&[], &[]).is_empty());
    }

    #[test]
    fn a_link_does_not_grow_with_the_machine() {
        let many: Vec<String> = (1..=9).map(|n| format!("192.0.2.{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(of("[::]:7443", &many).len(), MOST);
    }

    #[test]
    fn the_file_knows_better() {
        let at =
            crate::config::parse("[link]\nat = ['door.example', '192.0.2.1:1']").unwrap().link.at;
        let bound = ["[::]:7443".parse().unwrap()];
        assert_eq!(places(&bound, &at), ["door.example:7443", "192.0.2.1:1"]);
        assert!(places(&[], &at).is_empty(), "nobody is there");
    }
}
