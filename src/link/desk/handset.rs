// SPDX-License-Identifier: MIT OR Apache-2.0
//! A paired handset: where it is, and what is going on between it and the station.

use std::time::Duration;

use super::{
    ConnectionId,
    answers::Answers,
    bucket::{Bucket, Pace},
    record::HandsetRecord,
    registration::Registration,
    standing::Standing,
};
use crate::{
    core::{CallId, Moment},
    link::{
        challenge::Challenges, keys::Thumbprint, message::from_station::Ended, push::Subscription,
    },
};

const CONNECTS: Pace = Pace { burst: 5, every: Duration::from_secs(2) };
/// Each is written to the disk.
const REGISTERS: Pace = Pace { burst: 10, every: Duration::from_secs(60) };
/// How the last call ended is told so much later, but no later.
const PARTING_LASTS: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Handset {
    pub(super) record: HandsetRecord,
    pub(super) call: Thumbprint,
    pub(super) registration: Registration,
    pub(super) connection: Option<ConnectionId>,
    /// Since it was connected last.
    pub(super) gone_since: Option<Moment>,
    pub(super) answers: Answers,
    pub(super) challenges: Challenges,
    /// For the call that it last asked a session of.
    connects: (CallId, Bucket),
    /// How often it changed where it is woken.
    pub(super) registers: Bucket,
    /// What it was told last on this connection.
    pub(super) told: Option<Standing>,
    /// No leg of this call, or of one before it, begins any more.
    pub(super) last_ended: Option<CallId>,
    /// The newest last. An older one is only there for its push.
    partings: Vec<Parting>,
}

/// The end of a call that the handset may not have heard of.
#[derive(Debug)]
struct Parting {
    ended: Ended,
    until: Moment,
    /// On the connection that there is.
    said_as: Option<u64>,
    cancel: Option<Cancel>,
}

/// A ring that was pushed, and is to be ended so if the handset does not hear of it otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cancel {
    pub(super) at: Moment,
    /// When the ring is over by itself.
    pub(super) until: Moment,
}

impl Handset {
    pub(super) fn new(record: HandsetRecord, push: Option<Subscription>) -> Self {
        Self {
            call: record.call_key.thumbprint(),
            record,
            registration: Registration::new(push),
            connection: None,
            gone_since: None,
            answers: Answers::default(),
            challenges: Challenges::default(),
            connects: (CallId::default(), Bucket::new(CONNECTS)),
            registers: Bucket::new(REGISTERS),
            told: None,
            last_ended: None,
            partings: Vec::new(),
        }
    }

    /// How long it has to wait before it may ask for a session of this call.
    pub(super) fn connects(&mut self, now: Moment, call: CallId) -> Result<(), Duration> {
        if self.connects.0 != call {
            self.connects = (call, Bucket::new(CONNECTS));
        }
        self.connects.1.take(now)
    }

    pub(super) fn is_at(&mut self, connection: ConnectionId) {
        self.connection = Some(connection);
        self.gone_since = None;
        self.told = None;
    }

    pub(super) fn gone(&mut self, now: Moment) {
        self.connection = None;
        self.gone_since = Some(now);
        for parting in &mut self.partings {
            parting.said_as = None;
        }
    }

    pub(super) fn parts(
        &mut self,
        now: Moment,
        ended: Ended,
        said_as: Option<u64>,
        cancel: Option<Cancel>,
    ) {
        self.partings.retain(|parting| parting.cancel.is_some());
        for older in &mut self.partings {
            older.until = now;
        }
        self.partings.push(Parting { ended, until: now + PARTING_LASTS, said_as, cancel });
    }

    pub(super) fn cancel_due(&self) -> Option<Moment> {
        self.partings.iter().filter_map(|parting| Some(parting.cancel?.at)).min()
    }

    /// One that is due, once.
    pub(super) fn cancel(&mut self, now: Moment) -> Option<(Ended, Moment)> {
        self.partings.iter_mut().find_map(|parting| {
            let Cancel { until, .. } = parting.cancel.take_if(|cancel| cancel.at <= now)?;
            Some((parting.ended.clone(), until))
        })
    }

    pub(super) fn heard(&mut self, ack: u64) {
        self.partings.retain(|parting| parting.said_as.is_none_or(|seq| seq > ack));
    }

    /// To be said again on a new connection.
    pub(super) fn unheard_end(&self, now: Moment) -> Option<&Ended> {
        self.partings.last().filter(|parting| now < parting.until).map(|parting| &parting.ended)
    }

    pub(super) fn says_end_again(&mut self, now: Moment, said_as: Option<u64>) {
        if let Some(parting) = self.partings.last_mut() {
            (parting.until, parting.said_as) = (now + PARTING_LASTS, said_as);
        }
    }
}
