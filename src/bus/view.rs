// SPDX-License-Identifier: MIT OR Apache-2.0
//! Properties as functions of what the station published. Reading one and finding out what
//! changed both use these.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use zbus::{ObjectPath, Variant};

use super::{object::Object, published::Published, text::carriable};
use crate::{
    core::{
        HandsetId, Moment,
        profile::Rights,
        snapshot::{
            ButtonView, CallView, ContactView, DoorView, HandsetView, LegView, LightView,
            StationView,
        },
    },
    link::Waking,
    media::{EchoFigures, LoopTest, LoopTested, Reception},
};

pub(super) type Properties = BTreeMap<&'static str, Variant<'static>>;

/// Microseconds on CLOCK_MONOTONIC, on which the station's moments are.
pub(super) fn micros(moment: Moment) -> u64 {
    u64::try_from(moment.0.as_micros()).unwrap_or(u64::MAX)
}

/// Zero stands for never.
fn instant(moment: Option<Moment>) -> Variant<'static> {
    Variant::from(moment.map_or(0, micros))
}

/// Absent when there is no such object.
pub(super) fn properties(object: &Object, published: &Published) -> Option<Properties> {
    let snapshot = &published.snapshot;
    Some(match object {
        Object::Station => station(&snapshot.station, published),
        Object::Call(id) => {
            let (reception, echo) = (published.reception(*id), published.echo(*id));
            call(snapshot.calls.get(id)?, published.is_encrypted(*id), reception, echo)
        }
        Object::Door(name) => door(snapshot.doors.get(name)?),
        Object::Button(name) => button(snapshot.buttons.get(name)?),
        Object::Light(name) => light(snapshot.lights.get(name)?),
        Object::Handset(id) => handset(snapshot.handsets.get(id)?, published.wakings.get(id)),
        Object::Contact(name) => contact(snapshot.contacts.get(name)?),
    })
}

fn station(view: &StationView, published: &Published) -> Properties {
    let active_call = path_or_none(view.active_call.map(Object::Call));
    Properties::from([
        ("DoNotDisturb", view.do_not_disturb.into()),
        ("Quiet", view.quiet.into()),
        ("AudioAvailable", view.audio_available.into()),
        ("Volume", view.volume.into()),
        ("MicrophoneGain", view.gain.into()),
        ("Version", env!("CARGO_PKG_VERSION").into()),
        ("Name", carriable(published.configured.name()).into()),
        ("ActiveCall", active_call),
        ("Indications", words(view.indications.iter().map(|indication| indication.word()))),
        ("Tone", view.tone.map_or("", |tone| tone.word()).into()),
        ("Tampered", view.tampered.into()),
        ("Problems", words(view.problems.iter().map(|problem| problem.word()))),
        ("PairingDeadline", instant(view.pairing_until)),
        ("LoopTest", published.loop_tested.map(loop_tested).unwrap_or_default().into()),
        ("Refused", counters(&published.refused)),
    ])
}

fn counters(counters: &BTreeMap<&'static str, u64>) -> Variant<'static> {
    counters.clone().into()
}

fn call(
    view: &CallView,
    is_encrypted: bool,
    reception: Option<Reception>,
    echo: Option<EchoFigures>,
) -> Properties {
    let contact = path_or_none(view.contact.clone().map(Object::Contact));
    Properties::from([
        ("Status", view.status.word().into()),
        ("Reason", view.reason.map_or("", |reason| reason.word()).into()),
        ("Direction", view.direction.word().into()),
        ("Contact", contact),
        ("Handset", id_or_empty(view.handset.as_ref())),
        ("Legs", legs(&view.legs)),
        ("AnsweredBy", id_or_empty(view.answered_by.as_ref())),
        ("Media", view.media.word().into()),
        ("Monitor", view.monitor.into()),
        ("StartedAt", instant(Some(view.started_at))),
        ("AnsweredAt", instant(view.answered_at)),
        ("EndedAt", instant(view.ended_at)),
        ("RingDeadline", instant(view.ring_deadline)),
        ("Deadline", instant(view.deadline)),
        ("MediaState", view.media_state.word().into()),
        ("Encrypted", is_encrypted.into()),
        ("Reception", reception.map(received).unwrap_or_default().into()),
        ("Echo", echo.map(echoed).unwrap_or_default().into()),
        ("Mute", view.muted.into()),
        ("Held", view.held.into()),
        ("Silenced", view.silenced.into()),
    ])
}

fn loop_tested(
    LoopTested { result, at_unix_ms }: LoopTested,
) -> BTreeMap<&'static str, Variant<'static>> {
    let measured = match result {
        LoopTest::Heard { level, noise, delay, return_loss } => vec![
            ("level_db", i32::from(level).into()),
            ("noise_db", i32::from(noise).into()),
            ("delay_ms", millis(delay).into()),
            ("return_loss_db", i32::from(return_loss).into()),
        ],
        LoopTest::NotHeard { noise } => vec![("noise_db", i32::from(noise).into())],
        LoopTest::Silent | LoopTest::NoDevice(_) | LoopTest::Interrupted | LoopTest::Lost => vec![],
    };
    let at = at_unix_ms.map(|at| ("at", at.into()));
    [("result", result.word().into())].into_iter().chain(at).chain(measured).collect()
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

fn received(reception: Reception) -> BTreeMap<&'static str, Variant<'static>> {
    let round_trip = reception.round_trip.map(|trip| ("round_trip_ms", millis(trip).into()));
    let known = [
        ("grade", reception.grade().word().into()),
        ("lost_percent", u32::from(reception.lost_percent).into()),
        ("jitter_ms", millis(reception.jitter).into()),
        ("level_db", i32::from(reception.level).into()),
    ];
    known.into_iter().chain(round_trip).collect()
}

fn echoed(echo: EchoFigures) -> BTreeMap<&'static str, Variant<'static>> {
    BTreeMap::from([
        ("return_loss_db", i32::from(echo.return_loss).into()),
        ("enhancement_db", i32::from(echo.enhancement).into()),
        ("delay_ms", millis(echo.delay).into()),
        ("one_at_a_time", echo.one_at_a_time.into()),
    ])
}

fn legs(legs: &BTreeMap<HandsetId, LegView>) -> Variant<'static> {
    let legs: BTreeMap<String, BTreeMap<&'static str, Variant<'static>>> = legs
        .iter()
        .map(|(handset, leg)| {
            let leg = BTreeMap::from([
                ("status", leg.status.word().into()),
                ("reason", leg.reason.map_or("", |reason| reason.word()).into()),
                ("media_state", leg.media_state.word().into()),
            ]);
            (handset.to_string(), leg)
        })
        .collect();
    legs.into()
}

fn door(view: &DoorView) -> Properties {
    let pulse_ms = u32::try_from(view.pulse.as_millis()).unwrap_or(u32::MAX);
    Properties::from([
        ("Label", carriable(&view.label).into()),
        ("State", view.state.word().into()),
        ("Alarm", view.alarm.word().into()),
        ("Contact", view.contact.word().into()),
        ("Locked", view.locked.into()),
        ("RelayActive", view.relay_active.into()),
        ("RelayDeadline", instant(view.relay_until)),
        ("PulseMs", pulse_ms.into()),
    ])
}

fn button(view: &ButtonView) -> Properties {
    Properties::from([
        ("Label", carriable(&view.label).into()),
        ("Pressed", view.pressed.into()),
        ("Presses", view.presses.into()),
        ("Glitches", view.glitches.into()),
        ("Ignored", view.ignored.into()),
    ])
}

fn light(view: &LightView) -> Properties {
    Properties::from([("Pattern", view.pattern.word().into()), ("Shows", view.shows.word().into())])
}

fn handset(view: &HandsetView, waking: Option<&Waking>) -> Properties {
    let Rights { answer, preview, monitor, admin, doors } = &view.rights;
    let rights = [("answer", answer), ("preview", preview), ("monitor", monitor), ("admin", admin)];
    let held = rights.into_iter().filter(|(_, has)| **has).map(|(word, _)| word);
    Properties::from([
        ("Label", carriable(&view.label).into()),
        ("Rights", words(held)),
        ("Doors", strings(doors)),
        ("Push", waking.map(woken).unwrap_or_default().into()),
    ])
}

fn woken(waking: &Waking) -> BTreeMap<&'static str, Variant<'static>> {
    let Waking { registered, last } = *waking;
    let result = last.map(|last| ("result", last.result.word().into()));
    let at = last.and_then(|last| last.at_unix_ms).map(|at| ("at", at.into()));
    [("registered", registered.into())].into_iter().chain(result).chain(at).collect()
}

fn contact(view: &ContactView) -> Properties {
    Properties::from([
        ("Label", carriable(&view.label).into()),
        ("Media", view.media.word().into()),
    ])
}

fn path_or_none(object: Option<Object>) -> Variant<'static> {
    object.map_or(ObjectPath::from_static_str_unchecked("/"), |object| object.path()).into()
}

fn id_or_empty(handset: Option<&HandsetId>) -> Variant<'static> {
    handset.map_or_else(String::new, ToString::to_string).into()
}

fn words(words: impl Iterator<Item = &'static str>) -> Variant<'static> {
    words.collect::<Vec<_>>().into()
}

fn strings<T: ToString>(values: &BTreeSet<T>) -> Variant<'static> {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().into()
}
