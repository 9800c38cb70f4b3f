// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station a second time, written from RULES.md alone: one flat picture that is edited in
//! place and one table of what is due when. Slow, plain, and sharing no logic with `core`.

mod buttons;
mod calls;
mod dialled;
mod doors;
mod legs;
mod picture;
mod verbs;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use intercomd::core::{
    ButtonName, CallId, Command, DoorName, Durable, Effect, Event, HandsetId, Moment, Origin,
    Profile, Rejected, Reply, Snapshot,
    event::Input,
    profile::{CallRules, Rights},
    snapshot::{HandsetView, StationView},
    status::{DoorContact, Sound},
};

/// What happens by itself. Two at the same moment happen in the order of this list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// First: a call whose time is up makes room for one that ends at the same moment.
    Forget(CallId),
    NextTier,
    PanelStopsRinging,
    NoMediaAfterAccept,
    LongestCall,
    MediaStaysAway,
    Warning,
    FailureWasShown,
    PairingCloses,
    RelayFalls(DoorName),
    DoorOpenTooLong(DoorName),
    Chord(usize),
    Finger(ButtonName),
}

/// What the picture does not show of the call that is not over.
#[derive(Clone, Debug, Default)]
struct Hidden {
    rules: CallRules,
    tiers: VecDeque<Tier>,
    station_holds: bool,
    handset_holds: bool,
    nudged_at: Option<Moment>,
}

#[derive(Clone, Debug)]
struct Tier {
    whom: BTreeSet<HandsetId>,
    ring_for: Duration,
    joins: bool,
}

#[derive(Clone, Debug)]
struct DoorFacts {
    rules: intercomd::core::profile::Door,
    relay: Option<(Relay, Moment)>,
    /// The door may be opened without an alarm until then; whether by the exit button.
    leave: Option<(bool, Moment)>,
    forced: bool,
    too_long: bool,
    fault: bool,
    granted: Vec<Moment>,
    contact: DoorContact,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relay {
    Pulse,
    ExitPulse,
    Hold,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum FingerAt {
    #[default]
    NeverSeenUp,
    Up,
    Touching,
    Down,
    Done,
}

#[derive(Clone, Debug, Default)]
struct Finger {
    at: FingerAt,
    /// Since when the press is one, and since when a hold counts.
    real_since: Moment,
    hold_since: Moment,
    presses: u64,
    glitches: u64,
    ignored: u64,
    counted: Vec<Moment>,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    profile: Profile,
    seen: Snapshot,
    due: BTreeMap<Due, Moment>,
    hidden: Hidden,
    doors: BTreeMap<DoorName, DoorFacts>,
    exits: BTreeMap<DoorName, bool>,
    fingers: BTreeMap<ButtonName, Finger>,
    tamper_input: bool,
    locked: BTreeSet<DoorName>,
    /// Oldest first.
    ended: VecDeque<CallId>,
    last_call: CallId,
    /// What the handsets and the bus must have been told since this was last taken.
    pub(crate) told: Vec<Effect>,
}

impl Model {
    pub(crate) fn new(profile: Profile, durable: Durable) -> Self {
        let mut model = Self {
            profile: Profile::default(),
            seen: Snapshot::default(),
            due: BTreeMap::new(),
            hidden: Hidden::default(),
            doors: BTreeMap::new(),
            exits: BTreeMap::new(),
            fingers: BTreeMap::new(),
            tamper_input: false,
            locked: durable.locked,
            ended: VecDeque::new(),
            last_call: durable.last_call,
            told: Vec::new(),
        };
        model.seen.station = StationView {
            do_not_disturb: durable.do_not_disturb,
            volume: durable.volume,
            tampered: durable.tampered,
            audio_available: false,
            ..StationView::default()
        };
        model.adopt(Moment::default(), profile);
        model
    }

    /// When `rewired`, relays have fallen back and every input is read anew.
    pub(crate) fn reconfigure(&mut self, now: Moment, profile: Profile, rewired: bool) {
        self.wait_until(now);
        if rewired {
            self.exits.clear();
            self.fingers.clear();
            self.tamper_input = false;
            self.doors_let_go();
        }
        self.adopt(now, profile);
        self.nobody_listens_in_the_dark(now);
    }

    fn adopt(&mut self, now: Moment, profile: Profile) {
        self.profile = profile;
        self.adopt_doors();
        self.adopt_buttons(now);
    }

    pub(crate) fn next_due(&self) -> Option<Moment> {
        self.due.values().min().copied()
    }

    pub(crate) fn wait_until(&mut self, now: Moment) {
        while let Some((due, at)) = self.first_due().filter(|(_, at)| *at <= now) {
            self.due.remove(&due);
            self.happen(at, due);
        }
    }

    fn first_due(&self) -> Option<(Due, Moment)> {
        let first = self.due.iter().min_by_key(|(due, at)| (**at, (*due).clone()));
        first.map(|(due, at)| (due.clone(), *at))
    }

    fn happen(&mut self, at: Moment, due: Due) {
        match due {
            Due::Forget(call) => self.forget(call),
            Due::NextTier => self.tier_time_is_up(at),
            Due::PanelStopsRinging => self.panel_stops_ringing(at),
            Due::NoMediaAfterAccept => self.no_media_after_accept(at),
            Due::Warning => self.warn(at),
            Due::LongestCall => self.longest_call(at),
            Due::MediaStaysAway => self.media_stays_away(at),
            Due::FailureWasShown => self.seen.station.failure_shown = false,
            Due::PairingCloses => self.seen.station.pairing_until = None,
            Due::RelayFalls(door) => self.relay_falls(at, &door),
            Due::DoorOpenTooLong(door) => self.door_open_too_long(&door),
            Due::Chord(index) => self.chord_counts(at, index),
            Due::Finger(button) => self.finger_stays(at, &button),
        }
    }

    pub(crate) fn event(&mut self, now: Moment, event: Event) {
        self.wait_until(now);
        match event {
            Event::InputChanged { input: Input::Button(button), active } => {
                self.button_level(now, &button, active);
            }
            Event::InputChanged { input: Input::DoorContact(door), active } => {
                self.contact_level(now, &door, active);
            }
            Event::InputChanged { input: Input::ExitButton(door), active } => {
                self.exit_level(now, &door, active);
            }
            Event::InputChanged { input: Input::Tamper, active } => self.tamper_level(now, active),
            Event::RelayFault { door, faulty } => self.relay_fault(&door, faulty),
            Event::HandsetPaired { handset, label, rights } => {
                if !rights.answer {
                    self.rings_no_more(&handset);
                }
                self.seen.handsets.insert(handset, HandsetView { label, rights });
            }
            Event::HandsetRevoked { handset } => self.revoked(now, &handset),
            Event::Leg { leg, fact } => self.leg_fact(now, &leg, fact),
            Event::WorkerCrashed { call } => self.worker_crashed(now, call),
            Event::AudioChanged { available } => self.seen.station.audio_available = available,
            Event::ProblemChanged { problem, present: true } => {
                self.seen.station.problems.insert(problem);
            }
            Event::ProblemChanged { problem, present: false } => {
                self.seen.station.problems.remove(&problem);
            }
            Event::PairingClosed => self.close_pairing(),
            Event::ClockRead { .. } => {}
        }
    }

    pub(crate) fn command(
        &mut self,
        now: Moment,
        origin: &Origin,
        command: Command,
    ) -> Result<Reply, Rejected> {
        self.wait_until(now);
        match command {
            Command::Call { contact, media } => self.call(now, origin, &contact, media),
            Command::Dial { handset, media, kind } => self.dial(now, origin, &handset, media, kind),
            Command::InCall { call, verb } => self.in_call(now, origin, call, verb),
            Command::HangUpAll => self.hang_up_all(now, origin),
            Command::AtDoor { door, verb } => self.at_door(now, origin, &door, verb),
            Command::PressButton { button } => self.program_presses(now, origin, &button),
            Command::HoldButton { button } => self.program_holds(now, origin, &button),
            Command::SetDoNotDisturb { on } => self.set_do_not_disturb(origin, on),
            Command::SetVolume { percent } => self.set_volume(origin, percent),
            Command::SetGain { decibels } => self.set_gain(origin, decibels),
            Command::OpenPairing { lasts, grant: _ } => self.open_pairing(now, origin, lasts),
            Command::ClosePairing => {
                self.admin_or_local(origin)?;
                self.close_pairing();
                Ok(Reply::Done)
            }
        }
    }

    fn plays(&mut self, sound: Sound) {
        self.told.push(Effect::Play(sound));
    }

    fn local_only(&self, origin: &Origin) -> Result<(), Rejected> {
        if matches!(origin, Origin::Handset(_)) { Err(Rejected::NotAuthorized) } else { Ok(()) }
    }

    fn admin_or_local(&self, origin: &Origin) -> Result<(), Rejected> {
        match origin {
            Origin::Handset(id) if self.rights(id).is_some_and(|rights| rights.admin) => Ok(()),
            Origin::Handset(_) | Origin::Panel | Origin::Bus => self.local_only(origin),
        }
    }

    fn set_do_not_disturb(&mut self, origin: &Origin, on: bool) -> Result<Reply, Rejected> {
        self.admin_or_local(origin)?;
        self.seen.station.do_not_disturb = on;
        Ok(Reply::Done)
    }

    fn set_volume(&mut self, origin: &Origin, percent: u8) -> Result<Reply, Rejected> {
        self.local_only(origin)?;
        if percent > 100 {
            return Err(Rejected::OutOfRange("the volume is 0 to 100"));
        }
        self.seen.station.volume = percent;
        Ok(Reply::Done)
    }

    fn set_gain(&mut self, origin: &Origin, decibels: i16) -> Result<Reply, Rejected> {
        self.local_only(origin)?;
        if !(-30..=20).contains(&decibels) {
            return Err(Rejected::OutOfRange("the gain is -30 to 20 decibels"));
        }
        self.seen.station.gain = decibels;
        Ok(Reply::Done)
    }

    fn open_pairing(
        &mut self,
        now: Moment,
        origin: &Origin,
        lasts: Duration,
    ) -> Result<Reply, Rejected> {
        self.admin_or_local(origin)?;
        self.seen.station.pairing_until = Some(now + lasts);
        self.due.insert(Due::PairingCloses, now + lasts);
        Ok(Reply::Done)
    }

    fn close_pairing(&mut self) {
        self.seen.station.pairing_until = None;
        self.due.remove(&Due::PairingCloses);
    }

    fn rights(&self, handset: &HandsetId) -> Option<&Rights> {
        self.seen.handsets.get(handset).map(|view| &view.rights)
    }
}
