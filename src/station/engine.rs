// SPDX-License-Identifier: MIT OR Apache-2.0
//! The core and its outlets. Every entrance ends with the effects carried out and the new state
//! published.

use std::{path::PathBuf, sync::Arc};

use tokio::sync::{oneshot, watch};

use super::{
    clock,
    kept::Kept,
    last_calls::LastCalls,
    link_port::{self, Opening},
    links::Links,
    loop_test::LoopTests,
    media_port::MediaPort,
    panel_port::PanelPort,
    request::{Pairing, PairingRefused, RemovalRefused},
};
use crate::{
    bus::{Configured, Notice, Published},
    config::Config,
    core::{
        self, Command, Durable, Event, HandsetId, LegId, Moment, Origin, Rejected, Reply, Snapshot,
        status::Problem,
    },
    demo::Ears,
    link::{self, FromLink, LinkCommand, LinkEvent, PairingLink, PairingWindow, Waking},
    media::{AudioFault, MediaCommand, MediaEvent},
    panel::{Output, PanelEvent},
    session::Wants,
    store::{CallLog, Loaded, StoreThread, Written, first_state},
};

#[derive(Debug)]
pub(super) struct Engine {
    pub(super) core: core::Station,
    pub(super) path: Option<PathBuf>,
    pub(super) config: Config,
    pub(super) store: StoreThread,
    pub(super) calls: CallLog,
    kept: Kept,
    pub(super) last_calls: LastCalls,
    pub(super) publish: watch::Sender<Arc<Published>>,
    /// For the link.
    pub(super) states: watch::Sender<Arc<Snapshot>>,
    pub(super) link_settings: watch::Sender<link::Settings>,
    pub(super) notices: Vec<Notice>,
    pub(super) links: Links,
    pub(super) media: MediaPort,
    pub(super) loop_tests: LoopTests,
    pub(super) pairing: PairingDesk,
    /// Of whoever plays with a simulated panel.
    pub(super) ears: Option<Ears>,
    /// Handsets that are being forgotten, and who waits for it.
    pub(super) removals: Vec<(HandsetId, RemovalReply)>,
}

/// Who waits for the link of the newest pairing window: the only one that is worth anything,
/// however many opened one at once.
#[derive(Debug, Default)]
pub(super) struct PairingDesk {
    pub(super) waiting: Vec<PairingReply>,
    pub(super) newest: PairingWindow,
}

impl PairingDesk {
    /// Whoever still waits gets no link.
    pub(super) fn refuse(&mut self, why: PairingRefused) {
        for reply in self.waiting.drain(..) {
            // Whoever asked may be gone.
            drop(reply.send(Err(why.clone())));
        }
    }
}

pub(super) type RemovalReply = oneshot::Sender<Result<(), RemovalRefused>>;
pub(super) type PairingReply = oneshot::Sender<Result<Pairing, PairingRefused>>;

pub(super) fn configured(config: &Config) -> Configured {
    Configured::new(&config.station.name, &config.profile)
}

/// Where nobody knows what was locked, everything is.
pub(super) fn durable_of(loaded: &Loaded, config: &Config) -> Durable {
    let all_locked = || Durable {
        locked: config.profile.doors.keys().cloned().collect(),
        locks_lost: true,
        ..first_state()
    };
    let mut durable = loaded.durable.clone().unwrap_or_else(all_locked);
    durable.last_call = durable.last_call.max(loaded.calls.last_id());
    durable
}

impl Engine {
    pub(super) fn new(
        core: core::Station,
        path: Option<PathBuf>,
        config: Config,
        store: StoreThread,
        calls: CallLog,
        publish: watch::Sender<Arc<Published>>,
    ) -> Self {
        let (notices, pairing, removals) = (Vec::new(), PairingDesk::default(), Vec::new());
        let (links, media) = (Links::default(), MediaPort::new(&config));
        let loop_tests = LoopTests::at(config.media.loop_test);
        let states = watch::Sender::new(Arc::clone(&publish.borrow().snapshot));
        let link_settings = watch::Sender::new(link_port::settings(&config));
        Self {
            core,
            path,
            config,
            store,
            calls,
            kept: Kept::default(),
            last_calls: LastCalls::find(),
            publish,
            states,
            link_settings,
            notices,
            links,
            media,
            loop_tests,
            pairing,
            ears: None,
            removals,
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        self.core.poll_timeout().into_iter().chain(self.loop_tests.poll_timeout()).min()
    }

    pub(super) fn read_clock(&mut self, panel: &PanelPort) {
        if self.config.profile.follows_the_clock() {
            self.fact(panel, Event::ClockRead { local: clock::local_time() });
        }
    }

    pub(super) fn timeout(&mut self, panel: &PanelPort) {
        self.core.handle_timeout(clock::now());
        self.look_at_schedule(panel);
        self.settle(panel);
    }

    pub(super) fn fact(&mut self, panel: &PanelPort, event: Event) {
        self.core.handle(clock::now(), event);
        self.settle(panel);
    }

    pub(super) fn command(
        &mut self,
        panel: &PanelPort,
        origin: &Origin,
        command: Command,
    ) -> Result<Reply, Rejected> {
        let kind = command.clone();
        let answer = self.core.command(clock::now(), origin, command);
        if let Err(rejected) = &answer {
            tracing::debug!(%origin, command = ?kind, %rejected, "refused");
        }
        self.settle(panel);
        answer
    }

    /// Shown until it is gone.
    pub(super) fn problem(&mut self, problem: Problem, present: bool) {
        self.core.handle(clock::now(), Event::ProblemChanged { problem, present });
    }

    /// The core learns that relays can be driven, and every light is shown anew.
    pub(super) fn panel_opened(&mut self, panel: &PanelPort) {
        let profile = self.config.profile.clone();
        self.core.reconfigure(clock::now(), profile, true);
        let faulty = !panel.is_open();
        self.problem(Problem::Panel, faulty);
        for door in self.config.profile.doors.keys().cloned().collect::<Vec<_>>() {
            self.core.handle(clock::now(), Event::RelayFault { door, faulty });
        }
        self.settle(panel);
    }

    pub(super) async fn retry_panel(&mut self, panel: &mut PanelPort) {
        if panel.retry(&self.config).await {
            self.panel_opened(panel);
        }
    }

    pub(super) fn panel_event(&mut self, panel: &mut PanelPort, event: PanelEvent) {
        match event {
            PanelEvent::InputChanged { input, active } => {
                tracing::debug!(%input, active, "input");
                self.fact(panel, Event::InputChanged { input, active });
            }
            PanelEvent::InputLost { input, why } => {
                tracing::error!(%input, why, "input lost; the panel is opened again");
                panel.give_up();
                self.panel_opened(panel);
            }
            PanelEvent::OutputFault { output, faulty, why } => {
                if faulty {
                    tracing::error!(%output, why, "output cannot be driven");
                } else {
                    tracing::info!(%output, "output can be driven again");
                }
                if let Output::Relay(door) = output {
                    self.fact(panel, Event::RelayFault { door, faulty });
                }
            }
        }
    }

    /// Who was paired before is known from here on.
    pub(super) fn link_opened(&mut self, panel: &PanelPort, opening: &Opening) {
        self.links.direct = opening.port.commands();
        self.problem(Problem::Link, opening.in_trouble);
        for (handset, label, rights) in opening.known.iter().cloned() {
            self.core.handle(clock::now(), Event::HandsetPaired { handset, label, rights });
        }
        self.settle(panel);
    }

    pub(super) fn hear_link(&mut self, panel: &PanelPort, what: FromLink) {
        match what {
            FromLink::Event(event) => self.link_event(panel, event),
            FromLink::Wish { handset, command, reply } => {
                let answer = self.command(panel, &Origin::Handset(handset), command);
                // The handset may be gone by now.
                drop(reply.send(answer));
            }
            FromLink::Refused(refused) => {
                let published = self.publish.borrow().as_ref().clone().counting(refused);
                let snapshot = Arc::clone(&published.snapshot);
                self.publish.send_replace(Arc::new(published.followed_by(snapshot, [])));
            }
            FromLink::Listening(listening) => {
                self.problem(Problem::Link, !listening);
                self.settle(panel);
            }
            FromLink::Pushing(possible) => {
                self.problem(Problem::Push, !possible);
                self.settle(panel);
            }
        }
    }

    pub(super) fn link_event(&mut self, panel: &PanelPort, event: LinkEvent) {
        match event {
            LinkEvent::Leg { leg, fact } => self.fact(panel, Event::Leg { leg, fact }),
            LinkEvent::SessionWanted { leg, wants } => self.open_leg(panel, leg, wants),
            LinkEvent::Signal { leg, session, signal } => {
                self.tell_media(MediaCommand::Signal { leg, session, signal });
                self.settle(panel);
            }
            LinkEvent::Paired { handset, label, rights } => {
                self.fact(panel, Event::HandsetPaired { handset, label, rights });
            }
            LinkEvent::Revoked { handset } => {
                self.show_waking(&handset, Waking::default());
                self.fact(panel, Event::HandsetRevoked { handset });
            }
            LinkEvent::Waking { handset, waking } => self.show_waking(&handset, waking),
            LinkEvent::PairingClosed { window } if window == self.pairing.newest => {
                self.show_pairing(None);
                self.fact(panel, Event::PairingClosed);
                self.pairing.refuse(PairingRefused::Unreachable);
            }
            LinkEvent::PairingClosed { .. } => {}
            LinkEvent::Forgotten { handset, kept } => self.forgotten(&handset, kept),
            LinkEvent::PairingOpened { window, link } if window == self.pairing.newest => {
                self.pairing_opened(&link);
            }
            LinkEvent::PairingOpened { .. } => {}
        }
    }

    fn show_waking(&self, handset: &HandsetId, waking: Waking) {
        let published = self.publish.borrow().as_ref().clone().waking(handset, waking);
        let snapshot = Arc::clone(&published.snapshot);
        self.publish.send_replace(Arc::new(published.followed_by(snapshot, [])));
    }

    /// A handset connects while it is rung or in the call, and at no other time.
    fn open_leg(&mut self, panel: &PanelPort, leg: LegId, wants: Wants) {
        let snapshot = self.core.snapshot(clock::now());
        let part = snapshot.calls.get(&leg.call).and_then(|call| call.legs.get(&leg.handset));
        let handset = snapshot.handsets.get(&leg.handset);
        let (Some(part), Some(handset)) = (part, handset) else { return };
        if part.status.is_terminal() {
            return;
        }
        let preview = handset.rights.preview;
        self.tell_media(MediaCommand::OpenLeg { leg, wants, preview });
        self.settle(panel);
    }

    pub(super) fn media_event(&mut self, panel: &PanelPort, event: MediaEvent) {
        let fact = match event {
            MediaEvent::Leg { leg, fact } => {
                self.media.verify(&leg, fact);
                Event::Leg { leg, fact }
            }
            MediaEvent::WorkerCrashed { call } => Event::WorkerCrashed { call },
            MediaEvent::AudioChanged { faults } => {
                for fault in AudioFault::ALL {
                    self.problem(fault.problem(), faults.contains(&fault));
                }
                Event::AudioChanged { available: faults.is_empty() }
            }
            MediaEvent::Signal { leg, session, signal } => {
                return self.tell_link(LinkCommand::Signal { leg, session, signal });
            }
            MediaEvent::Received { leg, reception } => {
                self.media.received(leg, reception);
                return self.settle(panel);
            }
            MediaEvent::Echo(figures) => {
                self.media.echo = Some(figures);
                return self.settle(panel);
            }
            MediaEvent::LoopTested(result) => return self.loop_tested(panel, result),
            // For whoever draws a meter; it is no state of the station.
            MediaEvent::Level { heard, said } => {
                return self.ears.iter().for_each(|ears| ears.levels(heard, said));
            }
        };
        self.fact(panel, fact);
    }

    fn pairing_opened(&mut self, link: &PairingLink) {
        self.show_pairing(Some(link));
        let now = clock::now();
        // Whoever closed the window in between has made the link worthless already.
        let deadline = self.core.snapshot(now).station.pairing_until.unwrap_or(now);
        for reply in self.pairing.waiting.drain(..) {
            drop(reply.send(Ok(Pairing { link: link.clone(), deadline })));
        }
    }

    pub(super) fn show_pairing(&self, link: Option<&PairingLink>) {
        if let Some(ears) = &self.ears {
            ears.pairing(link);
        }
    }

    pub(super) fn storage_news(&mut self, panel: &PanelPort, news: Written) {
        let present = match news {
            Written::Failed(fault) => {
                tracing::error!(%fault, "state cannot be kept; the station goes on without");
                true
            }
            Written::Fine => {
                let problems = self.core.snapshot(clock::now()).station.problems;
                if problems.contains(&Problem::Storage) {
                    tracing::info!("state is kept again");
                }
                false
            }
        };
        self.problem(Problem::Storage, present);
        self.settle(panel);
    }

    pub(super) fn save_calls(&self) {
        self.store.save_calls(&self.calls);
    }

    pub(super) fn save_state(&mut self, durable: Durable) {
        if let Some(durable) = self.kept.follows(durable) {
            self.store.save_state(durable);
        }
    }

    /// The station stops in order.
    pub(super) fn save_at_last(&self) {
        self.store.save_state(self.kept.at_last());
    }

    /// Carries out everything that was decided, then tells everybody how things stand.
    pub(super) fn settle(&mut self, panel: &PanelPort) {
        while let Some(effect) = self.core.poll_effect() {
            self.carry_out(panel, effect);
        }
        let mut snapshot = Arc::new(self.core.snapshot(clock::now()));
        self.media.show_call(snapshot.station.active_call);
        let (heard, echo, tested) = (self.media.heard(), self.media.echo, self.loop_tests.last);
        let notices = std::mem::take(&mut self.notices);
        let last = Arc::clone(&self.publish.borrow());
        if last.snapshot != snapshot {
            self.states.send_replace(Arc::clone(&snapshot));
        } else if notices.is_empty()
            && last.heard == *heard
            && last.echo == echo
            && last.loop_tested == tested
        {
            return;
        } else {
            snapshot = Arc::clone(&last.snapshot);
        }
        let next = last.followed_by(snapshot, notices).hearing(heard.clone(), echo).tested(tested);
        self.publish.send_replace(Arc::new(next));
    }
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
