// SPDX-License-Identifier: MIT OR Apache-2.0
//! Descriptions and candidates on their way between the worker and handsets.

use super::{Desk, Leg};
use crate::{
    core::{HandsetId, LegId, Moment, Reason, event::LegFact},
    link::{
        LinkEvent,
        message::{
            FromStation,
            field::{CandidateLine, Ice},
            from_handset::{Answer, Closed},
            from_station::Offer,
        },
    },
    session::{Candidate, Sdp, SessionNo, Signal},
};

/// Of one session, each way. More ways to reach somebody are of no use.
const CANDIDATES: usize = 64;
/// A longer description would not fit into a message.
const LONGEST_SDP: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Session {
    no: SessionNo,
    offer: Sdp,
    is_answered: bool,
    candidates: Vec<Ice>,
    candidates_heard: usize,
}

impl Desk {
    pub(super) fn signal(&mut self, now: Moment, leg: &LegId, no: SessionNo, signal: Signal) {
        match signal {
            Signal::Description(offer) => self.offered(now, leg, no, offer),
            Signal::Candidate(Candidate { mline, line }) => {
                let Ok(candidate) = CandidateLine::try_from(line) else { return };
                let ice = Ice { cid: leg.call, session: no, mline, candidate };
                self.found_candidate(now, leg, ice);
            }
        }
    }

    fn offered(&mut self, now: Moment, leg: &LegId, no: SessionNo, offer: Sdp) {
        let Some(found) = self.legs.get_mut(leg) else { return };
        if found.session.as_ref().is_some_and(|session| session.no >= no) {
            return;
        }
        if offer.0.len() > LONGEST_SDP {
            let fact = LegFact::MediaFailed(Reason::OutOfResources);
            return self.event(LinkEvent::Leg { leg: leg.clone(), fact });
        }
        let candidates = Vec::new();
        found.session =
            Some(Session { no, offer, is_answered: false, candidates, candidates_heard: 0 });
        self.tell_session(now, leg);
    }

    fn found_candidate(&mut self, now: Moment, leg: &LegId, ice: Ice) {
        let Some(session) = self.legs.get_mut(leg).and_then(|leg| leg.session.as_mut()) else {
            return;
        };
        if session.no != ice.session || session.candidates.len() == CANDIDATES {
            return;
        }
        session.candidates.push(ice.clone());
        self.tell(now, &leg.handset, &FromStation::Ice(ice));
    }

    pub(super) fn tell_session(&mut self, now: Moment, leg: &LegId) {
        let Some(session) = self.legs.get(leg).and_then(|leg| leg.session.as_ref()) else {
            return;
        };
        let (session_no, candidates) = (session.no, session.candidates.clone());
        let offer = (!session.is_answered).then(|| session.offer.clone());
        if let Some(sdp) = offer {
            let ice = self.place.ice.clone();
            let offer = Offer { cid: leg.call, session: session_no, sdp, ice };
            self.tell(now, &leg.handset, &FromStation::Offer(offer));
        }
        for ice in candidates {
            self.tell(now, &leg.handset, &FromStation::Ice(ice));
        }
    }

    fn session_of(&mut self, leg: &LegId, no: SessionNo) -> Option<&mut Session> {
        let session = self.legs.get_mut(leg)?.session.as_mut()?;
        (session.no == no).then_some(session)
    }

    /// Once for each session.
    pub(super) fn answered_offer(&mut self, handset: &HandsetId, answer: Answer) {
        let Answer { cid, session, sdp } = answer;
        let leg = LegId { call: cid, handset: handset.clone() };
        let Some(found) = self.session_of(&leg, session) else { return };
        if found.is_answered {
            return;
        }
        found.is_answered = true;
        let signal = Signal::Description(sdp);
        self.event(LinkEvent::Signal { leg, session, signal });
    }

    pub(super) fn heard_candidate(&mut self, handset: &HandsetId, ice: Ice) {
        let Ice { cid, session, mline, candidate } = ice;
        let leg = LegId { call: cid, handset: handset.clone() };
        let Some(found) = self.session_of(&leg, session) else { return };
        if found.candidates_heard == CANDIDATES {
            return;
        }
        found.candidates_heard += 1;
        let signal = Signal::Candidate(Candidate { mline, line: candidate.into() });
        self.event(LinkEvent::Signal { leg, session, signal });
    }

    pub(super) fn has_no_session(&mut self, handset: &HandsetId, closed: &Closed) {
        let leg = LegId { call: closed.cid, handset: handset.clone() };
        if self.session_of(&leg, closed.session).is_some() {
            if let Some(Leg { session, .. }) = self.legs.get_mut(&leg) {
                *session = None;
            }
            let fact = LegFact::MediaFailed(closed.reason.reason());
            self.event(LinkEvent::Leg { leg, fact });
        }
    }
}
