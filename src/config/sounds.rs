// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[sounds]`: what the station itself plays, and when it does so softly.

use std::time::Duration;

use super::{
    Config, call,
    media::absolute,
    places::SoundFile,
    reader::{Entry, Table},
    value::plain,
};
use crate::{
    core::{
        profile::Quieter,
        status::{Sound, Tone},
    },
    media::sounds::{self, Own, Sounds},
};

#[derive(Default)]
pub(super) struct Heard {
    pub own: Sounds,
    pub quieter: Vec<Quieter>,
    pub files: Vec<SoundFile>,
}

const HOURS: &str = "a list of tables with days, from, to and volume";
const PERCENT: &str = "0 to 100";
const FULL: &str = "tells the visitor of a listener, always and in full";

pub(super) fn read(table: &Table<'_>) -> Heard {
    let mut heard = Heard::default();
    for sound in Sound::ALL {
        let entry = table.key(sound.word());
        if let Some(own) = read_own(&entry, *sound != Sound::Monitored, &mut heard.files) {
            heard.own.once.insert(*sound, own);
        }
    }
    for tone in Tone::ALL {
        match tone {
            Tone::Ring | Tone::Ringback => {
                let own = read_own(&table.key(tone.word()), true, &mut heard.files);
                heard.own.lasting.extend(own.map(|own| (*tone, own)));
            }
            // Asked for only where it is, so that no message offers it.
            Tone::Monitor if table.has(tone.word()) => {
                let before = "monitored, for what is said before it";
                table.key(tone.word()).wrong(FULL.to_owned(), before);
            }
            Tone::Monitor => {}
        }
    }
    let hours = table.key("quieter").items(HOURS).unwrap_or_default();
    heard.quieter = hours.iter().map(|entry| read_quieter(&entry.section())).collect();
    heard
}

fn read_own(entry: &Entry<'_>, softer: bool, files: &mut Vec<SoundFile>) -> Option<Own> {
    let table = entry.section();
    let file = table.key("file");
    let path = file.take("an absolute path", |value| absolute(plain(value, 1024)?));
    if let Some(path) = &path {
        let place = file.findings.problem(&file.spot, String::new(), sounds::FORM);
        files.push(SoundFile { path: path.clone(), is_notice: !softer, place });
    }
    if !softer && table.has("volume") {
        table.key("volume").wrong(FULL.to_owned(), "file");
    }
    let volume = if softer { percent(&table.key("volume")) } else { None };
    let is_table = entry.value.is_some_and(|value| value.as_table().is_some());
    is_table.then(|| Own { file: path, volume: volume.unwrap_or(100), lasts: Duration::ZERO })
}

fn percent(entry: &Entry<'_>) -> Option<u8> {
    entry.whole(0..=100).and_then(|percent| u8::try_from(percent).ok())
}

fn read_quieter(table: &Table<'_>) -> Quieter {
    let (hours, volume) = (call::read_hours(table), table.key("volume"));
    volume.required(PERCENT);
    Quieter { hours, chimes: percent(&volume).unwrap_or(100) }
}

impl Config {
    /// Looks at the files of sounds. A chime that cannot be had is no reason to leave a door without its bell.
    pub(super) fn with_sounds(mut self) -> Self {
        let own = &mut self.media.setup.sounds;
        for SoundFile { path, is_notice, place } in &self.places.sounds {
            let all = own.once.values_mut().chain(own.lasting.values_mut());
            match if *is_notice { sounds::notice(path) } else { sounds::recording(path) } {
                Ok(wav) => all
                    .filter(|own| own.file.as_ref() == Some(path))
                    .for_each(|own| own.lasts = wav.lasts()),
                Err(error) => {
                    let what = format!("{} {error}; the built-in sound is heard", path.display());
                    self.warnings.push(super::Problem { what, ..place.clone() });
                }
            }
        }
        self.warnings.sort_by_key(|warning| (warning.line, warning.column));
        self
    }
}
