// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an authenticated handset says. Requests go on to `requests`.

use super::{ConnectionId, Desk, Leg, legs::Part};
use crate::{
    core::{CallId, HandsetId, LegId, Moment, event::LegFact},
    link::{LinkEvent, envelope::Mid, message::FromHandset},
};

impl Desk {
    pub(super) fn heard(
        &mut self,
        now: Moment,
        connection: ConnectionId,
        handset: &HandsetId,
        mid: Mid,
        message: FromHandset,
    ) {
        match message {
            FromHandset::Resume(_) => self.resume(now, connection, handset, mid),
            FromHandset::Ringing(about) => self.invited(handset, about.cid, LegFact::Rang),
            FromHandset::Busy(about) => self.invited(handset, about.cid, LegFact::Busy),
            FromHandset::Answer(answer) => self.answered_offer(handset, answer),
            FromHandset::Ice(ice) => self.heard_candidate(handset, ice),
            FromHandset::Closed(closed) => self.has_no_session(handset, &closed),
            // Their places are in front of a context.
            FromHandset::Hello(_) | FromHandset::Pair(_) | FromHandset::Ack(_) => {}
            FromHandset::Connect(_)
            | FromHandset::Accept(_)
            | FromHandset::Reject(_)
            | FromHandset::HangUp(_)
            | FromHandset::Hold(_)
            | FromHandset::Dial(_)
            | FromHandset::Challenge(_)
            | FromHandset::Action(_)
            | FromHandset::OpenPairing(_)
            | FromHandset::Handsets(_)
            | FromHandset::Revoke(_)
            | FromHandset::PushRegister(_)
            | FromHandset::PushUnregister(_) => self.requested(now, handset, mid, message),
        }
    }

    /// A word on the ring; it is in reach.
    fn invited(&mut self, handset: &HandsetId, call: CallId, fact: LegFact) {
        let leg = LegId { call, handset: handset.clone() };
        if let Some(Leg { part: Part::Invited { rings_by, push, .. }, .. }) =
            self.legs.get_mut(&leg)
        {
            *rings_by = None;
            push.is_needless();
            self.event(LinkEvent::Leg { leg, fact });
        }
    }
}
