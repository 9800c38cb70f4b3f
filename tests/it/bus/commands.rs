// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a method call asks of the station, and what the caller hears of the outcome.

use std::{collections::BTreeMap, time::Duration};

use intercomd::core::{
    CallId, Command, Rejected, Reply, Status,
    event::{CallVerb, DoorVerb, Subject},
    status::{DoorState, Media},
};
use zbus::{DynamicType, ObjectPath, Variant};

use super::{ROOT, Refusal, STATION, Stage, call, error};

const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

type Options = BTreeMap<&'static str, Variant<'static>>;

/// What the station is asked when a client calls this.
async fn asked<B>(stage: &mut Stage, path: &str, method: &str, body: &B) -> Command
where
    B: serde::Serialize + DynamicType,
{
    let (_, interface) = interface_of(path);
    let reply = call(&stage.client, path, interface, method, body);
    let (reply, command) = tokio::join!(reply, stage.station.answer(Ok(Reply::Done)));
    reply.unwrap();
    command
}

fn interface_of(path: &str) -> (&str, &'static str) {
    let found = super::description::OBJECTS.iter().find(|(_, known)| *known == path);
    (path, found.expect("the path is in the fixture").0)
}

async fn refused(stage: &Stage, path: &str, method: &str, options: Options) -> Refusal {
    let (_, interface) = interface_of(path);
    call(&stage.client, path, interface, method, &options).await.unwrap_err()
}

#[tokio::test]
async fn every_method_of_a_call_becomes_its_command() {
    let mut stage = Stage::set().await;
    let path = "/org/intercomd1/calls/7";
    let call = CallId(7);
    assert_eq!(
        asked(&mut stage, path, "Accept", &Options::new()).await,
        Command::InCall { call, verb: CallVerb::Accept }
    );
    assert_eq!(
        asked(&mut stage, path, "Reject", &"").await,
        Command::InCall { call, verb: CallVerb::Reject }
    );
    assert_eq!(
        asked(&mut stage, path, "Reject", &"rejected").await,
        Command::InCall { call, verb: CallVerb::Reject }
    );
    for (method, command) in [
        ("Hangup", Command::InCall { call, verb: CallVerb::HangUp }),
        ("Silence", Command::InCall { call, verb: CallVerb::Silence }),
        ("Nudge", Command::InCall { call, verb: CallVerb::Nudge }),
        ("Hold", Command::InCall { call, verb: CallVerb::Hold }),
        ("Unhold", Command::InCall { call, verb: CallVerb::Unhold }),
    ] {
        assert_eq!(asked(&mut stage, path, method, &()).await, command);
    }
}

#[tokio::test]
async fn every_method_of_doors_and_buttons_becomes_its_command() {
    let mut stage = Stage::set().await;
    let path = "/org/intercomd1/doors/front";
    let door = || "front".parse().unwrap();
    let open = asked(&mut stage, path, "Open", &Options::new()).await;
    assert_eq!(open, Command::AtDoor { door: door(), verb: DoorVerb::Open });
    for (method, command) in [
        ("Hold", Command::AtDoor { door: door(), verb: DoorVerb::Hold }),
        ("Release", Command::AtDoor { door: door(), verb: DoorVerb::Release }),
        ("Lock", Command::AtDoor { door: door(), verb: DoorVerb::Lock }),
        ("Unlock", Command::AtDoor { door: door(), verb: DoorVerb::Unlock }),
    ] {
        assert_eq!(asked(&mut stage, path, method, &()).await, command);
    }
    let path = "/org/intercomd1/buttons/bell";
    let button = || "bell".parse().unwrap();
    let press = asked(&mut stage, path, "Press", &()).await;
    assert_eq!(press, Command::PressButton { button: button() });
    let hold = asked(&mut stage, path, "Hold", &()).await;
    assert_eq!(hold, Command::HoldButton { button: button() });
}

#[tokio::test]
async fn writing_a_property_becomes_its_command() {
    let mut stage = Stage::set().await;
    for (path, interface, property, value, command) in [
        (ROOT, STATION, "DoNotDisturb", true.into(), Command::SetDoNotDisturb { on: true }),
        (ROOT, STATION, "Volume", 30_u8.into(), Command::SetVolume { percent: 30 }),
        (ROOT, STATION, "MicrophoneGain", (-6_i16).into(), Command::SetGain { decibels: -6 }),
        (
            "/org/intercomd1/calls/7",
            "org.intercomd1.Call",
            "Mute",
            Variant::from(true),
            Command::InCall { call: CallId(7), verb: CallVerb::Mute(true) },
        ),
    ] {
        let body = (interface, property, value);
        let write = call(&stage.client, path, PROPERTIES, "Set", &body);
        let (written, asked) = tokio::join!(write, stage.station.answer(Ok(Reply::Done)));
        written.unwrap();
        assert_eq!(asked, command);
    }
    let body = (STATION, "Volume", Variant::from(130_u8));
    let write = call(&stage.client, ROOT, PROPERTIES, "Set", &body);
    let refusal = Rejected::OutOfRange("a volume is 0 to 100");
    let (written, _) = tokio::join!(write, stage.station.answer(Err(refusal)));
    assert_eq!(written.unwrap_err(), (error("InvalidArgs"), "a volume is 0 to 100".into()));
}

#[tokio::test]
async fn a_new_call_is_told_by_its_path() {
    let mut stage = Stage::set().await;
    let contact = "/org/intercomd1/contacts/hall";
    let video = Options::from([("media", "video".into())]);
    let body = ("hall", &video);
    let on_station = call(&stage.client, ROOT, STATION, "Call", &body);
    let (reply, command) =
        tokio::join!(on_station, stage.station.answer(Ok(Reply::Call(CallId(9)))));
    let expected = Command::Call { contact: "hall".parse().unwrap(), media: Some(Media::Video) };
    assert_eq!(command, expected);
    let body = reply.unwrap().body();
    assert_eq!(body.deserialize::<ObjectPath<'_>>().unwrap(), "/org/intercomd1/calls/9");

    let interface = "org.intercomd1.Contact";
    let plain = Options::new();
    let on_contact = call(&stage.client, contact, interface, "Call", &plain);
    let (reply, command) =
        tokio::join!(on_contact, stage.station.answer(Ok(Reply::Call(CallId(10)))));
    assert_eq!(command, Command::Call { contact: "hall".parse().unwrap(), media: None });
    let body = reply.unwrap().body();
    assert_eq!(body.deserialize::<ObjectPath<'_>>().unwrap(), "/org/intercomd1/calls/10");
}

#[tokio::test]
async fn the_station_answers_hangup_all_and_close_pairing() {
    let mut stage = Stage::set().await;
    assert_eq!(asked(&mut stage, ROOT, "HangupAll", &()).await, Command::HangUpAll);
    assert_eq!(asked(&mut stage, ROOT, "ClosePairing", &()).await, Command::ClosePairing);
}

#[tokio::test]
async fn bad_arguments_never_reach_the_station() {
    let mut stage = Stage::set().await;
    let loud = Options::from([("loud", true.into())]);
    let smell = Options::from([("media", "smell".into())]);
    let number = Options::from([("media", 3_u32.into())]);
    let ever = Options::from([("lifetime_s", 301_u32.into())]);
    let never = Options::from([("lifetime_s", 0_u32.into())]);
    let wish = Options::from([("rights", vec!["answer", "fly"].into())]);
    let cellar = Options::from([("doors", vec!["The cellar"].into())]);
    let contact = "/org/intercomd1/contacts/hall";
    for (path, method, options, names) in [
        ("/org/intercomd1/calls/7", "Accept", loud, "`loud`"),
        (contact, "Call", smell, "media"),
        (contact, "Call", number, "media"),
        (ROOT, "OpenPairing", ever, "lifetime_s"),
        (ROOT, "OpenPairing", never, "lifetime_s"),
        (ROOT, "OpenPairing", wish, "rights: fly"),
        (ROOT, "OpenPairing", cellar, "doors: The cellar"),
    ] {
        let (name, text) = refused(&stage, path, method, options).await;
        assert_eq!(name, error("InvalidArgs"));
        assert!(text.contains(names), "{text}");
    }
    let body = ("No such name", Options::new());
    let refused = call(&stage.client, ROOT, STATION, "Call", &body).await.unwrap_err();
    assert_eq!(refused.0, error("InvalidArgs"));
    let path = "/org/intercomd1/calls/7";
    let refused =
        call(&stage.client, path, "org.intercomd1.Call", "Reject", &"tired").await.unwrap_err();
    assert_eq!(refused.0, error("InvalidArgs"));

    // The first thing that the station hears is this.
    assert_eq!(asked(&mut stage, ROOT, "HangupAll", &()).await, Command::HangUpAll);
}

#[tokio::test]
async fn every_refusal_has_its_error_and_says_why() {
    let mut stage = Stage::set().await;
    let winner = "phone_one";
    for (rejected, name, text) in [
        (Rejected::NotFound(Subject::Call(CallId(7))), "NotFound", "call 7"),
        (Rejected::WrongState { status: Status::Ended }, "WrongState", "ended"),
        (Rejected::AnsweredBy { by: winner.parse().unwrap() }, "WrongState", winner),
        (Rejected::WrongDoorState { state: DoorState::Held }, "WrongState", "held"),
        (Rejected::NothingToDo, "WrongState", "nothing"),
        (Rejected::Busy { call: CallId(3) }, "Busy", "call 3"),
        (Rejected::NotAuthorized, "NotAuthorized", "right"),
        (
            Rejected::RateLimited { retry_after: Duration::from_millis(700) },
            "RateLimited",
            "700 ms",
        ),
        (Rejected::Locked, "Locked", "locked"),
        (Rejected::Tampered, "Tampered", "tampered"),
        (Rejected::RelayFault, "DeviceUnavailable", "relay"),
        (Rejected::OutOfRange("too much"), "InvalidArgs", "too much"),
    ] {
        let path = "/org/intercomd1/calls/7";
        let hangup = call(&stage.client, path, "org.intercomd1.Call", "Hangup", &());
        let (reply, _) = tokio::join!(hangup, stage.station.answer(Err(rejected.clone())));
        let refusal = reply.unwrap_err();
        assert_eq!(refusal.0, error(name), "{rejected:?}");
        assert!(refusal.1.contains(text), "{rejected:?}: {}", refusal.1);
    }
}
