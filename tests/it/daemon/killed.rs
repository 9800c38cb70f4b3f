// SPDX-License-Identifier: MIT OR Apache-2.0
//! The daemon dies at any moment, and what the next one makes of it.

use std::{collections::BTreeSet, time::Duration};

use rustix::process::Signal;

use super::{
    client::{SIMULATOR, no_options, until},
    home::Tables,
    process::Daemon,
    station::Station,
};

/// At most this many milliseconds; every round another, none of them special.
fn delay(round: u64, most: u64) -> Duration {
    Duration::from_micros(round.wrapping_mul(0x9E37_79B9_7F4A_7C15) % (most * 1000))
}

impl Station {
    /// Kills the daemon so long after now, whatever it is doing.
    async fn kill_after(&mut self, delay: Duration) {
        tokio::time::sleep(delay).await;
        self.daemon.kill().await;
    }

    async fn is_idle_and_dark(&self) {
        assert_eq!(self.active_call().await, "/");
        let outputs = self.outputs().await;
        assert!(outputs.values().all(|active| !active), "{outputs:?}");
        let objects = self.objects().await;
        assert!(!objects.keys().any(|object| object.starts_with("calls/")));
        assert!(self.problems().await.is_empty());
    }

    async fn active_call(&self) -> String {
        let call: zbus::ObjectPath<'static> = self.property("", "ActiveCall").await;
        call.to_string()
    }
}

fn on_hall(verb: &str) -> zbus::Message {
    let call = zbus::Message::method_call("/org/intercomd1/Simulator", verb);
    let call = call.destination(SIMULATOR).interface(SIMULATOR);
    call.build(&"hall").unwrap()
}

fn number(call: &str) -> u64 {
    call.strip_prefix("calls/").unwrap().parse().unwrap()
}

fn id(line: &str) -> u64 {
    line.split(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_call_that_a_kill_interrupts_is_logged_as_failed_once_and_its_id_never_comes_back() {
    let mut station = Station::usual().await;
    let mut seen = BTreeSet::new();
    let mut before: Vec<String> = Vec::new();
    for round in 0..24 {
        let call = station.ring("home").await.unwrap();
        let number = number(&call);
        assert!(seen.insert(number), "round {round}: call {number} was there before");
        // What becomes of these nobody waits for: the daemon may be gone at any moment.
        let verbs = if round % 3 == 0 { ["Accept", "Hangup"].as_slice() } else { &["Accept"] };
        for verb in verbs {
            station.client.0.send(&on_hall(verb)).await.unwrap();
        }
        station.kill_after(delay(round, 30)).await;
        station.start_again().await;
        station.is_idle_and_dark().await;

        let log = station.call_log().await;
        let ids: Vec<_> = log.iter().map(|line| id(line)).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{log:?}");
        assert!(log.ends_with(&before), "what was logged stays: {log:?}");
        assert_eq!(log.len(), before.len() + 1, "round {round}: {log:?}");
        let line = &log[0];
        assert_eq!(id(line), number);
        let end = line.contains(" failed interrupted ") || line.contains(" ended ended ");
        assert!(end, "round {round}: {line}");
        before = log;
    }
    assert!(before.iter().any(|line| line.contains("failed interrupted")), "{before:?}");
}

#[tokio::test]
async fn a_kill_during_a_ring_or_a_talk_leaves_one_line_that_says_so() {
    let mut station = Station::usual().await;
    let calls = station.home.state().join("calls.json");
    for answered in [false, true] {
        let call = station.ring("home").await.unwrap();
        if answered {
            station.play("Accept", &"hall").await.unwrap();
            station.becomes(&call, "Status", "ongoing").await;
        }
        let id = call.replace("calls/", "\"id\":");
        let written = || std::fs::read_to_string(&calls).unwrap_or_default().contains(&id);
        until("the call is written down", async || written()).await;
        station.daemon.kill().await;
        station.start_again().await;
        station.is_idle_and_dark().await;
    }
    // And once more, to see that it is not counted twice.
    station.daemon.kill().await;
    station.start_again().await;
    let log = station.call_log().await;
    assert_eq!(log.len(), 2);
    assert!(log.iter().all(|line| line.contains(" outgoing failed interrupted home ")), "{log:?}");
    assert!(number(&station.ring("home").await.unwrap()) > id(&log[0]));
}

#[tokio::test]
async fn a_kill_during_a_pulse_leaves_no_door_open() {
    let rules = "pulse_ms = 60000\nmax_opens = 1000\nper_s = 1\nrelay = {}";
    let mut station = Station::with(Tables::usual().with("doors.front", rules)).await;
    for round in 0..20 {
        let method = if round % 4 == 3 { "Hold" } else { "Open" };
        if method == "Hold" {
            station.call("doors/front", "Hold", &()).await.unwrap();
        } else {
            station.call("doors/front", "Open", &no_options()).await.unwrap();
        }
        station.kill_after(delay(round, 10)).await;
        station.start_again().await;
        station.is_idle_and_dark().await;
        assert_eq!(station.text("doors/front", "State").await, "closed", "round {round}");
        assert!(!station.property::<bool>("doors/front", "RelayActive").await);
    }
}

#[tokio::test]
async fn an_id_that_was_told_to_anybody_is_never_told_again() {
    let mut station = Station::usual().await;
    let mut last = 0;
    for round in 0..20 {
        let call = station.ring("home").await.unwrap();
        let id = number(&call);
        assert!(id > last, "round {round}: {id} after {last}");
        last = id;
        station.daemon.kill().await;
        station.start_again().await;
    }
}

#[tokio::test]
async fn a_kill_while_it_starts_loses_neither_a_lock_nor_the_log() {
    let mut station = Station::usual().await;
    station.call("doors/front", "Lock", &()).await.unwrap();
    let call = station.ring("home").await.unwrap();
    station.call(&call, "Hangup", &()).await.unwrap();
    station.daemon.signal(Signal::TERM);
    assert!(station.daemon.ended().await.success());
    for round in 0..30 {
        station.daemon = Daemon::start(&station.home);
        station.kill_after(delay(round, 20)).await;
    }
    station.start_again().await;
    station.is_idle_and_dark().await;
    assert_eq!(station.text("doors/front", "State").await, "locked");
    assert_eq!(station.call_log().await, ["1 outgoing cancelled cancelled home -"]);
    assert!(!station.log().contains("stored state is not usable"), "{}", station.log());
}
