// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the station was last told about an input.

use super::PanelEvent;
use crate::core::event::Input;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reported {
    input: Input,
    active: bool,
}

impl Reported {
    pub(super) fn new(input: Input, active: bool) -> Self {
        Self { input, active }
    }

    pub(super) fn first(&self) -> PanelEvent {
        PanelEvent::InputChanged { input: self.input.clone(), active: self.active }
    }

    /// An edge after which the line reads as before was a glitch on the cable, and is nothing.
    pub(super) fn read(&mut self, active: bool) -> Option<PanelEvent> {
        if self.active == active {
            tracing::debug!(input = %self.input, "glitch");
            return None;
        }
        self.active = active;
        Some(self.first())
    }

    pub(super) fn lost(&self, error: &dyn std::error::Error) -> PanelEvent {
        PanelEvent::InputLost { input: self.input.clone(), why: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_that_reads_back_as_before_is_no_change() {
        let mut tamper = Reported::new(Input::Tamper, false);
        assert_eq!(tamper.read(false), None);
        let changed = PanelEvent::InputChanged { input: Input::Tamper, active: true };
        assert_eq!(tamper.read(true), Some(changed));
        assert_eq!(tamper.read(true), None);
    }
}
