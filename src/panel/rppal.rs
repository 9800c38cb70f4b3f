// SPDX-License-Identifier: MIT OR Apache-2.0
//! Raspberry Pi lines by BCM number, through the chip's registers.
//!
//! Nothing resets a register when its writer dies: after a `kill -9` in a pulse the relay stays
//! active until [`outputs_off`], whatever the kernel's settings for GPIO lines are. The kernel
//! does not know either that an output is ours, and cannot keep others from it. Where that
//! matters, the gpiochip panel is the better one, on a Raspberry Pi as well.

mod inputs;

use std::{collections::BTreeMap, io::ErrorKind, path::Path};

use ::rppal::gpio::{Error, Gpio, OutputPin, Pin};
use tokio::sync::mpsc::Sender;

pub(super) use self::inputs::BcmInputs;
use super::{
    Output, PanelEvent,
    denied::denied,
    fault::{Cause, Finding, Function, LineFault, Place},
    output::{OutputLines, WriteError},
    wiring::{Backend, Electrical, Line, Polarity, Wiring},
};

#[derive(Debug, Default)]
pub(super) struct BcmOutputs(BTreeMap<Output, (OutputPin, Polarity)>);

impl OutputLines for BcmOutputs {
    fn set(&mut self, output: &Output, active: bool) -> Result<(), WriteError> {
        let (pin, polarity) = self.0.get_mut(output).ok_or(WriteError::NotRequested)?;
        match polarity.electrical(active) {
            Electrical::Low => pin.set_low(),
            Electrical::High => pin.set_high(),
        }
        Ok(())
    }
}

/// The level is set while the pin is still an input, so that it is never an output at any other.
fn inactive(pin: Pin, polarity: Polarity) -> OutputPin {
    let mut pin = match polarity.electrical(false) {
        Electrical::Low => pin.into_output_low(),
        Electrical::High => pin.into_output_high(),
    };
    // Reset, it would be an input again: floating, or pulled to what may be active.
    pin.set_reset_on_drop(false);
    pin
}

/// Must be called within a tokio runtime.
pub(super) fn open(
    wiring: &Wiring,
    events: Sender<PanelEvent>,
) -> Result<(BcmOutputs, BcmInputs), Vec<LineFault>> {
    let (outputs, mut faults) = take_outputs(wiring);
    let mut watched = Vec::new();
    let mut inputs = BcmInputs::new();
    for (input, wired) in &wiring.inputs {
        match take(&wired.line).and_then(|pin| inputs.watch(input.clone(), pin, wired)) {
            Ok(line) => watched.push(line),
            Err(cause) => faults.push(fault(Function::Input(input.clone()), &wired.line, cause)),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    inputs.start(watched, events);
    Ok((outputs, inputs))
}

/// Every output is tried, relays first. What is inactive stays so when it is let go.
pub(super) fn outputs_off(wiring: &Wiring) -> Vec<LineFault> {
    take_outputs(wiring).1
}

fn take_outputs(wiring: &Wiring) -> (BcmOutputs, Vec<LineFault>) {
    let mut outputs = BcmOutputs::default();
    let mut faults = Vec::new();
    for (output, wired) in &wiring.outputs {
        match take(&wired.line) {
            Ok(pin) => {
                let pin = inactive(pin, wired.polarity);
                outputs.0.insert(output.clone(), (pin, wired.polarity));
            }
            Err(cause) => faults.push(fault(Function::Output(output.clone()), &wired.line, cause)),
        }
    }
    (outputs, faults)
}

pub(super) fn probe(wiring: &Wiring) -> Vec<Finding> {
    let outputs =
        wiring.outputs.iter().map(|(o, wired)| (Function::Output(o.clone()), &wired.line));
    let inputs = wiring.inputs.iter().map(|(i, wired)| (Function::Input(i.clone()), &wired.line));
    let mut taken = Vec::new();
    outputs
        .chain(inputs)
        .map(|(function, line)| {
            // Kept until the end, so that a line configured twice is found.
            let found = take(line).map(|pin| {
                let offset = u32::from(pin.pin());
                taken.push(pin);
                Place {
                    device: "/dev/gpiomem".into(),
                    chip: "BCM".to_owned(),
                    offset,
                    name: line.to_string(),
                    used_by: None,
                }
            });
            Finding { function, line: line.clone(), found }
        })
        .collect()
}

fn take(line: &Line) -> Result<Pin, Cause> {
    match line {
        Line::Bcm(number) => Gpio::new().and_then(|gpio| gpio.get(*number)).map_err(cause),
        Line::Named(_) | Line::Offset { .. } => Err(Cause::WrongKind(Backend::Rppal)),
    }
}

fn fault(function: Function, line: &Line, cause: Cause) -> LineFault {
    LineFault { function, line: line.clone(), cause }
}

fn cause(error: Error) -> Cause {
    match error {
        Error::UnknownModel => Cause::UnknownBoard,
        Error::PinUsed(_) => Cause::InUse { consumer: "this process".to_owned() },
        Error::PinNotAvailable(_) => Cause::NoSuchBcm,
        Error::PermissionDenied(device) => denied(Path::new(&device)),
        Error::Io(error) if error.kind() == ErrorKind::ResourceBusy => {
            Cause::InUse { consumer: "another program".to_owned() }
        }
        Error::Io(error) => Cause::Io(error),
        Error::ThreadPanic => Cause::Io(std::io::Error::other("an interrupt thread panicked")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::wiring::OutputLine;

    #[test]
    fn a_line_without_a_bcm_number_is_a_mistake_on_any_board() {
        let line = Line::Named("GPIO17".to_owned());
        let relay = Output::Relay("front".parse().unwrap());
        let wired = OutputLine { line, polarity: Polarity::ActiveHigh };
        let outputs = BTreeMap::from([(relay, wired)]);
        let wiring = Wiring { backend: Backend::Rppal, inputs: BTreeMap::new(), outputs };
        let faults = outputs_off(&wiring);
        assert!(faults[0].cause.is_config_mistake());
        let said = faults[0].to_string();
        assert_eq!(said, "doors.front.relay: GPIO17: the rppal panel has no lines of this kind");
    }
}
