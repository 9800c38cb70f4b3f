// SPDX-License-Identifier: MIT OR Apache-2.0
//! Intents: who may have them carried out.

use super::{Cause, Station};
use crate::core::{
    effect::Effect,
    event::{CallVerb, Command, DoorVerb, Origin, Rejected, Reply},
    ids::{CallId, DoorName},
    time::Moment,
};

impl Station {
    /// Nothing has changed when this is an error.
    pub fn command(
        &mut self,
        now: Moment,
        origin: &Origin,
        command: Command,
    ) -> Result<Reply, Rejected> {
        self.advance(now);
        let answer =
            self.authorise(origin, &command).and_then(|()| self.carry_out(now, origin, command));
        self.settle(now, &Cause::Somebody(origin.clone()));
        answer
    }

    /// The bus and the panel were asked before; a handset has the rights it was paired with.
    fn authorise(&self, origin: &Origin, command: &Command) -> Result<(), Rejected> {
        let Origin::Handset(id) = origin else { return Ok(()) };
        let Some(handset) = self.handsets.get(id) else { return Err(Rejected::NotAuthorized) };
        let rights = &handset.rights;
        let allowed = match command {
            Command::Dial { handset, .. } => handset == id,
            Command::InCall { verb, .. } => match verb {
                CallVerb::Accept => rights.answer,
                CallVerb::Reject | CallVerb::HangUp | CallVerb::Hold | CallVerb::Unhold => true,
                // The station's microphone is the station's: nobody far away opens it again.
                CallVerb::Nudge | CallVerb::Silence | CallVerb::Mute(_) => false,
            },
            Command::AtDoor { door, verb } => match verb {
                DoorVerb::Open => rights.doors.contains(door),
                DoorVerb::Hold | DoorVerb::Release | DoorVerb::Lock | DoorVerb::Unlock => {
                    rights.admin && rights.doors.contains(door)
                }
            },
            Command::SetDoNotDisturb { .. }
            | Command::OpenPairing { .. }
            | Command::ClosePairing => rights.admin,
            Command::Call { .. }
            | Command::HangUpAll
            | Command::PressButton { .. }
            | Command::HoldButton { .. }
            | Command::SetVolume { .. }
            | Command::SetGain { .. } => false,
        };
        if allowed { Ok(()) } else { Err(Rejected::NotAuthorized) }
    }

    pub(super) fn carry_out(
        &mut self,
        now: Moment,
        origin: &Origin,
        command: Command,
    ) -> Result<Reply, Rejected> {
        match command {
            Command::Call { contact, media } => {
                return self.call_contact(now, &contact, media).map(Reply::Call);
            }
            Command::Dial { handset, media, kind } => {
                return self.dialled(now, &handset, media, kind).map(Reply::Call);
            }
            Command::InCall { call, verb } => self.in_call(now, origin, call, verb)?,
            Command::HangUpAll => {
                if let Some(call) = &mut self.call {
                    call.hang_up_here(now, &mut self.effects)?;
                }
            }
            Command::AtDoor { door, verb } => self.at_door(now, &door, verb)?,
            Command::PressButton { button } => self.press_button(now, origin, &button)?,
            Command::HoldButton { button } => self.hold_button(now, origin, &button)?,
            Command::SetDoNotDisturb { on } => self.durable.do_not_disturb = on,
            Command::SetVolume { percent } if percent > 100 => {
                return Err(Rejected::OutOfRange("the volume is 0 to 100"));
            }
            Command::SetVolume { percent } => self.durable.volume = percent,
            Command::SetGain { decibels } if !(-30..=20).contains(&decibels) => {
                return Err(Rejected::OutOfRange("the gain is -30 to 20 decibels"));
            }
            Command::SetGain { decibels } => self.durable.gain = decibels,
            Command::OpenPairing { lasts, grant } => {
                self.pairing_until = Some(now + lasts);
                let by = origin.clone();
                self.effects.push_back(Effect::OpenPairing { by, lasts, grant });
            }
            Command::ClosePairing => {
                if self.pairing_until.take().is_some() {
                    self.effects.push_back(Effect::ClosePairing);
                }
            }
        }
        Ok(Reply::Done)
    }

    fn in_call(
        &mut self,
        now: Moment,
        origin: &Origin,
        call: CallId,
        verb: CallVerb,
    ) -> Result<(), Rejected> {
        let by = match origin {
            Origin::Handset(id) => Some(id),
            Origin::Panel | Origin::Bus => None,
        };
        match self.call.as_mut().filter(|active| active.id() == call) {
            Some(active) => active.command(now, by, verb, &mut self.effects),
            None => Err(self.why_not(call, by, verb)),
        }
    }

    fn at_door(&mut self, now: Moment, name: &DoorName, verb: DoorVerb) -> Result<(), Rejected> {
        match verb {
            DoorVerb::Open => self.with_door(name, |door, tampered| door.open(now, tampered)),
            DoorVerb::Hold => self.with_door(name, |door, tampered| door.hold(now, tampered)),
            DoorVerb::Release => self.with_door(name, |door, _| door.release(now)),
            DoorVerb::Lock => self.lock_door(now, name),
            DoorVerb::Unlock => self.unlock_door(name),
        }
    }
}
