// SPDX-License-Identifier: MIT OR Apache-2.0
//! A person at a terminal plays the visitor, the phones and the door, and watches the station.
#![expect(clippy::print_stdout, reason = "this is the face of the demo")]

use std::{
    io::{self, BufRead},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use tokio::sync::{mpsc, watch};

use super::{Control, Controls};
use crate::{
    bus::Published,
    core::{
        HandsetId, Snapshot,
        event::{CallVerb, DialKind, Input, LegFact},
        status::Media,
    },
    link::PairingLink,
};

mod story;

use story::Story;

const FINGER: Duration = Duration::from_millis(80);

const HELP: &str = "  press BUTTON            what the visitor does        hold BUTTON SECONDS
  accept PHONE            what people do on a phone    reject PHONE, hangup PHONE
  dial PHONE              the phone calls the door     monitor PHONE (listens in)
  open PHONE DOOR         opens the door from a phone
  pull DOOR, shut DOOR    the door itself              exit DOOR (button inside)
  tamper, untamper        somebody opens the case
  lose PHONE, back PHONE  the phone's network          crash (the media worker)
  pair PHONE LINK         with the link that was shown
  status, help, quit";

/// Ends when the person leaves; never where there is nobody.
pub async fn run(controls: Controls, mut state: watch::Receiver<Arc<Published>>) {
    println!("{}", greeting(&state.borrow().snapshot));
    let mut lines = read_lines();
    let mut story = Story::new(Arc::clone(&state.borrow_and_update()));
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => {
                    let published = Arc::clone(&state.borrow());
                    let turn = obey(&controls, &published.snapshot, &line);
                    match told_meanwhile(turn, &mut story, &mut state).await {
                        Turn::Said(text) if text.is_empty() => {}
                        Turn::Said(text) => println!("{text}"),
                        Turn::Left => return,
                    }
                }
                // Without a terminal the demo runs until it is stopped.
                None => watch_on(&mut story, &mut state).await,
            },
            Ok(()) = state.changed() => {
                story.go_on(Arc::clone(&state.borrow_and_update()), |line| println!("{line}"));
            }
        }
    }
}

/// A finger may stay on a button for a minute, and things happen under it.
async fn told_meanwhile(
    turn: impl Future<Output = Turn>,
    story: &mut Story,
    state: &mut watch::Receiver<Arc<Published>>,
) -> Turn {
    let mut turn = pin!(turn);
    loop {
        tokio::select! {
            turn = &mut turn => return turn,
            Ok(()) = state.changed() => {
                story.go_on(Arc::clone(&state.borrow_and_update()), |line| println!("{line}"));
            }
        }
    }
}

async fn watch_on(story: &mut Story, state: &mut watch::Receiver<Arc<Published>>) {
    while state.changed().await.is_ok() {
        story.go_on(Arc::clone(&state.borrow_and_update()), |line| println!("{line}"));
    }
    std::future::pending().await
}

fn greeting(snapshot: &Snapshot) -> String {
    let names = |names: Vec<String>| names.join(", ");
    let buttons = names(snapshot.buttons.keys().map(ToString::to_string).collect());
    let phones = names(snapshot.handsets.keys().map(ToString::to_string).collect());
    let doors = names(snapshot.doors.keys().map(ToString::to_string).collect());
    let first = |name: Option<String>| name.unwrap_or_default();
    let phone = first(snapshot.handsets.keys().next().map(ToString::to_string));
    let door = first(snapshot.doors.keys().next().map(ToString::to_string));
    let first = first(snapshot.buttons.keys().next().map(ToString::to_string));
    format!(
        "A door station without hardware. Type what people do; what the station does is shown.\n\
         buttons: {buttons}   phones: {phones}   doors: {doors}\n\
         Try: press {first}   then: accept {phone}   then: open {phone} {door}\n{HELP}\n{}",
        on_the_bus()
    )
}

fn on_the_bus() -> String {
    match std::env::var("DBUS_SESSION_BUS_ADDRESS") {
        Ok(address) => format!(
            "In another terminal, to see it as a local program does:\n  \
             DBUS_SESSION_BUS_ADDRESS='{address}' intercomctl --bus session monitor\n"
        ),
        Err(_) => String::new(),
    }
}

/// Standard input blocks, so it has a thread of its own, which ends with the process.
fn read_lines() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(16);
    let read = move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    };
    let thread = std::thread::Builder::new().name("terminal".to_owned()).spawn(read);
    if let Err(error) = thread {
        tracing::error!(%error, "nobody listens at the terminal");
    }
    lines
}

enum Turn {
    Said(String),
    Left,
}

async fn obey(controls: &Controls, snapshot: &Snapshot, line: &str) -> Turn {
    let words: Vec<&str> = line.split_whitespace().collect();
    let done = match words.as_slice() {
        [] => Ok(()),
        ["quit" | "q" | "exit"] => return Turn::Left,
        ["help" | "h" | "?"] => return Turn::Said(HELP.to_owned()),
        ["status" | "s"] => return Turn::Said(story::summary(snapshot)),
        ["press", button] => finger(controls, &format!("buttons.{button}"), FINGER).await,
        ["hold", button, seconds] => match seconds.parse::<u64>() {
            Ok(seconds @ 1..=60) => {
                finger(controls, &format!("buttons.{button}"), Duration::from_secs(seconds)).await
            }
            Ok(_) | Err(_) => Err("hold takes 1 to 60 seconds".to_owned()),
        },
        ["exit", door] => finger(controls, &format!("doors.{door}.exit_button"), FINGER).await,
        ["pull", door] => set(controls, &format!("doors.{door}.contact"), true),
        ["shut", door] => set(controls, &format!("doors.{door}.contact"), false),
        ["tamper"] => set(controls, "tamper", true),
        ["untamper"] => set(controls, "tamper", false),
        words => match understood(words) {
            Ok(control) => controls.order(control).await.map_err(|error| error.to_string()),
            Err(complaint) => Err(complaint),
        },
    };
    Turn::Said(done.err().map(|error| format!("  ! {error}")).unwrap_or_default())
}

/// What is done on a phone or to it.
fn understood(words: &[&str]) -> Result<Control, String> {
    let phone = |name: &&str| name.parse::<HandsetId>().map_err(|error| error.to_string());
    let in_call = |name, verb| Ok(Control::InCall { handset: phone(name)?, verb });
    let leg = |name, fact| Ok(Control::Leg { handset: phone(name)?, fact });
    let dial = |name, kind| Ok(Control::Dial { handset: phone(name)?, media: Media::Video, kind });
    match words {
        ["accept", name] => in_call(name, CallVerb::Accept),
        ["reject", name] => in_call(name, CallVerb::Reject),
        ["hangup", name] => in_call(name, CallVerb::HangUp),
        ["dial", name] => dial(name, DialKind::Talk),
        ["monitor", name] => dial(name, DialKind::Monitor),
        ["open", name, door] => {
            let door = door.parse().map_err(|error| format!("{error}"))?;
            Ok(Control::OpenDoor { handset: phone(name)?, door })
        }
        ["lose", name] => leg(name, LegFact::MediaLost),
        ["back", name] => leg(name, LegFact::MediaConnected),
        ["crash"] => Ok(Control::CrashWorker),
        ["pair", name, link] => Ok(Control::Pair {
            link: PairingLink((*link).to_owned()),
            handset: phone(name)?,
            label: (*name).to_owned(),
        }),
        _ => Err("not understood; help tells what can be done".to_owned()),
    }
}

fn set(controls: &Controls, name: &str, active: bool) -> Result<(), String> {
    let panel = controls.panel().ok_or("the panel is not simulated")?;
    let input = panel.inputs().into_keys().find(|input: &Input| input.to_string() == name);
    let input = input.ok_or_else(|| format!("there is no {name}"))?;
    panel.set_input(&input, active).map_err(|error| error.to_string())
}

async fn finger(controls: &Controls, name: &str, down: Duration) -> Result<(), String> {
    set(controls, name, true)?;
    tokio::time::sleep(down).await;
    set(controls, name, false)
}
