// SPDX-License-Identifier: MIT OR Apache-2.0
//! Handsets that call the station, and calls that are over as soon as they exist.

use intercomd::core::{
    CallId, Effect, HandsetId, Moment, Origin, Reason, Rejected, Reply, Status, effect,
    event::{DialKind, Subject},
    status::{Direction, Media, Sound},
};

use super::{
    Due, Model,
    calls::{leg_is_accepted, new_leg},
};

impl Model {
    pub(super) fn dial(
        &mut self,
        now: Moment,
        origin: &Origin,
        handset: &HandsetId,
        media: Media,
        kind: DialKind,
    ) -> Result<Reply, Rejected> {
        if let Origin::Handset(id) = origin
            && (id != handset || self.rights(id).is_none())
        {
            return Err(Rejected::NotAuthorized);
        }
        let Some(rights) = self.rights(handset).cloned() else {
            return Err(Rejected::NotFound(Subject::Handset(handset.clone())));
        };
        let monitor = kind == DialKind::Monitor;
        if !(if monitor { rights.monitor } else { rights.answer }) {
            return Err(Rejected::NotAuthorized);
        }
        if let Some((id, call)) = self.live()
            && let Some(leg) = call.legs.get(handset).filter(|leg| !leg.status.is_terminal())
        {
            if call.direction == Direction::Incoming || leg_is_accepted(leg.status) {
                return Err(Rejected::WrongState { status: leg.status });
            }
            if !rights.answer {
                return Err(Rejected::NotAuthorized);
            }
            self.accepted(now, Some(handset));
            return Ok(Reply::Call(id));
        }
        Ok(Reply::Call(self.let_in(now, handset, media, monitor)))
    }

    fn let_in(&mut self, now: Moment, handset: &HandsetId, media: Media, monitor: bool) -> CallId {
        let line = self.seen.station.active_call;
        let quiet = self.seen.station.do_not_disturb;
        let id = self.new_call(now, Direction::Incoming, media);
        let call = self.seen.calls.get_mut(&id).unwrap();
        call.handset = Some(handset.clone());
        call.monitor = monitor;
        call.status = Status::Ringing;
        call.legs.insert(handset.clone(), new_leg(Status::Ringing));
        if line.is_some() {
            let (due, hidden) = (self.due.clone(), self.hidden.clone());
            self.takes_the_line(id);
            self.turned_away(now, (Status::Missed, Reason::Busy), Status::Busy);
            let forget = self.due.remove_entry(&Due::Forget(id));
            let ended = &self.ended;
            self.due = due;
            self.due.extend(forget);
            self.due.retain(|due, _| !matches!(due, Due::Forget(id) if !ended.contains(id)));
            self.hidden = hidden;
            self.seen.station.active_call = line;
            return id;
        }
        self.takes_the_line(id);
        if monitor && !self.profile.shows_listeners() {
            self.turned_away(now, (Status::Failed, Reason::Privacy), Status::Failed);
        } else if quiet && !monitor {
            self.turned_away(now, (Status::Missed, Reason::DoNotDisturb), Status::Rejected);
        } else if monitor {
            self.failure_is_history();
            self.seen.calls.get_mut(&id).unwrap().status = Status::Connecting;
            self.plays(Sound::Monitored);
            self.accepted(now, None);
        } else {
            self.failure_is_history();
            self.due.insert(Due::PanelStopsRinging, now + self.hidden.rules.ring_timeout);
        }
        id
    }

    /// Over as soon as it exists; nobody has seen another status of it.
    pub(super) fn turned_away(
        &mut self,
        now: Moment,
        (status, reason): (Status, Reason),
        leg: Status,
    ) {
        self.end_ringing_legs(leg, reason, None);
        self.over(now, status, reason);
        let unseen = self.last_call;
        self.told.retain(|told| {
            !matches!(told, Effect::Announce(effect::Signal::StatusChanged { call, .. })
                if *call == unseen)
        });
    }

    /// A listener whose light is taken away has to go.
    pub(super) fn nobody_listens_in_the_dark(&mut self, now: Moment) {
        let dark = !self.profile.shows_listeners();
        if self.live().is_some_and(|(_, call)| call.monitor && dark) {
            self.over(now, Status::Failed, Reason::Privacy);
        }
    }
}
