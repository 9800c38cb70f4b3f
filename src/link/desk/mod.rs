// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station's side of the handset protocol without any I/O: who is paired, who is there, what
//! is going on with them. It decides about contexts, pairing and challenges, never about calls.
//!
//! [`Desk::handle`] never fails. After it and after [`Desk::handle_timeout`] the caller drains
//! [`Desk::poll_output`] until it is empty and re-arms one timer from [`Desk::poll_timeout`].

mod answers;
mod bucket;
mod connection;
mod doors;
mod due;
mod handset;
mod health;
mod legs;
mod notices;
mod pairing;
mod port;
mod pushes;
mod reception;
mod record;
mod registration;
mod requests;
mod revocation;
mod sessions;
mod standing;
mod window;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

pub use port::{
    Closing, ConnectionId, Entropy, Heard, Input, Output, Place, SystemEntropy, Ticket,
};
pub use record::{HandsetRecord, Ledger};

use self::{
    connection::{Connection, Phase},
    handset::Handset,
    health::Health,
    legs::Leg,
    requests::Asked,
    revocation::Keeping,
    window::{Used, Window},
};
use super::{
    LinkCommand, LinkEvent,
    envelope::Refused,
    keys::{KeyPair, Thumbprint},
    refusal::Code,
};
use crate::core::{HandsetId, LegId, Moment, Snapshot};

#[derive(Debug)]
pub struct Desk {
    key: Arc<KeyPair>,
    place: Place,
    entropy: Box<dyn Entropy>,
    handsets: BTreeMap<HandsetId, Handset>,
    revoked: VecDeque<Thumbprint>,
    connections: BTreeMap<ConnectionId, Connection>,
    /// Those that are not over.
    legs: BTreeMap<LegId, Leg>,
    window: Option<Window>,
    used: Vec<Used>,
    asked: BTreeMap<Ticket, Asked>,
    keeping: BTreeMap<Ticket, Keeping>,
    last_ticket: Ticket,
    health: Health,
    snapshot: Arc<Snapshot>,
    outputs: VecDeque<Output>,
}

impl Desk {
    #[must_use]
    pub fn new(
        key: impl Into<Arc<KeyPair>>,
        ledger: Ledger,
        place: Place,
        entropy: Box<dyn Entropy>,
    ) -> Self {
        let Ledger { handsets, revoked, mut pushes } = ledger;
        let with_id = |record: HandsetRecord| {
            let push = pushes.remove(&record.id);
            (record.id.clone(), Handset::new(record, push))
        };
        let mut desk = Self {
            key: key.into(),
            place,
            entropy,
            handsets: handsets.into_iter().map(with_id).collect(),
            revoked,
            connections: BTreeMap::new(),
            legs: BTreeMap::new(),
            window: None,
            used: Vec::new(),
            asked: BTreeMap::new(),
            keeping: BTreeMap::new(),
            last_ticket: Ticket(0),
            health: Health::default(),
            snapshot: Arc::default(),
            outputs: VecDeque::new(),
        };
        desk.tell_who_is_registered();
        desk
    }

    pub fn handle(&mut self, now: Moment, input: Input) {
        match input {
            Input::Opened { connection } => {
                self.connections.insert(connection, Connection::new(now));
            }
            Input::Heard { connection, heard: Heard::Frame(text) } => {
                self.received(now, connection, &text);
            }
            Input::Heard { connection, heard: Heard::TooLarge } => {
                if self.connections.contains_key(&connection) {
                    self.refuse(now, connection, Refused::from(Code::TooLarge));
                }
            }
            Input::Heard { connection, heard: Heard::Closed } => {
                self.forget(now, connection);
            }
            Input::Command(command) => self.command(now, command),
            Input::Answered { ticket, answer } => self.answered(now, ticket, answer),
            Input::Kept { ticket, kept } => self.kept(now, ticket, kept),
            Input::Pushed(report) => self.pushed(report),
            Input::PushTried(tried) => self.push_tried(tried),
            Input::PushesReady => self.pushes_ready(),
            Input::State(snapshot) => {
                self.snapshot = snapshot;
                self.tell_all_how_things_stand(now);
            }
            Input::Moved(place) => {
                self.place = place;
                self.tell_if_pushing();
                self.tell_all_how_things_stand(now);
            }
        }
    }

    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Who has proved to be at the other end.
    #[must_use]
    pub fn handset_at(&self, connection: ConnectionId) -> Option<&HandsetId> {
        match &self.connections.get(&connection)?.phase {
            Phase::Confirmed { handset, .. } => Some(handset),
            Phase::Stranger { .. } => None,
        }
    }

    fn command(&mut self, now: Moment, command: LinkCommand) {
        match command {
            LinkCommand::Ring { leg, contact, ring_for, media } => {
                self.ring(now, leg, contact, ring_for, media);
            }
            LinkCommand::Nudge { leg } => self.nudge(now, &leg),
            LinkCommand::Select { leg } => self.select(now, leg),
            LinkCommand::End { leg, status, reason, answered_by } => {
                self.end(now, &leg, status, reason, answered_by.as_ref());
            }
            LinkCommand::Held { leg, held } => self.held(now, &leg, held),
            LinkCommand::Warn { leg, ends_in } => self.warn(now, &leg, ends_in),
            LinkCommand::Signal { leg, session, signal } => {
                self.signal(now, &leg, session, signal);
            }
            LinkCommand::OpenPairing { window, lasts, by, grant } => {
                self.open_window(now, window, lasts, by, grant);
            }
            LinkCommand::ClosePairing => self.window = None,
            LinkCommand::Unpair { handset } => self.unpair(now, &handset),
        }
    }

    fn me(&self) -> Thumbprint {
        self.key.public().thumbprint()
    }

    fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    fn ticket(&mut self) -> Ticket {
        self.last_ticket.0 += 1;
        self.last_ticket
    }

    fn event(&mut self, event: LinkEvent) {
        self.outputs.push_back(Output::Event(event));
    }
}
