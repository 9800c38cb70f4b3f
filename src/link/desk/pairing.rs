// SPDX-License-Identifier: MIT OR Apache-2.0
//! A handset introduces itself: `pair` and `pair_ok`.

use super::{
    ConnectionId, Desk, Event, Output, Ticket,
    connection::failed,
    handset::Handset,
    record::{HandsetRecord, Ledger, id_of},
    revocation::Keeping,
    window::{Applicant, State, TRIES, Window},
};
use crate::{
    core::Moment,
    link::{
        envelope::{Mid, Refused},
        keys::Thumbprint,
        message::{field::Srv, from_handset::Pair, from_station::PairOk},
        pairing::{self, Claim},
        refusal::Code,
    },
};

enum Verdict {
    Welcome,
    /// It is being kept; the answer follows.
    Wait,
    Again(Box<PairOk>),
    Refused(Code),
    /// That was the fifth.
    LastTry,
}

impl Desk {
    pub(super) fn asked_to_pair(
        &mut self,
        now: Moment,
        connection: ConnectionId,
        call: Thumbprint,
        mid: Mid,
        pair: Pair,
    ) {
        let action = pair.action_key.thumbprint();
        let by = Applicant { call, mid };
        let code = if action == call || self.is_anothers(&call, &[call, action]) {
            Code::BadBody
        } else if self.revoked.contains(&action) {
            Code::Revoked
        } else {
            match self.judge(now, by, action, &pair) {
                Verdict::Welcome => return self.admit(connection, by, pair),
                Verdict::Wait => return,
                Verdict::Again(answer) => return self.say_paired(connection, by, *answer),
                Verdict::Refused(code) => code,
                Verdict::LastTry => {
                    self.close_window();
                    Code::BadToken
                }
            }
        };
        let (sender, mid) = (Some(call), Some(mid));
        self.refuse(now, connection, Refused { code, sender, mid });
    }

    /// Revoking one handset would take the keys of the other.
    fn is_anothers(&self, call: &Thumbprint, keys: &[Thumbprint]) -> bool {
        self.handsets.values().filter(|other| other.call != *call).any(|other| {
            keys.contains(&other.call) || keys.contains(&other.record.action_key.thumbprint())
        })
    }

    fn judge(&mut self, now: Moment, by: Applicant, action: Thumbprint, pair: &Pair) -> Verdict {
        let (station, own) = (self.me(), self.place.pin);
        let Some(Window { token, state, .. }) = self.open_window_at(now) else {
            return Verdict::Refused(Code::PairingClosed);
        };
        let wrong = match state {
            State::Used { by: earlier, answer } if *earlier == by => {
                return Verdict::Again(answer.clone());
            }
            State::Keeping { by: earlier, .. } if *earlier == by => return Verdict::Wait,
            State::Used { .. } | State::Keeping { .. } => {
                return Verdict::Refused(Code::PairingClosed);
            }
            State::Open { wrong } => wrong,
        };
        let claim = Claim { station, call: by.call, action, srv: pair.srv };
        let saw_us = pair.srv.0.is_none() || pair.srv == Srv(own);
        if claim.is_proved(token, &pair.mac) && saw_us {
            return Verdict::Welcome;
        }
        *wrong += 1;
        if *wrong == TRIES { Verdict::LastTry } else { Verdict::Refused(Code::BadToken) }
    }

    fn admit(&mut self, connection: ConnectionId, by: Applicant, pair: Pair) {
        let Pair { label, call_key, action_key, .. } = pair;
        let known = self.handset_of(&by.call).map(|handset| handset.record.id.clone());
        let id = known.or_else(|| id_of(&by.call, |id| self.is_taken(id, &by.call)));
        let (Some(id), Some(window)) = (id, &mut self.window) else { return };
        let (rights, doors) = (window.rights.words(), window.rights.doors.clone());
        let record = Box::new(HandsetRecord { id, label, rights, doors, call_key, action_key });
        window.state = State::Keeping { by, connection, record };
        self.keep(Keeping::Newcomer(by));
    }

    /// Everybody who is paired, and the one who is about to be.
    pub(super) fn ledger(&self) -> Ledger {
        let newcomer = self.newcomer();
        let others = self.handsets.values().map(|handset| &handset.record);
        let others = others.filter(|record| newcomer.is_none_or(|other| other.id != record.id));
        let handsets = others.chain(newcomer).cloned().collect();
        Ledger { handsets, revoked: self.revoked.clone() }
    }

    pub(super) fn keep(&mut self, keeping: Keeping) {
        let ticket = self.ticket();
        self.keeping.insert(ticket, keeping);
        let ledger = self.ledger();
        self.outputs.push_back(Output::Keep { ticket, ledger });
    }

    pub(super) fn kept(&mut self, now: Moment, ticket: Ticket, kept: bool) {
        match self.keeping.remove(&ticket) {
            Some(Keeping::Newcomer(by)) if kept => self.let_in(now, by),
            Some(Keeping::Newcomer(by)) => self.turn_away(now, by),
            Some(Keeping::Without { handset, asked }) => {
                self.forgotten(now, handset, asked, kept);
            }
            Some(Keeping::AsBefore) | None => {}
        }
    }

    fn let_in(&mut self, now: Moment, by: Applicant) {
        let Some((connection, record)) = self.newcomer_of(by) else { return };
        let (me, HandsetRecord { id, label, .. }) = (self.me(), record.clone());
        let Some(window) = &mut self.window else { return };
        let answer = PairOk {
            key: *self.key.public(),
            handset: id.clone(),
            label: label.clone(),
            rights: record.rights.iter().copied().collect(),
            doors: record.doors.iter().cloned().collect(),
            mac: pairing::confirmation(&window.token, &me, &by.call, &id),
        };
        window.state = State::Used { by, answer: Box::new(answer.clone()) };
        let closed = Event::PairingClosed { window: window.number };
        let rights = record.rights();
        match self.handsets.get_mut(&id) {
            Some(handset) => handset.record = record,
            None => drop(self.handsets.insert(id.clone(), Handset::new(record))),
        }
        self.event(Event::Paired { handset: id.clone(), label: label.into(), rights });
        self.event(closed);
        self.say_paired(connection, by, answer);
        self.has_more_time(now, connection);
        self.tell_all_how_things_stand(now);
    }

    /// A pairing that a power cut undoes would be worse than none.
    fn turn_away(&mut self, now: Moment, by: Applicant) {
        let Some((connection, _)) = self.newcomer_of(by) else { return };
        self.close_window();
        self.keep(Keeping::AsBefore);
        let failed = failed(Code::Unavailable);
        self.say_error(now, connection, by.call, Some(by.mid), failed);
    }

    fn newcomer_of(&self, by: Applicant) -> Option<(ConnectionId, HandsetRecord)> {
        match &self.window.as_ref()?.state {
            State::Keeping { by: other, connection, record } if *other == by => {
                Some((*connection, HandsetRecord::clone(record)))
            }
            State::Keeping { .. } | State::Open { .. } | State::Used { .. } => None,
        }
    }
}
