// SPDX-License-Identifier: MIT OR Apache-2.0
//! A private bus and a station on it.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use zbus::{Connection, Proxy, connection::Builder};

use super::process::Process;

const CONFIG: &str = r#"
[bus]
address = "ADDRESS"
authorization = "policy"
[panel]
backend = "sim"
[buttons.bell]
min_press_ms = 0
max_presses = 1000
per_s = 1
press = { idle = "call:home", ongoing = "hang_up" }
[lights.call]
shows = { ringing = "blink", connected = "on" }
[doors.front]
relay = {}
[contacts.home]
handsets = "all"
[simulator.handsets.hall]
[simulator.handsets.kitchen]
"#;

pub(crate) struct Stand {
    // Dropped in this order.
    pub(crate) daemon: Process,
    _bus: Process,
    pub(crate) address: String,
    home: TempDir,
}

impl Stand {
    pub(crate) async fn start() -> Self {
        let home = TempDir::new().expect("a temporary directory");
        let (bus, address) = start_bus();
        let daemon = Process::start(&mut daemon(home.path(), &address));
        let stand = Self { daemon, _bus: bus, address, home };
        stand.wait_until_served().await;
        stand
    }

    pub(crate) async fn connect(&self) -> Connection {
        Builder::address(self.address.as_str()).build().await.expect("the private bus")
    }

    async fn wait_until_served(&self) {
        let client = self.connect().await;
        let began = Instant::now();
        for name in ["org.intercomd1", "org.intercomd1.Simulator"] {
            while !has_owner(&client, name).await {
                assert!(
                    began.elapsed() < Duration::from_secs(20),
                    "it does not appear: {}",
                    self.log()
                );
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }
}

fn start_bus() -> (Process, String) {
    let mut bus = Process::start(
        Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stderr(Stdio::null())
            .stdout(Stdio::piped()),
    );
    let mut address = String::new();
    let output = bus.0.stdout.take().expect("a pipe");
    BufReader::new(output).read_line(&mut address).expect("its address");
    (bus, address.trim().to_owned())
}

/// The daemon with a configuration and a state of its own.
pub(crate) fn daemon(home: &Path, address: &str) -> Command {
    let config = home.join("intercomd.toml");
    fs::write(&config, CONFIG.replace("ADDRESS", address)).expect("a configuration");
    let log = fs::File::create(home.join("log")).expect("a log");
    let mut command = Command::new(env!("CARGO_BIN_EXE_intercomd"));
    command.arg("--config").arg(config).env("STATE_DIRECTORY", home).stderr(log);
    command
}

async fn has_owner(client: &Connection, name: &str) -> bool {
    let bus = "org.freedesktop.DBus";
    let reply =
        client.call_method(Some(bus), "/org/freedesktop/DBus", Some(bus), "NameHasOwner", &name);
    reply.await.expect("an answer").body().deserialize().expect("a boolean")
}

pub(crate) async fn simulator(client: &Connection) -> Proxy<'static> {
    let name = "org.intercomd1.Simulator";
    Proxy::new(client, name, "/org/intercomd1/Simulator", name).await.expect("a proxy")
}

pub(crate) async fn station(client: &Connection) -> Proxy<'static> {
    let name = "org.intercomd1.Station";
    Proxy::new(client, "org.intercomd1", "/org/intercomd1", name).await.expect("a proxy")
}
