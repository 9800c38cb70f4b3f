// SPDX-License-Identifier: MIT OR Apache-2.0
//! A pairing window: good for one handset, for a while, and for five wrong tries.

use std::time::Duration;

use super::{
    ConnectionId, Desk, Event, connection::failed, record::HandsetRecord, revocation::Keeping,
};
use crate::{
    core::{
        HandsetId, Moment, Origin,
        profile::{Grant, Rights},
    },
    link::{
        PairingWindow,
        envelope::Mid,
        keys::Thumbprint,
        message::{FromStation, field::Srv, from_station::PairOk},
        pairing::{Invitation, Token},
        refusal::Code,
    },
};

pub(super) const TRIES: u8 = 5;

#[derive(Debug)]
pub(super) struct Window {
    pub(super) number: PairingWindow,
    pub(super) token: Token,
    pub(super) until: Moment,
    pub(super) rights: Rights,
    pub(super) state: State,
}

#[derive(Debug)]
pub(super) enum State {
    Open {
        wrong: u8,
    },
    /// One was let in, but it is not on the disk yet.
    Keeping {
        by: Applicant,
        connection: ConnectionId,
        record: Box<HandsetRecord>,
    },
    Used {
        by: Applicant,
        answer: Box<PairOk>,
    },
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
        self.drop_window(now);
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
            return self.event(Event::PairingClosed { window: number });
        };
        let state = State::Open { wrong: 0 };
        self.window = Some(Window { number, token, until: now + lasts, rights, state });
        self.event(Event::PairingOpened { window: number, link: link.clone() });
        if let Origin::Handset(handset) = by {
            self.tell_link(now, &handset, link, lasts);
        }
    }

    /// Somebody closed it, or opened another. Whoever was just let in is sent away.
    pub(super) fn drop_window(&mut self, now: Moment) {
        let Some(Window { state, .. }) = self.window.take() else { return };
        match state {
            State::Keeping { by, connection, .. } => {
                self.keep(Keeping::AsBefore);
                let failed = failed(Code::PairingClosed);
                self.say_error(now, connection, by.call, Some(by.mid), failed);
            }
            State::Open { .. } | State::Used { .. } => {}
        }
    }

    pub(super) fn open_window_at(&mut self, now: Moment) -> Option<&mut Window> {
        self.window.as_mut().filter(|window| now < window.until)
    }

    /// The one that was let in, so that nobody takes its place meanwhile.
    pub(super) fn newcomer(&self) -> Option<&HandsetRecord> {
        match &self.window.as_ref()?.state {
            State::Keeping { record, .. } => Some(record),
            State::Open { .. } | State::Used { .. } => None,
        }
    }

    pub(super) fn close_window(&mut self) {
        if let Some(Window { number: window, .. }) = self.window.take() {
            self.event(Event::PairingClosed { window });
        }
    }

    pub(super) fn say_paired(&mut self, connection: ConnectionId, by: Applicant, answer: PairOk) {
        self.say_outside(connection, by.call, Some(by.mid), &FromStation::PairOk(answer));
    }

    pub(super) fn is_taken(&self, id: &HandsetId, by_other_than: &Thumbprint) -> bool {
        self.handsets.get(id).is_some_and(|handset| handset.call != *by_other_than)
    }
}
