// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every phone rings and somebody answers at once: legs are closed while they are being opened.

use std::{fs, path::Path, process::Stdio};

use intercomd::{
    core::{
        LegId,
        status::{Gate, Media},
    },
    media::MediaCommand,
    session::VideoCodec::Vp8,
};
use tempfile::NamedTempFile;

use crate::{
    door::{CALL, DOOR_HZ, Door, leg, setup, video, wants},
    peer::{HANDSET_HZ, Manners},
};

/// In a call, with a worker that a complaint of a library ends, and whose own go to a file.
fn door() -> (Door, NamedTempFile) {
    let mut setup = setup();
    setup.video = Some(video(Vp8));
    let log = NamedTempFile::new().unwrap();
    let env = ("G_DEBUG", Path::new("fatal-criticals"));
    let mut door = Door::start(setup, "warn", Stdio::from(log.reopen().unwrap()), &[env]);
    door.order(MediaCommand::Start { call: CALL, media: Media::Video });
    (door, log)
}

/// After some other things to do: the more, the later.
fn close(door: &mut Door, leg: LegId, others: usize) {
    for _ in 0..others {
        door.order(MediaCommand::Volume { percent: 70, chimes: 100 });
    }
    door.manners.remove(&leg);
    door.order(MediaCommand::CloseLeg { leg });
}

fn the_one_that_stays_talks_and_nothing_went_wrong(mut door: Door, log: &NamedTempFile) {
    let anna = door.connected("anna", wants(&[Vp8]), true);
    door.gate(&anna, Gate::Open);
    door.peer(&anna).ear.hears(DOOR_HZ);
    door.ear.hears(HANDSET_HZ);
    assert_eq!(fs::read_to_string(log.path()).unwrap(), "");
}

#[test]
fn legs_that_are_closed_before_they_were_offered_anything_do_no_harm() {
    let (mut door, log) = door();
    for number in 0..400 {
        let leg = leg(&format!("passing{number}"));
        let manners = Manners { is_deaf: true, ..Manners::default() };
        door.open(&leg, wants(&[Vp8]), true, manners);
        close(&mut door, leg, number % 200);
        door.settle();
    }
    the_one_that_stays_talks_and_nothing_went_wrong(door, &log);
}

#[test]
fn legs_that_are_closed_while_they_connect_do_no_harm() {
    let (mut door, log) = door();
    for number in 0..60 {
        let leg = leg(&format!("passing{number}"));
        door.open(&leg, wants(&[Vp8]), true, Manners::default());
        door.until_offer(&leg);
        close(&mut door, leg.clone(), number * 10);
        door.settle();
        door.peers.remove(&leg);
    }
    the_one_that_stays_talks_and_nothing_went_wrong(door, &log);
}
