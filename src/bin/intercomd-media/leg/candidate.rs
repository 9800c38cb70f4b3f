// SPDX-License-Identifier: MIT OR Apache-2.0
//! One line of ICE from a peer, read strictly and written anew: what libnice sees is ours.

use std::{fmt, net::IpAddr};

const LINE_MAX: usize = 512;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    foundation: String,
    priority: u32,
    address: IpAddr,
    port: u16,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Host,
    ServerReflexive,
    PeerReflexive,
    Relay,
}

impl Kind {
    fn read(word: &str) -> Option<Self> {
        match word {
            "host" => Some(Self::Host),
            "srflx" => Some(Self::ServerReflexive),
            "prflx" => Some(Self::PeerReflexive),
            "relay" => Some(Self::Relay),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::ServerReflexive => "srflx",
            Self::PeerReflexive => "prflx",
            Self::Relay => "relay",
        }
    }
}

impl Candidate {
    /// `None` for what this station has no use for: names of mDNS, which GStreamer 1.22 would
    /// leak an agent for, TCP, a second component, addresses that are nobody's.
    pub(crate) fn read(line: &str) -> Option<Self> {
        if line.len() > LINE_MAX || !line.is_ascii() {
            return None;
        }
        let line = line.trim_end().strip_prefix("candidate:")?;
        let mut words = line.split(' ');
        let foundation = words.next().filter(|text| is_foundation(text))?.to_owned();
        let component = words.next()?;
        let transport = words.next()?;
        let priority = words.next()?.parse().ok()?;
        let address = words.next()?.parse().ok().filter(|address| is_somebody(*address))?;
        let port = words.next()?.parse().ok().filter(|port| *port != 0)?;
        let typ = words.next()?;
        let kind = Kind::read(words.next()?)?;
        let wanted = component == "1" && transport.eq_ignore_ascii_case("udp") && typ == "typ";
        wanted.then_some(Self { foundation, priority, address, port, kind })
    }
}

fn is_foundation(text: &str) -> bool {
    let of_ice = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    (1..=32).contains(&text.len()) && text.chars().all(of_ice)
}

fn is_somebody(address: IpAddr) -> bool {
    let broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
    !address.is_unspecified() && !address.is_multicast() && !broadcast
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { foundation, priority, address, port, kind } = self;
        let kind = kind.word();
        write!(f, "candidate:{foundation} 1 UDP {priority} {address} {port} typ {kind}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rewritten(line: &str) -> Option<String> {
        Candidate::read(line).map(|candidate| candidate.to_string())
    }

    #[test]
    fn a_browsers_candidate_is_kept_without_its_extras() {
        let line = "candidate:3988 1 udp 2122260223 192.0.2.7 51472 typ srflx raddr 10.0.0.1 \
                    rport 9 generation 0 ufrag AbCd network-cost 999";
        let kept = "candidate:3988 1 UDP 2122260223 192.0.2.7 51472 typ srflx";
        assert_eq!(rewritten(line).as_deref(), Some(kept));
        assert_eq!(rewritten(kept).as_deref(), Some(kept));
        let six = "candidate:1 1 UDP 5 2001:db8::7 51472 typ host";
        assert_eq!(rewritten(six).as_deref(), Some(six));
    }

    #[test]
    fn what_a_station_has_no_use_for_is_dropped() {
        for line in [
            "",
            "candidate:",
            "candidate:1 1 UDP 5 6f1ed0a2-1111-4b7e-8888-cafe00000000.local 51472 typ host",
            "candidate:1 1 UDP 5 door.example 51472 typ host",
            "candidate:1 1 TCP 5 192.0.2.7 9 typ host tcptype active",
            "candidate:1 2 UDP 5 192.0.2.7 51472 typ host",
            "candidate:1 1 UDP 5 192.0.2.7 0 typ host",
            "candidate:1 1 UDP 5 192.0.2.7 65536 typ host",
            "candidate:1 1 UDP 5 0.0.0.0 9 typ host",
            "candidate:1 1 UDP 5 224.0.0.251 5353 typ host",
            "candidate:1 1 UDP 5 255.255.255.255 9 typ host",
            "candidate:1 1 UDP 99999999999 192.0.2.7 51472 typ host",
            "candidate:1 1 UDP 5 192.0.2.7 51472 typ other",
            "candidate:1 1 UDP 5 192.0.2.7 51472 of host",
            "candidate:a;b 1 UDP 5 192.0.2.7 51472 typ host",
            "a=candidate:1 1 UDP 5 192.0.2.7 51472 typ host",
        ] {
            assert_eq!(rewritten(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_text_does_harm(line in "\\PC{0,80}", rest in any::<Vec<u8>>()) {
            drop(Candidate::read(&line));
            drop(Candidate::read(&format!("candidate:{}", String::from_utf8_lossy(&rest))));
        }

        #[test]
        fn what_is_kept_is_read_the_same_again(
            line in "candidate:[a-z+/;]{0,34} [12] (udp|UDP|tcp) [0-9]{1,11} [0-9.:]{1,16} [0-9]{1,6} typ (host|relay|x)"
        ) {
            if let Some(candidate) = Candidate::read(&line) {
                prop_assert_eq!(Candidate::read(&candidate.to_string()), Some(candidate));
            }
        }
    }
}
