// SPDX-License-Identifier: MIT OR Apache-2.0

use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    process::Command,
};

use intercomd::{
    core::event::Input,
    panel::{
        fault::Cause,
        probe,
        wiring::{Line, Polarity, Wiring},
    },
};

use crate::{Wire, board::Board, button, contact, light, lines, named, refused, relay, wiring};

fn one(line: Line) -> Wiring {
    wiring().input(button(), line, Polarity::ActiveHigh, 0)
}

fn at(chip: &str, offset: u32) -> Line {
    Line::Offset { chip: chip.to_owned(), offset }
}

/// Its cause and whether an edit is the only cure, for a wiring with one line.
fn refusal(line: Line) -> (Cause, bool) {
    let error = refused(&one(line));
    let curable = error.is_config_mistake();
    (lines(error).remove(0).cause, curable)
}

#[tokio::test]
async fn every_line_that_cannot_be_had_is_reported_with_its_function() {
    let _board = Board::new("door-gpio", &["BUTTON", "HOG"]);
    let wiring = wiring()
        .input(button(), named("BUTTON"), Polarity::ActiveHigh, 0)
        .input(contact(), named("HOG"), Polarity::ActiveHigh, 0)
        .input(Input::Tamper, named("NOWHERE"), Polarity::ActiveHigh, 0)
        .output(relay(), at("no-such-chip", 3), Polarity::ActiveHigh)
        .output(light(), at("door-gpio", 2), Polarity::ActiveHigh);
    let error = refused(&wiring);
    assert!(error.is_config_mistake(), "the offset");
    let faults: Vec<_> = lines(error).iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "doors.front.relay: no-such-chip:3: no chip has this name, label or path",
            "lights.call: door-gpio:2: the chip has only 2 lines",
            "doors.front.contact: HOG: in use by hogger",
            "tamper: NOWHERE: no chip has a line of this name",
        ]
    );
    let free = probe(&wiring).unwrap();
    let free = free.iter().find(|finding| finding.line == named("BUTTON")).unwrap();
    assert_eq!(free.found.as_ref().unwrap().used_by, None, "released again");
}

#[tokio::test]
async fn what_may_come_later_is_no_mistake_and_what_cannot_is_one() {
    let board = Board::new("door-gpio", &["BUTTON", "HOG"]);
    assert!(matches!(refusal(at("other-chip", 0)), (Cause::NoSuchChip, false)));
    assert!(matches!(refusal(at("/dev/gpiochip99", 0)), (Cause::NoSuchChip, false)));
    assert!(matches!(refusal(named("NOWHERE")), (Cause::NoSuchName, false)));
    assert!(matches!(refusal(named("HOG")), (Cause::InUse { .. }, false)));
    assert!(matches!(refusal(at("/dev/null", 0)), (Cause::NotAChip(_), true)));
    assert!(matches!(refusal(at(board.chip(), 2)), (Cause::NoSuchOffset { lines: 2 }, true)));
    assert!(matches!(refusal(Line::Bcm(17)), (Cause::WrongKind(_), true)));
}

#[tokio::test]
async fn a_name_or_a_label_that_two_chips_share_is_refused() {
    let _one = Board::in_slot("one", "twin", &["SAME", "LEFT"]);
    let _two = Board::in_slot("two", "twin", &["SAME", "RIGHT"]);
    assert!(
        matches!(refusal(named("SAME")), (Cause::AmbiguousName(chips), true) if chips.len() == 2)
    );
    assert!(
        matches!(refusal(at("twin", 1)), (Cause::AmbiguousChip(chips), true) if chips.len() == 2)
    );
}

#[tokio::test]
async fn one_line_with_two_functions_is_found_whatever_it_is_called() {
    let board = Board::new("door-gpio", &["RELAY"]);
    let wiring = wiring().output(relay(), named("RELAY"), Polarity::ActiveHigh).output(
        light(),
        at(board.chip(), 0),
        Polarity::ActiveHigh,
    );
    let error = refused(&wiring);
    assert!(error.is_config_mistake());
    let faults: Vec<_> = lines(error).iter().map(ToString::to_string).collect();
    let chip = board.chip();
    let line = format!("lights.call: {chip}:0: doors.front.relay is already used for this line");
    assert_eq!(faults, [line]);
}

const CHIP: &str = "CHIP";

/// Not a test: what somebody without rights sees.
#[tokio::test]
#[ignore = "started by the test that gives up its rights"]
async fn nobody() {
    let (cause, is_mistake) = refusal(at(&std::env::var(CHIP).unwrap(), 0));
    assert!(!is_mistake);
    panic!("{cause}");
}

fn told_to_nobody(chip: &str) -> String {
    const NOBODY: u32 = 65534;
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "refusals::nobody"])
        .env(CHIP, chip)
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_chip_that_may_not_be_opened_says_which_group_may() {
    const AUDIO: u32 = 29;
    let board = Board::new("door-gpio", &["BUTTON"]);
    let device = board.device();
    fs::set_permissions(&device, fs::Permissions::from_mode(0o600)).unwrap();
    let path = device.display();
    let told = told_to_nobody(board.chip());
    let expected =
        format!("permission denied for {path}: no group may use it, a udev rule is missing");
    assert!(told.contains(&expected), "{told}");
    chown(&device, None, Some(AUDIO)).unwrap();
    fs::set_permissions(&device, fs::Permissions::from_mode(0o660)).unwrap();
    let told = told_to_nobody(board.chip());
    let expected = format!("permission denied for {path}: only group audio may use it");
    assert!(told.contains(&expected), "{told}");
}
