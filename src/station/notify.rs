// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the service manager is told. Without one, nothing happens here.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval};

use super::clock;

/// Half the time that the service manager allows. The loop itself feeds it, so a loop that hangs
/// is found out.
#[derive(Debug)]
pub(super) struct Watchdog(Option<Interval>);

impl Watchdog {
    pub(super) fn new() -> Self {
        Self(allowed().map(|allowed| {
            let mut interval = interval(allowed / 2);
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            interval
        }))
    }

    pub(super) async fn tick(&mut self) {
        match &mut self.0 {
            Some(interval) => drop(interval.tick().await),
            None => std::future::pending().await,
        }
    }
}

pub(super) fn ready() {
    tracing::info!("ready");
    tell(&[("READY", "1"), ("STATUS", "Ready")]);
}

pub(super) fn reloading() {
    let now = clock::now().0.as_micros().to_string();
    tell(&[("RELOADING", "1"), ("MONOTONIC_USEC", &now)]);
}

pub(super) fn stopping() {
    tracing::info!("stopping");
    tell(&[("STOPPING", "1")]);
}

pub(super) fn alive() {
    tell(&[("WATCHDOG", "1")]);
}

#[cfg(feature = "systemd")]
fn allowed() -> Option<Duration> {
    systemd::daemon::watchdog_enabled().ok().filter(|us| *us > 0).map(Duration::from_micros)
}

#[cfg(feature = "systemd")]
fn tell(state: &[(&str, &str)]) {
    if let Err(error) = systemd::daemon::notify(state.iter()) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}

#[cfg(not(feature = "systemd"))]
fn allowed() -> Option<Duration> {
    None
}

#[cfg(not(feature = "systemd"))]
fn tell(_state: &[(&str, &str)]) {}
