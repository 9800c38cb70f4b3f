// SPDX-License-Identifier: MIT OR Apache-2.0
//! Many programs that want to know everything.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures, and tells")]

use std::time::{Duration, Instant};

use super::{heard::Heard, station::Station};

const PRESSES: usize = 15;

/// From the finger to the status that one observer sees.
async fn presses(station: &Station, observer: &mut Heard) -> Vec<Duration> {
    let mut taken = Vec::new();
    for _ in 0..PRESSES {
        let start = Instant::now();
        station.play("SetInput", &("buttons.bell", true)).await.unwrap();
        let heard = observer.up_to("calls/").await;
        let mut line = heard.last().unwrap().clone();
        while !line.ends_with("StatusChanged initiated ringing") {
            line = observer.next().await;
        }
        taken.push(start.elapsed());
        station.play("SetInput", &("buttons.bell", false)).await.unwrap();
        let call = line.split(' ').next().unwrap().to_owned();
        station.call(&call, "Hangup", &()).await.unwrap();
    }
    taken.sort();
    taken
}

fn told(what: &str, sorted: &[Duration]) {
    let (median, worst) = (sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
    println!("press to StatusChanged, {what}: median {median:?}, worst {worst:?}");
}

#[tokio::test]
async fn two_hundred_watchers_all_hear_everything_and_the_station_answers() {
    let station = Station::usual().await;
    let mut observer = station.listen().await;
    let alone = presses(&station, &mut observer).await;

    let mut watchers = Vec::new();
    for _ in 0..200 {
        watchers.push(station.listen().await);
    }
    let watched = presses(&station, &mut observer).await;
    told("alone", &alone);
    told("with 200 watchers", &watched);

    assert_eq!(station.call_log().await.len(), 2 * PRESSES);
    let last = format!("calls/{} StatusChanged ringing cancelled", 2 * PRESSES);
    for (number, watcher) in watchers.iter_mut().enumerate() {
        let heard = watcher.up_to(&last).await;
        let rang = heard.iter().filter(|line| line.ends_with("StatusChanged initiated ringing"));
        assert_eq!(rang.count(), PRESSES, "watcher {number}");
        let over = heard.iter().filter(|line| line.contains("StatusChanged ringing cancelled"));
        assert_eq!(over.count(), PRESSES, "watcher {number}");
    }
}
