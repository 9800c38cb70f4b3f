// SPDX-License-Identifier: MIT OR Apache-2.0
//! A desk, and handsets in front of it, in virtual time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use intercomd::{
    config::Endpoints,
    core::{
        CallId, Command, HandsetId, LegId, Moment, Reason, Rejected, Reply, Snapshot, Status,
        profile::Rights, status::Media,
    },
    link::{
        LastPush, LinkCommand, LinkEvent, PushResult, Waking,
        desk::{
            Closing, ConnectionId, Desk, Entropy, HandsetRecord, Heard, Input, Ledger, Output,
            Place, Ticket,
        },
        push::{Fate, News, Order},
        refusal::Code,
    },
};
use serde_json::json;

use crate::peer::{pair, public, thumbprint};

/// Bytes that are different each time.
#[derive(Debug)]
pub(crate) struct Counting(pub(crate) u64);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0 += 1;
        bytes.fill(0);
        bytes.iter_mut().zip(self.0.to_be_bytes()).for_each(|(to, from)| *to = from);
    }
}

pub(crate) const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn record(id: &str, label: &str, keys: &str, rights: &[&str]) -> HandsetRecord {
    serde_json::from_value(json!({
        "id": id, "label": label, "rights": rights, "doors": ["house"],
        "call_key": public(&format!("{keys}_call")), "action_key": public(&format!("{keys}_action")),
    }))
    .unwrap()
}

/// `handset` may answer and open `house`, `other` is an administrator; one was revoked.
pub(crate) fn ledger() -> Ledger {
    Ledger {
        handsets: vec![
            record("kitchen", "Kitchen", "handset", &["answer", "preview"]),
            record("hall", "Hall", "other", &["answer", "admin"]),
        ],
        revoked: ["revoked_call", "revoked_action"].map(thumbprint).into(),
        pushes: BTreeMap::new(),
    }
}

pub(crate) fn place() -> Place {
    let words = BTreeSet::from(["answer", "preview"].map(|word| word.parse().unwrap()));
    Place {
        name: "Front door".to_owned(),
        pin: None,
        at: vec!["127.0.0.1:7480".to_owned()],
        grants: Rights::new(&words, BTreeSet::from(["house".parse().unwrap()])),
        ice: Vec::new(),
        pushes: Some(Endpoints::Public),
    }
}

pub(crate) fn id(name: &str) -> HandsetId {
    name.parse().unwrap()
}

pub(crate) fn leg(call: u64, handset: &str) -> LegId {
    LegId { call: CallId(call), handset: id(handset) }
}

#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) desk: Desk,
    pub(crate) now: Moment,
    pub(crate) sent: Vec<(ConnectionId, String)>,
    pub(crate) closed: Vec<(ConnectionId, Closing)>,
    pub(crate) events: Vec<LinkEvent>,
    pub(crate) wishes: Vec<(Ticket, HandsetId, Command)>,
    pub(crate) keeps: Vec<(Ticket, Ledger)>,
    pub(crate) pushes: Vec<Order>,
    pub(crate) wakings: BTreeMap<HandsetId, Waking>,
    pub(crate) pushing: Vec<bool>,
    pub(crate) forgotten: Vec<(HandsetId, bool)>,
    pub(crate) refused: Vec<Code>,
    last_connection: u64,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(Box::new(Counting(0)), place())
    }

    pub(crate) fn with(entropy: Box<dyn Entropy>, place: Place) -> Self {
        Self::of(ledger(), entropy, place)
    }

    pub(crate) fn of(ledger: Ledger, entropy: Box<dyn Entropy>, place: Place) -> Self {
        Self {
            desk: Desk::new(pair("station"), ledger, place, entropy),
            now: Moment::from_millis(1_000_000),
            sent: Vec::new(),
            closed: Vec::new(),
            events: Vec::new(),
            wishes: Vec::new(),
            keeps: Vec::new(),
            pushes: Vec::new(),
            wakings: BTreeMap::new(),
            pushing: Vec::new(),
            forgotten: Vec::new(),
            refused: Vec::new(),
            last_connection: 0,
        }
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.desk.handle(self.now, input);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.desk.poll_output() {
            match output {
                Output::Send { connection, frame } => self.sent.push((connection, frame)),
                Output::Close { connection, why } => self.closed.push((connection, why)),
                Output::Event(LinkEvent::Forgotten { handset, kept }) => {
                    self.forgotten.push((handset, kept));
                }
                Output::Event(LinkEvent::Waking { handset, waking }) => {
                    self.wakings.insert(handset, waking);
                }
                Output::Event(event) => self.events.push(event),
                Output::Wish { ticket, handset, command } => {
                    self.wishes.push((ticket, handset, command));
                }
                Output::Keep { ticket, ledger } => self.keeps.push((ticket, ledger)),
                Output::Push(order) => self.pushes.push(*order),
                Output::Pushing(pushing) => self.pushing.push(pushing),
                Output::Refused { code, .. } => self.refused.push(code),
            }
        }
    }

    pub(crate) fn order(&mut self, command: LinkCommand) {
        self.input(Input::Command(command));
    }

    pub(crate) fn ring(&mut self, call: u64, handset: &str, seconds: u64) {
        self.order(LinkCommand::Ring {
            leg: leg(call, handset),
            contact: None,
            ring_for: Duration::from_secs(seconds),
            media: Media::Video,
        });
    }

    pub(crate) fn end(&mut self, call: u64, handset: &str, by: Option<&str>) {
        let (status, reason) = (Status::Elsewhere, Reason::Elsewhere);
        let answered_by = by.map(id);
        self.order(LinkCommand::End { leg: leg(call, handset), status, reason, answered_by });
    }

    pub(crate) fn state(&mut self, snapshot: Snapshot) {
        self.input(Input::State(Arc::new(snapshot)));
    }

    /// Timeouts on the way are handled when they are due.
    pub(crate) fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(due) = self.desk.poll_timeout().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.timeout();
        }
        self.now = until;
    }

    pub(crate) fn timeout(&mut self) {
        self.desk.handle_timeout(self.now);
        self.drain();
    }

    pub(crate) fn open(&mut self) -> ConnectionId {
        self.last_connection += 1;
        let connection = ConnectionId(self.last_connection);
        self.input(Input::Opened { connection });
        connection
    }

    pub(crate) fn heard(&mut self, connection: ConnectionId, heard: Heard) {
        self.input(Input::Heard { connection, heard });
    }

    pub(crate) fn frame(&mut self, connection: ConnectionId, text: impl Into<String>) {
        self.heard(connection, Heard::Frame(text.into()));
    }

    pub(crate) fn answer(&mut self, answer: Result<Reply, Rejected>) {
        let (ticket, ..) = self.wishes.remove(0);
        self.input(Input::Answered { ticket, answer });
    }

    pub(crate) fn keep(&mut self, kept: bool) -> Ledger {
        let (ticket, ledger) = self.keeps.remove(0);
        self.input(Input::Kept { ticket, kept });
        ledger
    }

    /// Who can be woken, before anything happened.
    pub(crate) fn woken_at_start(&mut self) -> Vec<HandsetId> {
        self.drain();
        self.wakings.keys().cloned().collect()
    }

    /// Becomes of a try of the oldest push.
    pub(crate) fn tried(&mut self, result: PushResult) {
        let last = LastPush { result, at_unix_ms: Some(1) };
        self.input(Input::PushTried(self.pushes[0].tried(last)));
    }

    /// Becomes of the oldest push.
    pub(crate) fn pushed(&mut self, fate: Fate) -> News {
        let order = self.pushes.remove(0);
        self.input(Input::Pushed(order.report(fate)));
        order.news
    }

    /// What was closed, and is forgotten here.
    pub(crate) fn take_closed(&mut self) -> Vec<(ConnectionId, Closing)> {
        std::mem::take(&mut self.closed)
    }

    pub(crate) fn take_events(&mut self) -> Vec<LinkEvent> {
        std::mem::take(&mut self.events)
    }

    pub(crate) fn forget_so_far(&mut self) {
        self.sent.clear();
        self.closed.clear();
        self.events.clear();
        self.wishes.clear();
        self.keeps.clear();
        self.refused.clear();
    }

    pub(crate) fn take_refused(&mut self) -> Vec<Code> {
        std::mem::take(&mut self.refused)
    }
}
