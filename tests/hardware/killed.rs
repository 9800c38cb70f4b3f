// SPDX-License-Identifier: MIT OR Apache-2.0
//! What becomes of a door when the daemon is killed in the middle of a pulse.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use intercomd::{
    panel::{
        Output,
        fault::Cause,
        outputs_off,
        wiring::{Polarity, Wiring},
    },
    station::clock,
};

use crate::{
    Wire,
    board::{Board, until},
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

fn victim_in_its_pulse(board: &Board) -> Child {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "killed::victim"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    board.wait("RELAY", false);
    child
}

#[test]
fn a_door_is_closed_after_kill_9_in_a_pulse_and_outputs_off() {
    let board = Board::new("door-gpio", &["RELAY", "LIGHT"]);
    board.pull("RELAY", true);
    let mut victim = victim_in_its_pulse(&board);
    let killed_at = clock::now();
    victim.kill().unwrap();
    victim.wait().unwrap();
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
    let mut victim = victim_in_its_pulse(&board);
    let trace = Trace::start();
    let off = std::thread::spawn(|| outputs_off(&with_gate()));
    until("the gate, which nobody holds, is done", || !trace.writes().is_empty());
    assert!(!off.is_finished());
    victim.kill().unwrap();
    victim.wait().unwrap();
    off.join().unwrap().unwrap();
    assert_eq!(trace.writes(), ["1", "1", "0"], "the gate, then the relay and the light");
    assert!(board.is_high("RELAY"));
}

#[test]
fn outputs_off_gives_up_on_a_living_holder_after_a_second_and_does_the_rest() {
    let board = Board::new("door-gpio", &["RELAY", "LIGHT", "GATE"]);
    let mut victim = victim_in_its_pulse(&board);
    let trace = Trace::start();
    let start = clock::now();
    let faults = lines(outputs_off(&with_gate()).unwrap_err());
    let took = clock::now().since(start);
    victim.kill().unwrap();
    victim.wait().unwrap();
    let held: Vec<_> = faults.iter().map(|fault| fault.function.to_string()).collect();
    assert_eq!(held, ["doors.front.relay", "lights.call"]);
    for fault in &faults {
        assert!(matches!(&fault.cause, Cause::InUse { consumer } if consumer == "intercomd"));
    }
    assert_eq!(trace.writes(), ["1"], "the gate");
    assert!(took >= Duration::from_millis(900) && took < Duration::from_secs(2), "{took:?}");
}
