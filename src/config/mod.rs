// SPDX-License-Identifier: MIT OR Apache-2.0
//! One TOML file becomes validated types, or a list of everything that is wrong with it.
//! `config/intercomd.toml` is the reference of all keys.

mod action;
mod board;
mod buttons;
mod call;
mod contacts;
mod doors;
mod findings;
mod ice;
mod lights;
mod link;
mod media;
mod places;
mod problem;
mod push;
mod reader;
mod service;
mod simulator;
mod sounds;
mod spelling;
#[cfg(test)]
mod tests;
mod value;
mod wires;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::FileTypeExt,
    path::{Path, PathBuf},
};

use toml::de::DeTable;

pub use link::{Certificate, Host, Link, Listen};
pub use media::Media;
pub use places::Places;
pub use problem::{Problem, Problems};
pub use push::{Clock, Endpoints, Push};
pub use service::{
    Authorization, Bus, BusAddress, Log, LogLevel, LogTarget, NoBusAddress, StationLabel, Store,
};
pub use simulator::{OnRing, Right, Script, SimulatedHandset, Simulator};

use crate::{
    core::{
        ids::{ButtonName, ContactName, DoorName, HandsetId},
        profile::Profile,
    },
    panel::wiring::Wiring,
};
use findings::{Findings, Spot};
use reader::Table;
use wires::Wires;

/// No sensible file comes near it; it keeps a wrong path from being read without end.
const FILE_MAX: u64 = 256 * 1024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub station: StationLabel,
    pub profile: Profile,
    pub wiring: Wiring,
    pub media: Media,
    pub bus: Bus,
    pub log: Log,
    pub store: Store,
    pub link: Link,
    pub push: Push,
    pub simulator: Simulator,
    /// What is allowed and looks dangerous.
    pub warnings: Vec<Problem>,
    /// Where the wired functions got their lines.
    pub places: Places,
}

/// A file as it was when it was read, whatever becomes of it later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub path: PathBuf,
    pub text: String,
}

impl Source {
    pub fn read(path: &Path) -> Result<Self, Problems> {
        Ok(Self { path: path.to_owned(), text: text_of(path)? })
    }

    pub fn parse(&self) -> Result<Config, Problems> {
        parse_named(&self.path.display().to_string(), &self.text)?
            .with_secrets()
            .map(Config::with_sounds)
    }
}

pub fn read(path: &Path) -> Result<Config, Problems> {
    Source::read(path)?.parse()
}

fn text_of(path: &Path) -> Result<String, Problems> {
    let name = path.display().to_string();
    let bytes = load(path).map_err(|error| {
        Problems::with_file(&name, format!("cannot be read: {error}"), String::new())
    })?;
    if bytes.len() as u64 > FILE_MAX {
        let allowed = format!("up to {} KiB", FILE_MAX / 1024);
        return Err(Problems::with_file(&name, "is too large".to_owned(), allowed));
    }
    String::from_utf8(bytes).map_err(|error| {
        let sound_length = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let sound = String::from_utf8_lossy(bytes.get(..sound_length).unwrap_or_default());
        let end = Spot { path: String::new(), at: sound.len() };
        let what = "is not UTF-8 from here on".to_owned();
        Problems::from(Findings::new(&name, &sound).problem(&end, what, ""))
    })
}

/// The text of a file that has no path. Other files that it names are not looked at.
pub fn parse(text: &str) -> Result<Config, Problems> {
    parse_named("intercomd.toml", text)
}

fn load(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Opening a pipe would wait for a writer.
    if fs::metadata(path)?.file_type().is_fifo() {
        return Err(io::Error::other("it is a pipe"));
    }
    File::open(path)?.take(FILE_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn parse_named(file: &str, text: &str) -> Result<Config, Problems> {
    let (root, torn) = DeTable::parse_recoverable(text);
    let mut findings = Findings::new(file, text);
    let mut places: Vec<(usize, &str)> = torn
        .iter()
        .map(|error| (error.span().map_or(0, |span| span.start), error.message()))
        .collect();
    places.sort_unstable();
    for (at, message) in places {
        findings.torn_at(at, message);
    }
    let config = read_all(&findings, root.get_ref());
    let warnings = findings.verdict()?;
    Ok(Config { warnings, ..config })
}

/// The names that other parts of the file may refer to.
struct Declared {
    contacts: BTreeSet<ContactName>,
    doors: BTreeSet<DoorName>,
    buttons: BTreeSet<ButtonName>,
    /// Empty when no handset is simulated: who is paired is no matter of the file.
    simulated: BTreeSet<HandsetId>,
}

fn read_all<'r>(findings: &'r Findings<'r>, root: &'r DeTable<'r>) -> Config {
    let root = Table::root(findings, root);
    let simulator = root.section("simulator");
    let declared = Declared {
        contacts: root.key("contacts").names(),
        doors: root.key("doors").names(),
        buttons: root.key("buttons").names(),
        simulated: simulator.key("handsets").names(),
    };
    let mut wires = Wires::read(&root.section("panel"));
    wires.tamper(&root.key("tamper"));
    let buttons = buttons::read(&root.key("buttons"), &declared, &mut wires);
    let chords = buttons::read_chords(&root.key("chords"), &declared);
    let lights = lights::read(&root.key("lights"), &mut wires);
    let doors = doors::read(&root.key("doors"), &mut wires);
    let sounds = sounds::read(&root.section("sounds"));
    let (wiring, mut places) = wires.finish(findings);
    let media = media::read(&root, sounds.own, &mut places);
    let lights = lights::seen(lights, &wiring, &media.setup.audio.playback);
    let profile = Profile {
        contacts: contacts::read(&root.key("contacts"), &declared),
        buttons,
        chords,
        lights,
        doors,
        call: call::read(&root.section("call")),
        quiet: call::read_quiet(&root.section("do_not_disturb")),
        quieter: sounds.quieter,
    };
    let has_light = profile.shows_listeners();
    places.sounds = sounds.files;
    Config {
        station: service::read_station(&root.section("station")),
        profile,
        wiring,
        media,
        bus: service::read_bus(&root.section("bus")),
        log: service::read_log(&root.section("log")),
        store: service::read_store(&root.section("store")),
        link: link::read(&root.section("link"), &declared, has_light),
        push: push::read(&root.section("push")),
        simulator: simulator::read(&simulator, &declared, has_light),
        warnings: Vec::new(),
        places,
    }
}
