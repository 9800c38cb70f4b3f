// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may end the station: the service manager, Ctrl-C, the person at the demo's terminal.

use std::io;

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
};

#[derive(Debug)]
pub(super) struct Stop {
    terminate: Signal,
    interrupt: Signal,
    /// Ends when the person leaves.
    pub(super) terminal: Option<JoinHandle<()>>,
}

impl Stop {
    pub(super) fn caught() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminal: None,
        })
    }

    pub(super) async fn asked(&mut self) {
        let left = async {
            match &mut self.terminal {
                Some(terminal) => drop(terminal.await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = left => {}
        }
    }
}
