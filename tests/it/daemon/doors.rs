// SPDX-License-Identifier: MIT OR Apache-2.0
//! Relays, locks and alarms.

use rustix::process::Signal;

use super::{client::no_options, home::Tables, station::Station};

const DOOR: &str = "doors/front";
const RELAY: &str = "doors.front.relay";
const CONTACT: &str = "doors.front.contact";
const EXIT: &str = "doors.front.exit_button";

impl Station {
    async fn open(&self) -> Result<(), (String, String)> {
        self.call(DOOR, "Open", &no_options()).await.map(drop)
    }

    async fn at_door(&self, method: &str) {
        self.call(DOOR, method, &()).await.unwrap();
    }

    async fn set_input(&self, input: &str, active: bool) {
        self.play("SetInput", &(input, active)).await.unwrap();
    }
}

fn door(rules: &str) -> Tables {
    let lines = "relay = {}\ncontact = {}\nexit_button = {}";
    Tables::usual().with("doors.front", &format!("{rules}\n{lines}"))
}

#[tokio::test]
async fn a_pulse_opens_the_door_and_falls_back_by_itself() {
    let station = Station::usual().await;
    let mut heard = station.listen().await;
    assert!(!station.output(RELAY).await);
    station.open().await.unwrap();
    assert_eq!(station.text(DOOR, "State").await, "open");
    assert!(station.property::<bool>(DOOR, "RelayActive").await);
    assert_eq!(station.text("lights/door", "Shows").await, "door_open");
    station.output_becomes(RELAY, true).await;
    station.last_sound_becomes("door_open").await;
    let opened = heard.up_to("doors/front StateChanged").await;
    assert!(opened.last().unwrap().ends_with("closed open bus"), "{opened:?}");
    let closed = heard.up_to("doors/front StateChanged").await;
    assert!(closed.last().unwrap().ends_with("open closed timer"), "{closed:?}");
    station.output_becomes(RELAY, false).await;
    assert_eq!(station.text("lights/door", "Pattern").await, "off");
}

#[tokio::test]
async fn asking_again_during_a_pulse_succeeds_and_prolongs_nothing() {
    let station = Station::with(door("pulse_ms = 60000\nmax_opens = 1\nper_s = 3600")).await;
    station.open().await.unwrap();
    let until = station.property::<u64>(DOOR, "RelayDeadline").await;
    assert_ne!(until, 0);
    for _ in 0..5 {
        station.open().await.unwrap();
    }
    assert_eq!(station.property::<u64>(DOOR, "RelayDeadline").await, until);
}

#[tokio::test]
async fn a_door_that_is_opened_too_often_refuses() {
    let station = Station::with(door("pulse_ms = 100\nmax_opens = 2\nper_s = 3600")).await;
    for _ in 0..2 {
        station.open().await.unwrap();
        station.becomes(DOOR, "State", "closed").await;
    }
    let (error, text) = station.open().await.unwrap_err();
    assert_eq!(error, "RateLimited");
    assert!(text.starts_with("too often; possible again in "), "{text}");
    station.output_becomes(RELAY, false).await;
}

#[tokio::test]
async fn a_held_door_stays_open_until_it_is_released_or_locked() {
    let station = Station::usual().await;
    station.at_door("Hold").await;
    station.output_becomes(RELAY, true).await;
    assert_eq!(station.text(DOOR, "State").await, "held");
    station.at_door("Release").await;
    station.output_becomes(RELAY, false).await;
    station.at_door("Hold").await;
    station.at_door("Lock").await;
    station.output_becomes(RELAY, false).await;
    assert_eq!(station.text(DOOR, "State").await, "locked");
}

#[tokio::test]
async fn a_lock_and_its_end_outlive_a_kill_and_a_held_door_does_not() {
    let mut station = Station::usual().await;
    station.at_door("Lock").await;
    assert_eq!(station.open().await.unwrap_err().0, "Locked");
    // Answered is kept: also if the power goes that very moment.
    station.at_door("Unlock").await;
    station.at_door("Lock").await;
    station.daemon.kill().await;
    station.start_again().await;
    assert_eq!(station.text(DOOR, "State").await, "locked");
    assert_eq!(station.open().await.unwrap_err().0, "Locked");

    station.at_door("Unlock").await;
    station.at_door("Hold").await;
    station.output_becomes(RELAY, true).await;
    station.daemon.kill().await;
    station.start_again().await;
    assert_eq!(station.text(DOOR, "State").await, "closed");
    assert!(!station.output(RELAY).await);
}

#[tokio::test]
async fn the_exit_button_opens_a_locked_door_again_and_again() {
    let station = Station::with(door("pulse_ms = 100\nmax_opens = 1\nper_s = 3600")).await;
    station.at_door("Lock").await;
    for _ in 0..3 {
        station.set_input(EXIT, true).await;
        station.output_becomes(RELAY, true).await;
        station.set_input(EXIT, false).await;
        station.output_becomes(RELAY, false).await;
    }
    assert!(station.property::<bool>(DOOR, "Locked").await);
    station.becomes(DOOR, "State", "locked").await;
}

#[tokio::test]
async fn tampering_locks_every_door_until_somebody_saw_to_it_also_over_a_restart() {
    let mut station = Station::usual().await;
    station.at_door("Hold").await;
    station.set_input("tamper", true).await;
    station.output_becomes(RELAY, false).await;
    assert!(station.property::<bool>("", "Tampered").await);
    assert_eq!(station.text(DOOR, "Alarm").await, "tamper");
    assert_eq!(station.open().await.unwrap_err().0, "Tampered");
    assert_eq!(station.call(DOOR, "Unlock", &()).await.unwrap_err().0, "Tampered");

    station.daemon.signal(Signal::TERM);
    assert!(station.daemon.ended().await.success());
    // The simulated cover is on again after a restart.
    station.start_again().await;
    assert!(station.property::<bool>("", "Tampered").await);
    assert_eq!(station.open().await.unwrap_err().0, "Tampered");
    station.set_input(EXIT, true).await;
    station.output_becomes(RELAY, true).await;
    station.output_becomes(RELAY, false).await;
    station.at_door("Unlock").await;
    assert!(!station.property::<bool>("", "Tampered").await);
    station.open().await.unwrap();
    station.output_becomes(RELAY, true).await;
}

#[tokio::test]
async fn a_broken_relay_is_an_alarm_and_an_error_until_it_is_mended() {
    let station = Station::with(door("pulse_ms = 60000")).await;
    station.play("FailOutput", &(RELAY, true)).await.unwrap();
    // Only a try can tell.
    station.open().await.unwrap();
    station.becomes(DOOR, "Alarm", "fault").await;
    let (error, text) = station.open().await.unwrap_err();
    assert_eq!(
        (error.as_str(), text.as_str()),
        ("DeviceUnavailable", "the relay cannot be driven")
    );
    station.play("FailOutput", &(RELAY, false)).await.unwrap();
    station.becomes(DOOR, "Alarm", "normal").await;
    station.open().await.unwrap();
}

#[tokio::test]
async fn a_door_that_opens_without_leave_is_an_alarm_until_it_closes() {
    let station = Station::usual().await;
    assert_eq!(station.text(DOOR, "Contact").await, "closed");
    station.set_input(CONTACT, true).await;
    station.becomes(DOOR, "Alarm", "forced_open").await;
    assert_eq!(station.text(DOOR, "Contact").await, "open");
    station.set_input(CONTACT, false).await;
    station.becomes(DOOR, "Alarm", "normal").await;
    station.open().await.unwrap();
    station.set_input(CONTACT, true).await;
    station.becomes(DOOR, "Contact", "open").await;
    assert_eq!(station.text(DOOR, "Alarm").await, "normal", "somebody let it open");
}

#[tokio::test]
async fn a_door_that_stands_open_is_an_alarm_after_a_while() {
    let station = Station::with(door("pulse_ms = 400\nopen_alarm_after_s = 1")).await;
    station.open().await.unwrap();
    station.set_input(CONTACT, true).await;
    station.becomes(DOOR, "Contact", "open").await;
    station.becomes(DOOR, "Alarm", "open_too_long").await;
}

#[tokio::test]
async fn a_door_opened_by_hand_ends_the_ringing() {
    let station = Station::usual().await;
    let call = station.ring("home").await.unwrap();
    station.leg_becomes(&call, "hall", "ringing").await;
    station.set_input(CONTACT, true).await;
    station.ends(&call, "cancelled", "answered_at_door").await;
    assert_eq!(station.leg(&call, "hall").await, "elsewhere answered_at_door");
    assert_eq!(station.call_log().await, ["1 outgoing cancelled answered_at_door home -"]);

    station.set_input(CONTACT, false).await;
    let call = station.ring("home").await.unwrap();
    station.set_input(EXIT, true).await;
    station.ends(&call, "cancelled", "answered_at_door").await;
}

#[tokio::test]
async fn a_phone_opens_only_the_doors_that_it_may() {
    let station = Station::usual().await;
    let (error, text) = station.play("OpenDoor", &("kitchen", "front")).await.unwrap_err();
    assert_eq!(error, "NotAuthorized", "{text}");
    assert!(!station.output(RELAY).await);
    let mut heard = station.listen().await;
    station.play("OpenDoor", &("hall", "front")).await.unwrap();
    station.output_becomes(RELAY, true).await;
    let opened = heard.up_to("doors/front StateChanged").await;
    assert!(opened.last().unwrap().ends_with("closed open handset:hall"), "{opened:?}");
}
