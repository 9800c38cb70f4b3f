// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which addresses a push may go to: none of this machine's own networks, whose devices may have
//! addresses of the Internet, too.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use if_addrs::{IfAddr, get_if_addrs};

use crate::{
    config::Endpoints,
    link::push::{inner_v4, is_public},
};

/// Of a network at one site; routers tell of no longer ones, whatever an interface says.
const LONGEST_V6: u8 = 64;

#[derive(Debug)]
pub(super) struct Allowed {
    endpoints: Endpoints,
    own: Vec<Network>,
}

#[derive(Clone, Copy, Debug)]
struct Network {
    address: IpAddr,
    length: u8,
}

impl Allowed {
    /// As the interfaces are at this moment.
    pub(super) fn now(endpoints: Endpoints) -> Self {
        let own = match get_if_addrs() {
            Ok(interfaces) => interfaces
                .iter()
                .map(|interface| match &interface.addr {
                    IfAddr::V4(own) => Network { address: own.ip.into(), length: own.prefixlen },
                    IfAddr::V6(own) => Network { address: own.ip.into(), length: own.prefixlen },
                })
                .collect(),
            Err(error) => {
                tracing::warn!(%error, "this machine's networks are not known, so nothing is pushed");
                vec![Network::ALL_V4, Network::ALL_V6]
            }
        };
        Self { endpoints, own }
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        match self.endpoints {
            Endpoints::Public => {
                is_public(address) && !self.own.iter().any(|own| own.contains(address))
            }
            Endpoints::Anywhere => true,
        }
    }
}

impl Network {
    const ALL_V4: Self = Self { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), length: 0 };
    const ALL_V6: Self = Self { address: IpAddr::V6(Ipv6Addr::UNSPECIFIED), length: 0 };

    fn contains(&self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let shift = 32_u32.saturating_sub(self.length.into());
                (own.to_bits() ^ other.to_bits()).checked_shr(shift).unwrap_or_default() == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let shift = 128_u32.saturating_sub(self.length.min(LONGEST_V6).into());
                (own.to_bits() ^ other.to_bits()).checked_shr(shift).unwrap_or_default() == 0
            }
            (IpAddr::V4(_), IpAddr::V6(other)) => {
                inner_v4(other).is_some_and(|inner| self.contains(inner.into()))
            }
            (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        link::push::Endpoint,
        push::post::{Trouble, connect},
    };

    fn allowed(endpoints: Endpoints) -> Allowed {
        let own = [("2606:1:2:3::5", 64), ("2606:1:9:9::5", 128), ("9.9.9.9", 24), ("::1", 128)];
        let network = |(address, length): (&str, u8)| {
            let address = address.parse().unwrap();
            Network { address, length }
        };
        Allowed { endpoints, own: own.map(network).into() }
    }

    #[test]
    fn devices_of_ones_own_networks_are_not_public() {
        let public = allowed(Endpoints::Public);
        let anywhere = allowed(Endpoints::Anywhere);
        for text in [
            "2606:1:2:3::5",
            "2606:1:2:3:ffff::1",
            "2606:1:9:9::77",
            "9.9.9.1",
            "10.0.0.1",
            "64:ff9b::9.9.9.1",
            "2002:909:901::1",
        ] {
            let address = text.parse().unwrap();
            assert!(!public.contains(address), "{text}");
            assert!(anywhere.contains(address), "{text}");
        }
        for text in [
            "2606:1:2:4::5",
            "2606:1:9:8::5",
            "2606:4700::1111",
            "9.9.8.1",
            "1.1.1.1",
            "64:ff9b::9.9.8.1",
        ] {
            assert!(public.contains(text.parse().unwrap()), "{text}");
        }
    }

    #[tokio::test]
    async fn nobody_is_connected_to_there() {
        let endpoint = Endpoint::parse("https://[2606:1:2:3::9]/up", Endpoints::Public).unwrap();
        let refused = connect(&endpoint, &allowed(Endpoints::Public)).await;
        assert!(matches!(refused, Err(Trouble::NotPublic)), "{refused:?}");
    }

    #[test]
    fn a_network_of_everything_and_one_of_a_single_address_are_counted_right() {
        let contains = |own: &str, length, other: &str| {
            let address = own.parse().unwrap();
            Network { address, length }.contains(other.parse().unwrap())
        };
        assert!(contains("1.1.1.1", 0, "9.9.9.9"));
        assert!(contains("1.1.1.1", 32, "1.1.1.1") && !contains("1.1.1.1", 32, "1.1.1.0"));
        assert!(contains("2606::1", 0, "2a00::1") && !contains("1.1.1.1", 0, "2a00::1"));
    }

    #[test]
    fn nothing_is_allowed_where_the_own_networks_are_not_known() {
        let own = vec![Network::ALL_V4, Network::ALL_V6];
        let unknown = Allowed { endpoints: Endpoints::Public, own };
        for text in ["1.1.1.1", "2606:4700::1111"] {
            assert!(!unknown.contains(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_addresses_of_this_machine_are_read() {
        let own = Allowed::now(Endpoints::Public).own;
        assert!(own.iter().any(|own| own.address.is_loopback()), "{own:?}");
    }
}
