// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a time service has set the clock. The kernel knows, but the sandbox of the unit does not
//! let its clock be touched, not even to ask; so systemd is asked.

use std::{path::Path, time::Duration};

use tokio::time::timeout;
use zbus::{connection::Builder, fdo::PropertiesProxy, names::InterfaceName};

use crate::config::BusAddress;

/// systemd-timesyncd makes it when it has set the clock, once in the life of a machine.
const BY_TIMESYNCD: &str = "/run/systemd/timesync/synchronized";
/// It asks the kernel, so that it knows of chrony and others, too.
const TIMEDATED: &str = "org.freedesktop.timedate1";
const TIMEDATED_AT: &str = "/org/freedesktop/timedate1";
/// It is started for this.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronized {
    Yes,
    No,
    /// Nobody is there who knows.
    Unknown,
}

pub async fn synchronized(bus: &BusAddress) -> Synchronized {
    told_by(Path::new(BY_TIMESYNCD), bus).await
}

async fn told_by(file: &Path, bus: &BusAddress) -> Synchronized {
    if file.exists() {
        return Synchronized::Yes;
    }
    match timeout(PATIENCE, ask(bus)).await {
        Ok(Ok(Some(true))) => Synchronized::Yes,
        Ok(Ok(Some(false))) => Synchronized::No,
        Ok(Ok(None) | Err(_)) | Err(_) => Synchronized::Unknown,
    }
}

async fn ask(bus: &BusAddress) -> zbus::Result<Option<bool>> {
    let builder = match bus {
        BusAddress::System => Builder::system(),
        BusAddress::Session => Builder::session(),
        BusAddress::At(address) => Builder::address(address.as_str()),
        BusAddress::None => return Ok(None),
    };
    let connection = builder.build().await?;
    let proxy = PropertiesProxy::new(&connection, TIMEDATED, TIMEDATED_AT).await?;
    let interface = InterfaceName::from_static_str_unchecked(TIMEDATED);
    let value = proxy.get(interface, "NTPSynchronized").await?;
    Ok(bool::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_says_so_and_without_it_nobody_may_know() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("synchronized");
        let no_bus = BusAddress::At(format!("unix:path={}", home.path().join("bus").display()));
        for bus in [&no_bus, &BusAddress::None] {
            assert_eq!(told_by(&file, bus).await, Synchronized::Unknown);
        }
        std::fs::write(&file, "").unwrap();
        assert_eq!(told_by(&file, &no_bus).await, Synchronized::Yes);
    }
}
