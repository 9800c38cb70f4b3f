// SPDX-License-Identifier: MIT OR Apache-2.0
//! A state directory that cannot be written.

use std::fs;

use super::{
    client::until,
    home::{Home, Tables},
    station::Station,
};
use crate::private_bus::PrivateBus;

async fn works(station: &Station) {
    let call = station.ring("home").await.unwrap();
    station.play("Accept", &"hall").await.unwrap();
    station.becomes(&call, "Status", "ongoing").await;
    station.call(&call, "Hangup", &()).await.unwrap();
    station.call("doors/front", "Lock", &()).await.unwrap();
    station.call("doors/front", "Unlock", &()).await.unwrap();
}

async fn says_so(station: &Station) {
    until("storage is a problem", async || station.problems().await == ["storage"]).await;
}

async fn says_it_is_over(station: &Station) {
    until("storage is no problem", async || station.problems().await.is_empty()).await;
}

#[tokio::test]
async fn a_file_where_the_directory_should_be_degrades_the_station_until_it_is_moved_away() {
    let bus = PrivateBus::start();
    let home = Home::new(bus.address());
    let tables = Tables::usual();
    home.configure(&tables);
    fs::write(home.state(), "in the way").unwrap();
    let mut station = Station::at(bus, home, tables.handsets()).await;
    works(&station).await;
    says_so(&station).await;
    assert_eq!(station.call_log().await.len(), 1, "it is remembered as long as the daemon lives");

    fs::remove_file(station.home.state()).unwrap();
    fs::create_dir(station.home.state()).unwrap();
    works(&station).await;
    says_it_is_over(&station).await;
    let calls = station.home.state().join("calls.json");
    until("both calls are written", async || {
        fs::read_to_string(&calls).unwrap_or_default().contains("\"id\":2")
    })
    .await;
    station.daemon.kill().await;
    station.start_again().await;
    assert_eq!(station.call_log().await.len(), 2);
}

#[tokio::test]
async fn a_directory_that_goes_away_and_comes_back_is_written_again() {
    let station = Station::usual().await;
    works(&station).await;
    assert!(station.problems().await.is_empty());
    let aside = station.home.path().join("aside");
    fs::rename(station.home.state(), &aside).unwrap();
    works(&station).await;
    says_so(&station).await;
    fs::rename(&aside, station.home.state()).unwrap();
    works(&station).await;
    says_it_is_over(&station).await;
}

#[tokio::test]
async fn a_damaged_state_locks_the_doors_and_is_kept_for_whoever_wants_to_see_it() {
    let mut station = Station::usual().await;
    works(&station).await;
    station.daemon.kill().await;
    let state = station.home.state();
    for file in ["state.json", "state.json.previous", "calls.json"] {
        fs::write(state.join(file), "{ half a fi").unwrap();
    }
    station.start_again().await;
    says_so(&station).await;
    assert_eq!(station.text("doors/front", "State").await, "locked");
    assert!(state.join("calls.json.damaged").exists());
    station.call("doors/front", "Unlock", &()).await.unwrap();
    works(&station).await;
    says_it_is_over(&station).await;
}
