// SPDX-License-Identifier: MIT OR Apache-2.0
//! A configuration file, a state directory and a log for one station.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// The tables of a configuration by their header.
#[derive(Clone, Debug)]
pub(crate) struct Tables(BTreeMap<String, String>);

const USUAL: &[(&str, &str)] = &[
    ("station", "name = 'Test door'"),
    ("log", "level = 'debug'\nto = 'stderr'"),
    ("panel", "backend = 'sim'"),
    ("tamper", ""),
    ("call", "show_failure_ms = 60000"),
    (
        "buttons.bell",
        "press = { idle = 'call:home', calling = 'cancel', ringing = 'accept', ongoing = 'hang_up' }\n\
         max_presses = 1000\nper_s = 1",
    ),
    (
        "buttons.second",
        "press = { idle = 'nothing', calling = 'nudge', ringing = 'reject', ongoing = 'toggle_mute' }",
    ),
    (
        "lights.call",
        "shows = { activated = 'blink_fast', ringing = 'blink', connected = 'on', failed = 'triple_flash' }",
    ),
    ("lights.door", "shows = { door_open = 'on' }"),
    (
        "doors.front",
        "pulse_ms = 400\nmax_opens = 1000\nper_s = 1\nsettle_s = 0\n\
         relay = {}\ncontact = {}\nexit_button = {}",
    ),
    ("contacts.home", "handsets = 'all'"),
    ("simulator.handsets.hall", "doors = ['front']\nscript = { connect_ms = 0 }"),
    ("simulator.handsets.kitchen", "script = { connect_ms = 0 }"),
];

impl Tables {
    /// Two phones that ring until somebody touches them; a bell, a door, two lights.
    pub(crate) fn usual() -> Self {
        let text = |(header, body): &(&str, &str)| ((*header).to_owned(), (*body).to_owned());
        Self(USUAL.iter().map(text).collect())
    }

    /// Nothing is simulated: there is nobody to ring and no line.
    #[cfg(feature = "media")]
    pub(crate) fn real() -> Self {
        let kept = ["station", "log", "contacts.home"];
        let Self(mut tables) = Self::usual();
        tables.retain(|header, _| kept.contains(&header.as_str()));
        Self(tables)
    }

    pub(crate) fn with(mut self, header: &str, body: &str) -> Self {
        self.0.insert(header.to_owned(), body.to_owned());
        self
    }

    pub(crate) fn without(mut self, header: &str) -> Self {
        self.0.remove(header).expect("the table is there");
        self
    }

    pub(crate) fn handsets(&self) -> usize {
        self.0.keys().filter(|header| header.starts_with("simulator.handsets.")).count()
    }

    fn text(&self) -> String {
        self.0.iter().map(|(header, body)| format!("[{header}]\n{body}\n\n")).collect()
    }
}

#[derive(Debug)]
pub(crate) struct Home {
    directory: TempDir,
    bus: String,
}

impl Home {
    pub(crate) fn new(bus: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory for the station");
        Self { directory, bus: bus.to_owned() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.path().join("intercomd.toml")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.path().join("state")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.path().join("log")
    }

    /// Writes the configuration, on this home's bus and with its state directory.
    pub(crate) fn configure(&self, tables: &Tables) {
        let bus = format!("address = '{}'\nauthorization = 'policy'", self.bus);
        let store = format!("directory = '{}'", self.state().display());
        let text = tables.clone().with("bus", &bus).with("store", &store).text();
        std::fs::write(self.config(), text).expect("the configuration is written");
    }
}
