// SPDX-License-Identifier: MIT OR Apache-2.0

use std::{fs, time::Duration};

use intercomd::{
    core::event::Input,
    panel::{
        PanelEvent, probe,
        wiring::{Bias, Line, Polarity},
    },
};

use crate::{Wire, board::Board, button, contact, named, opened, wiring};

#[tokio::test]
async fn lines_are_found_by_name_and_by_the_chips_label_name_and_path() {
    let board = Board::new("door-gpio", &["A", "B", "C", "D"]);
    let at = |chip: &str, offset| Line::Offset { chip: chip.to_owned(), offset };
    let device = board.device().display().to_string();
    let buttons = [named("A"), at("door-gpio", 1), at(board.chip(), 2), at(&device, 3)];
    for (line, name) in buttons.into_iter().zip(["A", "B", "C", "D"]) {
        let mut door = opened(&wiring().input(button(), line, Polarity::ActiveHigh, 0));
        door.next_is(button(), false).await;
        board.pull(name, true);
        door.next_is(button(), true).await;
        door.panel.close().await;
    }
}

#[tokio::test]
async fn the_first_events_are_the_levels_at_the_start() {
    let board = Board::new("door-gpio", &["BUTTON", "CONTACT", "TAMPER"]);
    board.pull("CONTACT", true);
    board.pull("TAMPER", true);
    let wiring = wiring()
        .input(button(), named("BUTTON"), Polarity::ActiveHigh, 20)
        .input(contact(), named("CONTACT"), Polarity::ActiveHigh, 20)
        .input(Input::Tamper, named("TAMPER"), Polarity::ActiveLow, 20);
    let mut door = opened(&wiring);
    door.next_is(button(), false).await;
    door.next_is(contact(), true).await;
    door.next_is(Input::Tamper, false).await;
    door.silence(Duration::from_millis(300)).await;
}

#[tokio::test]
async fn a_press_and_a_release_are_an_event_each() {
    let board = Board::new("door-gpio", &["BUTTON"]);
    let mut door = opened(&wiring().input(button(), named("BUTTON"), Polarity::ActiveHigh, 20));
    door.next_is(button(), false).await;
    for active in [true, false, true, false] {
        board.pull("BUTTON", active);
        door.next_is(button(), active).await;
    }
}

#[tokio::test]
async fn a_button_to_ground_is_pressed_when_its_line_is_low() {
    let board = Board::new("door-gpio", &["BUTTON"]);
    board.pull("BUTTON", true);
    let mut door = opened(&wiring().input(button(), named("BUTTON"), Polarity::ActiveLow, 0));
    door.next_is(button(), false).await;
    board.pull("BUTTON", false);
    door.next_is(button(), true).await;
}

#[tokio::test]
async fn the_configured_bias_is_asked_of_the_chip() {
    let board = Board::new("door-gpio", &["BUTTON"]);
    let mut wiring = wiring().input(button(), named("BUTTON"), Polarity::ActiveLow, 0);
    wiring.inputs.get_mut(&button()).unwrap().bias = Bias::PullUp;
    assert!(!board.is_high("BUTTON"));
    let mut door = opened(&wiring);
    door.next_is(button(), false).await;
    assert!(board.is_high("BUTTON"));
}

#[tokio::test]
async fn a_bounce_shorter_than_the_debounce_time_is_no_press() {
    let board = Board::new("door-gpio", &["BUTTON", "CONTACT"]);
    let wiring = wiring().input(button(), named("BUTTON"), Polarity::ActiveHigh, 1500).input(
        contact(),
        named("CONTACT"),
        Polarity::ActiveHigh,
        0,
    );
    let mut door = opened(&wiring);
    door.next_is(button(), false).await;
    door.next_is(contact(), false).await;
    for _ in 0..20 {
        board.pull("BUTTON", true);
        board.pull("BUTTON", false);
    }
    door.silence(Duration::from_millis(2000)).await;
    board.pull("BUTTON", true);
    board.pull("CONTACT", true);
    // The line without debouncing comes first, although it moved last.
    door.next_is(contact(), true).await;
    door.next_is(button(), true).await;
}

#[tokio::test]
async fn a_board_that_is_unplugged_loses_its_inputs_aloud() {
    let board = Board::new("door-gpio", &["BUTTON"]);
    let mut door = opened(&wiring().input(button(), named("BUTTON"), Polarity::ActiveHigh, 0));
    door.next_is(button(), false).await;
    board.unplug();
    let event = door.next().await;
    assert!(
        matches!(&event, PanelEvent::InputLost { input, .. } if *input == button()),
        "{event:?}"
    );
}

#[tokio::test]
async fn closing_releases_the_lines_so_that_they_can_be_opened_again() {
    let board = Board::new("door-gpio", &["BUTTON"]);
    let wiring = wiring().input(button(), named("BUTTON"), Polarity::ActiveHigh, 0);
    for _ in 0..20 {
        let door = opened(&wiring);
        let found = probe(&wiring).unwrap().remove(0).found.unwrap();
        assert_eq!(found.used_by.as_deref(), Some("intercomd"));
        assert_eq!((found.device, found.offset), (board.device(), 0));
        door.panel.close().await;
        let found = probe(&wiring).unwrap().remove(0).found.unwrap();
        assert_eq!((found.name.as_str(), found.used_by), ("BUTTON", None));
    }
}

/// How often each thread of this process went to sleep by itself.
fn naps() -> u64 {
    let mut naps = 0;
    for task in fs::read_dir("/proc/self/task").unwrap() {
        let status = fs::read_to_string(task.unwrap().path().join("status")).unwrap();
        let count = status.lines().find_map(|l| l.strip_prefix("voluntary_ctxt_switches:"));
        naps += count.unwrap().trim().parse::<u64>().unwrap();
    }
    naps
}

#[tokio::test]
async fn an_idle_panel_wakes_nobody() {
    let _board = Board::new("door-gpio", &["BUTTON", "RELAY"]);
    let wiring = wiring().input(button(), named("BUTTON"), Polarity::ActiveHigh, 20).output(
        crate::relay(),
        named("RELAY"),
        Polarity::ActiveHigh,
    );
    let mut door = opened(&wiring);
    door.next_is(button(), false).await;
    door.silence(Duration::from_millis(200)).await;
    let before = naps();
    door.silence(Duration::from_secs(3)).await;
    // The test's own timer is one of them.
    let woken = naps() - before;
    assert!(woken <= 4, "{woken} wake-ups in 3 s");
}
