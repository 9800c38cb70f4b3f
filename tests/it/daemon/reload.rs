// SPDX-License-Identifier: MIT OR Apache-2.0
//! Wrong configurations at the start, new ones while it runs.

use std::{
    fs,
    process::{Command, Stdio},
};

use rustix::process::Signal;

use super::{
    client::until,
    home::{Home, Tables},
    process::{self, Daemon},
    station::Station,
};
use crate::private_bus::PrivateBus;

const WRONG: &str = "[station]\nnme = 'x'\n[buttons.bell]\npress = 'call:nobody'\nmin_press_ms = -1\n\
                     [doors.front]\npulse_ms = 5\nrelay = {}\n[panel]\nbackend = 'sim'\n";

#[test]
fn a_wrong_configuration_is_refused_with_every_problem_and_nothing_is_touched() {
    let home = Home::new("unix:path=/nowhere");
    let text = format!("{WRONG}[store]\ndirectory = '{}'\n", home.state().display());
    fs::write(home.config(), &text).unwrap();
    let run = process::command()
        .arg("--config")
        .arg(home.config())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(78));
    let said = String::from_utf8(run.stderr).unwrap();
    for (line, path) in [
        (2, "station.nme"),
        (4, "buttons.bell.press"),
        (5, "min_press_ms"),
        (7, "doors.front.pulse_ms"),
    ] {
        let place = format!(":{line}:");
        let told = said.lines().any(|said| said.contains(&place) && said.contains(path));
        assert!(told, "line {line}, {path}:\n{said}");
    }
    assert!(run.stdout.is_empty());
    assert_eq!(fs::read_to_string(home.config()).unwrap(), text);
    assert!(!home.state().exists(), "no state is written for a station that never was");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn a_configuration_that_is_not_there_is_refused_too() {
    let home = Home::new("unix:path=/nowhere");
    let run = process::command().arg("--config").arg(home.config()).output().unwrap();
    assert_eq!(run.status.code(), Some(78));
    assert!(!run.stderr.is_empty());
}

#[test]
fn check_config_says_the_same_and_starts_nothing() {
    let home = Home::new("unix:path=/nowhere");
    fs::write(home.config(), WRONG).unwrap();
    let mut check = process::command();
    let run = check.arg("check-config").arg(home.config()).output().unwrap();
    assert_eq!(run.status.code(), Some(78));
    home.configure(&Tables::usual());
    let mut check = process::command();
    let run = check.arg("check-config").arg(home.config()).output().unwrap();
    assert!(run.status.success(), "{run:?}");
}

async fn in_a_call() -> Station {
    let station = Station::usual().await;
    station.ring("home").await.unwrap();
    station.play("Accept", &"hall").await.unwrap();
    station.becomes("calls/1", "Status", "ongoing").await;
    station
}

#[tokio::test]
async fn a_good_new_file_is_taken_over_and_the_call_goes_on() {
    let station = in_a_call().await;
    let mut heard = station.listen().await;
    let new = Tables::usual()
        .with("station", "name = 'Other door'")
        .with("contacts.office", "handsets = ['hall']")
        .without("doors.front")
        .with("simulator.handsets.hall", "label = 'Hall'\nscript = { connect_ms = 0 }");
    station.home.configure(&new);
    station.call("", "Reload", &()).await.unwrap();
    assert!(station.exists("contacts/office").await);
    assert!(!station.exists("doors/front").await);
    assert_eq!(station.text("", "Name").await, "Other door");
    let told = heard.up_to(" ConfigurationReloaded").await;
    assert_eq!(told.last().unwrap(), " ConfigurationReloaded true ");
    assert_eq!(station.text("calls/1", "Status").await, "ongoing");
    station.gate_becomes("hall", "open").await;
    station.play("Hangup", &"hall").await.unwrap();
    station.ends("calls/1", "ended", "ended").await;
    station.press("bell").await;
    station.becomes("calls/2", "Status", "ringing").await;
}

#[tokio::test]
async fn a_bad_new_file_changes_nothing_and_is_told_until_it_is_mended() {
    let station = in_a_call().await;
    let mut heard = station.listen().await;
    let good = fs::read_to_string(station.home.config()).unwrap();
    fs::write(station.home.config(), WRONG).unwrap();
    let (error, text) = station.call("", "Reload", &()).await.unwrap_err();
    assert_eq!(error, "Failed");
    assert!(text.lines().count() >= 4 && text.contains("station.nme"), "{text}");
    assert_eq!(station.problems().await, ["configuration"]);
    let told = heard.up_to(" ConfigurationReloaded").await;
    assert!(told.last().unwrap().starts_with(" ConfigurationReloaded false "), "{told:?}");
    assert_eq!(fs::read_to_string(station.home.config()).unwrap(), WRONG);
    assert!(station.exists("doors/front").await);
    assert_eq!(station.text("calls/1", "Status").await, "ongoing");

    fs::write(station.home.config(), good).unwrap();
    station.daemon.signal(Signal::HUP);
    let told = heard.up_to(" ConfigurationReloaded").await;
    assert_eq!(told.last().unwrap(), " ConfigurationReloaded true ");
    until("the problem is gone", async || station.problems().await.is_empty()).await;
    assert_eq!(station.text("calls/1", "Status").await, "ongoing");
}

#[tokio::test]
async fn a_hang_up_signal_reads_the_file_again_and_buttons_work_on() {
    let station = Station::usual().await;
    let mut heard = station.listen().await;
    let busier = "press = { idle = 'nothing', calling = 'nothing', ringing = 'nothing', ongoing = 'nothing' }";
    station.home.configure(&Tables::usual().with("buttons.bell", busier));
    station.daemon.signal(Signal::HUP);
    heard.up_to(" ConfigurationReloaded true").await;
    station.press("bell").await;
    until("the press counts", async || {
        station.property::<u64>("buttons/bell", "Presses").await == 1
    })
    .await;
    assert!(station.call_log().await.is_empty(), "the bell is told to do nothing");

    fs::write(station.home.config(), "nonsense").unwrap();
    station.daemon.signal(Signal::HUP);
    heard.up_to(" ConfigurationReloaded false").await;
    until("the problem shows", async || station.problems().await == ["configuration"]).await;
    station.home.configure(&Tables::usual());
    station.daemon.signal(Signal::HUP);
    heard.up_to(" ConfigurationReloaded true").await;
    station.press("bell").await;
    station.becomes("calls/1", "Status", "ringing").await;
}

#[tokio::test]
async fn a_phone_that_the_new_file_does_not_name_is_gone_and_so_is_its_call() {
    let station = in_a_call().await;
    station.home.configure(&Tables::usual().without("simulator.handsets.hall"));
    station.call("", "Reload", &()).await.unwrap();
    station.ends("calls/1", "failed", "revoked").await;
    assert!(!station.exists("handsets/hall").await);
    assert!(station.exists("handsets/kitchen").await);
}

#[tokio::test]
async fn lines_that_the_board_does_not_have_leave_the_old_panel_in_the_old_hands() {
    let station = Station::usual().await;
    let none = "line = 'none'";
    let real = Tables::usual()
        .with("panel", "backend = 'gpiochip'")
        .without("tamper")
        .with("buttons.bell", &format!("press = 'nothing'\n{none}"))
        .with("buttons.second", &format!("press = 'nothing'\n{none}"))
        .with("lights.call", &format!("shows = {{ ringing = 'blink' }}\n{none}"))
        .with("lights.door", &format!("shows = {{ door_open = 'on' }}\n{none}"))
        .with("doors.front", "relay = { line = { chip = 'nowhere', offset = 1 } }");
    station.home.configure(&real);
    let (error, text) = station.call("", "Reload", &()).await.unwrap_err();
    assert_eq!(error, "Failed");
    assert!(!text.contains(".toml"), "the file itself is good: {text}");
    station.press("bell").await;
    station.becomes("calls/1", "Status", "ringing").await;
}

#[tokio::test]
async fn outputs_off_follows_the_configuration_in_force_and_not_the_edited_file() {
    let (bus, tables) = (PrivateBus::start(), Tables::usual());
    let home = Home::new(bus.address());
    home.configure(&tables);
    fs::create_dir(home.state()).unwrap();
    let served = |command: &mut Command, home: &Home| {
        command.arg("--config").arg(home.config()).env("RUNTIME_DIRECTORY", home.path());
    };
    let mut command = process::command();
    served(&mut command, &home);
    let daemon = Daemon::launch(command, &home);
    let mut station = Station::around(daemon, bus, home, tables.handsets()).await;
    station.is_there().await;

    let in_force = fs::read_to_string(station.home.config()).unwrap();
    fs::write(station.home.config(), WRONG).unwrap();
    station.call("", "Reload", &()).await.unwrap_err();
    let remembered = station.home.path().join("in-force.toml");
    assert_eq!(fs::read_to_string(&remembered).unwrap(), in_force);
    let outputs_off = || {
        let mut command = process::command();
        served(command.arg("outputs-off"), &station.home);
        command.output().unwrap().status.code()
    };
    assert_eq!(outputs_off(), Some(0));
    fs::remove_file(remembered).unwrap();
    assert_eq!(outputs_off(), Some(78));
}
