// SPDX-License-Identifier: MIT OR Apache-2.0
//! What local programs ask. Answers go out after the new state was published.

use std::time::Duration;

use tokio::sync::oneshot;

use super::{
    clock,
    engine::{Engine, PairingReply, RemovalReply},
    panel_port::PanelPort,
    request::{PairingRefused, RemovalRefused, Request, SelfTestReport},
};
use crate::{
    core::{
        Command, Event, HandsetId, Origin,
        event::DoorVerb,
        profile::{Grant, Right},
        status::Problem,
    },
    demo::Simulator,
    link::LinkCommand,
    store::LoggedCall,
};

impl Engine {
    pub(super) async fn request(
        &mut self,
        panel: &mut PanelPort,
        simulator: Option<&Simulator>,
        request: Request,
    ) {
        match request {
            Request::Command { origin, command, reply } => {
                let is_lock = matches!(
                    command,
                    Command::AtDoor { verb: DoorVerb::Lock | DoorVerb::Unlock, .. }
                );
                let outcome = self.command(panel, &origin, command);
                if is_lock && outcome.is_ok() {
                    // It is to outlive a power cut that follows the answer.
                    self.store.when_tried(move || answer(reply, outcome));
                } else {
                    answer(reply, outcome);
                }
            }
            Request::OpenPairing { lifetime, grant, reply } => match self.can_be_granted(&grant) {
                Ok(()) => self.open_pairing(panel, lifetime, grant, reply),
                Err(refused) => answer(reply, Err(refused)),
            },
            Request::RemoveHandset { handset, reply } => self.remove(panel, handset, reply),
            Request::CallLog { limit, reply } => answer(reply, self.newest_calls(limit)),
            Request::SelfTest { reply } => self.complete(panel, self.self_test(panel), reply),
            Request::Reload { reply } => {
                answer(reply, self.reload(panel, simulator).await);
            }
        }
    }

    fn can_be_granted(&self, grant: &Grant) -> Result<(), PairingRefused> {
        let profile = &self.config.profile;
        let mut doors = grant.doors.iter().flatten();
        if let Some(door) = doors.find(|door| !profile.doors.contains_key(*door)) {
            return Err(PairingRefused::NoDoor(door.clone()));
        }
        let listens_in = grant.rights.iter().flatten().any(|right| *right == Right::Monitor);
        if listens_in && !profile.shows_listeners() {
            return Err(PairingRefused::NoLight);
        }
        Ok(())
    }

    fn open_pairing(
        &mut self,
        panel: &PanelPort,
        lasts: Duration,
        grant: Grant,
        reply: PairingReply,
    ) {
        self.pairing.waiting.retain(|waiting| !waiting.is_closed());
        self.pairing.waiting.push(reply);
        drop(self.command(panel, &Origin::Bus, Command::OpenPairing { lasts, grant }));
    }

    fn remove(&mut self, panel: &PanelPort, handset: HandsetId, reply: RemovalReply) {
        if self.config.simulator.handsets.contains_key(&handset) {
            return answer(reply, Err(RemovalRefused::Configured(handset)));
        }
        if !self.core.snapshot(clock::now()).handsets.contains_key(&handset) {
            return answer(reply, Err(RemovalRefused::NotFound(handset)));
        }
        if !self.reaches_link(LinkCommand::Unpair { handset: handset.clone() }) {
            return answer(reply, Err(RemovalRefused::NotKept(handset)));
        }
        if self.links.direct.is_some() {
            // It is to be forgotten also after a power cut that follows the answer.
            self.removals.push((handset.clone(), reply));
        } else {
            tracing::info!(%handset, "unpaired");
            answer(reply, Ok(()));
        }
        self.fact(panel, Event::HandsetRevoked { handset });
    }

    /// The disk has taken it, or has not.
    pub(super) fn forgotten(&mut self, handset: &HandsetId, kept: bool) {
        let waiting = self.removals.extract_if(.., |(removed, _)| removed == handset);
        for (handset, reply) in waiting {
            let refused = || Err(RemovalRefused::NotKept(handset));
            answer(reply, if kept { Ok(()) } else { refused() });
        }
    }

    fn newest_calls(&self, limit: u32) -> Vec<LoggedCall> {
        let limit = if limit == 0 { usize::MAX } else { limit as usize };
        let live = self.core.snapshot(clock::now()).calls;
        let newest = self.calls.newest_first().take(limit).cloned();
        // What is stored of a call under way is how it began.
        let as_it_is = |mut logged: LoggedCall| {
            if let Some(call) = live.get(&logged.record.id) {
                logged.record.status = call.status;
                logged.record.handset = call.handset.clone();
            }
            logged
        };
        newest.map(as_it_is).collect()
    }

    /// What can be known without being heard.
    fn self_test(&self, panel: &PanelPort) -> SelfTestReport {
        let mut report = SelfTestReport::default();
        let station = self.core.snapshot(clock::now()).station;
        let mut check = |name: &str, trouble: Option<String>| match trouble {
            None => report.passed.push(name.to_owned()),
            Some(why) => drop(report.failed.insert(name.to_owned(), why)),
        };
        check("panel", (!panel.is_open()).then(|| "its lines cannot be had".to_owned()));
        let unwritable = station.problems.contains(&Problem::Storage);
        check("storage", unwritable.then(|| "state cannot be kept".to_owned()));
        let refused = station.problems.contains(&Problem::Configuration);
        check("configuration", refused.then(|| "the last one read was refused".to_owned()));
        report
    }
}

/// Whoever asked may be gone.
fn answer<T>(reply: oneshot::Sender<T>, with: T) {
    drop(reply.send(with));
}
