// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every state against everything that can happen in it, as text: the difference of these files is
//! the review of a change in behaviour. `UPDATE_GOLDEN=1` writes them.

use std::{fmt::Write, time::Duration};

use intercomd::core::{
    CallId, Command, Effect, Event, Origin, Profile, Rejected, Reply,
    effect::Signal,
    event::{CallVerb, DialKind, LegFact},
    profile::Action,
    status::Reason,
};

use crate::scene::{Scene, bell, contact, every_right, name, one_button_door, secs, tier};

fn profile() -> Profile {
    let mut profile = one_button_door();
    let tiers = [tier(&["hall", "kitchen"], 20, false), tier(&["attic"], 20, false)];
    profile.contacts.insert(name("flat"), contact(&tiers));
    profile.contacts.insert(name("office"), contact(&[tier(&["hall"], 20, false)]));
    profile.buttons.insert(name("bell"), bell("flat", Action::Nudge));
    profile
}

fn idle() -> Scene {
    let mut scene = Scene::new(profile());
    scene.pair("attic", every_right());
    scene.pair("stranger", every_right());
    scene
}

fn initiated() -> Scene {
    let mut scene = idle();
    scene.call("flat").unwrap();
    scene
}

fn ringing() -> Scene {
    let mut scene = initiated();
    scene.leg("hall", LegFact::Rang);
    scene.leg("kitchen", LegFact::Rang);
    scene
}

/// `hall` is the attic here: the one that rings.
fn second_tier() -> Scene {
    let mut profile = profile();
    let tiers = [tier(&["attic"], 20, false), tier(&["hall", "kitchen"], 20, false)];
    profile.contacts.insert(name("flat"), contact(&tiers));
    let mut scene = idle();
    scene.station.reconfigure(scene.now, profile, false);
    scene.call("flat").unwrap();
    scene.wait(secs(20));
    scene.leg("hall", LegFact::Rang);
    scene.leg("kitchen", LegFact::Rang);
    scene
}

fn connecting() -> Scene {
    let mut scene = ringing();
    scene.on("hall", CallVerb::Accept).unwrap();
    scene
}

fn ongoing() -> Scene {
    let mut scene = connecting();
    scene.leg("hall", LegFact::MediaConnected);
    scene
}

fn media_lost() -> Scene {
    let mut scene = ongoing();
    scene.leg("hall", LegFact::MediaLost);
    scene
}

fn held() -> Scene {
    let mut scene = ongoing();
    scene.here(CallVerb::Hold).unwrap();
    scene
}

fn incoming() -> Scene {
    let mut scene = idle();
    scene.dial("hall", DialKind::Talk).unwrap();
    scene
}

fn monitored() -> Scene {
    let mut scene = idle();
    scene.dial("hall", DialKind::Monitor).unwrap();
    scene.leg("hall", LegFact::MediaConnected);
    scene
}

fn lingering() -> Scene {
    let mut scene = ongoing();
    scene.here(CallVerb::HangUp).unwrap();
    scene
}

type Made = fn() -> Scene;

const STATES: [(&str, Made); 11] = [
    ("none", idle),
    ("initiated", initiated),
    ("ringing", ringing),
    ("ringing in second tier", second_tier),
    ("connecting", connecting),
    ("ongoing", ongoing),
    ("ongoing, media lost", media_lost),
    ("ongoing, held", held),
    ("incoming, ringing", incoming),
    ("incoming, monitored", monitored),
    ("ended, lingering", lingering),
];

const VERBS: [(&str, CallVerb); 9] = [
    ("accept", CallVerb::Accept),
    ("reject", CallVerb::Reject),
    ("hang up", CallVerb::HangUp),
    ("nudge", CallVerb::Nudge),
    ("silence", CallVerb::Silence),
    ("hold", CallVerb::Hold),
    ("unhold", CallVerb::Unhold),
    ("mute", CallVerb::Mute(true)),
    ("unmute", CallVerb::Mute(false)),
];

const FACTS: [(&str, LegFact); 8] = [
    ("rang", LegFact::Rang),
    ("unreachable", LegFact::Unreachable),
    ("busy", LegFact::Busy),
    ("session closed", LegFact::SessionClosed),
    ("session timed out", LegFact::SessionTimedOut),
    ("media connected", LegFact::MediaConnected),
    ("media lost", LegFact::MediaLost),
    ("media failed", LegFact::MediaFailed(Reason::IceFailed)),
];

/// `hall` rings, talks or dialled; `kitchen` is another one that was rung; `stranger` only paired.
const HANDSETS: [&str; 3] = ["hall", "kitchen", "stranger"];

fn answer(result: &Result<Reply, Rejected>) -> String {
    match result {
        Ok(Reply::Done) => "done".to_owned(),
        Ok(Reply::Call(call)) => format!("call {call}"),
        Err(refused) => format!("refused: {refused}"),
    }
}

fn outcome(scene: &Scene) -> String {
    let mut text = String::new();
    for (id, call) in &scene.seen().calls {
        let reason = call.reason.map_or(String::new(), |reason| format!("/{reason}"));
        write!(text, " [{id} {}{reason}", call.status).unwrap();
        let flags = [("held", call.held), ("muted", call.muted), ("silenced", call.silenced)];
        for (flag, _) in flags.iter().filter(|(_, set)| *set) {
            write!(text, " {flag}").unwrap();
        }
        for (handset, leg) in &call.legs {
            let reason = leg.reason.map_or(String::new(), |reason| format!("/{reason}"));
            write!(text, ", {handset} {}{reason} {}", leg.status, leg.media_state).unwrap();
        }
        text.push(']');
    }
    if text.is_empty() { " no call".to_owned() } else { text }
}

/// What goes to handsets, besides what the legs show, and what is heard at the door.
fn told(scene: &Scene) -> String {
    let mut text = String::new();
    for effect in &scene.said {
        match effect {
            Effect::RingHandset { leg, .. } => write!(text, " ring {leg}").unwrap(),
            Effect::NudgeHandset { leg } => write!(text, " nudge {leg}").unwrap(),
            Effect::SelectHandset { leg } => write!(text, " select {leg}").unwrap(),
            Effect::EndLeg { leg, answered_by, .. } => {
                let by = answered_by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
                write!(text, " end {leg}{by}").unwrap();
            }
            Effect::SetGate { leg, gate } => write!(text, " gate {leg} {gate}").unwrap(),
            Effect::Announce(Signal::StatusChanged { call, old, new, .. }) => {
                write!(text, " {call}: {old}>{new}").unwrap();
            }
            Effect::Play(sound) => write!(text, " plays {sound}").unwrap(),
            Effect::SetTone(Some(tone)) => write!(text, " tone {tone}").unwrap(),
            Effect::SetTone(None) => text.push_str(" no tone"),
            Effect::DriveRelay { .. }
            | Effect::ShowLight { .. }
            | Effect::SetVolume { .. }
            | Effect::SetGain { .. }
            | Effect::StartMedia { .. }
            | Effect::StopMedia { .. }
            | Effect::TellHeld { .. }
            | Effect::WarnHandset { .. }
            | Effect::OpenPairing { .. }
            | Effect::ClosePairing
            | Effect::RecordCall(_)
            | Effect::SaveState(_)
            | Effect::Announce(_) => {}
        }
    }
    text
}

type Tried = Box<dyn Fn(&mut Scene) -> String>;

fn does(act: impl Fn(&mut Scene) + 'static) -> Tried {
    Box::new(move |scene| {
        act(scene);
        "-".to_owned()
    })
}

fn asks(act: impl Fn(&mut Scene) -> Result<Reply, Rejected> + 'static) -> Tried {
    Box::new(move |scene| answer(&act(scene)))
}

fn columns() -> Vec<(String, Tried)> {
    let mut all: Vec<(String, Tried)> = Vec::new();
    for (label, verb) in VERBS {
        all.push((format!("station: {label}"), asks(move |s| s.here(verb))));
        for handset in HANDSETS {
            all.push((format!("{handset}: {label}"), asks(move |s| s.on(handset, verb))));
        }
    }
    for handset in HANDSETS {
        all.push((format!("{handset}: dial"), asks(move |s| s.dial(handset, DialKind::Talk))));
        let monitor = asks(move |s| s.dial(handset, DialKind::Monitor));
        all.push((format!("{handset}: listen in"), monitor));
        for (label, fact) in FACTS {
            all.push((format!("{handset}: {label}"), does(move |s| s.leg(handset, fact))));
        }
        all.push((format!("{handset}: revoked"), does(move |s| s.revoke(handset))));
    }
    for contact in ["flat", "office", "nobody"] {
        all.push((format!("station: call {contact}"), asks(move |s| s.call(contact))));
    }
    let press =
        |s: &mut Scene| s.command(&Origin::Bus, Command::PressButton { button: name("bell") });
    all.push(("station: press the bell".to_owned(), asks(press)));
    let hang_up = |s: &mut Scene| s.command(&Origin::Bus, Command::HangUpAll);
    all.push(("station: hang up all".to_owned(), asks(hang_up)));
    let elsewhere = |s: &mut Scene| {
        let (call, verb) = (CallId(99), CallVerb::Accept);
        s.command(&Origin::Bus, Command::InCall { call, verb })
    };
    all.push(("station: accept an unknown call".to_owned(), asks(elsewhere)));
    let crash = |s: &mut Scene| s.event(Event::WorkerCrashed { call: s.newest() });
    all.push(("worker: crashed".to_owned(), does(crash)));
    all.push(("exit button".to_owned(), does(|s| s.exit_button("front"))));
    all.push(("door opened by hand".to_owned(), does(|s| s.contact("front", true))));
    let to_the_deadline = |s: &mut Scene| {
        let call = s.seen().calls.values().last().cloned();
        let until = call.and_then(|call| call.deadline.or(call.ended_at.map(|at| at + secs(10))));
        s.wait(until.map_or(Duration::ZERO, |until| until.since(s.now)));
    };
    all.push(("time is up".to_owned(), does(to_the_deadline)));
    all
}

/// Compares with the file, or writes it.
pub(crate) fn golden(file: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = wanted.lines().zip(text.lines()).find(|(wanted, got)| wanted != got);
    if let Some((wanted, got)) = differs {
        panic!("{file}:\n  was {wanted}\n  is  {got}\nUPDATE_GOLDEN=1 accepts it");
    }
    assert_eq!(wanted.lines().count(), text.lines().count(), "{file}: UPDATE_GOLDEN=1 accepts it");
}

#[test]
fn every_state_answers_everything_that_can_happen_as_the_golden_table_says() {
    let mut text = String::from(
        "# state | what happens | answer | calls and legs afterwards | told and played\n\
         # hall rings, talks or dialled; kitchen was rung too; stranger is only paired.\n",
    );
    for (state, make) in STATES {
        let before = outcome(&make());
        writeln!(text, "\n## {state}:{before}").unwrap();
        for (column, act) in columns() {
            let mut scene = make();
            scene.said.clear();
            let answer = act(&mut scene);
            let after = outcome(&scene);
            let after = if after == before { " same".to_owned() } else { after };
            writeln!(text, "{state} | {column} | {answer} |{after} |{}", told(&scene)).unwrap();
        }
    }
    golden("calls.txt", &text);
}
