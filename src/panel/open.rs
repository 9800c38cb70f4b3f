// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one way to a panel, whatever its lines are made of.

use tokio::sync::mpsc::Sender;

use super::{
    PanelCommand, PanelEvent,
    drive::NotWired,
    fault::OpenError,
    output::OutputThread,
    sim::SimPanel,
    wiring::{Backend, Wiring},
};

/// Dropping it makes every output inactive first. Inputs stop a moment later: whoever opens
/// the same lines again waits for [`Panel::close`].
#[derive(Debug)]
pub struct Panel {
    // Dropped in this order.
    outputs: OutputThread,
    inputs: Inputs,
}

#[derive(Debug)]
enum Inputs {
    Sim(SimPanel),
}

impl Panel {
    /// Never waits and is never too late to be replaced: of several commands for one output the
    /// newest is carried out.
    pub fn command(&self, command: PanelCommand) -> Result<(), NotWired> {
        self.outputs.command(command)
    }

    /// The hands and eyes of the simulator; `None` when the lines are real.
    #[must_use]
    pub fn sim(&self) -> Option<SimPanel> {
        match &self.inputs {
            Inputs::Sim(sim) => Some(sim.clone()),
        }
    }

    /// Returns when every line is released.
    pub async fn close(self) {
        let Self { outputs, inputs } = self;
        drop(outputs);
        match inputs {
            Inputs::Sim(_) => {}
        }
    }
}

/// The first events are the levels of all inputs. `events` needs room for that many.
pub fn open(wiring: &Wiring, events: Sender<PanelEvent>) -> Result<Panel, OpenError> {
    match wiring.backend {
        Backend::Sim => {
            let (sim, lines) = SimPanel::new(wiring, events.clone())?;
            Ok(Panel { outputs: start(wiring, lines, events)?, inputs: Inputs::Sim(sim) })
        }
        backend @ (Backend::Gpiochip | Backend::Rppal) => Err(OpenError::NotBuilt(backend)),
    }
}

fn start(
    wiring: &Wiring,
    lines: impl super::output::OutputLines,
    events: Sender<PanelEvent>,
) -> Result<OutputThread, OpenError> {
    OutputThread::start(wiring.outputs.keys().cloned(), lines, events).map_err(OpenError::Thread)
}
