// SPDX-License-Identifier: MIT OR Apache-2.0
//! Connections: what is known of who is at the other end, and how something is said to them.

use std::time::Duration;

use serde_json::Value;

use super::{
    Closing, ConnectionId, Desk, Output,
    bucket::{Bucket, Pace},
};
use crate::{
    core::{HandsetId, Moment},
    link::{
        context::{Heard, Said},
        envelope::{self, Envelope, LARGEST, Mid},
        keys::Thumbprint,
        message::{FromStation, field::Nothing, from_station::Failed},
        refusal::Code,
    },
};

/// For a handset to prove that it is there.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
const FRAMES: Pace = Pace { burst: 100, every: Duration::from_millis(50) };

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) phase: Phase,
    pub(super) frames: Bucket,
}

#[derive(Debug)]
pub(super) enum Phase {
    /// Nobody has proved to be there yet.
    Stranger {
        until: Moment,
        offered: Option<Offered>,
    },
    Confirmed {
        handset: HandsetId,
        talk: Talk,
    },
}

/// A context that nobody has used yet: somebody may have repeated an old `hello`.
#[derive(Debug)]
pub(super) struct Offered {
    pub(super) handset: HandsetId,
    pub(super) hello: Mid,
    pub(super) talk: Talk,
}

/// A context on its connection.
#[derive(Debug)]
pub(super) struct Talk {
    pub(super) peer: Thumbprint,
    pub(super) sx: String,
    pub(super) heard: Heard,
    pub(super) said: Said,
    pub(super) ack_due: Option<Moment>,
}

impl Talk {
    pub(super) fn new(peer: Thumbprint, sx: String) -> Self {
        Self { peer, sx, heard: Heard::default(), said: Said::default(), ack_due: None }
    }

    /// By this handset and no other that the station knows.
    pub(super) fn has(&self, envelope: &Envelope) -> bool {
        self.peer == envelope.from && self.sx == envelope.sx
    }
}

impl Connection {
    pub(super) fn new(now: Moment) -> Self {
        let phase = Phase::Stranger { until: now + PATIENCE, offered: None };
        Self { phase, frames: Bucket::new(FRAMES) }
    }

    pub(super) fn talk(&self) -> Option<&Talk> {
        match &self.phase {
            Phase::Stranger { offered, .. } => offered.as_ref().map(|offered| &offered.talk),
            Phase::Confirmed { talk, .. } => Some(talk),
        }
    }

    pub(super) fn talk_mut(&mut self) -> Option<&mut Talk> {
        match &mut self.phase {
            Phase::Stranger { offered, .. } => offered.as_mut().map(|offered| &mut offered.talk),
            Phase::Confirmed { talk, .. } => Some(talk),
        }
    }
}

impl Desk {
    fn envelope(&mut self, to: Thumbprint, re: Option<Mid>, t: &str, b: Value) -> Envelope {
        let (mid, from) = (Mid(self.random()), self.me());
        let t = t.to_owned();
        Envelope { mid, from, to, sx: String::new(), seq: 0, ack: 0, re, t, b }
    }

    /// In the context of this connection. Its number, if it could be said.
    pub(super) fn say(
        &mut self,
        now: Moment,
        connection: ConnectionId,
        re: Option<Mid>,
        message: &FromStation,
    ) -> Option<u64> {
        let talk = self.connections.get(&connection)?.talk()?;
        let Some(seq) = talk.said.next_seq() else {
            self.close(now, connection, Closing::Behind);
            return None;
        };
        let (sx, ack) = (talk.sx.clone(), talk.heard.ack());
        let envelope = self.envelope(talk.peer, re, message.word(), message.body());
        let frame = envelope::seal(&self.key, &Envelope { sx, seq, ack, ..envelope });
        if frame.len() > LARGEST {
            // The other side would have to refuse it.
            re?;
            return self.say(now, connection, re, &FromStation::Error(failed(Code::Unavailable)));
        }
        let talk = self.connections.get_mut(&connection)?.talk_mut()?;
        talk.ack_due = None;
        talk.said.sent(now, frame.clone());
        self.outputs.push_back(Output::Send { connection, frame });
        Some(seq)
    }

    /// To whoever proved nothing yet.
    pub(super) fn say_outside(
        &mut self,
        connection: ConnectionId,
        to: Thumbprint,
        re: Option<Mid>,
        message: &FromStation,
    ) {
        let envelope = self.envelope(to, re, message.word(), message.body());
        let frame = envelope::seal(&self.key, &envelope);
        self.outputs.push_back(Output::Send { connection, frame });
    }

    pub(super) fn say_ack(&mut self, connection: ConnectionId) {
        let Some(talk) = self.connections.get(&connection).and_then(Connection::talk) else {
            return;
        };
        let (sx, ack, peer) = (talk.sx.clone(), talk.heard.ack(), talk.peer);
        let message = FromStation::Ack(Nothing {});
        let envelope = self.envelope(peer, None, message.word(), message.body());
        let frame = envelope::seal(&self.key, &Envelope { sx, ack, ..envelope });
        if let Some(talk) = self.connections.get_mut(&connection).and_then(Connection::talk_mut) {
            talk.ack_due = None;
        }
        self.outputs.push_back(Output::Send { connection, frame });
    }

    /// To a handset, if it is there. Its number, if it could be said.
    pub(super) fn tell(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        message: &FromStation,
    ) -> Option<u64> {
        let connection = self.handsets.get(handset)?.connection?;
        self.say(now, connection, None, message)
    }

    /// A frame that was not taken.
    pub(super) fn refuse(
        &mut self,
        now: Moment,
        connection: ConnectionId,
        refused: envelope::Refused,
    ) {
        let envelope::Refused { code, sender, mid } = refused;
        self.outputs.push_back(Output::Refused { connection, code });
        if let Some(sender) = sender {
            self.say_error(now, connection, sender, mid, failed(code));
        }
        if code.ends_connection() {
            self.close(now, connection, Closing::Refused(code));
        }
    }

    /// In the context where the connection has one.
    pub(super) fn say_error(
        &mut self,
        now: Moment,
        connection: ConnectionId,
        to: Thumbprint,
        re: Option<Mid>,
        failed: Failed,
    ) {
        let Some(found) = self.connections.get(&connection) else { return };
        match &found.phase {
            Phase::Confirmed { talk, .. } if talk.peer == to => {
                self.say(now, connection, re, &FromStation::Error(failed));
            }
            Phase::Confirmed { .. } | Phase::Stranger { .. } => {
                let key = Some(*self.key.public());
                let message = FromStation::Error(Failed { key, ..failed });
                self.say_outside(connection, to, re, &message);
            }
        }
    }

    /// Nothing is heard from it any more.
    pub(super) fn close(&mut self, now: Moment, connection: ConnectionId, why: Closing) {
        if self.forget(now, connection) {
            self.outputs.push_back(Output::Close { connection, why });
        }
    }

    /// False when it was forgotten already.
    pub(super) fn forget(&mut self, now: Moment, connection: ConnectionId) -> bool {
        let Some(closed) = self.connections.remove(&connection) else { return false };
        if let Phase::Confirmed { handset, .. } = closed.phase
            && let Some(handset) = self.handsets.get_mut(&handset)
            && handset.connection == Some(connection)
        {
            handset.gone(now);
        }
        true
    }
}

pub(super) fn failed(code: Code) -> Failed {
    Failed { code, detail: String::new(), key: None, retry_ms: None, answered_by: None }
}
