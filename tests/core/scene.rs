// SPDX-License-Identifier: MIT OR Apache-2.0
//! One station on a stage: short words for what happens to it, and everything it said.

use std::time::Duration;

use intercomd::core::{
    CallId, Command, Durable, Effect, Event, HandsetId, LegId, Moment, Origin, Profile, Reason,
    Rejected, Reply, Snapshot, Station, Status,
    event::{CallVerb, DialKind, DoorVerb, Input, LegFact},
    profile::{
        Action, Actions, Button, Contact, Door, HoldAction, Light, Rate, Rights, Tier, Whom,
    },
    snapshot::CallView,
    status::{Indication, Media, Pattern},
};

pub(crate) fn name<T: std::str::FromStr<Err = intercomd::core::ids::InvalidName>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn tier(handsets: &[&str], seconds: u64, joins: bool) -> Tier {
    let these = handsets.iter().map(|handset| name(handset)).collect();
    Tier { handsets: Whom::These(these), ring_for: secs(seconds), joins }
}

pub(crate) fn contact(tiers: &[Tier]) -> Contact {
    Contact { label: String::new(), tiers: tiers.to_vec(), media: Media::Video, always: false }
}

/// A calling button: cancels while it calls, accepts and hangs up.
pub(crate) fn bell(contact: &str, calling: Action) -> Button {
    let press = Actions {
        idle: Action::Call(name(contact)),
        calling,
        ringing: Action::Accept,
        ongoing: Action::HangUp,
    };
    Button {
        label: String::new(),
        press,
        hold: None,
        min_press: Duration::from_millis(50),
        rate: Rate { count: 10, per: secs(10) },
    }
}

pub(crate) fn always(action: &Action) -> Actions {
    Actions {
        idle: action.clone(),
        calling: action.clone(),
        ringing: action.clone(),
        ongoing: action.clone(),
    }
}

pub(crate) fn hold(seconds: u64, action: &Action) -> Option<HoldAction> {
    Some(HoldAction { after: secs(seconds), actions: always(action) })
}

/// One contact with everybody in it, one bell, one door, one lamp.
pub(crate) fn one_button_door() -> Profile {
    let mut profile = Profile::default();
    let flat = contact(&[Tier { handsets: Whom::Everyone, ring_for: secs(45), joins: false }]);
    profile.contacts.insert(name("flat"), flat);
    profile.buttons.insert(name("bell"), bell("flat", Action::Nothing));
    profile.doors.insert(name("front"), Door { has_contact: true, ..Door::default() });
    let shows = [(Indication::Ringing, Pattern::Blink), (Indication::Connected, Pattern::On)];
    profile.lights.insert(name("lamp"), Light { shows: shows.into(), is_seen: true });
    profile
}

pub(crate) fn every_right() -> Rights {
    let doors = ["front", "back"].iter().map(|door| name(door)).collect();
    Rights { answer: true, preview: true, monitor: true, admin: false, doors }
}

pub(crate) struct Scene {
    pub(crate) now: Moment,
    pub(crate) station: Station,
    pub(crate) said: Vec<Effect>,
}

impl Scene {
    /// With `hall` and `kitchen` paired, and every input read as at rest.
    pub(crate) fn new(profile: Profile) -> Self {
        let mut scene = Self::bare(profile.clone(), Durable::default());
        scene.pair("hall", every_right());
        scene.pair("kitchen", every_right());
        for button in profile.buttons.keys() {
            scene.input(Input::Button(button.clone()), false);
        }
        for door in profile.doors.keys() {
            scene.input(Input::DoorContact(door.clone()), false);
            scene.input(Input::ExitButton(door.clone()), false);
        }
        scene.input(Input::Tamper, false);
        scene.said.clear();
        scene
    }

    pub(crate) fn bare(profile: Profile, durable: Durable) -> Self {
        let now = Moment::from_millis(1_000);
        let mut scene =
            Self { now, station: Station::new(now, profile, durable), said: Vec::new() };
        scene.drain();
        scene
    }

    fn drain(&mut self) {
        while let Some(effect) = self.station.poll_effect() {
            self.said.push(effect);
        }
    }

    /// Time passes, and the clock wakes the station whenever it asked for it.
    pub(crate) fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(due) = self.station.poll_timeout().filter(|due| *due <= until) {
            self.now = due.max(self.now);
            self.station.handle_timeout(self.now);
            self.drain();
            assert!(self.station.poll_timeout().is_none_or(|next| next > due), "due for ever");
        }
        self.now = until;
    }

    pub(crate) fn event(&mut self, event: Event) {
        self.station.handle(self.now, event);
        self.drain();
    }

    pub(crate) fn pair(&mut self, handset: &str, rights: Rights) {
        let label = handset.to_owned();
        self.event(Event::HandsetPaired { handset: name(handset), label, rights });
    }

    pub(crate) fn revoke(&mut self, handset: &str) {
        self.event(Event::HandsetRevoked { handset: name(handset) });
    }

    pub(crate) fn input(&mut self, input: Input, active: bool) {
        self.event(Event::InputChanged { input, active });
    }

    pub(crate) fn button(&mut self, button: &str, down: bool) {
        self.input(Input::Button(name(button)), down);
    }

    pub(crate) fn contact(&mut self, door: &str, open: bool) {
        self.input(Input::DoorContact(name(door)), open);
    }

    pub(crate) fn exit_button(&mut self, door: &str) {
        self.input(Input::ExitButton(name(door)), true);
        self.input(Input::ExitButton(name(door)), false);
    }

    pub(crate) fn leg(&mut self, handset: &str, fact: LegFact) {
        let leg = LegId { call: self.newest(), handset: name(handset) };
        self.event(Event::Leg { leg, fact });
    }

    pub(crate) fn command(&mut self, origin: &Origin, command: Command) -> Result<Reply, Rejected> {
        let answer = self.station.command(self.now, origin, command);
        self.drain();
        answer
    }

    pub(crate) fn call(&mut self, contact: &str) -> Result<Reply, Rejected> {
        self.command(&Origin::Bus, Command::Call { contact: name(contact), media: None })
    }

    pub(crate) fn dial(&mut self, handset: &str, kind: DialKind) -> Result<Reply, Rejected> {
        let id: HandsetId = name(handset);
        let dial = Command::Dial { handset: id.clone(), media: Media::Audio, kind };
        self.command(&Origin::Handset(id), dial)
    }

    /// At the station.
    pub(crate) fn here(&mut self, verb: CallVerb) -> Result<Reply, Rejected> {
        let call = self.newest();
        self.command(&Origin::Bus, Command::InCall { call, verb })
    }

    pub(crate) fn on(&mut self, handset: &str, verb: CallVerb) -> Result<Reply, Rejected> {
        let call = self.newest();
        self.command(&Origin::Handset(name(handset)), Command::InCall { call, verb })
    }

    pub(crate) fn door(&mut self, door: &str, verb: DoorVerb) -> Result<Reply, Rejected> {
        self.command(&Origin::Bus, Command::AtDoor { door: name(door), verb })
    }

    pub(crate) fn seen(&self) -> Snapshot {
        self.station.snapshot(self.now)
    }

    pub(crate) fn newest(&self) -> CallId {
        self.seen().calls.keys().last().copied().unwrap_or_default()
    }

    pub(crate) fn newest_call(&self) -> CallView {
        self.seen().calls.values().last().cloned().unwrap()
    }

    pub(crate) fn status(&self) -> (Status, Option<Reason>) {
        let call = self.newest_call();
        (call.status, call.reason)
    }

    pub(crate) fn leg_status(&self, handset: &str) -> (Status, Option<Reason>) {
        let call = self.newest_call();
        let leg = call.legs.get(&name(handset)).unwrap();
        (leg.status, leg.reason)
    }

    pub(crate) fn count(&self, wanted: impl Fn(&Effect) -> bool) -> usize {
        self.said.iter().filter(|effect| wanted(effect)).count()
    }
}

/// `hall` talks, `kitchen` lost.
pub(crate) fn ongoing(profile: Profile) -> Scene {
    let mut scene = Scene::new(profile);
    scene.call("flat").unwrap();
    scene.leg("hall", LegFact::Rang);
    scene.leg("hall", LegFact::MediaConnected);
    scene.on("hall", CallVerb::Accept).unwrap();
    assert_eq!(scene.status(), (Status::Ongoing, None));
    scene
}
