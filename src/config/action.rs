// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a gesture does, as one word or as a table with a word for each state of the station.

use super::{
    Declared,
    reader::Entry,
    spelling::{listed, quoted},
};
use crate::core::profile::{Action, Actions};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    Idle,
    Calling,
    Ringing,
    Ongoing,
}

impl Context {
    const fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Calling => "calling",
            Self::Ringing => "ringing",
            Self::Ongoing => "ongoing",
        }
    }
}

const WORDS: [(&str, Action); 10] = [
    ("nothing", Action::Nothing),
    ("accept", Action::Accept),
    ("reject", Action::Reject),
    ("hang_up", Action::HangUp),
    ("cancel", Action::HangUp),
    ("nudge", Action::Nudge),
    ("silence", Action::Silence),
    ("open_pairing", Action::OpenPairing),
    ("toggle_mute", Action::ToggleMute),
    ("toggle_do_not_disturb", Action::ToggleDoNotDisturb),
];

/// One word does what it can in every context, and nothing in the others.
pub(super) fn read(entry: &Entry<'_>, declared: &Declared) -> Actions {
    if entry.value.is_some_and(|value| value.is_table()) {
        let table = entry.section();
        let action = |context: Context| {
            let entry = table.key(context.word());
            let action = one(&entry, declared).unwrap_or(Action::Nothing);
            if !applies(&action, context) {
                let what = format!("can do nothing while the station is {}", context.word());
                entry.wrong(what, &useful(context));
            }
            action
        };
        return spread(action);
    }
    let action = one(entry, declared).unwrap_or(Action::Nothing);
    spread(|context| if applies(&action, context) { action.clone() } else { Action::Nothing })
}

fn spread(action: impl Fn(Context) -> Action) -> Actions {
    Actions {
        idle: action(Context::Idle),
        calling: action(Context::Calling),
        ringing: action(Context::Ringing),
        ongoing: action(Context::Ongoing),
    }
}

fn one(entry: &Entry<'_>, declared: &Declared) -> Option<Action> {
    let words = listed(WORDS.iter().map(|(word, _)| word));
    let allowed = format!("{words}, call:<contact>, open:<door>");
    let text = entry.take(&allowed, |value| value.as_str())?;
    if let Some(contact) = text.strip_prefix("call:") {
        return entry.declared(contact, &declared.contacts, "contact").map(Action::Call);
    }
    if let Some(door) = text.strip_prefix("open:") {
        return entry.declared(door, &declared.doors, "door").map(Action::OpenDoor);
    }
    let found = WORDS.iter().find(|(word, _)| *word == text).map(|(_, action)| action.clone());
    if found.is_none() {
        entry.wrong(format!("is the text \"{}\"", quoted(text, 40)), &allowed);
    }
    found
}

fn applies(action: &Action, context: Context) -> bool {
    match action {
        Action::Nothing
        | Action::OpenDoor(_)
        | Action::OpenPairing
        | Action::ToggleDoNotDisturb => true,
        Action::Call(_) => context == Context::Idle,
        Action::Nudge => context == Context::Calling,
        Action::Accept | Action::Reject | Action::Silence => context == Context::Ringing,
        Action::ToggleMute => context == Context::Ongoing,
        Action::HangUp => context != Context::Idle,
    }
}

fn useful(context: Context) -> String {
    let words = WORDS.iter().filter(|(_, action)| applies(action, context)).map(|(word, _)| *word);
    let call = (context == Context::Idle).then_some("call:<contact>");
    listed(words.chain(call).chain(["open:<door>"]))
}
