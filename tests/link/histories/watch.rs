// SPDX-License-Identifier: MIT OR Apache-2.0
//! The second account: what may happen at most, told from the frames alone.

use std::collections::{BTreeMap, BTreeSet};

use intercomd::{
    core::{CallId, Command, HandsetId, Moment},
    link::{LinkEvent, desk::ConnectionId, keys::Thumbprint, message::field::Nonce, refusal::Code},
};
use serde_json::{Value, json};

use super::owner;
use crate::phone::payload;

/// How often it came that far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    contexts: u32,
    replaced: u32,
    accepts: u32,
    opens: u32,
    paired: u32,
    tries: u32,
    stale: u32,
    revoked: u32,
}

impl Seen {
    pub(super) fn add(&mut self, other: &Self) {
        self.contexts += other.contexts;
        self.replaced += other.replaced;
        self.accepts += other.accepts;
        self.opens += other.opens;
        self.paired += other.paired;
        self.tries += other.tries;
        self.stale += other.stale;
        self.revoked += other.revoked;
    }

    pub(super) fn is_everything(&self) -> bool {
        let Self { contexts, replaced, accepts, opens, paired, tries, stale, revoked } = self;
        [contexts, replaced, accepts, opens, paired, tries, stale, revoked]
            .iter()
            .all(|times| **times > 0)
    }
}

struct Challenge {
    to: Thumbprint,
    at: Moment,
}

#[derive(Default)]
pub(super) struct Watch {
    pub(super) seen: Seen,
    /// Where each handset was told something in a context last.
    contexts: BTreeMap<Thumbprint, ConnectionId>,
    closed: BTreeSet<ConnectionId>,
    /// Number of the call and who asked for it, for each `accept` that was ever signed.
    accepts: BTreeMap<u64, Thumbprint>,
    accepted: BTreeSet<u64>,
    challenges: BTreeMap<Nonce, Challenge>,
    /// Signed rightly, by whom the challenge was for, in time, and not tried before.
    may_open: BTreeSet<Nonce>,
    tried: BTreeSet<Nonce>,
    opened: usize,
    /// Somebody had the right one.
    pub(super) knows_token: bool,
    windows: u32,
    wrong_tries: u32,
    legs: BTreeMap<&'static str, u64>,
    pub(super) revoked: Vec<Thumbprint>,
}

impl Watch {
    /// Somebody with a key says this for the first time.
    pub(super) fn hears(&mut self, now: Moment, frame: &str) {
        let said = payload(frame);
        let from: Thumbprint = said["from"].as_str().unwrap().parse().unwrap();
        if said["t"] == json!("accept") {
            let call = said["b"]["cid"].as_u64().unwrap();
            self.accepts.entry(call).or_insert(from);
        }
        if said["t"] == json!("action") {
            self.acts(now, from, &said["b"]);
        }
    }

    fn acts(&mut self, now: Moment, from: Thumbprint, b: &Value) {
        let nonce: Nonce = serde_json::from_value(b["nonce"].clone()).unwrap();
        let challenge = &self.challenges[&nonce];
        let in_time = now.since(challenge.at) < intercomd::link::challenge::LASTS;
        if challenge.to == from && in_time && self.tried.insert(nonce) {
            self.may_open.insert(nonce);
        }
    }

    /// The oldest first.
    pub(super) fn nonces(
        &self,
        whose: impl Fn(&Thumbprint) -> bool,
    ) -> impl Iterator<Item = Nonce> {
        let own = self.challenges.iter().filter(move |(_, challenge)| whose(&challenge.to));
        own.map(|(nonce, _)| *nonce)
    }

    pub(super) fn window(&mut self) {
        self.wrong_tries = 0;
        self.windows += 1;
    }

    pub(super) fn rings(&mut self, name: &'static str, call: u64) {
        self.legs.insert(name, call);
    }

    pub(super) fn ends(&mut self, name: &'static str) -> Option<u64> {
        self.legs.remove(name)
    }

    pub(super) fn call_of(&self, keys: &str) -> Option<u64> {
        let name = if keys == "handset" { "kitchen" } else { "hall" };
        self.legs.get(name).copied()
    }

    pub(super) fn gone(&mut self, connection: ConnectionId) {
        self.closed.insert(connection);
    }

    pub(super) fn refused(&mut self, code: Code) {
        self.seen.stale += u32::from(code == Code::Stale);
        if code == Code::BadToken {
            self.wrong_tries += 1;
            self.seen.tries += 1;
            assert!(self.wrong_tries <= 5, "a sixth try was weighed");
        }
    }

    pub(super) fn happened(&mut self, event: &LinkEvent) {
        match event {
            LinkEvent::Paired { .. } => {
                self.seen.paired += 1;
                assert!(self.knows_token, "paired without the token");
                assert!(self.seen.paired <= self.windows, "a window was used twice");
            }
            LinkEvent::Revoked { .. } => self.seen.revoked += 1,
            LinkEvent::Leg { .. }
            | LinkEvent::SessionWanted { .. }
            | LinkEvent::Signal { .. }
            | LinkEvent::Forgotten { .. }
            | LinkEvent::Waking { .. }
            | LinkEvent::PairingOpened { .. }
            | LinkEvent::PairingClosed { .. } => {}
        }
    }

    pub(super) fn wished(&mut self, handset: &HandsetId, command: &Command) {
        if let Command::InCall { call: CallId(call), .. } = command {
            assert!(self.accepted.insert(*call), "{call} was wished for twice");
            let by = self.accepts.get(call).expect("somebody said so");
            assert_eq!(*by, owner(handset.as_str()), "somebody else's wish");
            self.seen.accepts += 1;
        }
        if let Command::AtDoor { .. } = command {
            self.opened += 1;
            self.seen.opens += 1;
            assert!(self.opened <= self.may_open.len(), "opened without a challenge of its own");
        }
    }

    pub(super) fn told(&mut self, now: Moment, connection: ConnectionId, frame: &str) {
        let said = payload(frame);
        let to: Thumbprint = said["to"].as_str().unwrap().parse().unwrap();
        let t = said["t"].as_str().unwrap();
        if self.revoked.contains(&to) {
            assert_eq!(said["b"]["code"], json!("revoked"), "said to a revoked handset: {said}");
        }
        if said["sx"] == json!("") {
            assert!(matches!(t, "pair_ok" | "error"), "outside of a context: {said}");
            return;
        }
        if t == "hello_ok" {
            return;
        }
        if t == "challenge_is" {
            let nonce = serde_json::from_value(said["b"]["nonce"].clone()).unwrap();
            self.challenges.entry(nonce).or_insert(Challenge { to, at: now });
        }
        let before = self.contexts.insert(to, connection);
        if let Some(before) = before.filter(|before| *before != connection) {
            assert!(self.closed.contains(&before), "two contexts of one handset");
            self.seen.replaced += 1;
        }
        self.seen.contexts += 1;
    }
}
