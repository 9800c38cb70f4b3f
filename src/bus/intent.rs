// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a method call on one of our interfaces, or the writing of a property, asks for.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
    time::Duration,
};

use zbus::{OwnedVariant, message::Body, wire::DynamicDeserialize};

use super::{
    failure::Failure,
    object::Object,
    published::{Configured, Published},
    right::Right,
};
use crate::{
    core::{
        ButtonName, CallId, Command, ContactName, DoorName, HandsetId, Reason,
        event::{CallVerb, DoorVerb},
        profile::Grant,
        status::{Direction, Media},
    },
    media::LoopTest,
};

const PAIRING_LIFETIME: Duration = Duration::from_secs(300);

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Intent {
    /// The caller needs all of them.
    pub(super) rights: BTreeSet<Right>,
    pub(super) wish: Wish,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Command(Command),
    OpenPairing { lifetime: Duration, grant: Grant },
    RemoveHandset(HandsetId),
    Reload,
    CallLog { limit: u32 },
    SelfTest,
}

impl Wish {
    /// What it takes at the most besides the time that everything may take.
    pub(super) const fn lasts(&self) -> Duration {
        match self {
            Self::SelfTest => LoopTest::LONGEST,
            Self::Command(_)
            | Self::OpenPairing { .. }
            | Self::RemoveHandset(_)
            | Self::Reload
            | Self::CallLog { .. } => Duration::ZERO,
        }
    }
}

impl Intent {
    fn new(right: Right, wish: Wish) -> Self {
        Self { rights: BTreeSet::from([right]), wish }
    }

    fn command(right: Right, command: Command) -> Self {
        Self::new(right, Wish::Command(command))
    }

    pub(super) fn of_method(
        object: &Object,
        method: &str,
        body: &Body,
        published: &Published,
    ) -> Result<Self, Failure> {
        match object {
            Object::Station => station(method, body),
            Object::Call(id) => call(*id, method, body, published),
            Object::Door(name) => door(name, method, body),
            Object::Button(name) => button(name, method, body, &published.configured),
            Object::Handset(id) => handset(id, method, body),
            Object::Contact(name) => contact(name, method, body),
            Object::Light(_) => Err(Failure::UnknownMethod(method.to_owned())),
        }
    }

    /// The property exists; whether it can be written is found out here.
    pub(super) fn of_write(
        object: &Object,
        property: &str,
        value: OwnedVariant,
    ) -> Result<Self, Failure> {
        match (object, property) {
            (Object::Station, "DoNotDisturb") => {
                let on = typed(property, value)?;
                Ok(Self::command(Right::Configure, Command::SetDoNotDisturb { on }))
            }
            (Object::Station, "Volume") => {
                let percent = typed(property, value)?;
                Ok(Self::command(Right::Configure, Command::SetVolume { percent }))
            }
            (Object::Station, "MicrophoneGain") => {
                let decibels = typed(property, value)?;
                Ok(Self::command(Right::Configure, Command::SetGain { decibels }))
            }
            (Object::Call(id), "Mute") => {
                let muted = typed(property, value)?;
                Ok(Self::command(
                    Right::Answer,
                    Command::InCall { call: *id, verb: CallVerb::Mute(muted) },
                ))
            }
            _ => Err(Failure::ReadOnly(property.to_owned())),
        }
    }
}

fn station(method: &str, body: &Body) -> Result<Intent, Failure> {
    Ok(match method {
        "Call" => {
            let (contact, options): (String, Options) = arguments(body)?;
            let contact: ContactName = contact
                .parse()
                .map_err(|error| Failure::InvalidArgs(format!("contact: {error}")))?;
            call_contact(contact, options)?
        }
        "HangupAll" => nullary(body, Right::Call, Command::HangUpAll)?,
        "OpenPairing" => {
            let (lifetime, grant) = pairing_window(arguments(body)?)?;
            Intent::new(Right::Pair, Wish::OpenPairing { lifetime, grant })
        }
        "ClosePairing" => nullary(body, Right::Pair, Command::ClosePairing)?,
        "Reload" => {
            arguments::<()>(body)?;
            Intent::new(Right::Configure, Wish::Reload)
        }
        "CallLog" => Intent::new(Right::Observe, Wish::CallLog { limit: arguments(body)? }),
        "SelfTest" => {
            arguments::<()>(body)?;
            Intent::new(Right::Call, Wish::SelfTest)
        }
        _ => return Err(Failure::UnknownMethod(method.to_owned())),
    })
}

fn call(call: CallId, method: &str, body: &Body, published: &Published) -> Result<Intent, Failure> {
    let (right, verb) = match method {
        "Accept" => (Right::Answer, CallVerb::Accept),
        "Reject" => (Right::Answer, CallVerb::Reject),
        "Hangup" => (right_to_hang_up(call, published), CallVerb::HangUp),
        "Nudge" => (Right::Call, CallVerb::Nudge),
        "Silence" => (Right::Answer, CallVerb::Silence),
        "Hold" => (Right::Answer, CallVerb::Hold),
        "Unhold" => (Right::Answer, CallVerb::Unhold),
        _ => return Err(Failure::UnknownMethod(method.to_owned())),
    };
    match verb {
        CallVerb::Accept => no_options(arguments(body)?)?,
        CallVerb::Reject => {
            let reason: String = arguments(body)?;
            if !reason.is_empty() && reason != Reason::Rejected.word() {
                return Err(Failure::InvalidArgs(format!("`{reason}` is no reason to reject")));
            }
        }
        CallVerb::HangUp
        | CallVerb::Nudge
        | CallVerb::Silence
        | CallVerb::Hold
        | CallVerb::Unhold
        | CallVerb::Mute(_) => arguments::<()>(body)?,
    }
    Ok(Intent::command(right, Command::InCall { call, verb }))
}

/// Hanging up what rings in is turning somebody away, as rejecting is.
fn right_to_hang_up(call: CallId, published: &Published) -> Right {
    match published.snapshot.calls.get(&call).map(|call| call.direction) {
        Some(Direction::Incoming) => Right::Answer,
        Some(Direction::Outgoing) | None => Right::Call,
    }
}

fn door(door: &DoorName, method: &str, body: &Body) -> Result<Intent, Failure> {
    let verb = match method {
        "Open" => DoorVerb::Open,
        "Hold" => DoorVerb::Hold,
        "Release" => DoorVerb::Release,
        "Lock" => DoorVerb::Lock,
        "Unlock" => DoorVerb::Unlock,
        _ => return Err(Failure::UnknownMethod(method.to_owned())),
    };
    match verb {
        DoorVerb::Open => no_options(arguments(body)?)?,
        DoorVerb::Hold | DoorVerb::Release | DoorVerb::Lock | DoorVerb::Unlock => {
            arguments::<()>(body)?;
        }
    }
    let door = door.clone();
    Ok(Intent::command(Right::OpenDoor, Command::AtDoor { door, verb }))
}

fn button(
    name: &ButtonName,
    method: &str,
    body: &Body,
    configured: &Configured,
) -> Result<Intent, Failure> {
    let button = name.clone();
    let (rights, command) = match method {
        "Press" => (configured.rights_to_press(name), Command::PressButton { button }),
        "Hold" => (configured.rights_to_hold(name), Command::HoldButton { button }),
        _ => return Err(Failure::UnknownMethod(method.to_owned())),
    };
    arguments::<()>(body)?;
    Ok(Intent { rights, wish: Wish::Command(command) })
}

fn handset(handset: &HandsetId, method: &str, body: &Body) -> Result<Intent, Failure> {
    match method {
        "Remove" => {
            arguments::<()>(body)?;
            Ok(Intent::new(Right::Pair, Wish::RemoveHandset(handset.clone())))
        }
        _ => Err(Failure::UnknownMethod(method.to_owned())),
    }
}

fn contact(contact: &ContactName, method: &str, body: &Body) -> Result<Intent, Failure> {
    match method {
        "Call" => call_contact(contact.clone(), arguments(body)?),
        _ => Err(Failure::UnknownMethod(method.to_owned())),
    }
}

fn nullary(body: &Body, right: Right, command: Command) -> Result<Intent, Failure> {
    arguments::<()>(body)?;
    Ok(Intent::command(right, command))
}

fn call_contact(contact: ContactName, mut options: Options) -> Result<Intent, Failure> {
    let media = match options.remove("media") {
        None => None,
        Some(value) => {
            let word: String = typed("media", value)?;
            let media: Media =
                word.parse().map_err(|error| Failure::InvalidArgs(format!("media: {error}")))?;
            Some(media)
        }
    };
    no_options(options)?;
    Ok(Intent::command(Right::Call, Command::Call { contact, media }))
}

fn pairing_window(mut options: Options) -> Result<(Duration, Grant), Failure> {
    let lifetime = match options.remove("lifetime_s") {
        None => PAIRING_LIFETIME,
        Some(value) => Duration::from_secs(typed::<u32>("lifetime_s", value)?.into()),
    };
    let grant = Grant {
        rights: words_in(&mut options, "rights")?,
        doors: words_in(&mut options, "doors")?,
    };
    no_options(options)?;
    if lifetime.is_zero() || lifetime > PAIRING_LIFETIME {
        return Err(Failure::InvalidArgs("lifetime_s: 1 to 300".to_owned()));
    }
    Ok((lifetime, grant))
}

fn words_in<T>(options: &mut Options, name: &str) -> Result<Option<BTreeSet<T>>, Failure>
where
    T: FromStr + Ord,
    T::Err: std::fmt::Display,
{
    let Some(value) = options.remove(name) else { return Ok(None) };
    let words: Vec<String> = typed(name, value)?;
    let word = |word: &String| {
        word.parse().map_err(|error| Failure::InvalidArgs(format!("{name}: {word}: {error}")))
    };
    words.iter().map(word).collect::<Result<_, _>>().map(Some)
}

type Options = BTreeMap<String, OwnedVariant>;

/// None, or none besides those taken out.
fn no_options(options: Options) -> Result<(), Failure> {
    match options.into_keys().next() {
        None => Ok(()),
        Some(key) => Err(Failure::InvalidArgs(format!("there is no option `{key}` here"))),
    }
}

pub(super) fn arguments<'b, T: DynamicDeserialize<'b>>(body: &'b Body) -> Result<T, Failure> {
    body.deserialize().map_err(|error| Failure::InvalidArgs(error.to_string()))
}

fn typed<T: TryFrom<OwnedVariant>>(name: &str, value: OwnedVariant) -> Result<T, Failure> {
    let found = value.value_signature().to_string();
    T::try_from(value)
        .map_err(|_| Failure::InvalidArgs(format!("{name}: a value of type {found} does not fit")))
}
