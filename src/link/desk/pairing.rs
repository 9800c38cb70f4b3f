// SPDX-License-Identifier: MIT OR Apache-2.0
//! A handset introduces itself: `pair` and `pair_ok`.

use std::collections::BTreeMap;

use super::{
    ConnectionId, Desk, Output, Ticket,
    connection::failed,
    handset::Handset,
    record::{HandsetRecord, Ledger, id_of},
    revocation::Keeping,
    window::{Applicant, Pairing, TRIES, Used, Window},
};
use crate::{
    core::{HandsetId, Moment},
    link::{
        LinkEvent,
        envelope::{Mid, Refused},
        keys::{PublicKey, Thumbprint},
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
                Verdict::Welcome => return self.admit(now, connection, by, pair),
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
        let paired = self.handsets.values().map(|handset| &handset.record);
        let of = |record: &HandsetRecord| {
            [&record.call_key, &record.action_key].map(PublicKey::thumbprint)
        };
        let mut others = paired.chain(self.newcomers()).map(of).filter(|[other, _]| other != call);
        others.any(|other| other.iter().any(|key| keys.contains(key)))
    }

    fn judge(&mut self, now: Moment, by: Applicant, action: Thumbprint, pair: &Pair) -> Verdict {
        let (station, own) = (self.me(), self.place.pin);
        if let Some(used) = self.used.iter().find(|used| used.by == by) {
            return match &used.state {
                Pairing::Keeping { .. } => Verdict::Wait,
                Pairing::Done(_) if used.until <= now => Verdict::Refused(Code::PairingClosed),
                Pairing::Done(answer) => Verdict::Again(answer.clone()),
            };
        }
        let Some(Window { token, wrong, .. }) = self.open_window_at(now) else {
            return Verdict::Refused(Code::PairingClosed);
        };
        let claim = Claim { station, call: by.call, action, srv: pair.srv };
        let saw_us = pair.srv.0.is_none() || pair.srv == Srv(own);
        if claim.is_proved(token, &pair.mac) && saw_us {
            return Verdict::Welcome;
        }
        *wrong += 1;
        if *wrong == TRIES { Verdict::LastTry } else { Verdict::Refused(Code::BadToken) }
    }

    fn admit(&mut self, now: Moment, connection: ConnectionId, by: Applicant, pair: Pair) {
        let Pair { label, call_key, action_key, .. } = pair;
        let known = self.handset_of(&by.call).map(|handset| handset.record.id.clone());
        let id = known.or_else(|| id_of(&by.call, |id| self.is_taken(id, &by.call)));
        let (Some(id), Some(window)) = (id, self.window.take()) else { return };
        let Window { number, token, until, rights, .. } = window;
        let (rights, doors) = (rights.words(), rights.doors);
        let record = Box::new(HandsetRecord { id, label, rights, doors, call_key, action_key });
        let is_over = |used: &Used| used.until <= now && matches!(used.state, Pairing::Done(_));
        self.used.retain(|used| !is_over(used));
        let state = Pairing::Keeping { connection, record };
        self.used.push(Used { number, token, until, by, state });
        self.keep(Keeping::Newcomer(by));
    }

    /// Everybody who is paired, and those who are about to be, maybe anew.
    pub(super) fn ledger(&self) -> Ledger {
        let paired = self.handsets.values().map(|handset| &handset.record);
        let all = paired.chain(self.newcomers()).map(|record| (&record.id, record));
        let handsets = all.collect::<BTreeMap<_, _>>().into_values().cloned().collect();
        let push = |(id, handset): (&HandsetId, &Handset)| {
            Some((id.clone(), handset.registration.push().cloned()?))
        };
        let pushes = self.handsets.iter().filter_map(push).collect();
        Ledger { handsets, revoked: self.revoked.clone(), pushes }
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
            Some(Keeping::Push(change)) => self.push_kept(now, change, kept),
            Some(Keeping::Unasked) | None => {}
        }
    }

    fn let_in(&mut self, now: Moment, by: Applicant) {
        let (me, key) = (self.me(), *self.key.public());
        let Some(used) = self.used.iter_mut().find(|used| used.by == by) else { return };
        let Pairing::Keeping { connection, record } = &used.state else { return };
        let (connection, record) = (*connection, HandsetRecord::clone(record));
        let HandsetRecord { id, label, .. } = record.clone();
        let answer = PairOk {
            key,
            handset: id.clone(),
            label: label.clone(),
            rights: record.rights.iter().copied().collect(),
            doors: record.doors.iter().cloned().collect(),
            mac: pairing::confirmation(&used.token, &me, &by.call, &id),
        };
        used.state = Pairing::Done(Box::new(answer.clone()));
        let closed = LinkEvent::PairingClosed { window: used.number };
        let rights = record.rights();
        match self.handsets.get_mut(&id) {
            Some(handset) => handset.record = record,
            None => drop(self.handsets.insert(id.clone(), Handset::new(record, None))),
        }
        self.event(LinkEvent::Paired { handset: id.clone(), label: label.into(), rights });
        self.event(closed);
        self.say_paired(connection, by, answer);
        self.has_more_time(now, connection);
        self.tell_all_how_things_stand(now);
    }

    /// A pairing that a power cut undoes would be worse than none.
    fn turn_away(&mut self, now: Moment, by: Applicant) {
        let Some(place) = self.used.iter().position(|used| used.by == by) else { return };
        let Used { number: window, state, .. } = self.used.remove(place);
        self.event(LinkEvent::PairingClosed { window });
        self.keep(Keeping::Unasked);
        if let Pairing::Keeping { connection, .. } = state {
            let failed = failed(Code::Unavailable);
            self.say_error(now, connection, by.call, Some(by.mid), failed);
        }
    }

    /// It is not let in after all, under a key that is refused from now on.
    pub(super) fn keep_out(&mut self, handset: &HandsetId) {
        let is_it = |used: &mut Used| matches!(&used.state, Pairing::Keeping { record, .. } if record.id == *handset);
        for Used { number: window, .. } in self.used.extract_if(.., is_it).collect::<Vec<_>>() {
            self.event(LinkEvent::PairingClosed { window });
        }
    }
}
