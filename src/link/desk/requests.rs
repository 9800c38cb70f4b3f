// SPDX-License-Identifier: MIT OR Apache-2.0
//! What handsets ask for. Each request is carried out once, however often it is asked.

use std::time::Duration;

use super::{
    Desk, Output, Ticket,
    answers::{Answer, Answers},
    connection::failed,
};
use crate::{
    core::{
        CallId, Command, HandsetId, LegId, Moment, Rejected, Reply,
        event::{self, CallVerb},
        profile::{Grant, Right},
        status::Media,
    },
    link::{
        LinkEvent, PairingLink,
        envelope::Mid,
        message::{
            FromHandset, FromStation,
            field::DialKind,
            from_handset::{Connect, Dial, OpenPairing},
            from_station::{Done, Failed},
        },
        refusal::Code,
    },
    session::Wants,
};

/// Of a window that a handset asks for.
pub(super) const WINDOW_LASTS: Duration = Duration::from_secs(300);
/// For the link of a window to come.
pub(super) const LINK_WITHIN: Duration = Duration::from_secs(5);

/// A request that somebody else decides.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) handset: HandsetId,
    pub(super) mid: Mid,
    pub(super) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Anything,
    Dial {
        media: Media,
    },
    /// The link is the answer, unless it does not come by then.
    Window {
        until: Moment,
    },
}

impl Desk {
    pub(super) fn requested(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        mid: Mid,
        request: FromHandset,
    ) {
        let Some(known) = self.handsets.get_mut(handset) else { return };
        match known.answers.find(&mid).cloned() {
            Some(Answer::Awaited) => {}
            Some(Answer::Given(answer)) => self.say_answer(now, handset, mid, &answer),
            None if known.answers.await_one(mid) => self.carry_out(now, handset, mid, request),
            None => self.too_soon(now, handset, mid),
        }
    }

    /// Nothing is remembered of it, so it may be asked again.
    fn too_soon(&mut self, now: Moment, handset: &HandsetId, mid: Mid) {
        let retry_ms = Some(1000);
        let answer = FromStation::Error(Failed { retry_ms, ..failed(Code::RateLimited) });
        self.say_answer(now, handset, mid, &answer);
    }

    fn carry_out(&mut self, now: Moment, handset: &HandsetId, mid: Mid, request: FromHandset) {
        let in_call = |call, verb| Command::InCall { call, verb };
        match request {
            FromHandset::Connect(connect) => self.connect(now, handset, mid, connect),
            FromHandset::Accept(about) => {
                self.wish(handset, mid, in_call(about.cid, CallVerb::Accept), What::Anything);
            }
            FromHandset::Reject(about) => {
                self.wish(handset, mid, in_call(about.cid, CallVerb::Reject), What::Anything);
            }
            FromHandset::HangUp(about) => {
                self.wish(handset, mid, in_call(about.cid, CallVerb::HangUp), What::Anything);
            }
            FromHandset::Hold(hold) => {
                let verb = if hold.on { CallVerb::Hold } else { CallVerb::Unhold };
                self.wish(handset, mid, in_call(hold.cid, verb), What::Anything);
            }
            FromHandset::Dial(Dial { kind, media }) => {
                let kind = match kind {
                    DialKind::Talk => event::DialKind::Talk,
                    DialKind::Monitor => event::DialKind::Monitor,
                };
                let dial = Command::Dial { handset: handset.clone(), media, kind };
                self.wish(handset, mid, dial, What::Dial { media });
            }
            FromHandset::Challenge(challenge) => {
                self.challenged(now, handset, mid, challenge.door);
            }
            FromHandset::Action(action) => self.acted(now, handset, mid, &action),
            FromHandset::OpenPairing(open) => self.wants_window(now, handset, mid, open),
            FromHandset::Handsets(_) => self.list_handsets(now, handset, mid),
            FromHandset::Revoke(revoke) => self.wants_revoked(now, handset, mid, &revoke.handset),
            FromHandset::PushRegister(subscription) => {
                self.wants_pushes(now, handset, mid, subscription);
            }
            FromHandset::PushUnregister(_) => self.change_push(now, handset, mid, None),
            FromHandset::Hello(_)
            | FromHandset::Pair(_)
            | FromHandset::Resume(_)
            | FromHandset::Ringing(_)
            | FromHandset::Busy(_)
            | FromHandset::Answer(_)
            | FromHandset::Ice(_)
            | FromHandset::Closed(_)
            | FromHandset::Ack(_) => {}
        }
    }

    fn connect(&mut self, now: Moment, handset: &HandsetId, mid: Mid, connect: Connect) {
        let Connect { cid, video, camera } = connect;
        let leg = LegId { call: cid, handset: handset.clone() };
        if !self.legs.contains_key(&leg) {
            return self.fail(now, handset, mid, Code::NotFound);
        }
        let Some(known) = self.handsets.get_mut(handset) else { return };
        if let Err(wait) = known.connects(now, cid) {
            return self.too_often(now, handset, mid, wait);
        }
        self.event(LinkEvent::SessionWanted { leg, wants: Wants { video, camera } });
        self.answer(now, handset, mid, FromStation::Ok(Done::default()));
    }

    pub(super) fn too_often(&mut self, now: Moment, handset: &HandsetId, mid: Mid, wait: Duration) {
        let retry_ms = u64::try_from(wait.as_millis()).ok();
        let failed = Failed { retry_ms, ..failed(Code::RateLimited) };
        self.answer(now, handset, mid, FromStation::Error(failed));
    }

    fn wants_window(&mut self, now: Moment, handset: &HandsetId, mid: Mid, open: OpenPairing) {
        if !self.may(handset, Right::Admin) {
            return self.fail(now, handset, mid, Code::NotAllowed);
        }
        let grant = Grant {
            rights: Some(open.rights.into_iter().collect()),
            doors: Some(open.doors.into_iter().collect()),
        };
        let command = Command::OpenPairing { lasts: WINDOW_LASTS, grant };
        self.wish(handset, mid, command, What::Window { until: now + LINK_WITHIN });
    }

    fn list_handsets(&mut self, now: Moment, handset: &HandsetId, mid: Mid) {
        if !self.may(handset, Right::Admin) {
            return self.fail(now, handset, mid, Code::NotAllowed);
        }
        let handsets = self.handsets.values().map(|handset| handset.record.summary()).collect();
        let done = Done { handsets: Some(handsets), ..Done::default() };
        self.answer(now, handset, mid, FromStation::Ok(done));
    }

    pub(super) fn may(&self, handset: &HandsetId, right: Right) -> bool {
        self.handsets.get(handset).is_some_and(|handset| handset.record.may(right))
    }

    pub(super) fn wish(&mut self, handset: &HandsetId, mid: Mid, command: Command, what: What) {
        let ticket = self.ticket();
        let handset = handset.clone();
        self.asked.insert(ticket, Asked { handset: handset.clone(), mid, what });
        self.outputs.push_back(Output::Wish { ticket, handset, command });
    }

    pub(super) fn answered(
        &mut self,
        now: Moment,
        ticket: Ticket,
        answer: Result<Reply, Rejected>,
    ) {
        let Some(Asked { handset, mid, what }) = self.asked.remove(&ticket) else { return };
        match (answer, what) {
            (Err(rejected), _) => self.rejected(now, &handset, mid, &rejected),
            // Its link is on the way.
            (Ok(_), What::Window { .. }) => {
                self.asked.insert(ticket, Asked { handset, mid, what });
            }
            (Ok(Reply::Call(call)), What::Dial { media }) => {
                self.dialled(LegId { call, handset: handset.clone() }, media);
                self.done(now, &handset, mid, Some(call));
                // The state of the station may have come before this answer.
                self.tell_all_how_things_stand(now);
            }
            (Ok(Reply::Call(_) | Reply::Done), What::Anything | What::Dial { .. }) => {
                self.done(now, &handset, mid, None);
            }
        }
    }

    fn done(&mut self, now: Moment, handset: &HandsetId, mid: Mid, cid: Option<CallId>) {
        self.answer(now, handset, mid, FromStation::Ok(Done { cid, ..Done::default() }));
    }

    /// To the handset that asked for the window; the newest, if it asked twice.
    pub(super) fn tell_link(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        link: PairingLink,
        lasts: Duration,
    ) {
        let is_it =
            |asked: &Asked| asked.handset == *handset && matches!(asked.what, What::Window { .. });
        let found = self.asked.iter().find(|(_, asked)| is_it(asked)).map(|(ticket, _)| *ticket);
        let Some(asked) = found.and_then(|ticket| self.asked.remove(&ticket)) else { return };
        let lasts_ms = u64::try_from(lasts.as_millis()).ok();
        let done = Done { link: Some(link), lasts_ms, ..Done::default() };
        self.answer(now, handset, asked.mid, FromStation::Ok(done));
    }

    fn rejected(&mut self, now: Moment, handset: &HandsetId, mid: Mid, rejected: &Rejected) {
        let (mut retry_ms, mut answered_by) = (None, None);
        if let Rejected::RateLimited { retry_after } = rejected {
            retry_ms = u64::try_from(retry_after.as_millis()).ok();
        }
        if let Rejected::AnsweredBy { by } = rejected {
            answered_by = Some(self.label_of(by));
        }
        let code = Code::of(rejected);
        self.count(handset, code);
        let detail = rejected.to_string();
        let failed = Failed { detail, retry_ms, answered_by, ..failed(code) };
        self.answer(now, handset, mid, FromStation::Error(failed));
    }

    pub(super) fn fail(&mut self, now: Moment, handset: &HandsetId, mid: Mid, code: Code) {
        self.count(handset, code);
        self.answer(now, handset, mid, FromStation::Error(failed(code)));
    }

    /// What was well said and still had to be refused.
    fn count(&mut self, handset: &HandsetId, code: Code) {
        let connection = self.handsets.get(handset).and_then(|handset| handset.connection);
        let counts = matches!(code, Code::NotAllowed | Code::BadChallenge);
        if let Some(connection) = connection.filter(|_| counts) {
            self.outputs.push_back(Output::Refused { connection, code });
        }
    }

    pub(super) fn answer(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        mid: Mid,
        answer: FromStation,
    ) {
        self.say_answer(now, handset, mid, &answer);
        if let Some(known) = self.handsets.get_mut(handset) {
            Answers::give(&mut known.answers, &mid, answer);
        }
    }

    fn say_answer(&mut self, now: Moment, handset: &HandsetId, mid: Mid, answer: &FromStation) {
        let connection = self.handsets.get(handset).and_then(|handset| handset.connection);
        if let Some(connection) = connection {
            self.say(now, connection, Some(mid), answer);
        }
    }
}
