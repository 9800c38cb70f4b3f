// SPDX-License-Identifier: MIT OR Apache-2.0
//! The panel, or the wait for it: a board whose lines are not there yet, or are in use, is asked
//! again; a configuration that names lines which cannot be is refused.

use std::time::Duration;

use tokio::sync::mpsc;

use super::{clock, service::Error};
use crate::{
    config::{Config, Problem},
    core::Moment,
    panel::{
        self, Panel, PanelCommand, PanelEvent,
        fault::{LineFault, OpenError},
        sim::SimPanel,
    },
};

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) enum PanelPort {
    Open { panel: Panel, events: mpsc::Receiver<PanelEvent> },
    Missing { retry_at: Moment, pause: Duration },
}

impl PanelPort {
    /// What can never be is an error with every place in the file; what may come is waited for.
    pub(super) async fn open(config: &Config) -> Result<Self, Error> {
        let error = match try_open(config).await {
            Ok(port) => return Ok(port),
            Err(error) => error,
        };
        let problems = match &error {
            OpenError::Lines(faults) => placed(config, faults),
            OpenError::NotBuilt(_) | OpenError::Thread(_) | OpenError::QueueFull => Vec::new(),
        };
        match (error.is_config_mistake(), problems.is_empty()) {
            (true, true) => return Err(Error::PanelKind(error)),
            (true, false) => return Err(Error::Panel(problems)),
            (false, true) => tracing::error!(%error, "the panel cannot be had; trying again"),
            (false, false) => {
                for problem in problems {
                    tracing::error!(%problem, "the panel cannot be had; trying again");
                }
            }
        }
        Ok(Self::missing(FIRST_PAUSE))
    }

    fn missing(pause: Duration) -> Self {
        Self::Missing { retry_at: clock::now() + pause, pause }
    }

    /// Lines that stopped working are let go of.
    pub(super) fn give_up(&mut self) {
        *self = Self::missing(FIRST_PAUSE);
    }

    /// True when the panel is there again.
    pub(super) async fn retry(&mut self, config: &Config) -> bool {
        let Self::Missing { pause, .. } = self else { return false };
        let longer = (*pause * 2).min(LONGEST_PAUSE);
        match try_open(config).await {
            Ok(port) => {
                tracing::info!("the panel is there");
                *self = port;
                true
            }
            Err(error) => {
                tracing::debug!(%error, "the panel cannot be had yet");
                *self = Self::missing(longer);
                false
            }
        }
    }

    /// Lets go of the lines and requests those of another configuration.
    pub(super) async fn rewire(&mut self, config: &Config) -> Result<(), OpenError> {
        let old = std::mem::replace(self, Self::missing(FIRST_PAUSE));
        old.close().await;
        *self = try_open(config).await?;
        Ok(())
    }

    pub(super) async fn close(self) {
        match self {
            Self::Open { panel, .. } => panel.close().await,
            Self::Missing { .. } => {}
        }
    }

    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Open { .. } => true,
            Self::Missing { .. } => false,
        }
    }

    pub(super) fn sim(&self) -> Option<SimPanel> {
        match self {
            Self::Open { panel, .. } => panel.sim(),
            Self::Missing { .. } => None,
        }
    }

    pub(super) fn command(&self, command: PanelCommand) {
        let Self::Open { panel, .. } = self else { return };
        if let Err(error) = panel.command(command) {
            tracing::debug!(%error, "not on this panel");
        }
    }

    /// The next event; `None` when it is time to look for the panel again.
    pub(super) async fn next(&mut self) -> Option<PanelEvent> {
        let retry_at = match self {
            Self::Open { events, .. } => match events.recv().await {
                Some(event) => return Some(event),
                None => return std::future::pending().await,
            },
            Self::Missing { retry_at, .. } => *retry_at,
        };
        tokio::time::sleep(retry_at.since(clock::now())).await;
        None
    }
}

fn placed(config: &Config, faults: &[LineFault]) -> Vec<Problem> {
    let place = |fault: &LineFault| {
        let what = format!("{}: {}", fault.line, fault.cause);
        config.places.problem(&fault.function, what)
    };
    faults.iter().filter_map(place).collect()
}

async fn try_open(config: &Config) -> Result<PanelPort, OpenError> {
    let room = config.wiring.inputs.len().max(16) * 4;
    let (sender, events) = mpsc::channel(room);
    let panel = panel::open(&config.wiring, sender)?;
    Ok(PanelPort::Open { panel, events })
}
