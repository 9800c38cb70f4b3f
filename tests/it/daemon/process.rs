// SPDX-License-Identifier: MIT OR Apache-2.0
//! The process of the daemon.

use std::{
    fs::OpenOptions,
    process::{Child, Command, ExitStatus, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use super::home::Home;
use crate::deadline::within_deadline;

#[derive(Debug)]
pub(crate) struct Daemon(Option<Child>);

pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_intercomd"));
    for variable in ["RUST_LOG", "NOTIFY_SOCKET", "INTERCOMD_MEDIA"] {
        command.env_remove(variable);
    }
    for directory in ["STATE_DIRECTORY", "RUNTIME_DIRECTORY", "CACHE_DIRECTORY"] {
        command.env_remove(directory);
    }
    command.stdin(Stdio::null());
    command
}

impl Daemon {
    /// What it writes goes to the end of the home's log.
    pub(crate) fn start(home: &Home) -> Self {
        let mut command = command();
        command.arg("--config").arg(home.config()).env("RUNTIME_DIRECTORY", home.path());
        Self::launch(command, home)
    }

    pub(crate) fn launch(mut command: Command, home: &Home) -> Self {
        let log = OpenOptions::new().create(true).append(true).open(home.log());
        let log = log.expect("the log can be written");
        let child = command
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .expect("the daemon starts");
        Self(Some(child))
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(self.0.as_ref().expect("it was not waited for yet"))
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("the daemon is there");
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        match &mut self.0 {
            Some(child) => child.try_wait().expect("it is our child").is_some(),
            None => true,
        }
    }

    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let mut child = self.0.take().expect("it was not waited for yet");
        let wait = tokio::task::spawn_blocking(move || child.wait());
        let status = within_deadline("the end of the daemon", wait).await;
        status.expect("waiting does not panic").expect("it is our child")
    }

    pub(crate) async fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.ended().await;
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
