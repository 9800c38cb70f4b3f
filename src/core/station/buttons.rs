// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a gesture means depends on what the station is doing.

use super::{PAIRING_WINDOW, Station};
use crate::core::{
    effect::{Effect, Signal},
    event::{CallVerb, Command, DoorVerb, Origin, Rejected, Subject},
    gesture::Gesture,
    ids::ButtonName,
    profile::{Action, Actions, Grant},
    status::{Direction, Sound, Status},
    time::Moment,
};

type Done = Result<(), Rejected>;

impl Station {
    /// A finger's gesture: what cannot be done is refused by a sound.
    pub(super) fn perform(&mut self, now: Moment, gesture: Gesture) {
        let done = match &gesture {
            Gesture::Press(button) => self.pressed(now, &Origin::Panel, button),
            Gesture::Hold(button) => self.held(now, &Origin::Panel, button),
            Gesture::Chord(place) => match self.profile.chords.get(*place) {
                Some(chord) => self.act(now, &Origin::Panel, &chord.actions.clone()),
                None => Ok(()),
            },
        };
        match done {
            Ok(()) | Err(Rejected::NothingToDo) => {}
            Err(_) => self.effects.push_back(Effect::Play(Sound::Refused)),
        }
    }

    pub(super) fn press_button(&mut self, now: Moment, by: &Origin, button: &ButtonName) -> Done {
        self.known(button)?;
        let pressed = self.gestures.press(now, button);
        pressed.map_err(|retry_after| Rejected::RateLimited { retry_after })?;
        self.pressed(now, by, button)
    }

    pub(super) fn hold_button(&mut self, now: Moment, by: &Origin, button: &ButtonName) -> Done {
        self.known(button)?;
        if self.profile.buttons.get(button).is_none_or(|rules| rules.hold.is_none()) {
            return Err(Rejected::NotFound(Subject::HoldAction(button.clone())));
        }
        let pressed = self.gestures.press(now, button);
        pressed.map_err(|retry_after| Rejected::RateLimited { retry_after })?;
        self.held(now, by, button)
    }

    fn known(&self, button: &ButtonName) -> Done {
        match self.profile.buttons.contains_key(button) {
            true => Ok(()),
            false => Err(Rejected::NotFound(Subject::Button(button.clone()))),
        }
    }

    fn pressed(&mut self, now: Moment, by: &Origin, button: &ButtonName) -> Done {
        self.announce(Signal::ButtonPressed { button: button.clone() });
        match self.profile.buttons.get(button) {
            Some(rules) => self.act(now, by, &rules.press.clone()),
            None => Ok(()),
        }
    }

    fn held(&mut self, now: Moment, by: &Origin, button: &ButtonName) -> Done {
        self.announce(Signal::ButtonHeld { button: button.clone() });
        let hold = self.profile.buttons.get(button).and_then(|rules| rules.hold.as_ref());
        match hold {
            Some(hold) => self.act(now, by, &hold.actions.clone()),
            None => Ok(()),
        }
    }

    fn announce(&mut self, signal: Signal) {
        self.effects.push_back(Effect::Announce(signal));
    }

    fn act(&mut self, now: Moment, by: &Origin, actions: &Actions) -> Done {
        let action = self.meant(actions)?.clone();
        let call = self.call.as_ref().map(super::Call::id);
        let in_call = |verb| match call {
            Some(call) => Ok(Command::InCall { call, verb }),
            None => Err(Rejected::NothingToDo),
        };
        let command = match action {
            Action::Nothing => return Err(Rejected::NothingToDo),
            Action::Call(contact) => Command::Call { contact, media: None },
            Action::Accept => in_call(CallVerb::Accept)?,
            Action::Reject => in_call(CallVerb::Reject)?,
            Action::HangUp => in_call(CallVerb::HangUp)?,
            Action::Nudge => in_call(CallVerb::Nudge)?,
            Action::Silence => in_call(CallVerb::Silence)?,
            Action::ToggleMute => {
                let muted = self.call.as_ref().is_some_and(|call| call.view().muted);
                in_call(CallVerb::Mute(!muted))?
            }
            Action::OpenDoor(door) => Command::AtDoor { door, verb: DoorVerb::Open },
            Action::OpenPairing => {
                Command::OpenPairing { lasts: PAIRING_WINDOW, grant: Grant::default() }
            }
            Action::ToggleDoNotDisturb => {
                Command::SetDoNotDisturb { on: !self.durable.do_not_disturb }
            }
        };
        self.carry_out(now, by, command).map(|_| ())
    }

    /// The button of one flat has no say in the ringing of another.
    fn meant<'a>(&self, actions: &'a Actions) -> Result<&'a Action, Rejected> {
        let Some(call) = &self.call else { return Ok(&actions.idle) };
        match (call.status(), call.direction()) {
            (Status::Initiated | Status::Ringing, Direction::Outgoing) => match &actions.idle {
                Action::Call(contact) if call.contact() != Some(contact) => {
                    Err(Rejected::Busy { call: call.id() })
                }
                Action::Call(_)
                | Action::Nothing
                | Action::Accept
                | Action::Reject
                | Action::HangUp
                | Action::Nudge
                | Action::Silence
                | Action::OpenDoor(_)
                | Action::OpenPairing
                | Action::ToggleMute
                | Action::ToggleDoNotDisturb => Ok(&actions.calling),
            },
            (Status::Initiated | Status::Ringing, Direction::Incoming) => Ok(&actions.ringing),
            (
                Status::Connecting
                | Status::Ongoing
                | Status::Ended
                | Status::Busy
                | Status::Rejected
                | Status::Cancelled
                | Status::Unanswered
                | Status::Missed
                | Status::Elsewhere
                | Status::Failed,
                _,
            ) => Ok(&actions.ongoing),
        }
    }
}
