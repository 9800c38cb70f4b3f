// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the page is told. Durations are in milliseconds from now, since the browser has a clock
//! of its own.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    bus::Published,
    core::{
        ButtonName, CallId, DoorName, HandsetId, LightName, Moment, Reason, Status,
        event::Input,
        snapshot::{ButtonView, CallView, DoorView, HandsetView, LegView, LightView},
        status::{
            Direction, DoorAlarm, DoorContact, DoorState, Gate, Indication, Media, MediaState,
            Pattern, Problem, Sound, Tone,
        },
    },
    demo::Heard,
    link::qr,
    panel::{Output, sim::SimPanel},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub(super) enum Told {
    State(Box<View>),
    /// The levels of relays and lights at this moment.
    Lines {
        lit: BTreeMap<LightName, bool>,
        relays: BTreeMap<DoorName, bool>,
    },
    /// `None` when pairing is closed.
    Pairing {
        link: Option<String>,
        qr: Option<String>,
        lasts_ms: Option<u64>,
    },
    Level {
        heard_db: Option<i8>,
        said_db: Option<i8>,
    },
    Refused {
        why: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct View {
    /// Of this process: what the page remembers is about one station.
    run: u32,
    name: String,
    call: Option<Call>,
    doors: Vec<Door>,
    buttons: Vec<Button>,
    lights: Vec<Light>,
    handsets: Vec<Handset>,
    /// Absent where no line watches the case.
    case_open: Option<bool>,
    tampered: bool,
    tone: Option<Tone>,
    last_sound: Option<Sound>,
    sounds: u64,
    nudges: u64,
    volume: u8,
    do_not_disturb: bool,
    quiet: bool,
    audio_available: bool,
    problems: Vec<Problem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Call {
    id: CallId,
    status: Status,
    reason: Option<Reason>,
    direction: Direction,
    media: Media,
    monitor: bool,
    muted: bool,
    held: bool,
    contact: Option<String>,
    answered_by: Option<String>,
    /// While it rings.
    rings_ms: Option<u64>,
    /// Since it was answered.
    talked_ms: Option<u64>,
    legs: Vec<Leg>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Leg {
    handset: HandsetId,
    label: String,
    status: Status,
    reason: Option<Reason>,
    media: MediaState,
    gate: Gate,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Door {
    name: DoorName,
    label: String,
    state: DoorState,
    alarm: DoorAlarm,
    contact: DoorContact,
    locked: bool,
    opens_ms: Option<u64>,
    has_contact: bool,
    has_exit_button: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Button {
    name: ButtonName,
    label: String,
    down: bool,
    presses: u64,
    /// Over the rate limit.
    ignored: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Light {
    name: LightName,
    pattern: Pattern,
    shows: Indication,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Handset {
    id: HandsetId,
    label: String,
    /// Played on this page; the others are real.
    simulated: bool,
    answers: bool,
    doors: Vec<DoorName>,
}

impl View {
    pub(super) fn new(
        published: &Published,
        heard: &Heard,
        panel: Option<&SimPanel>,
        now: Moment,
    ) -> Self {
        let snapshot = &published.snapshot;
        let station = &snapshot.station;
        let inputs = panel.map(SimPanel::inputs).unwrap_or_default();
        // The newest one stays readable for a while.
        let call = snapshot.calls.iter().next_back();
        let door = |(name, view)| Door::new(name, view, &inputs, now);
        let button = |(name, view)| Button::new(name, view, &inputs);
        let handset = |(id, view)| Handset::new(id, view, heard.phones.contains(id));
        Self {
            run: std::process::id(),
            name: published.configured.name().to_owned(),
            call: call.map(|(id, call)| Call::new(*id, call, published, now)),
            doors: snapshot.doors.iter().map(door).collect(),
            buttons: snapshot.buttons.iter().map(button).collect(),
            lights: snapshot.lights.iter().map(Light::new).collect(),
            handsets: snapshot.handsets.iter().map(handset).collect(),
            case_open: inputs.get(&Input::Tamper).copied(),
            tampered: station.tampered,
            tone: station.tone,
            last_sound: heard.last,
            sounds: heard.count,
            nudges: heard.nudges,
            volume: station.volume,
            do_not_disturb: station.do_not_disturb,
            quiet: station.quiet,
            audio_available: station.audio_available,
            problems: station.problems.iter().copied().collect(),
        }
    }
}

fn left(until: Option<Moment>, now: Moment) -> Option<u64> {
    until.map(|until| millis(until, now))
}

fn millis(later: Moment, earlier: Moment) -> u64 {
    u64::try_from(later.since(earlier).as_millis()).unwrap_or(u64::MAX)
}

impl Call {
    fn new(id: CallId, call: &CallView, published: &Published, now: Moment) -> Self {
        let snapshot = &published.snapshot;
        let label = |id: &HandsetId| {
            snapshot.handsets.get(id).map_or_else(|| id.to_string(), |view| view.label.clone())
        };
        let contact = call.contact.as_ref().and_then(|name| snapshot.contacts.get(name));
        let leg = |(id, leg): (&HandsetId, &LegView)| Leg {
            handset: id.clone(),
            label: label(id),
            status: leg.status,
            reason: leg.reason,
            media: leg.media_state,
            gate: leg.gate,
        };
        Self {
            id,
            status: call.status,
            reason: call.reason,
            direction: call.direction,
            media: call.media,
            monitor: call.monitor,
            muted: call.muted,
            held: call.held,
            contact: contact.map(|contact| contact.label.clone()),
            answered_by: call.answered_by.as_ref().map(label),
            rings_ms: left(call.ring_deadline, now),
            talked_ms: call.answered_at.map(|at| millis(call.ended_at.unwrap_or(now), at)),
            legs: call.legs.iter().map(leg).collect(),
        }
    }
}

impl Door {
    fn new(name: &DoorName, view: &DoorView, inputs: &BTreeMap<Input, bool>, now: Moment) -> Self {
        Self {
            name: name.clone(),
            label: view.label.clone(),
            state: view.state,
            alarm: view.alarm,
            contact: view.contact,
            locked: view.locked,
            opens_ms: left(view.relay_until, now),
            has_contact: inputs.contains_key(&Input::DoorContact(name.clone())),
            has_exit_button: inputs.contains_key(&Input::ExitButton(name.clone())),
        }
    }
}

impl Button {
    fn new(name: &ButtonName, view: &ButtonView, inputs: &BTreeMap<Input, bool>) -> Self {
        Self {
            name: name.clone(),
            label: view.label.clone(),
            down: inputs.get(&Input::Button(name.clone())).copied().unwrap_or_default(),
            presses: view.presses,
            ignored: view.ignored,
        }
    }
}

impl Light {
    fn new((name, view): (&LightName, &LightView)) -> Self {
        Self { name: name.clone(), pattern: view.pattern, shows: view.shows }
    }
}

impl Handset {
    fn new(id: &HandsetId, view: &HandsetView, simulated: bool) -> Self {
        Self {
            id: id.clone(),
            label: view.label.clone(),
            simulated,
            answers: view.rights.answer,
            doors: view.rights.doors.iter().cloned().collect(),
        }
    }
}

impl Told {
    pub(super) fn lines(levels: &BTreeMap<Output, bool>) -> Self {
        let (mut lit, mut relays) = (BTreeMap::new(), BTreeMap::new());
        for (output, active) in levels {
            match output {
                Output::Light(name) => drop(lit.insert(name.clone(), *active)),
                Output::Relay(name) => drop(relays.insert(name.clone(), *active)),
            }
        }
        Self::Lines { lit, relays }
    }

    pub(super) fn pairing(link: Option<&str>, until: Option<Moment>, now: Moment) -> Self {
        Self::Pairing {
            link: link.map(str::to_owned),
            qr: link.and_then(qr::svg),
            lasts_ms: link.and(left(until, now)),
        }
    }

    pub(super) fn level(heard: &Heard) -> Self {
        Self::Level { heard_db: heard.heard_db, said_db: heard.said_db }
    }
}
