// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[link]`: where handsets reach the station, and what a handset may do once it is paired.

use std::{
    collections::BTreeSet,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use toml::de::DeValue;

use super::{
    Declared,
    reader::{Entry, Table},
    simulator::read_rights,
    value::plain,
};
use crate::core::profile::Rights;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Empty: no phone and no browser can be a handset of this station.
    pub listen: BTreeSet<Listen>,
    /// `None`: the station makes itself one.
    pub certificate: Option<Certificate>,
    /// The addresses in a pairing link; empty: those that the machine has.
    pub at: Vec<Host>,
    /// Whether the local network is told where the station is.
    pub announce: bool,
    /// Of a handset that is paired without a word about its rights.
    pub pairing: Rights,
}

/// In PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// A browser takes a loopback address for a safe place even without TLS, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listen {
    Tls(SocketAddr),
    Plain(SocketAddr),
}

impl Listen {
    #[must_use]
    pub const fn address(self) -> SocketAddr {
        match self {
            Self::Tls(address) | Self::Plain(address) => address,
        }
    }

    #[must_use]
    pub const fn is_plain(self) -> bool {
        match self {
            Self::Tls(_) => false,
            Self::Plain(_) => true,
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tls(address) => address.fmt(f),
            Self::Plain(address) => write!(f, "http://{address}"),
        }
    }
}

impl FromStr for Listen {
    type Err = NoListen;

    fn from_str(text: &str) -> Result<Self, NoListen> {
        match text.strip_prefix("http://") {
            None => text.parse().map(Self::Tls).map_err(|_| NoListen::NoAddress),
            Some(address) => match address.parse::<SocketAddr>() {
                Ok(address) if address.ip().is_loopback() => Ok(Self::Plain(address)),
                Ok(_) => Err(NoListen::PlainBeyondLoopback),
                Err(_) => Err(NoListen::NoAddress),
            },
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoListen {
    #[error("no address with a port")]
    NoAddress,
    #[error("plain HTTP beyond loopback")]
    PlainBeyondLoopback,
}

/// A name or an address as it stands in a URL, with or without a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    /// Without a port.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.0.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => name,
            Some(_) | None => &self.0,
        }
    }

    /// The port is that of the listener unless the file says another.
    #[must_use]
    pub fn with_port(&self, usual: u16) -> String {
        let after_address = self.0.rsplit(']').next().unwrap_or_default();
        if after_address.contains(':') { self.0.clone() } else { format!("{}:{usual}", self.0) }
    }
}

fn host(text: &str) -> Option<Host> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (None, port.strip_prefix(':').or_else(|| port.is_empty().then_some("1"))?)
        }
        None => text.split_once(':').map_or((Some(text), "1"), |(name, port)| (Some(name), port)),
    };
    let is_label = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && label.len() <= 63 && label.chars().all(inner)
    };
    let is_name = |name: &str| name.len() <= 253 && name.split('.').all(is_label);
    let right = port.parse::<u16>().is_ok_and(|port| port > 0) && name.is_none_or(is_name);
    right.then(|| Host(text.to_owned()))
}

const LISTEN: &str = "an address with a port as in \"192.0.2.7:7443\" or \"[::]:7443\", \
     plain HTTP on a loopback address as in \"http://127.0.0.1:7480\", or a list of these";
const AT: &str = "a list of names or addresses as in \"door.example\", \"192.0.2.7:7443\", \
     \"[2001:db8::7]\"";
const PATH: &str = "an absolute path";

pub(super) fn read(table: &Table<'_>, declared: &Declared, has_light: bool) -> Link {
    let listen = read_listen(&table.key("listen"));
    let at = table.key("at").items(AT).unwrap_or_default();
    let one_host = |item: &Entry<'_>| item.take("a name or an address", |v| host(plain(v, 300)?));
    let pairing = table.section("pairing");
    Link {
        listen,
        certificate: read_certificate(table),
        at: at.iter().filter_map(one_host).collect(),
        announce: table.key("announce").flag().unwrap_or(true),
        pairing: read_rights(&pairing, declared, has_light, declared.doors.clone()),
    }
}

fn read_listen(entry: &Entry<'_>) -> BTreeSet<Listen> {
    let one = |entry: &Entry<'_>| {
        let text = entry.take(LISTEN, DeValue::as_str)?;
        match text.parse::<Listen>() {
            Ok(listen) => Some(listen),
            Err(why @ (NoListen::NoAddress | NoListen::PlainBeyondLoopback)) => {
                entry.wrong(format!("is {why}"), LISTEN);
                None
            }
        }
    };
    let is_list = entry.value.is_some_and(|value| value.as_array().is_some());
    let listen: BTreeSet<Listen> = if is_list {
        entry.set(LISTEN, one).unwrap_or_default()
    } else {
        one(entry).into_iter().collect()
    };
    let plain = listen.iter().filter(|listen| listen.is_plain()).count();
    if plain > 0 && plain < listen.len() {
        // A pairing link names one kind of address.
        entry.clash("mixes plain HTTP and TLS".to_owned(), "one of the two");
    }
    listen
}

fn read_certificate(table: &Table<'_>) -> Option<Certificate> {
    let (certificate, key) = (table.key("certificate"), table.key("key"));
    let path = |entry: &Entry<'_>| {
        entry.take(PATH, |value| {
            plain(value, 1024).map(Path::new).filter(|path| path.is_absolute()).map(Path::to_owned)
        })
    };
    match (certificate.is_set(), key.is_set()) {
        (true, false) => certificate.clash("has no key".to_owned(), "only together with key"),
        (false, true) => {
            key.clash("has no certificate".to_owned(), "only together with certificate");
        }
        (true, true) | (false, false) => {}
    }
    let (certificate, key) = (path(&certificate), path(&key));
    Some(Certificate { certificate: certificate?, key: key? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        let parse = |text: &str| text.parse::<Listen>();
        let beyond = Err(NoListen::PlainBeyondLoopback);
        assert!(matches!(parse("[::]:7443"), Ok(Listen::Tls(_))));
        assert!(matches!(parse("http://127.0.0.1:7480"), Ok(Listen::Plain(_))));
        assert!(matches!(parse("http://[::1]:0"), Ok(Listen::Plain(_))));
        assert_eq!(parse("http://0.0.0.0:80"), beyond);
        assert_eq!(parse("http://[::]:80"), beyond);
        for text in ["7443", "door.example:7443", "127.0.0.1", "https://127.0.0.1:1", ""] {
            assert_eq!(parse(text), Err(NoListen::NoAddress), "{text}");
        }
    }

    #[test]
    fn a_host_has_a_name_without_a_port() {
        for (text, name) in [
            ("door.example", "door.example"),
            ("door.example:1", "door.example"),
            ("[2001:db8::7]", "[2001:db8::7]"),
            ("[2001:db8::7]:1", "[2001:db8::7]"),
        ] {
            assert_eq!(host(text).unwrap().name(), name);
        }
    }

    #[test]
    fn a_host_stands_in_a_url_as_it_is_written() {
        let with_port = |text: &str| host(text).map(|host| host.with_port(7443));
        assert_eq!(with_port("door.example").as_deref(), Some("door.example:7443"));
        assert_eq!(with_port("192.0.2.7:1").as_deref(), Some("192.0.2.7:1"));
        assert_eq!(with_port("[2001:db8::7]").as_deref(), Some("[2001:db8::7]:7443"));
        assert_eq!(with_port("[::1]:9").as_deref(), Some("[::1]:9"));
        for text in ["", "a b", "a/b", "a:", "a:x", "a:0", "a:70000", "[::1", "[x]", "::1", "a..b"]
        {
            assert_eq!(host(text), None, "{text}");
        }
    }
}
