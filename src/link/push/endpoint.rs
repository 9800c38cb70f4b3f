// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which URLs are endpoints. A handset names them and the station calls them up, so they must not
//! lead to what only the station can reach.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use hyper::{Uri, http::uri::PathAndQuery};

use crate::config::Endpoints;

/// A URL that may be called up, as far as that can be told from its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    path: PathAndQuery,
    pub host: Host,
    pub port: u16,
    pub is_tls: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    Name(String),
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    #[error("no URL of ASCII characters; allowed is https://HOST/PATH")]
    NoUrl,
    #[error("not https; allowed is https://HOST/PATH")]
    NotHttps,
    #[error("a URL with a user; allowed is https://HOST/PATH")]
    WithUser,
    #[error("a URL with a fragment; allowed is https://HOST/PATH")]
    WithFragment,
    #[error("at a host that is none; allowed are names of letters, digits, - and _, and addresses")]
    NoHost,
    #[error("at a host of no public network; allowed are names and addresses of the Internet")]
    NotPublic,
}

impl Endpoint {
    pub fn parse(text: &str, allowed: Endpoints) -> Result<Self, BadEndpoint> {
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(BadEndpoint::NoUrl);
        }
        // Uri drops it.
        if text.contains('#') {
            return Err(BadEndpoint::WithFragment);
        }
        let uri: Uri = text.parse().map_err(|_| BadEndpoint::NoUrl)?;
        let is_tls = match (uri.scheme_str(), allowed) {
            (Some("https"), _) => true,
            (Some("http"), Endpoints::Anywhere) => false,
            (Some(_), _) => return Err(BadEndpoint::NotHttps),
            (None, _) => return Err(BadEndpoint::NoUrl),
        };
        let authority = uri.authority().ok_or(BadEndpoint::NoUrl)?;
        if authority.as_str().contains('@') {
            return Err(BadEndpoint::WithUser);
        }
        let host = Host::parse(authority.host()).ok_or(BadEndpoint::NoHost)?;
        let usual = if is_tls { 443 } else { 80 };
        let after_host = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        let port = match after_host.strip_prefix(':') {
            None => usual,
            Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or(BadEndpoint::NoUrl)?,
        };
        // A URL may have a query and no path before it; what is asked for by HTTP begins with one.
        let path = uri.path_and_query().and_then(|path| path.to_string().parse().ok());
        let path = path.ok_or(BadEndpoint::NoUrl)?;
        match allowed {
            Endpoints::Public if !host.may_be_public() => Err(BadEndpoint::NotPublic),
            Endpoints::Public | Endpoints::Anywhere => Ok(Self { path, host, port, is_tls }),
        }
    }

    /// Scheme, host and port: all of it that may be told.
    #[must_use]
    pub fn origin(&self) -> String {
        let (scheme, usual) = if self.is_tls { ("https", 443) } else { ("http", 80) };
        let host = &self.host;
        if self.port == usual {
            format!("{scheme}://{host}")
        } else {
            format!("{scheme}://{host}:{}", self.port)
        }
    }

    #[must_use]
    pub fn path(&self) -> &PathAndQuery {
        &self.path
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.origin())
    }
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        if let Some(inner) = text.strip_prefix('[') {
            return Some(Self::Address(IpAddr::V6(inner.strip_suffix(']')?.parse().ok()?)));
        }
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Self::Address(address.into()));
        }
        let is_label = |label: &str| {
            let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            (1..=63).contains(&label.len()) && label.chars().all(inner)
        };
        // What ends in a number is an address in one of the spellings that resolvers know.
        let last = text.rsplit('.').next()?;
        let ends_in_number = last.starts_with(|c: char| c.is_ascii_digit());
        let is_name = text.len() <= 253 && text.split('.').all(is_label) && !ends_in_number;
        is_name.then(|| Self::Name(text.to_ascii_lowercase()))
    }

    fn may_be_public(&self) -> bool {
        match self {
            Self::Name(name) => {
                let top = name.rsplit('.').next().unwrap_or_default();
                !matches!(top, "localhost" | "local")
            }
            Self::Address(address) => is_public(*address),
        }
    }
}

/// As it stands in a URL.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// By the registries of special addresses (RFC 6890 and its successors): reachable from anywhere.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Of providers behind their own translation.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        // Of benchmarks.
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = inner_v4(address) {
        return is_public_v4(inner);
    }
    let [a, b, ..] = address.segments();
    match (a, b) {
        // Of protocols, Teredo and documentation.
        (0x2001, 0..0x200 | 0xdb8) | (0x3fff, 0..0x1000) => false,
        (0x2000..0x4000, _) => true,
        _ => false,
    }
}

/// An address of IPv4 in other clothes: translated by the network (RFC 6052), or 6to4.
pub fn inner_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let [high, low] = match (a, [b, c, d, e, f]) {
        (0x64, [0xff9b, 0, 0, 0, 0]) => [g, h],
        (0x2002, _) => [b, c],
        _ => return None,
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn public(text: &str) -> Result<Endpoint, BadEndpoint> {
        Endpoint::parse(text, Endpoints::Public)
    }

    #[test]
    fn endpoints_of_push_services_are_taken() {
        for (text, origin, path) in [
            ("https://push.example/", "https://push.example", "/"),
            ("https://push.example", "https://push.example", "/"),
            ("https://push.example?up=1", "https://push.example", "/?up=1"),
            ("https://push.example:8443?", "https://push.example:8443", "/?"),
            ("https://push.example//a", "https://push.example", "//a"),
            ("https://PUSH.example/a?up=1&b", "https://push.example", "/a?up=1&b"),
            ("https://push.example:8443/a/b", "https://push.example:8443", "/a/b"),
            ("https://push.example:443/a", "https://push.example", "/a"),
            ("https://1.1.1.1/a", "https://1.1.1.1", "/a"),
            ("https://[2606:4700::1111]:8443/a", "https://[2606:4700::1111]:8443", "/a"),
            ("https://4push.example/a", "https://4push.example", "/a"),
        ] {
            let endpoint = public(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(endpoint.origin(), origin, "{text}");
            assert_eq!(endpoint.path().as_str(), path, "{text}");
        }
    }

    #[test]
    fn what_is_no_endpoint_is_refused_with_its_reason() {
        use BadEndpoint::{NoHost, NoUrl, NotHttps, NotPublic, WithFragment, WithUser};
        for (text, why) in [
            ("", NoUrl),
            ("push.example", NoUrl),
            ("/a", NoUrl),
            ("https://", NoUrl),
            ("https://push.example/ä", NoUrl),
            ("https://push.example/a b", NoUrl),
            ("https://push.example/\r\nX: y", NoUrl),
            ("https://push.example:0/", NoUrl),
            ("https://push.example:70000/", NoUrl),
            ("https://push.example:/", NoUrl),
            ("http://push.example/", NotHttps),
            ("ftp://push.example/", NotHttps),
            ("file:///etc/passwd", NoUrl),
            ("https://me@push.example/", WithUser),
            ("https://push.example@127.0.0.1/", WithUser),
            ("https://push.example/#a", WithFragment),
            ("https://push..example/", NoHost),
            ("https://.example/", NoHost),
            ("https://push.example./", NoHost),
            ("https://127.1/", NoHost),
            ("https://2130706433/", NoHost),
            ("https://0x7f.0.0.0x1/", NoHost),
            ("https://017700000001/", NoHost),
            ("https://localhost/", NotPublic),
            ("https://LOCALHOST/", NotPublic),
            ("https://door.localhost/", NotPublic),
            ("https://door.local/", NotPublic),
            ("https://127.0.0.1/", NotPublic),
            ("https://192.168.1.1:8443/", NotPublic),
            ("https://[::1]/", NotPublic),
            ("https://[::ffff:1.1.1.1]/", NotPublic),
            ("https://[fe80::1]/", NotPublic),
        ] {
            assert_eq!(public(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_network_of_ones_own_is_taken_where_the_owner_says_so() {
        let anywhere = |text: &str| Endpoint::parse(text, Endpoints::Anywhere);
        for text in
            ["http://127.0.0.1:80/a", "http://ntfy.local/a", "https://[::1]/", "http://nas/"]
        {
            assert!(anywhere(text).is_ok(), "{text}");
        }
        assert_eq!(anywhere("http://127.0.0.1:80/a").unwrap().origin(), "http://127.0.0.1");
        assert_eq!(anywhere("ftp://nas/"), Err(BadEndpoint::NotHttps));
        assert_eq!(anywhere("http://me@nas/"), Err(BadEndpoint::WithUser));
    }

    #[test]
    fn special_addresses_are_not_public() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.251",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::c0a8:101",
            "64:ff9b:0:1::808:808",
            "64:ff9b:1::808:808",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::fb",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.254",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00:1450::1",
            "2002:808:808::1",
            "64:ff9b::808:808",
            "3ffe::1",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_endpoint_says_where_it_leads(text in "\\PC{0,40}|https?://[a-z0-9.:@\\[\\]/?#-]{0,40}") {
            for allowed in [Endpoints::Public, Endpoints::Anywhere] {
                let Ok(endpoint) = Endpoint::parse(&text, allowed) else { continue };
                // Its own parts lead to the same place, and nothing can be added to a request by it.
                let again = format!("{}{}", endpoint.origin(), endpoint.path());
                prop_assert_eq!(Endpoint::parse(&again, allowed).map(|e| e.origin()), Ok(endpoint.origin()));
                prop_assert!(endpoint.path().as_str().starts_with('/'));
                prop_assert!(endpoint.path().as_str().bytes().all(|byte| byte.is_ascii_graphic()));
                if allowed == Endpoints::Public {
                    prop_assert!(endpoint.is_tls);
                }
            }
        }

        #[test]
        fn no_address_is_public_in_one_spelling_and_not_in_another(address: u32) {
            let four = Ipv4Addr::from(address);
            let [a, b, c, d] = four.octets();
            let public = is_public(four.into());
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            let translated = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low);
            let to4 = Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1);
            prop_assert_eq!(is_public(translated.into()), public);
            prop_assert_eq!(is_public(to4.into()), public);
            prop_assert!(!is_public(four.to_ipv6_mapped().into()));
            let parsed = Endpoint::parse(&format!("https://{four}/"), Endpoints::Public);
            prop_assert_eq!(parsed.is_ok(), public);
        }
    }
}
