// SPDX-License-Identifier: MIT OR Apache-2.0
//! What happens because time goes by.

use super::{
    Closing, ConnectionId, Desk, Leg, Output,
    connection::{Connection, Phase},
    handset::Handset,
    legs::{Part, STAYS_AWAY},
    pushes::Pushing,
    requests::{Asked, What},
};
use crate::{
    core::{LegId, Moment, event::LegFact},
    link::{LinkEvent, refusal::Code},
};

impl Desk {
    /// When [`Desk::handle_timeout`] has something to do, if nothing happens before.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Moment> {
        let connections = self.connections.values().filter_map(Connection::due);
        let legs = self.legs.iter().filter_map(|(leg, found)| self.leg_due(leg, found));
        let asked = self.asked.values().filter_map(Asked::due);
        let cancels = self.handsets.values().filter_map(Handset::cancel_due);
        connections.chain(legs).chain(asked).chain(cancels).chain(self.window_due()).min()
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        for connection in self.connections.keys().copied().collect::<Vec<_>>() {
            self.connection_timeout(now, connection);
        }
        for leg in self.legs.keys().cloned().collect::<Vec<_>>() {
            self.leg_timeout(now, leg);
        }
        for handset in self.handsets.keys().cloned().collect::<Vec<_>>() {
            self.cancel_if_due(now, &handset);
        }
        let late = |asked: &Asked| asked.due().is_some_and(|due| due <= now);
        let late: Vec<_> =
            self.asked.iter().filter(|(_, asked)| late(asked)).map(|(ticket, _)| *ticket).collect();
        for ticket in late {
            if let Some(Asked { handset, mid, .. }) = self.asked.remove(&ticket) {
                self.fail(now, &handset, mid, Code::Unavailable);
            }
        }
        // The station ends it by itself.
        if self.window_due().is_some_and(|due| due <= now) {
            self.window = None;
        }
    }

    fn connection_timeout(&mut self, now: Moment, connection: ConnectionId) {
        let Some(found) = self.connections.get_mut(&connection) else { return };
        if let Phase::Stranger { until, .. } = found.phase
            && until <= now
        {
            return self.close(now, connection, Closing::Late);
        }
        let Some(talk) = found.talk_mut() else { return };
        if talk.said.is_given_up(now) {
            return self.close(now, connection, Closing::Silent);
        }
        let again = talk.said.due(now);
        let owes_ack = talk.ack_due.is_some_and(|due| due <= now);
        for frame in again {
            self.outputs.push_back(Output::Send { connection, frame });
        }
        if owes_ack {
            self.say_ack(connection);
        }
    }

    fn leg_timeout(&mut self, now: Moment, leg: LegId) {
        self.push_ring_if_due(now, &leg);
        let Some(found) = self.legs.get(&leg) else { return };
        if self.leg_due(&leg, found).is_none_or(|due| due > now) {
            return;
        }
        let Some(Leg { part, .. }) = self.legs.get_mut(&leg) else { return };
        let fact = match part {
            Part::Invited { rings_by, .. } => {
                *rings_by = None;
                LegFact::Unreachable
            }
            Part::Selected { given_up, .. } => {
                *given_up = true;
                LegFact::SessionTimedOut
            }
            Part::Dialled => return,
        };
        self.event(LinkEvent::Leg { leg, fact });
    }

    fn leg_due(&self, leg: &LegId, found: &Leg) -> Option<Moment> {
        match found.part {
            Part::Invited { push: Pushing::OnItsWay, .. } => None,
            Part::Invited { push: Pushing::At(at), rings_by, .. } => rings_by.map(|by| by.min(at)),
            Part::Invited { push: Pushing::Not, rings_by, .. } => rings_by,
            Part::Dialled | Part::Selected { given_up: true, .. } => None,
            Part::Selected { given_up: false, .. } => {
                let gone_since = self.handsets.get(&leg.handset)?.gone_since?;
                Some(gone_since + STAYS_AWAY)
            }
        }
    }

    /// A handset that is just let in is not shut out by the clock.
    fn window_due(&self) -> Option<Moment> {
        self.window.as_ref().map(|window| window.until)
    }

    /// What was just said is to be said again: its answer may be lost.
    pub(super) fn repeat_everything(&mut self, connection: ConnectionId) {
        let Some(found) = self.connections.get(&connection) else { return };
        let frames = found.talk().map(|talk| talk.said.all()).unwrap_or_default();
        for frame in frames {
            self.outputs.push_back(Output::Send { connection, frame });
        }
    }
}

impl Connection {
    fn due(&self) -> Option<Moment> {
        let patience = match &self.phase {
            Phase::Stranger { until, .. } => Some(*until),
            Phase::Confirmed { .. } => None,
        };
        let talk = self.talk();
        let again = talk.and_then(|talk| talk.said.poll_timeout());
        let ack = talk.and_then(|talk| talk.ack_due);
        [patience, again, ack].into_iter().flatten().min()
    }
}

impl Asked {
    fn due(&self) -> Option<Moment> {
        match self.what {
            What::Window { until } => Some(until),
            What::Anything | What::Dial { .. } => None,
        }
    }
}
