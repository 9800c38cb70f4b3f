// SPDX-License-Identifier: MIT OR Apache-2.0
//! The real daemon with a simulated panel on a bus of its own, and the real `intercomctl`.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::mpsc::{Receiver, sync_channel},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::{deadline::DEADLINE, private_bus::PrivateBus};

/// `quick` answers and talks for a moment, `rude` declines, `hall` rings on.
const CONFIGURATION: &str = r#"
[station]
name = "Test gate"
[bus]
address = "@BUS@"
authorization = "policy"
[log]
level = "error"
to = "stderr"
[store]
directory = "@STATE@"
[panel]
backend = "sim"
[buttons.bell]
press = { idle = "call:home", calling = "nothing", ringing = "accept", ongoing = "hang_up" }
[lights.ring]
shows = { ringing = "blink" }
[doors.front]
relay = {}
[doors.back]
relay = {}
[contacts.home]
handsets = ["hall"]
[contacts.quick]
handsets = ["quick"]
[contacts.rude]
handsets = ["rude"]
[simulator.handsets.hall]
label = "Phone in the hall"
doors = ["front"]
[simulator.handsets.quick]
script = { on_ring = "accept", after_ms = 0, connect_ms = 0, talk_ms = 1 }
[simulator.handsets.rude]
script = { on_ring = "reject", after_ms = 0 }
"#;

#[derive(Debug)]
pub(crate) struct Station {
    bus: PrivateBus,
    directory: TempDir,
    daemon: Option<Child>,
}

impl Station {
    /// Returns when it is on the bus.
    pub(crate) fn start() -> Self {
        let mut station = Self::not_started();
        let mut monitor = station.monitor(&[]);
        monitor.until("station  gone");
        station.start_daemon();
        monitor.until("station  back");
        station
    }

    /// A bus and nobody on it.
    pub(crate) fn not_started() -> Self {
        let directory = TempDir::new().unwrap();
        let bus = PrivateBus::start();
        let state = directory.path().join("state");
        std::fs::create_dir(&state).unwrap();
        let station = Self { bus, directory, daemon: None };
        let text = CONFIGURATION
            .replace("@BUS@", station.bus.address())
            .replace("@STATE@", &state.to_string_lossy());
        station.configure(&text);
        station
    }

    pub(crate) fn configure(&self, text: &str) {
        std::fs::write(self.config(), text).unwrap();
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.directory.path().join("intercomd.toml")
    }

    pub(crate) fn start_daemon(&mut self) {
        let daemon = Command::new(env!("CARGO_BIN_EXE_intercomd"))
            .arg("--config")
            .arg(self.config())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        self.daemon = Some(daemon);
    }

    pub(crate) fn kill_daemon(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().unwrap();
            daemon.wait().unwrap();
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_intercomctl"));
        command.args(arguments).env("INTERCOMD_BUS", self.bus.address()).stdin(Stdio::null());
        command
    }

    pub(crate) fn ctl(&self, line: &str) -> Said {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let output = output_in_time(line, self.command(&arguments));
        Said {
            line: line.to_owned(),
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn monitor(&self, options: &[&str]) -> Monitor {
        let arguments = [&["monitor"], options].concat();
        Monitor::of(self.command(&arguments).stdout(Stdio::piped()).spawn().unwrap())
    }
}

fn output_in_time(line: &str, mut command: Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = Pid::from_child(&child);
    let (done, output) = sync_channel(1);
    std::thread::spawn(move || done.send(child.wait_with_output()));
    match output.recv_timeout(DEADLINE) {
        Ok(output) => output.unwrap(),
        Err(why) => {
            kill_process(pid, Signal::KILL).unwrap();
            panic!("{line} did not end ({why})");
        }
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.kill_daemon();
    }
}

/// What `intercomctl` said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    line: String,
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    /// Done, with nothing to say.
    #[track_caller]
    pub(crate) fn silently(&self) {
        let said = (self.code, self.out.as_str(), self.err.as_str());
        assert_eq!(said, (Some(0), "", ""), "{}", self.line);
    }

    #[track_caller]
    pub(crate) fn done(&self) -> &str {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{}: {}", self.line, self.out);
        self.out.trim_end()
    }

    #[track_caller]
    pub(crate) fn done_json(&self) -> Value {
        serde_json::from_str(self.done()).unwrap()
    }

    /// Nothing on standard output, the error on the other.
    #[track_caller]
    pub(crate) fn failed(&self, code: i32) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{}: {}", self.line, self.err);
        self.err.trim_end()
    }

    /// Said its part and was not content.
    #[track_caller]
    pub(crate) fn exited(&self, code: i32) -> &str {
        assert_eq!((self.code, self.err.as_str()), (Some(code), ""), "{}: {}", self.line, self.out);
        self.out.trim_end()
    }
}

/// A running `intercomctl monitor`.
#[derive(Debug)]
pub(crate) struct Monitor {
    child: Child,
    lines: Option<Receiver<String>>,
}

impl Monitor {
    fn of(mut child: Child) -> Self {
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (read, lines) = sync_channel(1024);
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if read.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines: Some(lines) }
    }

    /// The first line that has this text, and none before it are looked at again.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) -> String {
        let lines = self.lines.as_ref().unwrap();
        let mut seen = Vec::new();
        loop {
            match lines.recv_timeout(DEADLINE) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => seen.push(line),
                Err(why) => panic!("{text:?} never came ({why}); {seen:#?}"),
            }
        }
    }

    /// Nobody reads it any more: its next line has nowhere to go.
    pub(crate) fn close(mut self, stir: impl FnOnce()) -> ExitStatus {
        self.lines = None;
        stir();
        self.child.wait().unwrap()
    }

    pub(crate) fn interrupt(mut self) -> ExitStatus {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
