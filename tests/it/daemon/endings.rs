// SPDX-License-Identifier: MIT OR Apache-2.0
//! The daemon is told to stop; the bus is restarted under it.

use rustix::process::Signal;
use zbus::fdo::DBusProxy;

use super::{
    client::{Client, NAME, until},
    home::Tables,
    station::Station,
};

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
async fn a_second_daemon_does_not_take_the_name_and_says_why() {
    let station = Station::usual().await;
    let mut second = super::process::command();
    second.arg("--config").arg(station.home.config());
    let mut second = super::process::Daemon::launch(second, &station.home);
    assert_eq!(second.ended().await.code(), Some(1));
    assert!(station.log().contains("another program owns the name org.intercomd1"));
    station.press("bell").await;
    station.becomes("calls/1", "Status", "ringing").await;
}
