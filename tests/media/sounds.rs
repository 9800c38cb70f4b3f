// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the panel itself says, and devices that are not there.

use std::{collections::BTreeSet, path::Path};

use intercomd::{
    core::status::{Gate, Sound, Tone},
    media::{
        AudioFault, MediaCommand, MediaEvent,
        setup::{Capture, Playback},
        wire::{FromWorker, ToWorker},
    },
    session::Wants,
};

use crate::{
    door::{Door, News, setup},
    peer::HANDSET_HZ,
    tone::RATE,
};

#[test]
fn a_sound_is_heard_before_there_is_a_call_and_ends_by_itself() {
    let mut door = Door::with(setup());
    door.order(MediaCommand::Play(Sound::Refused));
    door.ear.hears_something_after(0);
    door.ear.hears_silence_at_last();
}

#[test]
fn a_tone_lasts_until_it_is_told_to_stop() {
    let mut door = Door::with(setup());
    door.order(MediaCommand::Tone(Some(Tone::Ringback)));
    door.ear.hears(425.0);
    door.ear.hears(425.0);
    door.order(MediaCommand::Tone(None));
    door.settle();
    door.ear.hears_silence();
}

#[test]
fn the_volume_applies_to_what_is_heard_and_not_to_the_monitor_tone() {
    let mut door = Door::in_call(setup());
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    door.order(MediaCommand::Volume { percent: 0, chimes: 100 });
    door.settle();
    door.ear.hears_silence();
    door.order(MediaCommand::Tone(Some(Tone::Monitor)));
    door.ear.hears(1400.0);
}

#[test]
fn a_sound_card_that_is_not_there_is_told_and_the_call_goes_on() {
    let mut setup = setup();
    setup.audio.capture = Capture::Alsa("plughw:CARD=nobody".to_owned());
    setup.audio.playback = Playback::Alsa("plughw:CARD=nobody".to_owned());
    let mut door = Door::in_call(setup);
    assert_eq!(faults(&mut door), BTreeSet::from([AudioFault::Missing]));
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Open);
    door.peer(&anna).ear.hears_silence();
}

#[test]
fn devices_that_work_are_told_of_once() {
    let mut door = Door::in_call(setup());
    assert_eq!(faults(&mut door), BTreeSet::new());
    door.order(MediaCommand::Play(Sound::Connected));
    let again = |event: &MediaEvent| matches!(event, MediaEvent::AudioChanged { .. });
    door.tell(&ToWorker::Ping(1));
    door.until("pong", |news| match news {
        News::Worker(FromWorker::Said(event)) => {
            assert!(!again(event));
            None
        }
        News::Worker(FromWorker::Pong(_)) => Some(()),
        News::Worker(FromWorker::Ready) | News::Gone | News::Peer { .. } => None,
    });
}

fn faults(door: &mut Door) -> BTreeSet<AudioFault> {
    door.until_event("availability", |event| {
        let MediaEvent::AudioChanged { faults } = event else { return None };
        Some(faults.clone())
    })
}

#[test]
fn a_meter_says_how_loud_both_sides_are() {
    let mut setup = setup();
    setup.audio.meter = true;
    let mut door = Door::in_call(setup);
    let anna = door.connected("anna", Wants::default(), true);
    let quiet = |event: &MediaEvent| {
        matches!(event, MediaEvent::Level { heard: -90, said: -20..=-5 }).then_some(())
    };
    door.until_event("the door alone", quiet);
    door.gate(&anna, Gate::Open);
    let both = |event: &MediaEvent| {
        matches!(event, MediaEvent::Level { heard: -30..=-5, said: -20..=-5 }).then_some(())
    };
    door.until_event("both", both);
}

/// A second of it.
pub(crate) fn write_wav(path: &Path, sample_at: impl Fn(usize) -> f32) {
    let samples = (0..48_000).flat_map(|at| ((sample_at(at) * 32767.0) as i16).to_le_bytes());
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    wav.extend(48_000u32.to_le_bytes());
    wav.extend(96_000u32.to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(96_000u32.to_le_bytes());
    wav.extend(samples);
    std::fs::write(path, wav).unwrap();
}

#[test]
fn a_recording_is_sent_in_place_of_the_microphone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("visitor.wav");
    write_wav(&path, |at| (std::f32::consts::TAU * 600.0 * at as f32 / RATE).sin() * 0.25);
    let mut setup = setup();
    setup.audio.capture = Capture::File(path);
    let mut door = Door::in_call(setup);
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Open);
    door.peer(&anna).ear.hears(600.0);
}

#[test]
fn the_demo_ticks() {
    let mut setup = setup();
    setup.audio.capture = Capture::Ticks;
    let mut door = Door::in_call(setup);
    let anna = door.connected("anna", Wants::default(), true);
    let from = door.peer(&anna).ear.position();
    door.gate(&anna, Gate::Open);
    door.peer(&anna).ear.hears_something_after(from);
}
