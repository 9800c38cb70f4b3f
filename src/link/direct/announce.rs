// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tells the local network where the station is, by DNS-SD. It is a hint for addresses and never a
//! reason to trust, so a network that does not hear it is no trouble.

use std::collections::HashMap;

use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};

use crate::link::keys::Thumbprint;

const SERVICE: &str = "_intercomd._tcp.local.";
/// New addresses are seen within this time; each look wakes up the machine.
const LOOK_EVERY_S: u32 = 60;

/// The network is told until this is dropped.
pub(super) struct Announcement {
    daemon: ServiceDaemon,
    key: Thumbprint,
    port: u16,
    /// As it is announced.
    service: String,
}

impl Announcement {
    pub(super) fn start(name: &str, key: &Thumbprint, port: u16) -> Option<Self> {
        told(Self::begin(name, *key, port))
    }

    pub(super) fn rename(&mut self, name: &str) {
        told(self.begin_again(name));
    }

    fn begin(name: &str, key: Thumbprint, port: u16) -> mdns_sd::Result<Self> {
        let daemon = ServiceDaemon::new()?;
        daemon.set_ip_check_interval(LOOK_EVERY_S)?;
        // Whoever is on this machine needs no announcement.
        daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
        let service = service(name, &key, port)?;
        let fullname = service.get_fullname().to_owned();
        daemon.register(service)?;
        Ok(Self { daemon, key, port, service: fullname })
    }

    fn begin_again(&mut self, name: &str) -> mdns_sd::Result<()> {
        drop(self.daemon.unregister(&self.service)?);
        let service = service(name, &self.key, self.port)?;
        service.get_fullname().clone_into(&mut self.service);
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

fn service(name: &str, key: &Thumbprint, port: u16) -> mdns_sd::Result<ServiceInfo> {
    let host = format!("{}.", host(key));
    let mut key = key.to_string();
    key.truncate(16);
    let text = HashMap::from([("v".to_owned(), "1".to_owned()), ("key".to_owned(), key)]);
    Ok(ServiceInfo::new(SERVICE, name, &host, "", port, text)?.enable_addr_auto())
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // It says good-bye by itself; nobody waits for it.
        drop(self.daemon.shutdown());
    }
}

impl std::fmt::Debug for Announcement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Announcement")
    }
}
