// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one way to a panel, whatever its lines are made of.

use tokio::sync::mpsc::Sender;

#[cfg(feature = "gpiochip")]
use super::gpiochip::{self, ChipInputs};
#[cfg(feature = "rppal")]
use super::rppal::{self, BcmInputs};
use super::{
    PanelCommand, PanelEvent,
    drive::NotWired,
    fault::{Finding, LineFault, OpenError},
    output::{OutputLines, OutputThread},
    sim::SimPanel,
    wiring::{Backend, Wiring},
};

/// Dropping it makes every output inactive first. Inputs are released a moment later: whoever
/// opens the same lines again waits for [`Panel::close`].
#[derive(Debug)]
pub struct Panel {
    // Dropped in this order.
    outputs: OutputThread,
    inputs: Inputs,
}

#[derive(Debug)]
enum Inputs {
    Sim(SimPanel),
    #[cfg(feature = "gpiochip")]
    Chip(ChipInputs),
    #[cfg(feature = "rppal")]
    Bcm(BcmInputs),
}

impl Panel {
    fn start(
        wiring: &Wiring,
        (lines, inputs): (impl OutputLines, Inputs),
        events: Sender<PanelEvent>,
    ) -> Result<Self, OpenError> {
        let outputs = OutputThread::start(wiring.outputs.keys().cloned(), lines, events)
            .map_err(OpenError::Thread)?;
        Ok(Self { outputs, inputs })
    }

    /// Never waits and never finds a queue full: of several commands for one output, the newest
    /// is carried out.
    pub fn command(&self, command: PanelCommand) -> Result<(), NotWired> {
        self.outputs.command(command)
    }

    /// The hands and eyes of the simulator; `None` when the lines are real.
    #[must_use]
    pub fn sim(&self) -> Option<SimPanel> {
        match &self.inputs {
            Inputs::Sim(sim) => Some(sim.clone()),
            #[cfg(feature = "gpiochip")]
            Inputs::Chip(_) => None,
            #[cfg(feature = "rppal")]
            Inputs::Bcm(_) => None,
        }
    }

    /// Returns when every line is released.
    pub async fn close(self) {
        let Self { outputs, inputs } = self;
        drop(outputs);
        match inputs {
            Inputs::Sim(_) => {}
            #[cfg(feature = "gpiochip")]
            Inputs::Chip(lines) => lines.close().await,
            #[cfg(feature = "rppal")]
            Inputs::Bcm(lines) => lines.close().await,
        }
    }
}

/// Call it within a tokio runtime. The first events are the levels of all inputs; `events` has
/// room for that many.
pub fn open(wiring: &Wiring, events: Sender<PanelEvent>) -> Result<Panel, OpenError> {
    match wiring.backend {
        Backend::Sim => {
            let (sim, lines) = SimPanel::new(wiring, events.clone())?;
            Panel::start(wiring, (lines, Inputs::Sim(sim)), events)
        }
        #[cfg(feature = "gpiochip")]
        Backend::Gpiochip => {
            let (outputs, inputs) =
                gpiochip::open(wiring, events.clone()).map_err(OpenError::Lines)?;
            Panel::start(wiring, (outputs, Inputs::Chip(inputs)), events)
        }
        #[cfg(feature = "rppal")]
        Backend::Rppal => {
            let (outputs, inputs) =
                rppal::open(wiring, events.clone()).map_err(OpenError::Lines)?;
            Panel::start(wiring, (outputs, Inputs::Bcm(inputs)), events)
        }
        #[cfg(not(feature = "gpiochip"))]
        Backend::Gpiochip => Err(OpenError::NotBuilt(Backend::Gpiochip)),
        #[cfg(not(feature = "rppal"))]
        Backend::Rppal => Err(OpenError::NotBuilt(Backend::Rppal)),
    }
}

/// Makes every output inactive and lets it go again, after the daemon that held them died.
/// All are tried even if some fail. Waits at most a second for lines that are still held.
pub fn outputs_off(wiring: &Wiring) -> Result<(), OpenError> {
    let faults: Vec<LineFault> = match wiring.backend {
        Backend::Sim => Vec::new(),
        #[cfg(feature = "gpiochip")]
        Backend::Gpiochip => gpiochip::outputs_off(wiring),
        #[cfg(feature = "rppal")]
        Backend::Rppal => rppal::outputs_off(wiring),
        #[cfg(not(feature = "gpiochip"))]
        Backend::Gpiochip => return Err(OpenError::NotBuilt(Backend::Gpiochip)),
        #[cfg(not(feature = "rppal"))]
        Backend::Rppal => return Err(OpenError::NotBuilt(Backend::Rppal)),
    };
    if faults.is_empty() { Ok(()) } else { Err(OpenError::Lines(faults)) }
}

/// Where every configured line is, and who holds it, without taking it. Simulated lines are
/// nowhere, so they give no findings.
pub fn probe(wiring: &Wiring) -> Result<Vec<Finding>, OpenError> {
    match wiring.backend {
        Backend::Sim => Ok(Vec::new()),
        #[cfg(feature = "gpiochip")]
        Backend::Gpiochip => Ok(gpiochip::probe(wiring)),
        #[cfg(feature = "rppal")]
        Backend::Rppal => Ok(rppal::probe(wiring)),
        #[cfg(not(feature = "gpiochip"))]
        Backend::Gpiochip => Err(OpenError::NotBuilt(Backend::Gpiochip)),
        #[cfg(not(feature = "rppal"))]
        Backend::Rppal => Err(OpenError::NotBuilt(Backend::Rppal)),
    }
}
