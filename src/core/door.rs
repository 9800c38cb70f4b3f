// SPDX-License-Identifier: MIT OR Apache-2.0
//! One door: a relay that always falls back on time, a lock that outlives the process, a contact
//! that tells when somebody used force.

use super::{
    event::Rejected,
    profile::Door as Rules,
    rate::Limiter,
    snapshot::DoorView,
    status::{DoorAlarm, DoorContact, DoorState},
    time::Moment,
};

#[derive(Debug)]
pub(super) struct Door {
    rules: Rules,
    relay: Relay,
    locked: bool,
    contact: Contact,
    relay_faulty: bool,
    limiter: Limiter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relay {
    Idle,
    /// Just fell back; the door may still be pulled open until then.
    Settling {
        until: Moment,
        cause: Cause,
    },
    Pulse {
        until: Moment,
        cause: Cause,
    },
    Held {
        until: Moment,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Request,
    /// Somebody inside; no lock may keep them there.
    ExitButton,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Contact {
    Unknown,
    Closed,
    /// Opened with leave; an alarm from then on, if ever.
    Open {
        alarm_at: Option<Moment>,
    },
    OpenTooLong,
    Forced,
}

impl Door {
    pub(super) fn new(rules: Rules, locked: bool) -> Self {
        Self {
            limiter: Limiter::new(rules.rate),
            rules,
            relay: Relay::Idle,
            locked,
            contact: Contact::Unknown,
            relay_faulty: false,
        }
    }

    /// New rules hold from the next pulse on.
    pub(super) fn set_rules(&mut self, rules: Rules) {
        self.limiter.set_rate(rules.rate);
        self.rules = rules;
    }

    /// Whoever drove the lines has let go of them.
    pub(super) fn let_go(&mut self) {
        self.relay = Relay::Idle;
        self.contact = Contact::Unknown;
    }

    /// One pulse. While the relay is active already the door is open, and stays as long as it
    /// would have: asking again never prolongs a pulse.
    pub(super) fn open(&mut self, now: Moment, tampered: bool) -> Result<(), Rejected> {
        self.admit(tampered)?;
        if self.active_until().is_some() {
            return Ok(());
        }
        self.limiter.take(now).map_err(|retry_after| Rejected::RateLimited { retry_after })?;
        self.pulse(now, Cause::Request);
        Ok(())
    }

    /// Never refused: not by a lock, not by a limit.
    pub(super) fn exit_pressed(&mut self, now: Moment) {
        if self.active_until().is_none() {
            self.pulse(now, Cause::ExitButton);
        }
    }

    fn pulse(&mut self, now: Moment, cause: Cause) {
        self.relay = Relay::Pulse { until: now + self.rules.pulse, cause };
    }

    pub(super) fn hold(&mut self, now: Moment, tampered: bool) -> Result<(), Rejected> {
        self.admit(tampered)?;
        self.relay = Relay::Held { until: now + self.rules.max_hold };
        self.suspend_alarm();
        Ok(())
    }

    pub(super) fn release(&mut self, now: Moment) -> Result<(), Rejected> {
        match self.relay {
            Relay::Held { .. } => {
                self.fall_back(now);
                Ok(())
            }
            Relay::Idle | Relay::Settling { .. } | Relay::Pulse { .. } => {
                Err(Rejected::WrongDoorState { state: self.state() })
            }
        }
    }

    /// Locked beats held and beats a pulse that somebody asked for, but not the exit button.
    pub(super) fn lock(&mut self, now: Moment) {
        self.locked = true;
        match self.relay {
            Relay::Held { .. } | Relay::Pulse { cause: Cause::Request, .. } => self.fall_back(now),
            Relay::Idle
            | Relay::Settling { .. }
            | Relay::Pulse { cause: Cause::ExitButton, .. } => {}
        }
    }

    pub(super) fn unlock(&mut self) {
        self.locked = false;
    }

    fn admit(&self, tampered: bool) -> Result<(), Rejected> {
        if self.locked {
            return Err(if tampered { Rejected::Tampered } else { Rejected::Locked });
        }
        if self.relay_faulty {
            return Err(Rejected::RelayFault);
        }
        Ok(())
    }

    pub(super) fn relay_fault(&mut self, faulty: bool) {
        self.relay_faulty = faulty;
    }

    /// True when somebody opened the door by hand: with a key, from inside, or by force.
    pub(super) fn contact_changed(&mut self, now: Moment, open: bool) -> bool {
        match (self.contact, open) {
            (Contact::Unknown, true) => {
                self.contact = Contact::Open { alarm_at: self.alarm_from(now) };
                false
            }
            (Contact::Closed, true) => {
                let cause = self.leave_to_open(now);
                self.contact = if cause.is_none() && self.rules.forced_open_alarm {
                    Contact::Forced
                } else {
                    Contact::Open { alarm_at: self.alarm_from(now) }
                };
                cause != Some(Cause::Request)
            }
            (Contact::Open { .. } | Contact::OpenTooLong | Contact::Forced, false)
            | (Contact::Unknown, false) => {
                self.contact = Contact::Closed;
                if matches!(self.relay, Relay::Settling { .. }) {
                    self.relay = Relay::Idle;
                }
                false
            }
            (Contact::Open { .. } | Contact::OpenTooLong | Contact::Forced, true)
            | (Contact::Closed, false) => false,
        }
    }

    fn leave_to_open(&self, now: Moment) -> Option<Cause> {
        match self.relay {
            Relay::Idle => None,
            Relay::Settling { until, cause } => (now < until).then_some(cause),
            Relay::Pulse { cause, .. } => Some(cause),
            Relay::Held { .. } => Some(Cause::Request),
        }
    }

    fn alarm_from(&self, now: Moment) -> Option<Moment> {
        match self.relay {
            Relay::Held { .. } => None,
            Relay::Idle | Relay::Settling { .. } | Relay::Pulse { .. } => {
                self.rules.open_alarm_after.map(|after| now + after)
            }
        }
    }

    /// A door that is held open may stand open.
    fn suspend_alarm(&mut self) {
        if let Contact::Open { alarm_at } = &mut self.contact {
            *alarm_at = None;
        }
    }

    fn fall_back(&mut self, now: Moment) {
        let was_held = matches!(self.relay, Relay::Held { .. });
        let cause = match self.relay {
            Relay::Pulse { cause, .. } => cause,
            Relay::Idle | Relay::Settling { .. } | Relay::Held { .. } => Cause::Request,
        };
        self.relay = Relay::Settling { until: now + self.rules.settle, cause };
        if was_held {
            let from_now = self.alarm_from(now);
            if let Contact::Open { alarm_at } = &mut self.contact {
                *alarm_at = from_now;
            }
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        let alarm = match self.contact {
            Contact::Open { alarm_at } => alarm_at,
            Contact::Unknown | Contact::Closed | Contact::OpenTooLong | Contact::Forced => None,
        };
        [self.active_until(), alarm].into_iter().flatten().min()
    }

    pub(super) fn fire(&mut self, due: Moment) {
        if self.active_until().is_some_and(|until| due >= until) {
            self.fall_back(due);
        }
        if matches!(self.contact, Contact::Open { alarm_at: Some(at) } if due >= at) {
            self.contact = Contact::OpenTooLong;
        }
    }

    /// The relay is active, and until when.
    pub(super) fn active_until(&self) -> Option<Moment> {
        match self.relay {
            Relay::Idle | Relay::Settling { .. } => None,
            Relay::Pulse { until, .. } | Relay::Held { until } => Some(until),
        }
    }

    pub(super) fn state(&self) -> DoorState {
        match self.relay {
            Relay::Pulse { .. } => DoorState::Open,
            Relay::Held { .. } => DoorState::Held,
            Relay::Idle | Relay::Settling { .. } if self.locked => DoorState::Locked,
            Relay::Idle | Relay::Settling { .. } => DoorState::Closed,
        }
    }

    pub(super) fn alarm(&self, tampered: bool) -> DoorAlarm {
        match self.contact {
            _ if tampered => DoorAlarm::Tamper,
            Contact::Forced => DoorAlarm::ForcedOpen,
            _ if self.relay_faulty => DoorAlarm::Fault,
            Contact::OpenTooLong => DoorAlarm::OpenTooLong,
            _ if self.locked => DoorAlarm::LockedDown,
            Contact::Unknown | Contact::Closed | Contact::Open { .. } => DoorAlarm::Normal,
        }
    }

    pub(super) fn view(&self, tampered: bool) -> DoorView {
        DoorView {
            label: self.rules.label.clone(),
            state: self.state(),
            alarm: self.alarm(tampered),
            contact: match self.contact {
                Contact::Unknown => DoorContact::Unknown,
                Contact::Closed => DoorContact::Closed,
                Contact::Open { .. } | Contact::OpenTooLong | Contact::Forced => DoorContact::Open,
            },
            relay_active: self.active_until().is_some(),
            relay_until: self.active_until(),
            locked: self.locked,
            pulse: self.rules.pulse,
        }
    }
}
