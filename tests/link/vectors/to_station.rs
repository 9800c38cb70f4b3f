// SPDX-License-Identifier: MIT OR Apache-2.0
//! Frames as a station sees them.

use std::time::Duration;

use intercomd::{
    core::{
        Command, Origin,
        event::{CallVerb, DialKind, DoorVerb, LegFact},
        profile::Grant,
    },
    link::{
        LinkCommand, LinkEvent, PairingWindow, bytes,
        desk::{Entropy, Ledger},
        message::FromHandset,
        refusal::Code,
    },
    session::{Sdp, SessionNo, Signal},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{draft::Scribe, kept, station_cases};
use crate::{
    peer::public,
    phone::payload,
    stage::{Stage, ledger, leg, place},
};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    /// Every random byte of the station.
    entropy: u8,
    name: String,
    ledger: Ledger,
    cases: Vec<Case>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    /// A pairing window is open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) window: bool,
    /// What was said before on the same connection.
    pub(super) before: Vec<String>,
    pub(super) frame: String,
    pub(super) expect: Expect,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<Code>,
    /// `t` of what is said at once, in its order; for `error` with its code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) says: Vec<String>,
    /// The reason in the close frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) closes: Option<String>,
    /// What the station is asked to do, or learns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) does: Vec<String>,
}

#[derive(Debug)]
struct Constant(u8);

impl Entropy for Constant {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

pub(super) const ENTROPY: u8 = 2;

fn verb(verb: CallVerb) -> &'static str {
    match verb {
        CallVerb::Accept => "accept",
        CallVerb::Reject => "reject",
        CallVerb::HangUp => "hangup",
        CallVerb::Hold => "hold",
        CallVerb::Unhold => "unhold",
        CallVerb::Nudge | CallVerb::Silence | CallVerb::Mute(_) => "never",
    }
}

fn wish(command: &Command) -> String {
    if let Command::InCall { call, verb: wanted } = command {
        return format!("{} {call}", verb(*wanted));
    }
    if let Command::AtDoor { door, verb: DoorVerb::Open } = command {
        return format!("open {door}");
    }
    if let Command::Dial { media, kind, .. } = command {
        let kind = if *kind == DialKind::Talk { "talk" } else { "monitor" };
        return format!("dial {kind} {media}");
    }
    format!("never {command:?}")
}

fn event(event: &LinkEvent) -> String {
    match event {
        LinkEvent::Leg { leg, fact } => format!("{} {}", fact_word(*fact), leg.call),
        LinkEvent::SessionWanted { leg, .. } => format!("connect {}", leg.call),
        LinkEvent::Signal { leg, signal: Signal::Description(_), .. } => {
            format!("answer {}", leg.call)
        }
        LinkEvent::Signal { leg, signal: Signal::Candidate(_), .. } => format!("ice {}", leg.call),
        LinkEvent::Revoked { handset } => format!("revoke {handset}"),
        LinkEvent::PairingClosed { .. } => "window closed".to_owned(),
        LinkEvent::Paired { .. }
        | LinkEvent::PairingOpened { .. }
        | LinkEvent::Forgotten { .. }
        | LinkEvent::Waking { .. } => format!("never {event:?}"),
    }
}

fn fact_word(fact: LegFact) -> String {
    match fact {
        LegFact::Rang => "ringing".to_owned(),
        LegFact::Busy => "busy".to_owned(),
        LegFact::MediaFailed(reason) => format!("closed {reason}"),
        LegFact::Unreachable
        | LegFact::SessionClosed
        | LegFact::SessionTimedOut
        | LegFact::MediaConnected
        | LegFact::MediaLost => format!("never {fact:?}"),
    }
}

/// Call 7 rings at the handset, and its session 1 is offered.
fn run(case: &Case) -> Expect {
    let mut stage = Stage::with(Box::new(Constant(ENTROPY)), place());
    if case.window {
        let lasts = Duration::from_secs(300);
        let (window, by, grant) = (PairingWindow(1), Origin::Bus, Grant::default());
        stage.order(LinkCommand::OpenPairing { window, lasts, by, grant });
    }
    stage.ring(7, "kitchen", 45);
    let offer = Signal::Description(Sdp("v=0\r\n".to_owned()));
    let (leg, session) = (leg(7, "kitchen"), SessionNo(1));
    stage.order(LinkCommand::Signal { leg, session, signal: offer });
    let connection = stage.open();
    for frame in &case.before {
        stage.frame(connection, frame.as_str());
    }
    assert_eq!(stage.take_closed(), [], "{}: before it", case.name);
    stage.forget_so_far();
    stage.frame(connection, case.frame.as_str());
    let says = stage.sent.iter().map(|(to, frame)| {
        assert_eq!(*to, connection);
        said(frame)
    });
    let says = says.collect();
    let mut does: Vec<_> = stage.wishes.iter().map(|(_, _, command)| wish(command)).collect();
    does.extend(stage.events.iter().map(event));
    does.extend(stage.keeps.iter().map(|(_, ledger)| format!("keep {}", ledger.handsets.len())));
    let closes = stage.closed.first().map(|(_, why)| why.word().to_owned());
    assert!(stage.refused.len() <= 1, "{}", case.name);
    Expect { refused: stage.refused.first().copied(), says, closes, does }
}

/// By the station, to be sure.
fn said(frame: &str) -> String {
    let (text, signature) = frame.rsplit_once('.').unwrap();
    let signature = bytes::decode(signature).unwrap();
    assert!(public("station").verifies(text.as_bytes(), &signature));
    let payload = payload(frame);
    let words = [&payload["t"], &payload["b"]["code"]];
    words.into_iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_station_takes_and_refuses_the_frames_of_the_vectors() {
    let file = kept("to_station.json", |before| File {
        about: "Frames to the station with the key station. README.md tells how to read it."
            .to_owned(),
        entropy: ENTROPY,
        name: place().name,
        ledger: ledger(),
        cases: station_cases::all(&Scribe::new(before)),
    });
    assert!(file.cases.len() >= 200, "{} cases", file.cases.len());
    let wrong: Vec<_> = file
        .cases
        .iter()
        .map(|case| (&case.name, run(case), &case.expect))
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{} cases: {wrong:#?}", wrong.len());
}

#[test]
fn every_message_to_a_station_is_among_the_vectors() {
    let messages = station_cases::messages();
    let mut said: Vec<_> = messages.iter().map(|(t, ..)| *t).collect();
    said.extend(["hello", "pair", "resume", "action", "ack"]);
    for word in FromHandset::WORDS {
        assert!(said.contains(word), "{word}");
    }
    assert_eq!(
        json!(file_names()),
        json!(["keys", "primitives", "push", "to_handset", "to_station"])
    );
}

fn file_names() -> Vec<String> {
    let entries = std::fs::read_dir(crate::peer::vectors()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> =
        names.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned())).collect();
    names.sort();
    names
}
