// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is done to the microphone's sound for the loudspeaker's sake, and the other way round, in the worker.

use std::f32::consts::TAU;

use intercomd::{
    core::status::Gate,
    media::{
        MediaCommand,
        setup::{Capture, Echo},
    },
    session::Wants,
};

use crate::{
    door::{DOOR_HZ, Door, setup},
    peer::HANDSET_HZ,
    sounds::write_wav,
    tone::RATE,
};

#[test]
fn one_at_a_time_a_handset_has_the_line_while_the_visitor_is_silent() {
    let mut setup = setup();
    (setup.audio.capture, setup.audio.echo) = (Capture::Silence, Echo::HalfDuplex);
    let mut door = Door::in_call(setup);
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
}

#[test]
fn one_at_a_time_a_visitor_who_speaks_is_heard_and_hears_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("visitor.wav");
    // Words of 100 ms: a tone that never ends would be taken for the noise of the street.
    let word = |at: usize| if at % 9600 < 4800 { 0.9 } else { 0.0 };
    write_wav(&path, |at| word(at) * (TAU * DOOR_HZ * at as f32 / RATE).sin());
    let heard_by_the_visitor = |echo| {
        let mut setup = setup();
        (setup.audio.capture, setup.audio.echo) = (Capture::File(path.clone()), echo);
        let mut door = Door::in_call(setup);
        door.order(MediaCommand::Volume { percent: 50, chimes: 100 });
        let anna = door.connected("anna", Wants::default(), true);
        door.gate(&anna, Gate::Open);
        door.peer(&anna).ear.hears_something_after(0);
        door
    };
    heard_by_the_visitor(Echo::Off).ear.hears(HANDSET_HZ);
    heard_by_the_visitor(Echo::HalfDuplex).ear.hears_silence();
}
