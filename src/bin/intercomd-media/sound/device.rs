// SPDX-License-Identifier: MIT OR Apache-2.0
//! A microphone or a loudspeaker that may go, as when its plug is pulled, and come back.

use std::{fmt::Display, time::Duration};

use intercomd::core::Moment;

use crate::graph::{self, Graph};

/// Well within what somebody at a door takes for a hiccup.
const AGAIN_AFTER: Duration = Duration::from_millis(500);

/// `T` is what a graph is made for: the device, or silence, which takes its place so that nothing else has to know.
#[derive(Debug)]
pub(super) struct Device<T> {
    name: &'static str,
    wanted: T,
    silence: T,
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Unused,
    Used {
        _graph: Graph,
    },
    Gone {
        _silence: Option<Graph>,
        again_at: Moment,
    },
}

impl<T> Device<T> {
    pub(super) fn new(name: &'static str, wanted: T, silence: T) -> Self {
        Self { name, wanted, silence, state: State::Unused }
    }

    /// If it is not in use yet. `open` makes a graph that has the device and does nothing with it yet.
    pub(super) fn start<E: Display + From<graph::Error>>(
        &mut self,
        now: Moment,
        open: impl Fn(&T) -> Result<Graph, E>,
    ) {
        if !matches!(self.state, State::Unused) {
            return;
        }
        match open(&self.wanted).and_then(|graph| Ok(graph.play().map(|()| graph)?)) {
            Ok(graph) => self.state = State::Used { _graph: graph },
            Err(error) => {
                tracing::warn!(device = self.name, %error, "sound device cannot be used");
                self.lose(now, open);
            }
        }
    }

    pub(super) fn stop(&mut self) {
        self.state = State::Unused;
    }

    pub(super) fn broke<E>(
        &mut self,
        now: Moment,
        why: &str,
        open: impl Fn(&T) -> Result<Graph, E>,
    ) {
        if matches!(self.state, State::Used { .. }) {
            tracing::warn!(device = self.name, why, "sound device is gone");
            self.lose(now, open);
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        matches!(self.state, State::Gone { .. })
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        match self.state {
            State::Gone { again_at, .. } => Some(again_at),
            State::Unused | State::Used { .. } => None,
        }
    }

    /// What is gone may have come back. Silence ends before sound begins, or frames of both would mix.
    pub(super) fn handle_timeout<E>(&mut self, now: Moment, open: impl Fn(&T) -> Result<Graph, E>) {
        let State::Gone { again_at, .. } = &mut self.state else { return };
        if now < *again_at {
            return;
        }
        *again_at = now + AGAIN_AFTER;
        let Ok(graph) = open(&self.wanted) else { return };
        self.state = State::Unused;
        match graph.play() {
            Ok(()) => {
                tracing::info!(device = self.name, "sound device is back");
                self.state = State::Used { _graph: graph };
            }
            Err(_) => self.lose(now, open),
        }
    }

    fn lose<E>(&mut self, now: Moment, open: impl Fn(&T) -> Result<Graph, E>) {
        self.state = State::Unused;
        let silence = open(&self.silence).ok().filter(|graph| graph.play().is_ok());
        self.state = State::Gone { _silence: silence, again_at: now + AGAIN_AFTER };
    }
}
