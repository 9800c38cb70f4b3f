// SPDX-License-Identifier: MIT OR Apache-2.0
//! A pairing window: good for one handset, for a while, and for five wrong tries. What was used
//! cannot be closed any more: whoever used it in time is let in.

use std::time::Duration;

use super::{ConnectionId, Desk, record::HandsetRecord};
use crate::{
    core::{
        HandsetId, Moment, Origin,
        profile::{Grant, Rights},
    },
    link::{
        LinkEvent, PairingWindow,
        envelope::Mid,
        keys::Thumbprint,
        message::{FromStation, field::Srv, from_station::PairOk},
        pairing::{Invitation, Token},
    },
};

pub(super) const TRIES: u8 = 5;

#[derive(Debug)]
pub(super) struct Window {
    pub(super) number: PairingWindow,
    pub(super) token: Token,
    pub(super) until: Moment,
    pub(super) rights: Rights,
    pub(super) wrong: u8,
}

/// A window that is open to nobody any more.
#[derive(Debug)]
pub(super) struct Used {
    pub(super) number: PairingWindow,
    pub(super) token: Token,
    pub(super) until: Moment,
    pub(super) by: Applicant,
    pub(super) state: Pairing,
}

#[derive(Debug)]
pub(super) enum Pairing {
    /// It is not on the disk yet.
    Keeping { connection: ConnectionId, record: Box<HandsetRecord> },
    /// For whoever has not heard it.
    Done(Box<PairOk>),
}

/// Who used the window, and by which message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Applicant {
    pub(super) call: Thumbprint,
    pub(super) mid: Mid,
}

impl Desk {
    pub(super) fn open_window(
        &mut self,
        now: Moment,
        number: PairingWindow,
        lasts: Duration,
        by: Origin,
        grant: Grant,
    ) {
        self.window = None;
        let token = Token(self.random());
        let usual = &self.place.grants;
        let doors = grant.doors.unwrap_or_else(|| usual.doors.clone());
        let rights = Rights::new(&grant.rights.unwrap_or_else(|| usual.words()), doors);
        let invitation = Invitation {
            v: 1,
            name: self.place.name.clone(),
            key: self.me(),
            pin: Srv(self.place.pin),
            at: self.place.at.clone(),
            token,
        };
        let Some(link) = invitation.link() else {
            return self.event(LinkEvent::PairingClosed { window: number });
        };
        self.window = Some(Window { number, token, until: now + lasts, rights, wrong: 0 });
        self.event(LinkEvent::PairingOpened { window: number, link: link.clone() });
        if let Origin::Handset(handset) = by {
            self.tell_link(now, &handset, link, lasts);
        }
    }

    pub(super) fn open_window_at(&mut self, now: Moment) -> Option<&mut Window> {
        self.window.as_mut().filter(|window| now < window.until)
    }

    /// Those who are being let in, so that nobody takes their place meanwhile.
    pub(super) fn newcomers(&self) -> impl Iterator<Item = &HandsetRecord> {
        self.used.iter().filter_map(|used| match &used.state {
            Pairing::Keeping { record, .. } => Some(&**record),
            Pairing::Done(_) => None,
        })
    }

    pub(super) fn close_window(&mut self) {
        if let Some(Window { number: window, .. }) = self.window.take() {
            self.event(LinkEvent::PairingClosed { window });
        }
    }

    pub(super) fn say_paired(&mut self, connection: ConnectionId, by: Applicant, answer: PairOk) {
        self.say_outside(connection, by.call, Some(by.mid), &FromStation::PairOk(answer));
    }

    pub(super) fn is_taken(&self, id: &HandsetId, by_other_than: &Thumbprint) -> bool {
        let is_anothers = |record: &HandsetRecord| {
            record.id == *id && record.call_key.thumbprint() != *by_other_than
        };
        self.handsets.get(id).is_some_and(|handset| handset.call != *by_other_than)
            || self.newcomers().any(is_anothers)
    }
}
