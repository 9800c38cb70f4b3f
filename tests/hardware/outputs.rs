// SPDX-License-Identifier: MIT OR Apache-2.0

use std::time::Duration;

use intercomd::{
    core::{effect::Drive, status::Pattern},
    panel::{PanelCommand, PanelEvent, outputs_off, wiring::Polarity},
    station::clock,
};

use crate::{Wire, board::Board, light, named, opened, relay, trace::Trace, wiring};

pub(crate) fn pulse(ms: u64) -> PanelCommand {
    let at_most = Duration::from_millis(ms);
    PanelCommand::Relay { door: "front".parse().unwrap(), drive: Drive::On { at_most } }
}

#[tokio::test]
async fn a_pulse_reaches_the_relay_and_ends_by_itself() {
    let board = Board::new("door-gpio", &["RELAY"]);
    let door = opened(&wiring().output(relay(), named("RELAY"), Polarity::ActiveHigh));
    assert!(!board.is_high("RELAY"));
    let start = clock::now();
    door.panel.command(pulse(500)).unwrap();
    board.wait("RELAY", true);
    board.wait("RELAY", false);
    let lasted = clock::now().since(start);
    assert!(lasted >= Duration::from_millis(490), "{lasted:?}");
    assert!(lasted < Duration::from_millis(1500), "{lasted:?}");
}

#[tokio::test]
async fn an_active_low_relay_is_high_from_the_request_on_and_low_only_in_a_pulse() {
    let board = Board::new("door-gpio", &["RELAY", "LIGHT"]);
    let wiring = wiring().output(relay(), named("RELAY"), Polarity::ActiveLow).output(
        light(),
        named("LIGHT"),
        Polarity::ActiveHigh,
    );
    let trace = Trace::start();
    let door = opened(&wiring);
    assert_eq!(trace.writes(), ["1", "0"], "relay and light, each inactive and nothing else");
    assert!(board.is_high("RELAY"));
    door.panel.command(pulse(60_000)).unwrap();
    board.wait("RELAY", false);
    let off = PanelCommand::Relay { door: "front".parse().unwrap(), drive: Drive::Off };
    door.panel.command(off).unwrap();
    board.wait("RELAY", true);
}

#[tokio::test]
async fn a_light_blinks_and_closing_ends_it_and_the_pulse() {
    let board = Board::new("door-gpio", &["RELAY", "LIGHT"]);
    let wiring = wiring().output(relay(), named("RELAY"), Polarity::ActiveHigh).output(
        light(),
        named("LIGHT"),
        Polarity::ActiveHigh,
    );
    let door = opened(&wiring);
    let blink = PanelCommand::Light { light: "call".parse().unwrap(), pattern: Pattern::BlinkFast };
    door.panel.command(blink).unwrap();
    for lit in [true, false, true] {
        board.wait("LIGHT", lit);
    }
    door.panel.command(pulse(60_000)).unwrap();
    board.wait("RELAY", true);
    let trace = Trace::start();
    drop(door.panel);
    let writes = trace.writes();
    assert!(!writes.is_empty() && writes.iter().all(|level| level == "0"), "{writes:?}");
    assert!(!board.is_high("RELAY"));
    assert!(!board.is_high("LIGHT"));
}

#[tokio::test]
async fn a_relay_on_a_board_that_is_unplugged_is_a_fault() {
    let board = Board::new("door-gpio", &["RELAY"]);
    let mut door = opened(&wiring().output(relay(), named("RELAY"), Polarity::ActiveHigh));
    board.unplug();
    door.panel.command(pulse(60_000)).unwrap();
    let event = door.next().await;
    assert!(
        matches!(&event, PanelEvent::OutputFault { output, faulty: true, .. } if *output == relay()),
        "{event:?}"
    );
}

#[test]
fn outputs_off_writes_the_inactive_level_and_lets_go() {
    let board = Board::new("door-gpio", &["RELAY", "LIGHT"]);
    // The relay board's own resistor.
    board.pull("RELAY", true);
    let wiring = wiring().output(relay(), named("RELAY"), Polarity::ActiveLow).output(
        light(),
        named("LIGHT"),
        Polarity::ActiveHigh,
    );
    let trace = Trace::start();
    outputs_off(&wiring).unwrap();
    assert_eq!(trace.writes(), ["1", "0"]);
    assert!(board.is_high("RELAY"));
    outputs_off(&wiring).unwrap();
}
