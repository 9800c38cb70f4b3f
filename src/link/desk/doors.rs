// SPDX-License-Identifier: MIT OR Apache-2.0
//! Opening a door: a challenge, and what the action key makes of it.

use super::{Desk, requests::What};
use crate::{
    core::{CallId, Command, DoorName, HandsetId, Moment, event::DoorVerb},
    link::{
        challenge::{LASTS, Purpose},
        envelope::Mid,
        message::{FromStation, field::Nonce, from_handset::Action, from_station::ChallengeIs},
        refusal::Code,
    },
};

impl Desk {
    pub(super) fn challenged(
        &mut self,
        now: Moment,
        handset: &HandsetId,
        mid: Mid,
        door: DoorName,
    ) {
        if !self.may_open(handset, &door) {
            return self.fail(now, handset, mid, Code::NotAllowed);
        }
        let (nonce, call) = (Nonce(self.random()), self.present_call(handset));
        let Some(known) = self.handsets.get_mut(handset) else { return };
        known.challenges.issue(now, nonce, Purpose { door, call });
        let lasts_ms = u64::try_from(LASTS.as_millis()).unwrap_or(u64::MAX);
        let answer = FromStation::ChallengeIs(ChallengeIs { nonce, lasts_ms });
        self.answer(now, handset, mid, answer);
    }

    /// The core decides whether the door can be opened; who asks is decided here.
    pub(super) fn acted(&mut self, now: Moment, handset: &HandsetId, mid: Mid, action: &Action) {
        let Action { door, nonce, sig } = action;
        if !self.may_open(handset, door) {
            return self.fail(now, handset, mid, Code::NotAllowed);
        }
        let (me, present) = (self.me(), self.present_call(handset));
        let Some(known) = self.handsets.get_mut(handset) else { return };
        let meant = known.challenges.take(now, nonce);
        let proved = meant.is_some_and(|purpose| {
            let text = purpose.text(&me, &known.call, nonce);
            purpose.door == *door
                && purpose.call == present
                && known.record.action_key.verifies(text.as_bytes(), &sig.0)
        });
        if !proved {
            return self.fail(now, handset, mid, Code::BadChallenge);
        }
        let open = Command::AtDoor { door: door.clone(), verb: DoorVerb::Open };
        self.wish(handset, mid, open, What::Anything);
    }

    fn may_open(&self, handset: &HandsetId, door: &DoorName) -> bool {
        self.handsets.get(handset).is_some_and(|handset| handset.record.doors.contains(door))
    }

    fn present_call(&self, handset: &HandsetId) -> Option<CallId> {
        self.present_leg(handset).map(|(leg, _)| leg.call)
    }
}
