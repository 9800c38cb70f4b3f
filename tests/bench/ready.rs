// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the start of the process to READY=1, with the bus there.

use std::{
    os::unix::net::UnixDatagram,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{process::Process, spread, stand};

pub(crate) async fn report(rounds: usize) {
    let stand = stand::Stand::start().await;
    drop(stand.daemon);
    let times = (0..rounds).map(|_| one(&stand.address)).collect();
    println!("start → READY (goal ≤ 300 ms)             {}", spread(times));
}

fn one(address: &str) -> Duration {
    let home = TempDir::new().expect("a temporary directory");
    let path = home.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a deadline");
    let began = Instant::now();
    let _daemon = Process::start(stand::daemon(home.path(), address).env("NOTIFY_SOCKET", &path));
    let mut message = [0; 256];
    loop {
        let length = socket.recv(&mut message).expect("readiness");
        if message[..length].starts_with(b"READY=1") {
            return began.elapsed();
        }
    }
}
