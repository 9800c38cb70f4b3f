// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lines of any Linux board, through the GPIO character devices.
//!
//! Each line is a request of its own. One request for a whole chip would save some file
//! descriptors, and would fail as a whole without saying which line is to blame.
//!
//! What a line does when its owner dies is the board's business. The kernel frees the line, and
//! its driver may keep driving the last level, or return the pin to its default. Raspberry Pi
//! OS keeps the level unless `dtparam=strict_gpiod` or `pinctrl_bcm2835.persist_gpio_outputs=n`
//! is set. So a daemon that was killed in a pulse needs [`outputs_off`] where levels persist,
//! and a relay needs a pull towards inactive on its wire where they do not.

mod chips;
mod inputs;
mod outputs;
mod refusal;

use tokio::sync::mpsc::Sender;

use self::chips::Chips;
pub(super) use self::{
    inputs::ChipInputs,
    outputs::{ChipOutputs, outputs_off},
};
use super::{
    PanelEvent,
    fault::{Finding, Function, LineFault},
    wiring::Wiring,
};

/// Who holds our lines, as the kernel tells others.
pub(super) const CONSUMER: &str = "intercomd";

/// Outputs come first: they are the ones that must not stay as they are.
pub(super) fn open(
    wiring: &Wiring,
    events: Sender<PanelEvent>,
) -> Result<(ChipOutputs, ChipInputs), Vec<LineFault>> {
    let mut outputs = ChipOutputs::default();
    let mut inputs = Vec::new();
    let mut faults = Vec::new();
    for Finding { function, line, found } in probe(wiring) {
        let taken = match (&function, found) {
            (_, Err(cause)) => Err(cause),
            (Function::Output(output), Ok(place)) => match wiring.outputs.get(output) {
                Some(wired) => outputs.add(output.clone(), &place, wired.polarity),
                None => Ok(()),
            },
            (Function::Input(input), Ok(place)) => match wiring.inputs.get(input) {
                Some(wired) => inputs::request(input.clone(), &place, wired)
                    .map(|watched| inputs.push(watched)),
                None => Ok(()),
            },
        };
        if let Err(cause) = taken {
            faults.push(LineFault { function, line, cause });
        }
    }
    if faults.is_empty() { Ok((outputs, ChipInputs::start(inputs, events))) } else { Err(faults) }
}

/// Looks without touching: no line is requested.
pub(super) fn probe(wiring: &Wiring) -> Vec<Finding> {
    let mut chips = Chips::scan();
    let outputs =
        wiring.outputs.iter().map(|(o, wired)| (Function::Output(o.clone()), &wired.line));
    let inputs = wiring.inputs.iter().map(|(i, wired)| (Function::Input(i.clone()), &wired.line));
    outputs
        .chain(inputs)
        .map(|(function, line)| {
            let found = chips.claim(line, &function);
            Finding { function, line: line.clone(), found }
        })
        .collect()
}
