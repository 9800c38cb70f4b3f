// SPDX-License-Identifier: MIT OR Apache-2.0
//! A real dbus-daemon of the test's own.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use zbus::Connection;

use crate::deadline::within_deadline;

/// Everybody may do everything, and many may connect.
const CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=@SOCKET@</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
  <limit name="max_connections_per_user">1024</limit>
</busconfig>
"#;

#[derive(Debug)]
pub(crate) struct PrivateBus {
    daemon: Child,
    address: String,
    file: PathBuf,
    _directory: TempDir,
}

impl PrivateBus {
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory for the bus");
        let socket = directory.path().join("bus");
        let file = directory.path().join("bus.conf");
        let configuration = CONFIGURATION.replace("@SOCKET@", &socket.to_string_lossy());
        std::fs::write(&file, configuration).expect("the bus configuration is written");

        // Without the id that the bus has in this life only.
        let address = format!("unix:path={}", socket.display());
        Self { daemon: launch(&file), address, file, _directory: directory }
    }

    /// At the same address as before.
    pub(crate) fn start_again(&mut self) {
        self.stop();
        self.daemon = launch(&self.file);
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) async fn connect(&self) -> Connection {
        let connect = zbus::connection::Builder::address(self.address.as_str()).build();
        within_deadline("connecting to the bus", connect).await.expect("the bus takes a client")
    }

    pub(crate) fn stop(&mut self) {
        // It may be gone already.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

fn launch(configuration: &Path) -> Child {
    let mut daemon = Command::new("dbus-daemon")
        .arg(format!("--config-file={}", configuration.display()))
        .args(["--nofork", "--nopidfile", "--print-address"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // It complains about file limits that no test comes near.
        .stderr(Stdio::null())
        .spawn()
        .expect("dbus-daemon is installed");
    let stdout = daemon.stdout.take().expect("stdout is piped");
    let mut address = String::new();
    BufReader::new(stdout).read_line(&mut address).expect("the bus prints its address");
    assert!(!address.trim().is_empty(), "the bus did not start");
    daemon
}

impl Drop for PrivateBus {
    fn drop(&mut self) {
        self.stop();
    }
}
