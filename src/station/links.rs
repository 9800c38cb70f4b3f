// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which link a handset is on: simulated handsets on theirs, whoever was paired on the real one.

use tokio::sync::mpsc::{Sender, error::TrySendError};

use crate::{config::Simulator, link::LinkCommand};

#[derive(Debug, Default)]
pub(super) struct Links {
    pub(super) direct: Option<Sender<LinkCommand>>,
    pub(super) simulated: Option<Sender<LinkCommand>>,
}

impl Links {
    /// Without waiting; false when nobody carries it.
    pub(super) fn carry(&self, command: LinkCommand, simulator: &Simulator) -> bool {
        let Some(link) = self.of(&command, simulator) else { return false };
        match link.try_send(command) {
            Ok(()) => return true,
            Err(TrySendError::Full(lost)) => tracing::error!(?lost, "the link does not keep up"),
            Err(TrySendError::Closed(lost)) => tracing::error!(?lost, "the link is gone"),
        }
        false
    }

    /// Pairing windows are for people where there is a link for them.
    fn of(&self, command: &LinkCommand, simulator: &Simulator) -> Option<&Sender<LinkCommand>> {
        let is_simulated = |id| simulator.handsets.contains_key(id);
        if command.handset().is_some_and(is_simulated) {
            return self.simulated.as_ref();
        }
        self.direct.as_ref().or(self.simulated.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::mpsc::{Receiver, channel};

    use super::*;
    use crate::{
        config,
        core::{CallId, LegId, event::Origin, profile::Grant},
        link::PairingWindow,
    };

    fn simulator() -> Simulator {
        config::parse("[panel]\nbackend = 'sim'\n[simulator.handsets.hall]").unwrap().simulator
    }

    fn nudge(handset: &str) -> LinkCommand {
        LinkCommand::Nudge { leg: LegId { call: CallId(1), handset: handset.parse().unwrap() } }
    }

    fn window() -> LinkCommand {
        let lasts = Duration::from_secs(1);
        let (window, grant) = (PairingWindow(1), Grant::default());
        LinkCommand::OpenPairing { window, lasts, by: Origin::Bus, grant }
    }

    fn carried(by: &mut Receiver<LinkCommand>) -> Vec<LinkCommand> {
        std::iter::from_fn(|| by.try_recv().ok()).collect()
    }

    #[test]
    fn each_handset_is_reached_over_its_own_link() {
        let ((direct, mut real), (simulated, mut played)) = (channel(8), channel(8));
        let links = Links { direct: Some(direct), simulated: Some(simulated) };
        for command in [nudge("hall"), nudge("h0123"), window()] {
            assert!(links.carry(command, &simulator()));
        }
        assert_eq!(carried(&mut real), [nudge("h0123"), window()]);
        assert_eq!(carried(&mut played), [nudge("hall")]);
    }

    #[test]
    fn where_nobody_is_real_the_simulation_pairs_too() {
        let (simulated, mut played) = channel(8);
        let links = Links { direct: None, simulated: Some(simulated) };
        assert!(links.carry(window(), &simulator()));
        assert!(links.carry(nudge("paired_later"), &simulator()));
        assert_eq!(carried(&mut played), [window(), nudge("paired_later")]);
        assert!(!Links::default().carry(window(), &simulator()));
    }
}
