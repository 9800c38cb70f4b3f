// SPDX-License-Identifier: MIT OR Apache-2.0
//! A person at a terminal plays the visitor, the phones and the door, and watches the station.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use tokio::sync::{mpsc, watch};

use super::{
    Control, Controls, Heard,
    story::{self, Story},
};
use crate::{
    bus::Published,
    core::{
        HandsetId, Snapshot,
        event::{CallVerb, DialKind, LegFact},
        status::Media,
    },
    link::PairingLink,
};

const FINGER: Duration = Duration::from_millis(80);

const HELP: &str = "  press BUTTON            what the visitor does        hold BUTTON SECONDS
  accept PHONE            what people do on a phone    reject PHONE, hangup PHONE
  dial PHONE              the phone calls the door     monitor PHONE (listens in)
  open PHONE DOOR         opens the door from a phone
  pull DOOR, shut DOOR    the door itself              exit DOOR (button inside)
  tamper, untamper        somebody opens the case
  lose PHONE, back PHONE  its sound and picture        crash (the media worker)
  pair PHONE LINK         with the link that holding a button, or intercomctl pair, shows
  status, help, quit";

/// Ends when the person leaves. Where input comes from a file or a pipe, its end is not the end
/// of the demo.
pub(super) async fn run(
    controls: Controls,
    state: watch::Receiver<Arc<Published>>,
    page: Option<String>,
) {
    let leaves = io::stdin().is_terminal();
    let mut watched = Watched::new(&controls, state);
    let heard = controls.heard().borrow().clone();
    say(&greeting(&watched.now(), &heard, page.as_deref()));
    let mut lines = read_lines();
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => {
                    let published = watched.now();
                    let turn = obey(&controls, &published.snapshot, &line);
                    match watched.meanwhile(turn).await {
                        Turn::Said(text) if text.is_empty() => {}
                        Turn::Said(text) => say(&text),
                        Turn::Left => return,
                    }
                }
                None if leaves => return,
                None => watched.meanwhile(std::future::pending()).await,
            },
            () = watched.tell_next() => {}
        }
    }
}

/// A terminal that is gone is no reason to end the station.
fn say(text: &str) {
    drop(writeln!(io::stdout(), "{text}"));
}

struct Watched {
    story: Story,
    state: watch::Receiver<Arc<Published>>,
    heard: watch::Receiver<Heard>,
}

impl Watched {
    fn new(controls: &Controls, mut state: watch::Receiver<Arc<Published>>) -> Self {
        let mut heard = controls.heard();
        let told = Arc::clone(&state.borrow_and_update());
        let story = Story::new(told, heard.borrow_and_update().clone());
        Self { story, state, heard }
    }

    fn now(&self) -> Arc<Published> {
        Arc::clone(&self.state.borrow())
    }

    async fn tell_next(&mut self) {
        tokio::select! {
            Ok(()) = self.state.changed() => {
                let now = Arc::clone(&self.state.borrow_and_update());
                self.story.go_on(now, say);
            }
            Ok(()) = self.heard.changed() => {
                let now = self.heard.borrow_and_update().clone();
                self.story.hear(now, say);
            }
            else => std::future::pending().await,
        }
    }

    /// A finger may stay on a button for a minute, and things happen under it.
    async fn meanwhile<T>(&mut self, turn: impl Future<Output = T>) -> T {
        let mut turn = pin!(turn);
        loop {
            tokio::select! {
                turn = &mut turn => return turn,
                () = self.tell_next() => {}
            }
        }
    }
}

/// What to do, for somebody who has read nothing else.
fn greeting(now: &Published, heard: &Heard, page: Option<&str>) -> String {
    let mut text = "A door station without hardware, for this computer alone.\n\n".to_owned();
    if let Some(page) = page {
        text += &format!("  1  At the door:   {page}\n");
        let link = heard.pairing_link.as_ref().map(|link| link.0.as_str());
        match link.filter(|_| now.snapshot.station.pairing_until.is_some()) {
            Some(link) => text += &format!("  2  Your handset:  {link}\n"),
            None => text += "  2  Your handset:  a button on that page makes a link for it\n",
        }
        text += "  3  Press the bell in the one tab, answer in the other, open the door.\n\n";
    }
    if let Some(steps) = first_steps(&now.snapshot) {
        text += &format!("Or play it all from here, with simulated phones.\n{steps}");
    }
    text + "help tells the rest, quit ends it.\n"
}

fn help(snapshot: &Snapshot) -> String {
    let buttons = names(snapshot.buttons.keys());
    let phones = names(snapshot.handsets.keys());
    let doors = names(snapshot.doors.keys());
    format!("  buttons: {buttons}   phones: {phones}   doors: {doors}\n{HELP}\n{}", on_the_bus())
}

fn names(names: impl Iterator<Item = impl ToString>) -> String {
    names.map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}

/// With a phone that may do all of them.
fn first_steps(snapshot: &Snapshot) -> Option<String> {
    let button = snapshot.buttons.keys().next()?;
    let (phone, handset) =
        snapshot.handsets.iter().find(|(_, h)| h.rights.answer && !h.rights.doors.is_empty())?;
    let door = handset.rights.doors.first()?;
    Some(format!("Try: press {button}   then: accept {phone}   then: open {phone} {door}\n"))
}

fn on_the_bus() -> String {
    let program = std::env::current_exe().ok().map(|exe| exe.with_file_name("intercomctl"));
    let program = program.filter(|program| program.exists());
    let program = program.map_or("intercomctl".to_owned(), |path| path.display().to_string());
    match std::env::var("DBUS_SESSION_BUS_ADDRESS") {
        Ok(address) => format!(
            "In another terminal, to see it as a local program does:\n  \
             DBUS_SESSION_BUS_ADDRESS='{address}' {program} --bus session monitor\n"
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
        ["help" | "h" | "?"] => return Turn::Said(help(snapshot)),
        ["status" | "s"] => {
            return Turn::Said(story::summary(snapshot, &controls.heard().borrow().phones));
        }
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
    controls.move_input(name, active).map_err(|error| error.to_string())
}

async fn finger(controls: &Controls, name: &str, down: Duration) -> Result<(), String> {
    set(controls, name, true)?;
    tokio::time::sleep(down).await;
    set(controls, name, false)
}
