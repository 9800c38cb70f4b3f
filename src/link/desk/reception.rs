// SPDX-License-Identifier: MIT OR Apache-2.0
//! Frames as they come in: who says something, and whether that is now.

use super::{
    Closing, ConnectionId, Desk, Output,
    connection::{Connection, Offered, PATIENCE, Phase, Talk, failed},
};
use crate::{
    core::{HandsetId, Moment},
    link::{
        context::{self, ACK_WITHIN, Arrival},
        envelope::{
            self, Acquaintance, Envelope, Keyring, LARGEST, LARGEST_AT_FIRST, Mid, Refused,
        },
        keys::Thumbprint,
        message::{
            FromHandset, FromStation,
            field::{Nonce, Srv},
            from_handset::Hello,
            from_station::{Failed, HelloOk},
        },
        refusal::Code,
    },
};

impl Keyring for Desk {
    fn look_up(&self, kid: &Thumbprint) -> Acquaintance {
        if self.revoked.contains(kid) {
            return Acquaintance::Revoked;
        }
        self.handset_of(kid)
            .map_or(Acquaintance::Unknown, |handset| Acquaintance::Known(handset.record.call_key))
    }

    fn strangers(&self) -> bool {
        true
    }
}

/// What a frame is before its body is looked at.
enum Place {
    Hello,
    Pair,
    /// The first of a context that was offered.
    Resume,
    InContext(HandsetId),
    Ack,
    Repeated,
    Stale,
}

impl Desk {
    pub(super) fn handset_of(&self, call: &Thumbprint) -> Option<&super::Handset> {
        self.handsets.values().find(|handset| handset.call == *call)
    }

    pub(super) fn received(&mut self, now: Moment, connection: ConnectionId, text: &str) {
        let Some(found) = self.connections.get_mut(&connection) else { return };
        if let Err(wait) = found.frames.take(now) {
            return self.too_many(now, connection, wait.as_millis());
        }
        let largest = match found.phase {
            Phase::Stranger { .. } => LARGEST_AT_FIRST,
            Phase::Confirmed { .. } => LARGEST,
        };
        match envelope::open(text, largest, &self.me(), self) {
            Ok(envelope) => self.opened(now, connection, envelope),
            Err(refused) => self.refuse(now, connection, refused),
        }
    }

    fn too_many(&mut self, now: Moment, connection: ConnectionId, wait_ms: u128) {
        let code = Code::RateLimited;
        self.outputs.push_back(Output::Refused { connection, code });
        let retry_ms = Some(u64::try_from(wait_ms).unwrap_or(u64::MAX));
        if let Some(Connection { phase: Phase::Confirmed { talk, .. }, .. }) =
            self.connections.get(&connection)
        {
            let to = talk.peer;
            self.say_error(now, connection, to, None, Failed { retry_ms, ..failed(code) });
        }
        self.close(now, connection, Closing::Refused(code));
    }

    fn opened(&mut self, now: Moment, connection: ConnectionId, envelope: Envelope) {
        let Envelope { from, mid, ack, .. } = envelope;
        let place = self.place_of(now, connection, &envelope);
        match place {
            Place::Stale => {
                let (sender, mid) = (Some(from), Some(mid));
                return self.refuse(now, connection, Refused { code: Code::Stale, sender, mid });
            }
            Place::Hello | Place::Pair => {}
            Place::Resume | Place::InContext(_) | Place::Ack | Place::Repeated => {
                self.acknowledged(connection, ack);
            }
        }
        if matches!(place, Place::Repeated) {
            return self.say_ack(connection);
        }
        let message = match FromHandset::read(&envelope.t, envelope.b) {
            Ok(message) => message,
            Err(code) => {
                let (sender, mid) = (Some(from), Some(mid));
                return self.refuse(now, connection, Refused { code, sender, mid });
            }
        };
        match (place, message) {
            (Place::Hello, FromHandset::Hello(hello)) => {
                self.greeted(now, connection, from, mid, &hello);
            }
            (Place::Pair, FromHandset::Pair(pair)) => {
                self.asked_to_pair(now, connection, from, mid, pair);
            }
            (Place::Resume, FromHandset::Resume(_)) => self.confirm(now, connection, mid),
            (Place::InContext(handset), message) => {
                self.heard(now, connection, &handset, mid, message);
            }
            // No more than the words before the bodies say.
            (Place::Ack | Place::Hello | Place::Pair | Place::Resume, _) => {}
            (Place::Repeated | Place::Stale, _) => {}
        }
    }

    /// Check 8. What is new is counted as heard.
    fn place_of(&mut self, now: Moment, connection: ConnectionId, envelope: &Envelope) -> Place {
        let Some(found) = self.connections.get_mut(&connection) else { return Place::Stale };
        let outside = envelope.sx.is_empty() && envelope.seq == 0;
        let (t, confirmed) = (envelope.t.as_str(), matches!(found.phase, Phase::Confirmed { .. }));
        match t {
            "hello" | "pair" if confirmed || !outside => return Place::Stale,
            "hello" => return Place::Hello,
            "pair" => return Place::Pair,
            _ => {}
        }
        let Some(talk) = found.talk_mut().filter(|talk| talk.has(envelope)) else {
            return Place::Stale;
        };
        if !confirmed && t != "resume" {
            return Place::Stale;
        }
        if t == "ack" && envelope.seq == 0 {
            return Place::Ack;
        }
        let arrival = talk.heard.take(envelope.seq);
        match (&mut found.phase, arrival) {
            (_, Arrival::Stale) | (Phase::Stranger { .. }, Arrival::Repeated) => Place::Stale,
            (Phase::Stranger { .. }, Arrival::New) => Place::Resume,
            (Phase::Confirmed { .. }, Arrival::Repeated) => Place::Repeated,
            (Phase::Confirmed { handset, talk }, Arrival::New) => {
                talk.ack_due = Some(talk.ack_due.unwrap_or(now + ACK_WITHIN));
                Place::InContext(handset.clone())
            }
        }
    }

    fn acknowledged(&mut self, connection: ConnectionId, ack: u64) {
        let Some(found) = self.connections.get_mut(&connection) else { return };
        if let Some(talk) = found.talk_mut() {
            talk.said.heard(ack);
        }
        if let Phase::Confirmed { handset, .. } = &found.phase
            && let Some(handset) = self.handsets.get_mut(handset)
        {
            handset.heard(ack);
        }
    }

    /// Whoever repeats somebody's old `hello` gets an answer that is of no use to them.
    fn greeted(
        &mut self,
        now: Moment,
        connection: ConnectionId,
        from: Thumbprint,
        mid: Mid,
        hello: &Hello,
    ) {
        let Some(handset) = self.handset_of(&from).map(|handset| handset.record.id.clone()) else {
            return;
        };
        let own = Srv(self.place.pin);
        if hello.srv.0.is_some() && hello.srv != own {
            let (code, sender, mid) = (Code::WrongRecipient, Some(from), Some(mid));
            return self.refuse(now, connection, Refused { code, sender, mid });
        }
        let n_d = Nonce(self.random());
        let sx = context::derive(&hello.n_h, &n_d);
        let Some(Connection { phase: Phase::Stranger { offered, .. }, .. }) =
            self.connections.get_mut(&connection)
        else {
            return;
        };
        if offered
            .as_ref()
            .is_some_and(|offered| offered.hello == mid && offered.handset == handset)
        {
            return self.repeat_everything(connection);
        }
        *offered = Some(Offered { handset, hello: mid, talk: Talk::new(from, sx) });
        let answer = HelloOk { n_h: hello.n_h, n_d, srv: own };
        self.say(now, connection, Some(mid), &FromStation::HelloOk(answer));
    }

    /// It has been here, now and with its key.
    fn confirm(&mut self, now: Moment, connection: ConnectionId, resume: Mid) {
        let Some(found) = self.connections.get_mut(&connection) else { return };
        let Phase::Stranger { offered, .. } = &mut found.phase else { return };
        let Some(Offered { handset, talk, .. }) = offered.take() else { return };
        found.phase = Phase::Confirmed { handset: handset.clone(), talk };
        let Some(known) = self.handsets.get_mut(&handset) else { return };
        let before = known.connection;
        known.is_at(connection);
        if let Some(before) = before {
            self.close(now, before, Closing::Replaced);
        }
        self.resume(now, connection, &handset, resume);
    }

    pub(super) fn resume(
        &mut self,
        now: Moment,
        connection: ConnectionId,
        handset: &HandsetId,
        mid: Mid,
    ) {
        self.tell_how_things_stand(now, connection, handset, Some(mid));
        self.say_again(now, handset);
    }

    /// Whoever was just paired has yet to say hello.
    pub(super) fn has_more_time(&mut self, now: Moment, connection: ConnectionId) {
        if let Some(Connection { phase: Phase::Stranger { until, .. }, .. }) =
            self.connections.get_mut(&connection)
        {
            *until = now + PATIENCE;
        }
    }
}
