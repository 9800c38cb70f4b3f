// SPDX-License-Identifier: MIT OR Apache-2.0
//! A panel without a board: inputs are set and outputs are seen by whoever holds a [`SimPanel`].

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{
    mpsc::{Sender, error::TrySendError},
    watch,
};

use super::{
    Output, PanelEvent,
    fault::OpenError,
    output::{OutputLines, WriteError},
    wiring::Wiring,
};
use crate::core::event::Input;

/// Logical levels, as a person sees them: `true` is pressed, lit, unlocked.
#[derive(Clone, Debug)]
pub struct SimPanel(Arc<Board>);

#[derive(Debug)]
struct Board {
    wires: Mutex<Wires>,
    outputs: watch::Sender<BTreeMap<Output, bool>>,
}

#[derive(Debug)]
struct Wires {
    inputs: BTreeMap<Input, bool>,
    broken: BTreeSet<Output>,
    /// Gone when the panel is closed.
    events: Option<Sender<PanelEvent>>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimError {
    #[error("{0} is not wired to anything")]
    NoSuchInput(Input),
    #[error("{0} is not wired to anything")]
    NoSuchOutput(Output),
    #[error("the panel is closed")]
    Closed,
    #[error("the station does not take events")]
    Busy,
}

impl SimPanel {
    pub(super) fn new(
        wiring: &Wiring,
        events: Sender<PanelEvent>,
    ) -> Result<(Self, SimOutputs), OpenError> {
        let inputs: BTreeMap<_, _> =
            wiring.inputs.keys().map(|input| (input.clone(), false)).collect();
        let room = events.try_reserve_many(inputs.len()).map_err(|_| OpenError::QueueFull)?;
        for (permit, (input, active)) in room.zip(inputs.clone()) {
            permit.send(PanelEvent::InputChanged { input, active });
        }
        let dark = wiring.outputs.keys().map(|output| (output.clone(), false)).collect();
        let wires = Wires { inputs, broken: BTreeSet::new(), events: Some(events) };
        let board = Board { wires: Mutex::new(wires), outputs: watch::Sender::new(dark) };
        let sim = Self(Arc::new(board));
        Ok((sim.clone(), SimOutputs(sim)))
    }

    fn wires(&self) -> MutexGuard<'_, Wires> {
        self.0.wires.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reported if it is a change. Set and reset without a pause, an input reports both.
    pub fn set_input(&self, input: &Input, active: bool) -> Result<(), SimError> {
        let mut wires = self.wires();
        let Wires { inputs, events, .. } = &mut *wires;
        let events = events.as_ref().ok_or(SimError::Closed)?;
        let level = inputs.get_mut(input).ok_or_else(|| SimError::NoSuchInput(input.clone()))?;
        if *level == active {
            return Ok(());
        }
        let change = PanelEvent::InputChanged { input: input.clone(), active };
        events.try_send(change).map_err(|error| match error {
            TrySendError::Full(_) => SimError::Busy,
            TrySendError::Closed(_) => SimError::Closed,
        })?;
        *level = active;
        Ok(())
    }

    #[must_use]
    pub fn inputs(&self) -> BTreeMap<Input, bool> {
        self.wires().inputs.clone()
    }

    #[must_use]
    pub fn outputs(&self) -> BTreeMap<Output, bool> {
        self.0.outputs.borrow().clone()
    }

    /// Wakes at every change of any output; a slow reader sees the newest levels.
    #[must_use]
    pub fn watch_outputs(&self) -> watch::Receiver<BTreeMap<Output, bool>> {
        self.0.outputs.subscribe()
    }

    /// A broken output keeps its level whatever it is told, and reports the failed attempt.
    pub fn fail_output(&self, output: &Output, broken: bool) -> Result<(), SimError> {
        if !self.0.outputs.borrow().contains_key(output) {
            return Err(SimError::NoSuchOutput(output.clone()));
        }
        let mut wires = self.wires();
        if broken {
            wires.broken.insert(output.clone());
        } else {
            wires.broken.remove(output);
        }
        Ok(())
    }
}

/// The output thread's side.
#[derive(Debug)]
pub(super) struct SimOutputs(SimPanel);

impl OutputLines for SimOutputs {
    fn set(&mut self, output: &Output, active: bool) -> Result<(), WriteError> {
        if self.0.wires().broken.contains(output) {
            return Err(WriteError::Planted);
        }
        self.0
            .0
            .outputs
            .send_if_modified(|levels| levels.insert(output.clone(), active) != Some(active));
        Ok(())
    }
}

impl Drop for SimOutputs {
    fn drop(&mut self) {
        self.0.wires().events = None;
    }
}

#[cfg(test)]
#[path = "sim_tests.rs"]
mod tests;
