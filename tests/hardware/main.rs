// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gpiochip panel on lines of the kernel's gpio-sim. Run it as root, with one test thread:
//! tests/system does so in a virtual machine.

#![expect(clippy::unwrap_used, reason = "all of it is tests")]

mod board;
mod card;
mod inputs;
mod killed;
mod outputs;
mod refusals;
mod trace;

use std::{collections::BTreeMap, time::Duration};

use intercomd::{
    core::event::Input,
    panel::{
        Output, Panel, PanelEvent,
        fault::{LineFault, OpenError},
        open,
        wiring::{Backend, Bias, InputLine, Line, OutputLine, Polarity, Wiring},
    },
};
use tokio::sync::mpsc::{self, Receiver};

fn button() -> Input {
    Input::Button("call".parse().unwrap())
}

fn contact() -> Input {
    Input::DoorContact("front".parse().unwrap())
}

fn relay() -> Output {
    Output::Relay("front".parse().unwrap())
}

fn light() -> Output {
    Output::Light("call".parse().unwrap())
}

fn named(name: &str) -> Line {
    Line::Named(name.to_owned())
}

fn wiring() -> Wiring {
    Wiring { backend: Backend::Gpiochip, inputs: BTreeMap::new(), outputs: BTreeMap::new() }
}

trait Wire {
    fn input(self, input: Input, line: Line, polarity: Polarity, debounce_ms: u64) -> Self;
    fn output(self, output: Output, line: Line, polarity: Polarity) -> Self;
}

impl Wire for Wiring {
    fn input(mut self, input: Input, line: Line, polarity: Polarity, debounce_ms: u64) -> Self {
        let (bias, debounce) = (Bias::AsIs, Duration::from_millis(debounce_ms));
        self.inputs.insert(input, InputLine { line, polarity, bias, debounce });
        self
    }

    fn output(mut self, output: Output, line: Line, polarity: Polarity) -> Self {
        self.outputs.insert(output, OutputLine { line, polarity });
        self
    }
}

struct Opened {
    panel: Panel,
    events: Receiver<PanelEvent>,
}

fn opened(wiring: &Wiring) -> Opened {
    let (events_in, events) = mpsc::channel(32);
    Opened { panel: open(wiring, events_in).unwrap(), events }
}

fn refused(wiring: &Wiring) -> OpenError {
    open(wiring, mpsc::channel(32).0).unwrap_err()
}

fn lines(error: OpenError) -> Vec<LineFault> {
    match error {
        OpenError::Lines(faults) => faults,
        other @ (OpenError::NotBuilt(_) | OpenError::Thread(_) | OpenError::QueueFull) => {
            panic!("no line is to blame: {other}")
        }
    }
}

impl Opened {
    async fn next(&mut self) -> PanelEvent {
        tokio::time::timeout(board::DEADLINE, self.events.recv()).await.unwrap().unwrap()
    }

    async fn next_is(&mut self, input: Input, active: bool) {
        assert_eq!(self.next().await, PanelEvent::InputChanged { input, active });
    }

    async fn silence(&mut self, lasts: Duration) {
        let event = tokio::time::timeout(lasts, self.events.recv()).await;
        assert!(event.is_err(), "{event:?}");
    }
}
