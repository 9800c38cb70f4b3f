// SPDX-License-Identifier: MIT OR Apache-2.0
use std::collections::BTreeMap;

use super::*;
use crate::ctl::state::{Button, Leg, Light, Station};

const SECOND: u64 = 1_000_000;

fn idle() -> State {
    let front = Door { state: "closed".into(), alarm: "normal".into(), ..Door::default() };
    State {
        now: 100 * SECOND,
        station: Station {
            name: "Gate".into(),
            version: "0.1.0".into(),
            audio_available: true,
            volume: 80,
            ..Station::default()
        },
        doors: BTreeMap::from([("front".into(), front)]),
        lights: BTreeMap::from([(
            "ring".into(),
            Light { pattern: "off".into(), shows: "idle".into() },
        )]),
        handsets: BTreeMap::from([("hall".into(), Handset::default())]),
        ..State::default()
    }
}

fn ringing() -> Call {
    let leg = |status: &str| Leg { status: status.into(), ..Leg::default() };
    Call {
        status: "ringing".into(),
        direction: "outgoing".into(),
        contact: Some("home".into()),
        media: "video".into(),
        legs: BTreeMap::from([("hall".into(), leg("ringing")), ("loft".into(), leg("busy"))]),
        ring_deadline: 132 * SECOND,
        ..Call::default()
    }
}

#[test]
fn an_idle_station_is_a_few_lines() {
    let expected = "\
Gate, intercomd 0.1.0
doors     front  closed
lights    ring  off  idle
handsets  hall
sound     volume 80";
    assert_eq!(status(&idle()), expected);
}

#[test]
fn a_ringing_call_shows_its_legs_and_how_long_it_rings_on() {
    let mut state = idle();
    state.calls.insert(7, ringing());
    let expected = "
call      7  ringing  to home  video, 32 s left
             ringing  hall
             busy     loft
";
    let shown = status(&state);
    assert!(shown.contains(expected), "{shown}");
}

#[test]
fn an_answered_call_says_by_whom_and_for_how_long() {
    let mut state = idle();
    let call = Call {
        status: "ongoing".into(),
        handset: "hall".into(),
        legs: BTreeMap::new(),
        answered_at: 35 * SECOND,
        ring_deadline: 0,
        mute: true,
        ..ringing()
    };
    state.calls.insert(7, call);
    let shown = status(&state);
    let expected = "7  ongoing  to home, answered by hall  video, muted, for 1 min 5 s\n";
    assert!(shown.contains(expected), "{shown}");
}

#[test]
fn an_end_says_why_unless_the_status_does() {
    assert_eq!(with_reason("ended", "ended"), "ended");
    assert_eq!(with_reason("failed", "ice_timeout"), "failed (ice_timeout)");
}

#[test]
fn what_needs_somebody_to_act_is_shown() {
    let mut state = idle();
    state.station.problems = vec!["storage".into(), "squirrels".into()];
    state.station.tampered = true;
    state.station.do_not_disturb = true;
    state.station.audio_available = false;
    state.handsets.clear();
    state.buttons.insert("bell".into(), Button { glitches: 9, ..Button::default() });
    let shown = status(&state);
    for expected in [
        "none paired",
        "none: intercomctl doctor says why",
        "do-not-disturb is on",
        "9 glitches",
        "storage    nothing can be kept",
        "squirrels\n",
        "tamper     the station was opened",
    ] {
        assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
    }
}

#[test]
fn a_door_tells_its_alarm_and_when_its_relay_falls_back() {
    let door = Door {
        state: "held".into(),
        alarm: "open_too_long".into(),
        contact: "open".into(),
        relay_deadline: 160 * SECOND,
        ..Door::default()
    };
    let expected = row(["front", "held", "for 1 min, stands open, alarm: open_too_long"]);
    assert_eq!(door_row("front", &door, 100 * SECOND), expected);
}
