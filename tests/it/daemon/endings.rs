// SPDX-License-Identifier: MIT OR Apache-2.0
//! The daemon is told to stop; the bus comes and goes; what is left of many calls.

use rustix::process::Signal;
use zbus::fdo::DBusProxy;

use super::{
    client::{Client, NAME, until},
    home::{Home, Tables},
    process::{self, Daemon},
    station::Station,
};
use crate::private_bus::PrivateBus;

#[tokio::test]
async fn a_daemon_that_is_told_to_stop_ends_the_call_and_says_so_to_everybody() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut station = Station::usual().await;
        let mut heard = station.listen().await;
        let call = station.ring("home").await.unwrap();
        station.play("Accept", &"hall").await.unwrap();
        station.becomes(&call, "Status", "ongoing").await;
        station.call("doors/front", "Hold", &()).await.unwrap();
        station.daemon.signal(signal);
        assert_eq!(station.daemon.ended().await.code(), Some(0));
        heard.up_to("calls/1 StatusChanged ongoing ended ended").await;
        let bus = DBusProxy::new(&station.client.0).await.unwrap();
        assert!(!bus.name_has_owner(NAME.try_into().unwrap()).await.unwrap());

        station.start_again().await;
        assert_eq!(station.call_log().await, ["1 outgoing ended ended home hall"]);
        assert_eq!(station.text("doors/front", "State").await, "closed");
        assert!(!station.output("doors.front.relay").await);
    }
}

#[tokio::test]
async fn buttons_work_while_the_bus_is_away_and_the_station_comes_back_with_it() {
    let slow = "press = 'call:home'\nmin_press_ms = 1000";
    let mut station = Station::with(Tables::usual().with("buttons.bell", slow)).await;
    // The press becomes one when the bus is gone already.
    station.play("SetInput", &("buttons.bell", true)).await.unwrap();
    assert!(station.call_log().await.is_empty());
    station.bus.stop();
    until("the phones ring", async || station.log().contains("status=\"ringing\"")).await;

    station.bus.start_again();
    station.client = Client(station.bus.connect().await);
    station.is_there().await;
    assert_eq!(station.text("calls/1", "Status").await, "ringing");
    station.play("Accept", &"hall").await.unwrap();
    station.becomes("calls/1", "Status", "ongoing").await;
    let mut heard = station.listen().await;
    station.call("calls/1", "Hangup", &()).await.unwrap();
    heard.up_to("calls/1 StatusChanged ongoing ended ended").await;
}

#[tokio::test]
async fn a_second_daemon_leaves_the_state_of_the_first_alone() {
    let station = Station::usual().await;
    station.call("doors/front", "Lock", &()).await.unwrap();
    let state = || std::fs::read(station.home.state().join("state.json")).unwrap();
    let before = state();
    let mut second = process::command();
    second.arg("--config").arg(station.home.config());
    let mut second = Daemon::launch(second, &station.home);
    assert_eq!(second.ended().await.code(), Some(1));
    assert!(station.log().contains("another daemon keeps its state in"));
    assert_eq!(state(), before);
}

#[tokio::test]
async fn a_second_daemon_does_not_take_the_name_and_says_why() {
    let station = Station::usual().await;
    let text = std::fs::read_to_string(station.home.config()).unwrap();
    let own_state = text.replace("/state'", "/another'");
    assert_ne!(own_state, text);
    let config = station.home.path().join("second.toml");
    std::fs::write(&config, own_state).unwrap();
    let mut second = process::command();
    second.arg("--config").arg(config);
    let mut second = Daemon::launch(second, &station.home);
    assert_eq!(second.ended().await.code(), Some(1));
    assert!(station.log().contains("another program owns the name org.intercomd1"));
    station.press("bell").await;
    station.becomes("calls/1", "Status", "ringing").await;
}

#[tokio::test]
async fn a_bus_that_starts_after_the_station_finds_it() {
    let mut bus = PrivateBus::start();
    bus.stop();
    let home = Home::new(bus.address());
    let tables = Tables::usual();
    home.configure(&tables);
    let daemon = Daemon::start(&home);
    let log = || std::fs::read_to_string(home.log()).unwrap_or_default();
    until("the station is ready without", async || log().contains("ready")).await;
    bus.start_again();
    let mut station = Station::around(daemon, bus, home, tables.handsets()).await;
    station.is_there().await;
    station.press("bell").await;
    station.becomes("calls/1", "Status", "ringing").await;
}

#[tokio::test]
async fn a_station_without_a_bus_runs_until_it_is_told_to_stop() {
    let home = Home::new("none");
    home.configure(&Tables::usual());
    let mut daemon = Daemon::start(&home);
    let log = || std::fs::read_to_string(home.log()).unwrap_or_default();
    until("the station is ready", async || log().contains("ready")).await;
    daemon.signal(Signal::TERM);
    assert_eq!(daemon.ended().await.code(), Some(0), "{}", log());
}

#[tokio::test]
async fn a_hundred_calls_leave_no_descriptor_and_no_thread_behind() {
    let station = Station::usual().await;
    let pid = station.daemon.pid().as_raw_pid();
    let count = |what: &str| std::fs::read_dir(format!("/proc/{pid}/{what}")).unwrap().count();
    let mut before = (0, 0);
    for round in 0..110 {
        let call = station.ring("home").await.unwrap();
        station.play("Accept", &"hall").await.unwrap();
        station.becomes(&call, "Status", "ongoing").await;
        station.call(&call, "Hangup", &()).await.unwrap();
        if round == 9 {
            before = (count("fd"), count("task"));
        }
    }
    // The store may be in the middle of a write now, and may have been in one then.
    let no_more = async || count("fd") <= before.0 && count("task") <= before.1;
    until("no more are there than before", no_more).await;
    assert_eq!(station.call_log().await.len(), 110);
}
