// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lines that we drive.

use std::{collections::BTreeMap, time::Duration};

use gpiocdev::{Chip, Request, line::Value};

use super::{CONSUMER, probe, refusal};
use crate::{
    core::Moment,
    panel::{
        Output,
        fault::{Cause, Finding, Function, LineFault, Place},
        output::{OutputLines, WriteError},
        wiring::{Polarity, Wiring},
    },
    station::clock,
};

/// How long a process that is being killed may still hold its lines.
const RELEASE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(in crate::panel) struct ChipOutputs(BTreeMap<Output, Request>);

impl ChipOutputs {
    pub(super) fn add(
        &mut self,
        output: Output,
        place: &Place,
        polarity: Polarity,
    ) -> Result<(), Cause> {
        self.0.insert(output, request(place, polarity)?);
        Ok(())
    }
}

impl OutputLines for ChipOutputs {
    fn set(&mut self, output: &Output, active: bool) -> Result<(), WriteError> {
        let request = self.0.get(output).ok_or(WriteError::NotRequested)?;
        let value = if active { Value::Active } else { Value::Inactive };
        request.set_lone_value(value).map_err(WriteError::Kernel)
    }
}

/// The inactive value goes with the request, so that the line is never an output at any other.
fn request(place: &Place, polarity: Polarity) -> Result<Request, Cause> {
    let mut builder = Request::builder();
    builder.on_chip(&place.device).with_consumer(CONSUMER).with_line(place.offset);
    match polarity {
        Polarity::ActiveHigh => builder.as_active_high(),
        Polarity::ActiveLow => builder.as_active_low(),
    };
    builder.as_output(Value::Inactive).request().map_err(|error| refusal::of_line(error, place))
}

/// Every output is tried, relays first. A line still held is waited for once all that are free
/// are inactive.
pub(in crate::panel) fn outputs_off(wiring: &Wiring) -> Vec<LineFault> {
    let deadline = clock::now() + RELEASE;
    let mut faults = Vec::new();
    let mut held = Vec::new();
    for Finding { function, line, found } in probe(wiring) {
        let Function::Output(output) = &function else { continue };
        let Some(wired) = wiring.outputs.get(output) else { continue };
        match found.and_then(|place| match request(&place, wired.polarity) {
            Err(Cause::InUse { .. }) => Ok(Some(place)),
            done => done.map(|_| None),
        }) {
            Ok(None) => {}
            Ok(Some(place)) => held.push((function, line, place, wired.polarity)),
            Err(cause) => faults.push(LineFault { function, line, cause }),
        }
    }
    for (function, line, place, polarity) in held {
        if let Err(cause) = request_when_released(&place, polarity, deadline) {
            faults.push(LineFault { function, line, cause });
        }
    }
    faults
}

fn request_when_released(
    place: &Place,
    polarity: Polarity,
    deadline: Moment,
) -> Result<Request, Cause> {
    loop {
        // Watched before it is tried, so that a release in between is noticed.
        let cause = |error| refusal::of_chip(error, &place.device);
        let chip = Chip::from_path(&place.device).map_err(cause)?;
        chip.watch_line_info(place.offset).map_err(cause)?;
        let left = deadline.since(clock::now());
        match request(place, polarity) {
            Err(Cause::InUse { .. }) if !left.is_zero() => {
                chip.wait_line_info_change_event(left).map_err(cause)?;
            }
            done => return done,
        }
    }
}
