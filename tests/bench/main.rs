// SPDX-License-Identifier: MIT OR Apache-2.0
//! The numbers of a station, measured on the real daemon, and beside a peer where there is one.
//! It reports; it judges nothing, since machines are noisy. `make bench` runs it.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a stopwatch that reports"
)]

mod idle;
mod press;
mod process;
mod ready;
mod stand;

use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let idle_for = seconds("BENCH_IDLE_S", 30);
    let presses = number("BENCH_PRESSES", 1000);
    println!("intercomd {}, release build", env!("CARGO_PKG_VERSION"));
    ready::report(20).await;
    press::report(presses).await;
    idle::report(idle_for).await;
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn seconds(name: &str, usual: u64) -> Duration {
    let given = std::env::var(name).ok().and_then(|text| text.parse().ok());
    Duration::from_secs(given.unwrap_or(usual))
}

/// The smallest, some in between and the largest, in milliseconds.
fn spread(mut samples: Vec<Duration>) -> String {
    samples.sort_unstable();
    let at = |permille: usize| {
        let place = (samples.len() * permille / 1000).min(samples.len() - 1);
        samples[place].as_secs_f64() * 1e3
    };
    format!(
        "min {:.2}  p50 {:.2}  p90 {:.2}  p99 {:.2}  max {:.2} ms  (n={})",
        at(0),
        at(500),
        at(900),
        at(990),
        at(1000),
        samples.len()
    )
}
