// SPDX-License-Identifier: MIT OR Apache-2.0
//! The loop test, through the worker's own way out and its own way in.

use intercomd::{
    core::status::{Gate, Media, Sound},
    media::{
        AudioFault, LoopTest, MediaCommand, MediaEvent,
        setup::{Capture, Echo, NoiseSuppression, Playback},
    },
    session::Wants,
};

use crate::{
    door::{CALL, Door, setup},
    peer::HANDSET_HZ,
};

fn listening(capture: Capture) -> Door {
    let mut setup = setup();
    setup.audio.capture = capture;
    // They would take the chirp for an echo and for noise.
    (setup.audio.echo, setup.audio.noise_suppression) = (Echo::Cancel, NoiseSuppression::High);
    setup.audio.gain_control = 18;
    Door::with(setup)
}

fn result(door: &mut Door) -> LoopTest {
    door.until_event("the result", |event| {
        let MediaEvent::LoopTested(result) = event else { return None };
        Some(*result)
    })
}

fn tested(door: &mut Door) -> LoopTest {
    door.order(MediaCommand::TestLoop);
    result(door)
}

#[test]
fn a_chirp_comes_back_as_soft_and_as_late_as_the_way_makes_it() {
    let mut door = listening(Capture::Loudspeaker);
    door.order(MediaCommand::Volume { percent: 0, chimes: 0 });
    for _ in 0..2 {
        let from = door.ear.position();
        let LoopTest::Heard { level, noise, delay, return_loss } = tested(&mut door) else {
            panic!("not heard");
        };
        assert_eq!((level, noise, return_loss), (-37, -90, 20));
        assert!((80..700).contains(&delay.as_millis()), "{delay:?}");
        door.ear.hears_something_after(from);
    }
    door.ear.hears_silence_at_last();
}

#[test]
fn a_microphone_that_hears_nothing_and_one_that_hears_something_else_are_told_apart() {
    assert_eq!(tested(&mut listening(Capture::Silence)), LoopTest::Silent);
    let hears_a_tone = tested(&mut listening(Capture::Tone(1000)));
    assert_eq!(hears_a_tone, LoopTest::NotHeard { noise: -13 });
    let hears_ticks = tested(&mut listening(Capture::Ticks));
    assert!(matches!(hears_ticks, LoopTest::NotHeard { .. }), "{hears_ticks:?}");
}

#[test]
fn a_card_that_is_not_there_is_told_and_nothing_is_played() {
    let card = || "plughw:CARD=nobody".to_owned();
    assert_eq!(
        tested(&mut listening(Capture::Alsa(card()))),
        LoopTest::NoDevice(AudioFault::Missing)
    );
    let mut setup = setup();
    setup.audio.playback = Playback::Alsa(card());
    assert_eq!(tested(&mut Door::with(setup)), LoopTest::NoDevice(AudioFault::Missing));
}

#[test]
fn a_call_ends_a_test_at_once_and_has_the_devices() {
    let mut door = listening(Capture::Tone(1000));
    door.order(MediaCommand::TestLoop);
    door.ear.hears_something_after(0);
    door.order(MediaCommand::Start { call: CALL, media: Media::Audio });
    assert_eq!(result(&mut door), LoopTest::Interrupted);
    door.ear.hears_silence();
    let anna = door.connected("anna", Wants::default(), true);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    door.peer(&anna).ear.hears_something_after(0);
    assert_eq!(tested(&mut door), LoopTest::Interrupted, "in a call");
}

#[test]
fn a_sound_of_the_panel_ends_a_test() {
    let mut door = listening(Capture::Tone(1000));
    door.order(MediaCommand::TestLoop);
    door.order(MediaCommand::Play(Sound::Refused));
    assert_eq!(result(&mut door), LoopTest::Interrupted);
}
