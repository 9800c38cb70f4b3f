// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fingers, cables and quiet hours.

use std::time::Duration;

use intercomd::core::{
    ButtonName, CallId, Command, Durable, Effect, Event, Origin, Profile, Reason, Rejected, Status,
    event::{Input, LegFact},
    profile::{Action, Chord, QuietHours, Quieter, Rate},
    status::{DoorState, Indication, Sound},
    time::{LocalTime, Weekday},
};

use crate::scene::{Scene, always, bell, hold, name, one_button_door, secs};

fn millis(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn press(scene: &mut Scene, button: &str) {
    scene.button(button, true);
    scene.wait(millis(60));
    scene.button(button, false);
}

fn ring_count(scene: &Scene) -> usize {
    scene.count(|said| matches!(said, Effect::StartMedia { .. }))
}

#[test]
fn a_phantom_from_a_long_cable_is_counted_and_calls_nobody() {
    let mut scene = Scene::new(one_button_door());
    for _ in 0..20 {
        scene.button("bell", true);
        scene.wait(millis(49));
        scene.button("bell", false);
        scene.wait(millis(5));
    }
    let bell = scene.seen().buttons[&name::<ButtonName>("bell")].clone();
    assert_eq!((bell.presses, bell.glitches), (0, 20));
    assert_eq!(ring_count(&scene), 0);
}

#[test]
fn a_second_press_makes_no_second_call_whatever_it_is_configured_to_do() {
    let outcomes = [
        (Action::Nothing, Status::Ringing, 0),
        (Action::HangUp, Status::Cancelled, 0),
        (Action::Nudge, Status::Ringing, 2),
        (Action::Call(name("flat")), Status::Ringing, 0),
    ];
    for (calling, status, nudges) in outcomes {
        let mut profile = one_button_door();
        profile.buttons.insert(name("bell"), bell("flat", calling));
        let mut scene = Scene::new(profile);
        press(&mut scene, "bell");
        scene.leg("hall", LegFact::Rang);
        press(&mut scene, "bell");
        assert_eq!(scene.status().0, status);
        assert_eq!(scene.newest(), CallId(1));
        let nudged = scene.count(|said| matches!(said, Effect::NudgeHandset { .. }));
        assert_eq!(nudged, nudges);
    }
}

#[test]
fn an_impatient_visitor_nudges_at_most_every_two_seconds() {
    let mut profile = one_button_door();
    profile.buttons.insert(name("bell"), bell("flat", Action::Nudge));
    let mut scene = Scene::new(profile);
    scene.call("flat").unwrap();
    for _ in 0..5 {
        press(&mut scene, "bell");
        scene.wait(millis(440));
    }
    let nudged = scene.count(|said| matches!(said, Effect::NudgeHandset { .. }));
    assert_eq!(nudged, 4, "two handsets, at 0 s and at 2 s");
    assert_eq!(scene.count(|said| *said == Effect::Play(Sound::Refused)), 3);
}

#[test]
fn a_button_stuck_since_the_start_is_mute_until_it_is_released() {
    let mut scene = Scene::bare(one_button_door(), Durable::default());
    scene.pair("hall", crate::scene::every_right());
    scene.button("bell", true);
    scene.wait(secs(3600));
    assert_eq!(ring_count(&scene), 0);
    scene.button("bell", false);
    assert_eq!(ring_count(&scene), 0);
    press(&mut scene, "bell");
    assert_eq!(ring_count(&scene), 1);
}

#[test]
fn presses_over_the_limit_are_ignored_and_counted() {
    let mut profile = one_button_door();
    let mut limited = bell("flat", Action::HangUp);
    limited.rate = Rate { count: 3, per: secs(10) };
    profile.buttons.insert(name("bell"), limited);
    let mut scene = Scene::new(profile);
    for _ in 0..8 {
        press(&mut scene, "bell");
    }
    let bell = scene.seen().buttons[&name::<ButtonName>("bell")].clone();
    assert_eq!((bell.presses, bell.ignored), (3, 5));
    assert_eq!(scene.newest(), CallId(2));
}

#[test]
fn a_button_with_a_hold_presses_when_it_is_released_and_holds_once() {
    let mut profile = one_button_door();
    let mut button = bell("flat", Action::Nothing);
    button.hold = hold(2, &Action::OpenDoor(name("front")));
    profile.buttons.insert(name("bell"), button);
    let mut scene = Scene::new(profile);
    scene.button("bell", true);
    scene.wait(secs(1));
    assert_eq!(ring_count(&scene), 0);
    scene.wait(secs(10));
    scene.button("bell", false);
    assert_eq!(ring_count(&scene), 0);
    assert_eq!(scene.count(|said| matches!(said, Effect::DriveRelay { .. })), 2);
    press(&mut scene, "bell");
    assert_eq!(ring_count(&scene), 1);
}

fn chorded() -> Profile {
    let mut profile = one_button_door();
    for side in ["left", "right"] {
        let mut button = bell("flat", Action::Nothing);
        button.hold = hold(1, &Action::OpenDoor(name("front")));
        profile.buttons.insert(name(side), button);
    }
    let actions = always(&Action::OpenPairing);
    profile.chords.push(Chord {
        buttons: ["left", "right"].map(name).into(),
        after: secs(3),
        actions,
    });
    profile
}

#[test]
fn a_chord_acts_once_and_its_buttons_do_nothing_else() {
    let mut scene = Scene::new(chorded());
    scene.button("left", true);
    scene.wait(millis(500));
    scene.button("right", true);
    scene.wait(secs(10));
    scene.button("left", false);
    scene.wait(secs(10));
    scene.button("right", false);
    assert_eq!(scene.count(|said| matches!(said, Effect::OpenPairing { .. })), 1);
    assert_eq!(ring_count(&scene), 0);
    assert_eq!(scene.seen().doors[&name("front")].state, DoorState::Closed);
}

#[test]
fn one_flat_s_bell_has_no_say_in_the_ringing_of_another() {
    let mut profile = one_button_door();
    profile.contacts.insert(name("office"), profile.contacts[&name("flat")].clone());
    let mut cancels = bell("office", Action::HangUp);
    cancels.press.calling = Action::HangUp;
    profile.buttons.insert(name("office"), cancels);
    let mut scene = Scene::new(profile);
    press(&mut scene, "bell");
    press(&mut scene, "office");
    assert_eq!(scene.status(), (Status::Initiated, None));
    assert_eq!(scene.count(|said| *said == Effect::Play(Sound::Refused)), 1);
    let press = Command::PressButton { button: name("office") };
    assert_eq!(scene.command(&Origin::Bus, press), Err(Rejected::Busy { call: CallId(1) }));
}

#[test]
fn one_button_accepts_while_it_rings_and_hangs_up_while_it_talks() {
    let mut scene = Scene::new(one_button_door());
    scene.dial("hall", intercomd::core::event::DialKind::Talk).unwrap();
    press(&mut scene, "bell");
    assert_eq!(scene.status(), (Status::Connecting, None));
    press(&mut scene, "bell");
    assert_eq!(scene.status(), (Status::Ended, Some(Reason::Ended)));
}

fn told_the_time(scene: &mut Scene, weekday: Weekday, hour: u32, minute: u32) {
    let second = (hour * 60 + minute) * 60;
    scene.event(Event::ClockRead { local: Some(LocalTime { weekday, second }) });
}

#[test]
fn the_night_is_quiet_from_its_first_moment_to_its_last() {
    let mut profile = one_button_door();
    let days = [Weekday::Monday].into();
    profile.quiet.push(QuietHours { days, from: 22 * 3600, to: 7 * 3600 });
    let mut scene = Scene::new(profile);
    scene.call("flat").unwrap();
    assert_eq!(scene.status().0, Status::Initiated, "without a clock it rings");
    scene.command(&Origin::Bus, Command::HangUpAll).unwrap();
    told_the_time(&mut scene, Weekday::Monday, 21, 59);
    scene.wait(secs(60) - Duration::from_nanos(1));
    assert!(!scene.seen().station.indications.contains(&Indication::Quiet));
    scene.wait(Duration::from_nanos(1));
    assert!(scene.seen().station.indications.contains(&Indication::Quiet));
    scene.call("flat").unwrap();
    assert_eq!(scene.status(), (Status::Rejected, Some(Reason::DoNotDisturb)));
    scene.wait(secs(9 * 3600));
    scene.call("flat").unwrap();
    assert_eq!(scene.status(), (Status::Initiated, None));
}

/// How loud it is, each time that this was told: what people chose, and the share of the chimes.
fn volumes(scene: &Scene) -> Vec<(u8, u8)> {
    let volume = |effect: &Effect| {
        let Effect::SetVolume { percent, chimes } = effect else { return None };
        Some((*percent, *chimes))
    };
    scene.said.iter().filter_map(volume).collect()
}

#[test]
fn at_night_the_station_itself_is_softer_and_the_chosen_volume_stays() {
    let mut profile = one_button_door();
    let hours = QuietHours { days: Weekday::ALL.into(), from: 22 * 3600, to: 7 * 3600 };
    profile.quieter.push(Quieter { hours, chimes: 30 });
    let mut scene = Scene::new(profile);
    told_the_time(&mut scene, Weekday::Monday, 21, 59);
    scene.wait(secs(60) - Duration::from_nanos(1));
    scene.command(&Origin::Bus, Command::SetVolume { percent: 80 }).unwrap();
    scene.command(&Origin::Bus, Command::SetVolume { percent: 80 }).unwrap();
    assert_eq!(volumes(&scene), [(80, 100)]);
    scene.wait(Duration::from_nanos(1));
    scene.command(&Origin::Bus, Command::SetVolume { percent: 60 }).unwrap();
    scene.wait(secs(9 * 3600));
    assert_eq!(volumes(&scene), [(80, 100), (80, 30), (60, 30), (60, 100)]);
    assert_eq!(scene.seen().station.volume, 60);
    told_the_time(&mut scene, Weekday::Tuesday, 23, 0);
    scene.event(Event::ClockRead { local: None });
    assert_eq!(volumes(&scene)[4..], [(60, 30), (60, 100)], "nobody knows the time any more");
}

#[test]
fn an_input_read_again_at_the_same_level_is_no_event() {
    let mut scene = Scene::new(one_button_door());
    press(&mut scene, "bell");
    scene.input(Input::Button(name("bell")), false);
    scene.exit_button("front");
    let said = scene.said.len();
    scene.input(Input::ExitButton(name("front")), false);
    scene.contact("front", false);
    assert_eq!(scene.said.len(), said);
}
