// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a right file means for the station's own sounds, and what is said of theirs.

use std::{fs, time::Duration};

use crate::{
    config::{Config, Source, parse},
    core::{
        profile::{QuietHours, Quieter},
        status::{Sound, Tone},
        time::Weekday,
    },
    media::{
        sounds::{FORM, Own, Sounds},
        wav::tests::wav,
    },
};

fn sounds(text: &str) -> Sounds {
    parse(text).unwrap_or_else(|problems| panic!("{problems}")).media.setup.sounds
}

#[test]
fn a_sound_has_a_file_or_a_volume_of_its_own_or_both() {
    let own = |file: Option<&str>, volume| Own {
        file: file.map(Into::into),
        volume,
        lasts: Duration::ZERO,
    };
    let read = sounds(
        "[sounds.activated]\nvolume = 40\n[sounds.monitored]\nfile = \"/etc/notice.wav\"\n\
         [sounds.ring]\nfile = \"/etc/bell.wav\"\nvolume = 0",
    );
    let once =
        [(Sound::Activated, own(None, 40)), (Sound::Monitored, own(Some("/etc/notice.wav"), 100))];
    let lasting = [(Tone::Ring, own(Some("/etc/bell.wav"), 0))];
    assert_eq!(read, Sounds { once: once.into(), lasting: lasting.into() });
    assert_eq!(sounds("[sounds]"), Sounds::default());
}

#[test]
fn quieter_hours_are_those_of_do_not_disturb_with_a_volume() {
    let text = "sounds.quieter = [{ from = \"22:00\", to = 07:00:00, volume = 30 }, \
                { days = [\"sun\"], from = \"13:00\", to = \"15:00\", volume = 0 }]";
    let span = |days: &[Weekday], from: u32, to: u32, chimes| Quieter {
        hours: QuietHours {
            days: days.iter().copied().collect(),
            from: from * 3600,
            to: to * 3600,
        },
        chimes,
    };
    let expected = [span(&Weekday::ALL, 22, 7, 30), span(&[Weekday::Sunday], 13, 15, 0)];
    assert_eq!(parse(text).unwrap().profile.quieter, expected);
}

fn checked(text: &str) -> Config {
    let source = Source { path: "door.toml".into(), text: text.to_owned() };
    source.parse().unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn a_file_that_cannot_be_played_is_warned_of_where_it_is_named_and_leaves_the_door_its_bell() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name).display().to_string();
    let hum: Vec<i16> = (0..2000).map(|at| if at % 32 < 16 { 9000 } else { -9000 }).collect();
    for (name, content) in [
        ("good.wav", wav(2, 22_000, &hum)),
        ("silent.wav", wav(1, 48_000, &[0; 2000])),
        ("long.wav", wav(1, 8_000, &[9000; 31 * 8_000])),
        ("song.opus", b"OggS".to_vec()),
    ] {
        fs::write(at(name), content).unwrap();
    }
    let names = ["good.wav", "silent.wav", "long.wav", "song.opus", "none.wav", "good.wav"];
    let tables = ["ring", "ringback", "activated", "connected", "failed", "monitored"];
    let text: String = tables
        .iter()
        .zip(names)
        .map(|(table, name)| format!("[sounds.{table}]\nfile = \"{}\"\n", at(name)))
        .collect();
    let config = checked(&text);
    let said: Vec<_> = config.warnings.iter().map(ToString::to_string).collect();
    let expected = [
        (4, "ringback", "silent.wav", "is all but silent"),
        (6, "activated", "long.wav", "is too long"),
        (8, "connected", "song.opus", "has another form"),
        (10, "failed", "none.wav", "cannot be read: No such file or directory (os error 2)"),
        (12, "monitored", "good.wav", "is heard for less than half a second"),
    ]
    .map(|(line, table, name, why)| {
        let file = at(name);
        format!(
            "door.toml:{line}:8: sounds.{table}.file: {file} {why}; the built-in sound is heard; \
             allowed: {FORM}"
        )
    });
    assert_eq!(said, expected);
    assert_eq!(config.media.setup.sounds.lasting[&Tone::Ring].lasts, Duration::from_secs(1) / 22);
    // Whoever has only the text does not look.
    assert!(parse(&text).unwrap().warnings.is_empty());
}
