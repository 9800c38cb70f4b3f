// SPDX-License-Identifier: MIT OR Apache-2.0
//! A handset is unpaired: at once here, and told as done when it is on the disk.

use super::{
    Closing, ConnectionId, Desk,
    connection::{Connection, Phase, failed},
    pushes, record,
    window::Applicant,
};
use crate::{
    core::{HandsetId, Moment, profile::Right},
    link::{
        LinkEvent,
        envelope::Mid,
        message::{FromStation, from_station::Done},
        refusal::Code,
    },
};

/// What is to be on the disk before it is told.
#[derive(Debug)]
pub(super) enum Keeping {
    Newcomer(Applicant),
    Without {
        handset: HandsetId,
        asked: By,
    },
    Push(pushes::Change),
    /// Nobody waits for it.
    Unasked,
}

#[derive(Debug)]
pub(super) enum By {
    Station,
    Another {
        handset: HandsetId,
        mid: Mid,
    },
    /// It stays connected until it was told, but nobody hears it any more.
    Itself {
        connection: Option<ConnectionId>,
        mid: Mid,
    },
}

impl Desk {
    pub(super) fn unpair(&mut self, now: Moment, handset: &HandsetId) {
        if !self.revoke(now, handset, By::Station) {
            let handset = handset.clone();
            self.event(LinkEvent::Forgotten { handset, kept: true });
        }
    }

    pub(super) fn wants_revoked(
        &mut self,
        now: Moment,
        by: &HandsetId,
        mid: Mid,
        handset: &HandsetId,
    ) {
        let itself = by == handset;
        if !itself && !self.may(by, Right::Admin) {
            return self.fail(now, by, mid, Code::NotAllowed);
        }
        let connection = self.handsets.get(by).and_then(|handset| handset.connection);
        let asked = if itself {
            By::Itself { connection, mid }
        } else {
            By::Another { handset: by.clone(), mid }
        };
        if !self.revoke(now, handset, asked) {
            self.fail(now, by, mid, Code::NotFound);
        }
    }

    /// False when nobody has this name.
    fn revoke(&mut self, now: Moment, handset: &HandsetId, asked: By) -> bool {
        self.silence(handset);
        let Some(gone) = self.handsets.remove(handset) else { return false };
        record::revoke(&mut self.revoked, &gone.record);
        self.keep_out(handset);
        self.legs.retain(|leg, _| leg.handset != *handset);
        self.asked.retain(|_, asked| asked.handset != *handset);
        match (&asked, gone.connection) {
            (By::Itself { .. }, _) | (_, None) => {}
            (By::Station | By::Another { .. }, Some(connection)) => {
                let error = FromStation::Error(failed(Code::Revoked));
                self.say(now, connection, None, &error);
                self.close(now, connection, Closing::Refused(Code::Revoked));
            }
        }
        self.withdraw_offers(now, handset);
        self.event(LinkEvent::Revoked { handset: handset.clone() });
        self.tell_if_pushing();
        self.keep(Keeping::Without { handset: handset.clone(), asked });
        true
    }

    /// Contexts that it has not confirmed yet, nor ever will.
    fn withdraw_offers(&mut self, now: Moment, handset: &HandsetId) {
        let is_for = |connection: &Connection| match &connection.phase {
            Phase::Stranger { offered: Some(offered), .. } => offered.handset == *handset,
            Phase::Stranger { offered: None, .. } | Phase::Confirmed { .. } => false,
        };
        let found = self.connections.iter().filter(|(_, connection)| is_for(connection));
        for connection in found.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.close(now, connection, Closing::Refused(Code::Revoked));
        }
    }

    pub(super) fn forgotten(&mut self, now: Moment, handset: HandsetId, asked: By, kept: bool) {
        let failed = || FromStation::Error(failed(Code::Unavailable));
        let answer = if kept { FromStation::Ok(Done::default()) } else { failed() };
        match asked {
            By::Station => {}
            By::Another { handset, mid } => self.answer(now, &handset, mid, answer),
            By::Itself { connection, mid } => {
                if let Some(connection) = connection {
                    self.say(now, connection, Some(mid), &answer);
                    self.close(now, connection, Closing::Refused(Code::Revoked));
                }
            }
        }
        self.event(LinkEvent::Forgotten { handset, kept });
    }
}
