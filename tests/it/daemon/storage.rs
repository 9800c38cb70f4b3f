// SPDX-License-Identifier: MIT OR Apache-2.0
//! A state directory that cannot be written.
#![allow(clippy::print_stdout, reason = "a test that is left out says so")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::{
    client::until,
    home::{Home, Tables},
    process::{self, Daemon},
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
async fn a_damaged_state_locks_the_doors_until_somebody_unlocks_them_also_over_more_restarts() {
    let mut station = Station::usual().await;
    works(&station).await;
    station.daemon.kill().await;
    let state = station.home.state();
    for file in ["state.json", "state.json.previous", "calls.json"] {
        fs::write(state.join(file), "{ half a fi").unwrap();
    }
    station.start_again().await;
    assert_eq!(station.text("doors/front", "State").await, "locked");
    assert!(station.log().contains("nobody knows which doors were locked"));
    let lost = async || station.problems().await == ["locks_lost"];
    until("the state is kept again, and the doors are locked for a reason", lost).await;
    for file in ["state.json", "calls.json"] {
        let aside = state.join(format!("{file}.damaged"));
        assert_eq!(fs::read_to_string(aside).unwrap(), "{ half a fi", "kept for whoever looks");
    }

    station.daemon.kill().await;
    station.start_again().await;
    assert_eq!(station.text("doors/front", "State").await, "locked", "nothing was unlocked");
    assert_eq!(station.problems().await, ["locks_lost"]);
    station.call("doors/front", "Unlock", &()).await.unwrap();
    works(&station).await;
    assert!(station.problems().await.is_empty());
}

/// The daemon alone sees a tiny file system there. `None` where nobody may mount one.
fn start_on_a_tiny_disk(home: &Home) -> Option<Daemon> {
    let mount = "mount -t tmpfs -o size=64k intercomd-test \"$1\"";
    let mut probe = Command::new("unshare");
    probe.args(["-m", "sh", "-c", mount, "sh"]).arg(home.state()).stderr(Stdio::null());
    if !probe.status().is_ok_and(|status| status.success()) {
        return None;
    }
    let mut command = Command::new("unshare");
    let script = format!("{mount} && exec \"$2\" --config \"$3\"");
    command.args(["-m", "sh", "-c", &script, "sh"]).arg(home.state());
    command.arg(process::command().get_program()).arg(home.config());
    Some(Daemon::launch(command, home))
}

#[tokio::test]
async fn a_full_or_read_only_disk_degrades_the_station_and_stops_nothing() {
    let bus = PrivateBus::start();
    let home = Home::new(bus.address());
    let tables = Tables::usual();
    home.configure(&tables);
    fs::create_dir(home.state()).unwrap();
    let Some(daemon) = start_on_a_tiny_disk(&home) else {
        println!("left out: only root may mount a file system");
        return;
    };
    let mut station = Station::around(daemon, bus, home, tables.handsets()).await;
    station.is_there().await;
    works(&station).await;
    assert!(station.problems().await.is_empty());

    let pid = station.daemon.pid().as_raw_pid();
    let inside = PathBuf::from(format!("/proc/{pid}/root{}", station.home.state().display()));
    let filler = inside.join("filler");
    // Until not a byte more fits.
    fs::write(&filler, vec![0; 1 << 20]).unwrap_err();
    works(&station).await;
    says_so(&station).await;
    fs::remove_file(&filler).unwrap();
    works(&station).await;
    says_it_is_over(&station).await;

    let remount = |how: &str| {
        let mut command = Command::new("nsenter");
        command.args(["-t", &pid.to_string(), "-m", "mount", "-o", &format!("remount,{how}")]);
        assert!(command.arg(station.home.state()).status().unwrap().success());
    };
    remount("ro");
    works(&station).await;
    says_so(&station).await;
    remount("rw");
    works(&station).await;
    says_it_is_over(&station).await;
}
