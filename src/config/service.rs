// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[station]`, `[bus]`, `[log]` and `[store]`: the daemon as a program among others.

use std::{
    ffi::OsStr,
    fmt,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use toml::de::DeValue;

use super::{reader::Table, value::plain};
use crate::core::status::words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationLabel {
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bus {
    pub address: BusAddress,
    pub authorization: Authorization,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BusAddress {
    System,
    Session,
    /// The station is not on any bus.
    None,
    At(String),
}

words! {
    /// Who decides what a local program may do.
    pub enum Authorization {
        Polkit = "polkit",
        /// The bus policy alone.
        Policy = "policy",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    pub level: LogLevel,
    pub to: LogTarget,
}

words! {
    pub enum LogLevel {
        Error = "error",
        Warn = "warn",
        Info = "info",
        Debug = "debug",
    }
}

words! {
    pub enum LogTarget {
        /// The journal when started by systemd, else standard error.
        Auto = "auto",
        Journal = "journal",
        Stderr = "stderr",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// As the file says, if it does.
    pub directory: Option<PathBuf>,
    /// The length of the call log.
    pub calls: usize,
}

impl Store {
    pub const DIRECTORY: &str = "/var/lib/intercomd";

    /// Where the state is kept, given the value of `$STATE_DIRECTORY`: systemd lists there, with
    /// colons between them, the directories that it has made for the service.
    pub fn directory_or(&self, state_directory: Option<&OsStr>) -> PathBuf {
        let first = state_directory.and_then(|list| list.as_bytes().split(|b| *b == b':').next());
        let given = first
            .filter(|path| !path.is_empty())
            .map(|path| PathBuf::from(OsStr::from_bytes(path)));
        self.directory.clone().or(given).unwrap_or_else(|| PathBuf::from(Self::DIRECTORY))
    }
}

pub(super) fn read_station(table: &Table<'_>) -> StationLabel {
    StationLabel { name: table.key("name").text().unwrap_or_else(|| "Door station".to_owned()) }
}

pub(super) fn read_bus(table: &Table<'_>) -> Bus {
    let allowed = "system, session, none, or a D-Bus address as in unix:path=/run/bus";
    let address = table.key("address").take(allowed, bus_address);
    let authorization = table.key("authorization").word(Authorization::ALL, Authorization::word);
    Bus {
        address: address.unwrap_or(BusAddress::System),
        authorization: authorization.unwrap_or(Authorization::Polkit),
    }
}

fn bus_address(value: &DeValue<'_>) -> Option<BusAddress> {
    plain(value, 1024)?.parse().ok()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither system, session, none nor a D-Bus address such as unix:path=/run/bus")]
pub struct NoBusAddress;

impl FromStr for BusAddress {
    type Err = NoBusAddress;

    fn from_str(text: &str) -> Result<Self, NoBusAddress> {
        match text {
            "system" => Ok(Self::System),
            "session" => Ok(Self::Session),
            "none" => Ok(Self::None),
            address if is_dbus_address(address) => Ok(Self::At(address.to_owned())),
            _ => Err(NoBusAddress),
        }
    }
}

fn is_dbus_address(text: &str) -> bool {
    let Some((transport, rest)) = text.split_once(':') else { return false };
    !transport.is_empty()
        && transport.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        && rest.split_once('=').is_some_and(|(key, _)| !key.is_empty())
}

pub(super) fn read_log(table: &Table<'_>) -> Log {
    let level = table.key("level").word(LogLevel::ALL, LogLevel::word);
    let to = table.key("to").word(LogTarget::ALL, LogTarget::word);
    Log { level: level.unwrap_or(LogLevel::Info), to: to.unwrap_or(LogTarget::Auto) }
}

pub(super) fn read_store(table: &Table<'_>) -> Store {
    let directory = table.key("directory").take("an absolute path", |value| {
        plain(value, 1024).map(Path::new).filter(|path| path.is_absolute()).map(Path::to_owned)
    });
    let calls = table.key("calls").whole(10..=1000).unwrap_or(200);
    Store { directory, calls: usize::try_from(calls).unwrap_or(usize::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_then_systemd_then_the_usual_place_say_where_state_is_kept() {
        let from_file = Store { directory: Some("/data".into()), calls: 10 };
        let silent = Store { directory: None, calls: 10 };
        let systemd = OsStr::new("/var/lib/door:/var/lib/other");
        assert_eq!(from_file.directory_or(Some(systemd)), Path::new("/data"));
        assert_eq!(silent.directory_or(Some(systemd)), Path::new("/var/lib/door"));
        assert_eq!(silent.directory_or(Some(OsStr::new(""))), Path::new(Store::DIRECTORY));
        assert_eq!(silent.directory_or(None), Path::new(Store::DIRECTORY));
    }
}
