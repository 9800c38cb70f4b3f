// SPDX-License-Identifier: MIT OR Apache-2.0
//! The worker's legs: opened, connected, gated, rebuilt and closed.

use intercomd::{
    core::{
        LegId, Moment,
        event::LegFact,
        status::{Gate, Reason},
    },
    media::MediaEvent,
    session::{Candidate, Sdp, SessionNo, Signal, Wants},
};

use crate::{
    fact::SessionFact,
    leg::{Leg, Plan, Session, Trust, Unanswered, Verdict},
    pass::Pass,
    worker::Worker,
};

impl Worker {
    pub(super) fn open_leg(&mut self, now: Moment, id: LegId, wants: Wants, preview: bool) {
        if !self.is_in(id.call) {
            tracing::warn!(leg = %id, "no such call");
            return self.tell_fact(&id, LegFact::MediaFailed(Reason::Failed));
        }
        let leg =
            self.legs.entry(id.clone()).or_insert_with(|| Leg::new(Wants::default(), false, now));
        (leg.wants, leg.preview) = (wants, preview);
        if leg.patience.is_connected() {
            // The handset knows better than we do that its path is gone.
            self.lost(now, &id);
        } else {
            self.new_session(now, &id);
        }
    }

    fn new_session(&mut self, now: Moment, id: &LegId) {
        match self.make_session(id) {
            Ok(()) => {
                if let Some(leg) = self.legs.get_mut(id)
                    && !leg.patience.never_connected()
                {
                    leg.patience.trying_again(now);
                }
            }
            Err(error) => {
                tracing::error!(leg = %id, %error, "no session");
                self.fail(id, Reason::OutOfResources);
            }
        }
    }

    fn make_session(&mut self, id: &LegId) -> anyhow::Result<()> {
        let Some(leg) = self.legs.get_mut(id) else { return Ok(()) };
        leg.end_session();
        self.last_session = SessionNo(self.last_session.0.saturating_add(1));
        let video = self.picture.codec_for(&leg.wants);
        let seen = video.filter(|_| leg.wants.camera && self.screen.exists());
        let gate = self.gates.get(id).copied().unwrap_or(Gate::Closed);
        let session = Session::open(Plan {
            leg: id,
            no: self.last_session,
            video,
            view: seen.and_then(|codec| self.screen.view(codec)),
            pass: Pass::new(gate, leg.preview, self.sound.notice()),
            inlet: self.sound.inlet()?,
            ice: &self.setup.ice,
            identity: &self.identity,
            time: &self.time,
            teller: &self.teller,
        })?;
        self.sound.join(&session.sound);
        if let Some((codec, outlet)) = &session.picture {
            self.picture.join(*codec, outlet);
        }
        leg.session = Some(session);
        Ok(())
    }

    pub(super) fn drop_leg(&mut self, id: &LegId) {
        if let Some(mut leg) = self.legs.remove(id) {
            leg.end_session();
        }
    }

    fn tell_fact(&mut self, leg: &LegId, fact: LegFact) {
        self.say(MediaEvent::Leg { leg: leg.clone(), fact });
    }

    fn fail(&mut self, id: &LegId, reason: Reason) {
        tracing::info!(leg = %id, reason = reason.word(), "media failed");
        self.drop_leg(id);
        self.tell_fact(id, LegFact::MediaFailed(reason));
    }

    fn lost(&mut self, now: Moment, id: &LegId) {
        tracing::info!(leg = %id, "media lost");
        self.tell_fact(id, LegFact::MediaLost);
        if let Some(leg) = self.legs.get_mut(id) {
            leg.patience.trying_again(now);
        }
        self.new_session(now, id);
    }

    pub(super) fn signal(&mut self, now: Moment, id: &LegId, no: SessionNo, signal: Signal) {
        let Some(leg) = self.legs.get_mut(id) else { return };
        let Some(session) = leg.session(no) else {
            return tracing::debug!(leg = %id, session = no.0, "about an older session");
        };
        match signal {
            Signal::Candidate(Candidate { line, .. }) => session.candidate(&line),
            Signal::Description(Sdp(text)) => match session.answer(&text) {
                Ok(()) => leg.patience.answered(now),
                Err(Unanswered::Already) => {
                    tracing::warn!(leg = %id, session = no.0, "a second answer is refused");
                }
                Err(Unanswered::Refused(why)) => {
                    tracing::warn!(leg = %id, session = no.0, %why, "the answer is refused");
                    self.fail(id, Reason::BadDescription);
                }
            },
        }
    }

    pub(super) fn gate(&mut self, now: Moment, id: LegId, gate: Gate) {
        if let Some(session) = self.legs.get(&id).and_then(|leg| leg.session.as_ref()) {
            let watched = is_watched(session);
            session.set_gate(gate);
            if let Some((codec, outlet)) = &session.picture
                && !watched
                && outlet.is_watched()
            {
                self.picture.want_key(*codec, now);
            }
        }
        self.gates.insert(id, gate);
    }

    pub(super) fn session_fact(
        &mut self,
        now: Moment,
        id: &LegId,
        no: SessionNo,
        fact: SessionFact,
    ) {
        let identity = &self.identity;
        let Some(leg) = self.legs.get_mut(id) else { return };
        let Some(session) = leg.session(no) else { return };
        match fact {
            SessionFact::Offered(sdp) => {
                let sdp = sdp.map_err(anyhow::Error::msg);
                match sdp.and_then(|sdp| session.offered(&sdp, identity)) {
                    Ok(sdp) => self.tell_signal(id, no, Signal::Description(Sdp(sdp))),
                    Err(_) => self.broke(now, id, "no offer"),
                }
            }
            SessionFact::Answered(Ok(())) => {}
            // What webrtcbin says about it may quote from it.
            SessionFact::Answered(Err(_)) => {
                tracing::warn!(leg = %id, "webrtcbin refused the answer");
                self.fail(id, Reason::BadDescription);
            }
            SessionFact::Candidate(line) => self.tell_candidate(id, no, line),
            SessionFact::NoMoreCandidates => self.tell_candidate(id, no, String::new()),
            SessionFact::Connected => self.connected(now, id),
            SessionFact::Failed => self.broke(now, id, "the path broke"),
            SessionFact::Broke(why) => self.broke(now, id, &why),
            SessionFact::KeyWanted => {
                session.key_wish_taken();
                if let Some((codec, outlet)) = &session.picture
                    && outlet.is_watched()
                {
                    self.picture.want_key(*codec, now);
                }
            }
        }
    }

    fn tell_signal(&mut self, leg: &LegId, session: SessionNo, signal: Signal) {
        self.say(MediaEvent::Signal { leg: leg.clone(), session, signal });
    }

    fn tell_candidate(&mut self, leg: &LegId, session: SessionNo, line: String) {
        self.tell_signal(leg, session, Signal::Candidate(Candidate { mline: 0, line }));
    }

    fn connected(&mut self, now: Moment, id: &LegId) {
        let Some(leg) = self.legs.get_mut(id) else { return };
        let Some(session) = leg.session.as_ref().filter(|_| !leg.patience.is_connected()) else {
            return;
        };
        match session.prove() {
            Trust::Refuted => {
                tracing::warn!(leg = %id, "the peer's certificate is not the one it promised");
                self.fail(id, Reason::Untrusted);
            }
            Trust::Proven => {
                leg.patience.connected(now);
                let viewer = session.picture.as_ref().filter(|(_, outlet)| outlet.is_watched());
                if let Some((codec, _)) = viewer {
                    self.picture.want_key(*codec, now);
                }
                self.tell_fact(id, LegFact::MediaConnected);
            }
        }
    }

    fn broke(&mut self, now: Moment, id: &LegId, why: &str) {
        tracing::debug!(leg = %id, why, "session broke");
        let Some(leg) = self.legs.get_mut(id) else { return };
        if leg.patience.is_connected() {
            self.lost(now, id);
        } else if leg.patience.take_second_chance() {
            self.new_session(now, id);
        } else if leg.patience.never_connected() {
            self.fail(id, Reason::IceFailed);
        } else {
            // The next attempt is on its way.
            leg.end_session();
        }
    }

    pub(super) fn tell_receptions(&mut self) {
        for (id, leg) in &mut self.legs {
            let session = leg.session.as_mut().filter(|_| leg.patience.is_connected());
            if let Some(reception) = session.and_then(Session::reception) {
                self.events.push_back(MediaEvent::Received { leg: id.clone(), reception });
            }
        }
    }

    pub(super) fn leg_timeout(&mut self, now: Moment, id: &LegId) {
        let Some(leg) = self.legs.get_mut(id) else { return };
        match leg.handle_timeout(now) {
            Verdict::Wait => {}
            Verdict::GiveUp => self.fail(id, Reason::IceTimeout),
            Verdict::Lost => self.lost(now, id),
            Verdict::TryAgain => self.new_session(now, id),
        }
    }
}

fn is_watched(session: &Session) -> bool {
    session.picture.as_ref().is_some_and(|(_, outlet)| outlet.is_watched())
}
