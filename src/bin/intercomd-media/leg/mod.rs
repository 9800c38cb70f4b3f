// SPDX-License-Identifier: MIT OR Apache-2.0
//! One handset's part in a call: a session, and another one when its path breaks.

mod answer;
mod candidate;
mod offer;
mod outlet;
mod packet;
mod patience;
mod peer;
mod receive;
mod reception;
mod session;
mod trust;

use intercomd::{
    core::Moment,
    session::{SessionNo, Wants},
};

use self::patience::Patience;
pub(crate) use self::{
    outlet::{PictureOutlet, SoundOutlet},
    patience::Verdict,
    session::{Plan, Session, Trust, Unanswered},
    trust::Identity,
};

#[derive(Debug)]
pub(crate) struct Leg {
    pub(crate) wants: Wants,
    pub(crate) preview: bool,
    pub(crate) patience: Patience,
    pub(crate) session: Option<Session>,
}

impl Leg {
    pub(crate) fn new(wants: Wants, preview: bool, now: Moment) -> Self {
        Self { wants, preview, patience: Patience::new(now), session: None }
    }

    /// The present one, if it has this number.
    pub(crate) fn session(&mut self, no: SessionNo) -> Option<&mut Session> {
        self.session.as_mut().filter(|session| session.no == no)
    }

    pub(crate) fn end_session(&mut self) {
        if let Some(session) = self.session.take() {
            session.end();
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Moment) -> Verdict {
        let packets = self.session.as_ref().map_or(0, Session::arrived);
        self.patience.handle_timeout(now, packets)
    }
}
