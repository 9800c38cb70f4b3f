// SPDX-License-Identifier: MIT OR Apache-2.0
//! What becomes of a door when the daemon is killed in the middle of a pulse.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use intercomd::{
    core::status::Pattern,
    panel::{
        Output, PanelCommand,
        fault::Cause,
        outputs_off,
        wiring::{Polarity, Wiring},
    },
    station::clock,
};

use crate::{
    Wire,
    board::{Board, until},
    card::Card,
    light, lines, named, opened,
    outputs::pulse,
    relay,
    trace::Trace,
    wiring,
};

fn door() -> Wiring {
    wiring().output(relay(), named("RELAY"), Polarity::ActiveLow).output(
        light(),
        named("LIGHT"),
        Polarity::ActiveHigh,
    )
}

fn door_on_the_card() -> Wiring {
    wiring().output(relay(), named("OUT0"), Polarity::ActiveHigh).output(
        light(),
        named("OUT1"),
        Polarity::ActiveLow,
    )
}

fn with_gate() -> Wiring {
    let gate = Output::Relay("gate".parse().unwrap());
    door().output(gate, named("GATE"), Polarity::ActiveLow)
}

/// Not a test: the process that the others kill. It pulses for an hour.
#[tokio::test]
#[ignore = "started by the tests that kill it"]
async fn victim() {
    let mut door = opened(&door());
    door.panel.command(pulse(3_600_000)).unwrap();
    assert_eq!(door.events.recv().await, None);
}

/// Not a test: the same on a card.
#[tokio::test]
#[ignore = "started by the test that kills it"]
async fn victim_on_the_card() {
    let mut door = opened(&door_on_the_card());
    let shine = PanelCommand::Light { light: "call".parse().unwrap(), pattern: Pattern::On };
    door.panel.command(shine).unwrap();
    door.panel.command(pulse(3_600_000)).unwrap();
    assert_eq!(door.events.recv().await, None);
}

fn started(victim: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", victim])
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn killed(mut victim: Child) {
    victim.kill().unwrap();
    victim.wait().unwrap();
}

fn victim_in_its_pulse(board: &Board) -> Child {
    let victim = started("killed::victim");
    board.wait("RELAY", false);
    victim
}

#[test]
fn a_relay_that_outlives_its_owner_is_closed_by_outputs_off_and_stays_closed() {
    let card = Card::found();
    let victim = started("killed::victim_on_the_card");
    card.wait(0, true);
    card.wait(1, false);
    killed(victim);
    assert!(card.is_high(0), "the danger: nobody owns the line, and the door is open");
    outputs_off(&door_on_the_card()).unwrap();
    assert!(!card.is_high(0));
    assert!(card.is_high(1), "an active-low light");
}

#[test]
fn a_door_is_closed_after_kill_9_in_a_pulse_and_outputs_off() {
    let board = Board::new("door-gpio", &["RELAY", "LIGHT"]);
    board.pull("RELAY", true);
    let victim = victim_in_its_pulse(&board);
    let killed_at = clock::now();
    killed(victim);
    let trace = Trace::start();
    outputs_off(&door()).unwrap();
    let took = clock::now().since(killed_at);
    assert_eq!(trace.writes(), ["1", "0"]);
    assert!(board.is_high("RELAY"));
    assert!(!board.is_high("LIGHT"));
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn outputs_off_waits_for_a_holder_that_is_dying() {
    let board = Board::new("door-gpio", &["RELAY", "LIGHT", "GATE"]);
    board.pull("RELAY", true);
    let victim = victim_in_its_pulse(&board);
    let trace = Trace::start();
    let off = std::thread::spawn(|| outputs_off(&with_gate()));
    until("the gate, which nobody holds, is done", || !trace.writes().is_empty());
    assert!(!off.is_finished());
    killed(victim);
    off.join().unwrap().unwrap();
    let mut writes = trace.writes();
    // Its lines become free one after the other, perhaps while they are asked for.
    writes[1..].sort();
    assert_eq!(writes, ["1", "0", "1"], "the gate, then the light and the relay");
    assert!(board.is_high("RELAY"));
    assert!(!board.is_high("LIGHT"));
}

#[test]
fn outputs_off_gives_up_on_a_living_holder_after_a_second_and_does_the_rest() {
    let board = Board::new("door-gpio", &["RELAY", "LIGHT", "GATE"]);
    board.pull("RELAY", true);
    let victim = victim_in_its_pulse(&board);
    let trace = Trace::start();
    let start = clock::now();
    let faults = lines(outputs_off(&with_gate()).unwrap_err());
    let took = clock::now().since(start);
    killed(victim);
    let held: Vec<_> = faults.iter().map(|fault| fault.function.to_string()).collect();
    assert_eq!(held, ["doors.front.relay", "lights.call"]);
    for fault in &faults {
        assert!(matches!(&fault.cause, Cause::InUse { consumer } if consumer == "intercomd"));
    }
    assert_eq!(trace.writes(), ["1"], "the gate");
    assert!(took >= Duration::from_millis(900) && took < Duration::from_secs(2), "{took:?}");
}
