// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every sound and every tone, told from the others by its notes: as it is built in, and out of files.

use std::{f32::consts::TAU, fs, path::Path, process::Stdio, time::Duration};

use intercomd::{
    core::status::{Gate, Sound, Tone},
    media::{
        MediaCommand,
        setup::{Playback, Setup},
        sounds::{Own, Sounds},
    },
    session::Wants,
};

use crate::{
    door::{DOOR_HZ, Door, setup},
    melody::Listener,
};

/// Notes with their lengths in milliseconds, as a file of that rate and of so many channels.
fn write_wav(path: &Path, notes: &[(u16, u32)], rate: u32, channels: u16) {
    let mut pcm = Vec::new();
    for (hz, ms) in notes {
        for at in 0..ms * rate / 1000 {
            let value = (TAU * f32::from(*hz) * at as f32 / rate as f32).sin() * 12_000.0;
            for _ in 0..channels {
                pcm.extend((value as i16).to_le_bytes());
            }
        }
    }
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0".to_vec();
    wav.extend(channels.to_le_bytes());
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * u32::from(channels) * 2).to_le_bytes());
    wav.extend((channels * 2).to_le_bytes());
    wav.extend(b"\x10\0data");
    wav.extend(u32::try_from(pcm.len()).unwrap().to_le_bytes());
    wav.extend(pcm);
    fs::write(path, wav).unwrap();
}

fn file(path: &Path, volume: u8) -> Own {
    Own { file: Some(path.to_owned()), volume, lasts: Duration::ZERO }
}

/// Each one sounds as `listener` knows it, alone.
fn all_are_heard(door: &mut Door, listener: &Listener) {
    for sound in Sound::ALL {
        let from = door.ear.position();
        door.order(MediaCommand::Play(*sound));
        door.ear.hears_melodies(from, listener.clone(), &[sound.word()]);
    }
    for tone in Tone::ALL {
        let from = door.ear.position();
        door.order(MediaCommand::Tone(Some(*tone)));
        door.ear.hears_melodies(from, listener.clone(), &[tone.word()]);
        door.order(MediaCommand::Tone(None));
        door.settle();
        door.ear.hears_silence();
    }
}

#[test]
fn every_sound_and_every_tone_is_heard_at_its_order_and_no_other() {
    all_are_heard(&mut Door::with(setup()), &Listener::default());
}

#[test]
fn every_sound_and_every_tone_may_come_from_a_file_of_any_common_rate() {
    let directory = tempfile::tempdir().unwrap();
    let rates = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
    let mut sounds = Sounds::default();
    let mut known = vec![("monitor".to_owned(), vec![1400])];
    let lasting = [Tone::Ring, Tone::Ringback];
    let names = Sound::ALL.iter().map(|sound| sound.word());
    let names = names.chain(lasting.iter().map(|tone| tone.word()));
    for (at, name) in (0u16..).zip(names) {
        let (one, other) = (300 + 100 * at, 2500 - 80 * at);
        let path = directory.path().join(name);
        let rate = rates[usize::from(at) % rates.len()];
        write_wav(&path, &[(one, 300), (other, 300), (0, 300)], rate, 1 + at % 2);
        match name.parse() {
            Ok(tone) => sounds.lasting.insert(tone, file(&path, 100)),
            Err(_) => sounds.once.insert(name.parse().unwrap(), file(&path, 100)),
        };
        known.push((name.to_owned(), vec![one, other]));
    }
    let mut door = Door::with(Setup { sounds, ..setup() });
    all_are_heard(&mut door, &Listener::of(known));
}

#[test]
fn a_file_that_is_not_there_is_complained_of_and_the_built_in_sound_is_heard() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut setup = setup();
    let missing = Path::new("/no/such/chime.wav");
    setup.sounds.once.insert(Sound::Connected, file(missing, 100));
    setup.sounds.lasting.insert(Tone::Ring, file(missing, 100));
    let mut door = Door::logging(setup, "warn", Stdio::from(log.reopen().unwrap()));
    all_are_heard(&mut door, &Listener::default());
    let log = fs::read_to_string(log.path()).unwrap();
    assert_eq!(log.matches("/no/such/chime.wav").count(), 2, "{log}");
}

impl Door {
    /// The power of a sound at this volume, and at this share of it.
    fn power_of(&mut self, sound: Sound, percent: u8, chimes: u8) -> f32 {
        let from = self.ear.position();
        self.order(MediaCommand::Volume { percent, chimes });
        self.order(MediaCommand::Play(sound));
        let known = Listener::of([("note".to_owned(), vec![1000])]);
        self.ear.hears_melodies(from, known, &["note"]);
        self.ear.loudest_after(from)
    }
}

#[test]
fn a_sound_is_as_loud_as_itself_the_hour_and_the_volume_say_together() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("note");
    write_wav(&path, &[(1000, 600), (0, 100)], 48_000, 1);
    let mut setup = setup();
    setup.sounds.once.insert(Sound::Activated, file(&path, 100));
    setup.sounds.once.insert(Sound::Refused, file(&path, 50));
    setup.sounds.once.insert(Sound::Monitored, file(&path, 0));
    let mut door = Door::with(setup);
    let full = door.power_of(Sound::Activated, 100, 100);
    let mut share = |sound, percent, chimes| door.power_of(sound, percent, chimes) / full;
    // Half way is half as loud: a quarter of the voltage, a sixteenth of the power.
    let half = 1.0 / 16.0;
    for (heard, expected) in [
        (share(Sound::Activated, 50, 100), half),
        (share(Sound::Activated, 100, 50), half),
        (share(Sound::Refused, 100, 100), half),
        (share(Sound::Refused, 100, 50), half * half),
        (share(Sound::Monitored, 0, 0), 1.0),
    ] {
        assert!((heard / expected - 1.0).abs() < 0.05, "{heard} for {expected}");
    }
}

#[test]
fn a_ringback_tone_begins_when_the_sound_before_it_is_over() {
    let mut door = Door::with(setup());
    door.order(MediaCommand::Play(Sound::DoorOpen));
    door.order(MediaCommand::Tone(Some(Tone::Ringback)));
    door.ear.hears_melodies(0, Listener::default(), &["door_open", "ringback"]);
}

/// As the station begins it.
fn listen_in(door: &mut Door) -> intercomd::core::LegId {
    let anna = door.connected("anna", Wants::default(), true);
    door.order(MediaCommand::Play(Sound::Monitored));
    door.gate(&anna, Gate::Open);
    door.order(MediaCommand::Tone(Some(Tone::Monitor)));
    anna
}

#[test]
fn whoever_listens_in_hears_nothing_until_the_visitor_was_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notice");
    // Long after anything that was let through by mistake would have been heard.
    write_wav(&path, &[(600, 2_000), (900, 27_000)], 8_000, 1);
    let mut setup = setup();
    setup.sounds.once.insert(Sound::Monitored, file(&path, 100));
    let mut door = Door::in_call(setup);
    door.order(MediaCommand::Volume { percent: 0, chimes: 0 });
    let anna = listen_in(&mut door);
    door.ear.hears(900.0);
    door.peer(&anna).ear.hears_silence();
    door.peer(&anna).ear.never_heard_anything();
}

#[test]
fn whoever_listens_in_hears_nothing_where_no_loudspeaker_tells_the_visitor() {
    let mut setup = setup();
    setup.audio.playback = Playback::Alsa("plughw:CARD=nobody".to_owned());
    let mut door = Door::in_call(setup);
    let anna = listen_in(&mut door);
    let ear = &door.peer(&anna).ear;
    // As long as the notice would be, and longer.
    for _ in 0..3 {
        ear.hears_silence();
    }
    ear.never_heard_anything();
}

#[test]
fn whoever_listens_in_hears_the_door_when_the_visitor_was_told_and_the_tone_goes_on() {
    let mut door = Door::in_call(setup());
    door.order(MediaCommand::Volume { percent: 0, chimes: 0 });
    let from = door.ear.position();
    let anna = listen_in(&mut door);
    door.ear.hears_melodies(from, Listener::default(), &["monitored", "monitor"]);
    door.peer(&anna).ear.hears(DOOR_HZ);
}
