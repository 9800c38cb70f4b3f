// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tells the local network where the station is, by DNS-SD. It is a hint for addresses and never a
//! reason to trust, so a network that does not hear it is no trouble.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};

use crate::link::keys::Thumbprint;

const SERVICE: &str = "_intercomd._tcp.local.";
/// New addresses are seen within this time; each look wakes up the machine.
const LOOK_EVERY_S: u32 = 60;
/// It takes a millisecond where nothing is wrong.
const GOOD_BYE: Duration = Duration::from_millis(250);

/// The network is told until this is dropped.
pub(super) struct Announcement {
    daemon: ServiceDaemon,
    /// The name of what is announced.
    service: Option<String>,
}

impl Announcement {
    /// `None` where the network cannot be told.
    pub(super) fn begin() -> Option<Self> {
        let daemon = ServiceDaemon::new().and_then(|daemon| {
            daemon.set_ip_check_interval(LOOK_EVERY_S)?;
            // Whoever is on this machine needs no announcement.
            daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
            Ok(daemon)
        });
        Some(Self { daemon: told(daemon)?, service: None })
    }

    /// In place of what was said before.
    pub(super) fn say(&mut self, name: &str, key: &Thumbprint, at: &[SocketAddr]) {
        told(self.announce(name, key, at));
    }

    fn announce(&mut self, name: &str, key: &Thumbprint, at: &[SocketAddr]) -> mdns_sd::Result<()> {
        let Some(service) = service(name, key, at)? else { return Ok(()) };
        let fullname = service.get_fullname().to_owned();
        if let Some(before) = self.service.replace(fullname.clone())
            && before != fullname
        {
            drop(self.daemon.unregister(&before)?);
        }
        self.daemon.register(service)
    }
}

fn told<T>(outcome: mdns_sd::Result<T>) -> Option<T> {
    outcome
        .inspect_err(|error| {
            tracing::warn!(%error, "the local network is not told where the station is");
        })
        .ok()
}

/// A name of its own, which nobody else on the network has.
pub(super) fn host(key: &Thumbprint) -> String {
    let key = key.to_string();
    let short = key.get(..8).unwrap_or(&key).replace(['_', '-'], "0").to_ascii_lowercase();
    format!("intercomd-{short}.local")
}

/// At the first port that others can use. `None` when there is none.
fn service(
    name: &str,
    key: &Thumbprint,
    at: &[SocketAddr],
) -> mdns_sd::Result<Option<ServiceInfo>> {
    let reachable = || at.iter().filter(|at| !at.ip().is_loopback());
    let Some(port) = reachable().next().map(SocketAddr::port) else { return Ok(None) };
    let here = reachable().filter(|at| at.port() == port).map(SocketAddr::ip);
    let here: Vec<IpAddr> = here.collect();
    let host = format!("{}.", host(key));
    let mut key = key.to_string();
    key.truncate(16);
    let text = HashMap::from([("v".to_owned(), "1".to_owned()), ("key".to_owned(), key)]);
    let is_anywhere = here.iter().any(IpAddr::is_unspecified);
    let addresses = if is_anywhere { &[][..] } else { &here[..] };
    let service = ServiceInfo::new(SERVICE, name, &host, addresses, port, text)?;
    Ok(Some(if is_anywhere { service.enable_addr_auto() } else { service }))
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // It says good-bye by itself, in a thread that may not outlive us otherwise.
        if let Ok(done) = self.daemon.shutdown() {
            drop(done.recv_timeout(GOOD_BYE));
        }
    }
}

impl std::fmt::Debug for Announcement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Announcement")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(at: &[&str]) -> Option<(Vec<IpAddr>, bool, u16)> {
        let at: Vec<SocketAddr> = at.iter().map(|at| at.parse().unwrap()).collect();
        let service = service("Front door", &Thumbprint([7; 32]), &at).unwrap()?;
        let mut addresses: Vec<IpAddr> = service.get_addresses().iter().copied().collect();
        addresses.sort();
        Some((addresses, service.is_addr_auto(), service.get_port()))
    }

    #[test]
    fn what_is_announced_is_where_the_station_listens() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(announced(&["127.0.0.1:7443", "[::1]:7443"]), None);
        assert_eq!(announced(&["127.0.0.1:1", "[::]:7443"]), Some((vec![], true, 7443)));
        let two = ["192.0.2.7:7443", "[2001:db8::7]:7443", "192.0.2.8:7444"];
        let addresses = vec![ip("192.0.2.7"), ip("2001:db8::7")];
        assert_eq!(announced(&two), Some((addresses, false, 7443)));
    }
}
