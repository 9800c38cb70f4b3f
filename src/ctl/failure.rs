// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a command was not done, what to do about it, and the exit status that says it.

use std::{io, time::Duration};

use serde_json::{Value, json};
use zbus::{DBusError, fdo};

#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// In the station's own words; the name is the last word of the D-Bus error.
    #[error("{message}")]
    Refused { name: String, message: String },
    #[error("there is no {kind} {name}; {}", listed(.known))]
    Unknown { kind: Kind, name: String, known: Vec<String> },
    #[error("which {kind}? there are {}: {}", count(.known.len()), .known.join(", "))]
    Ambiguous { kind: Kind, known: Vec<String> },
    #[error("there is no {0}")]
    None(Kind),
    #[error("there is no call")]
    NoCall,

    #[error("the bus cannot be reached: {0}")]
    NoBus(String),
    #[error("intercomd is not running")]
    NotRunning,
    #[error("the bus does not let this user talk to intercomd")]
    NotPermitted,
    #[error("intercomd did not answer within {} s", .0.as_secs())]
    NoAnswer(Duration),
    #[error("intercomd went away")]
    WentAway,
    #[error("the answer of intercomd was not understood: {0}")]
    Gibberish(String),

    /// The worker knows the sound cards.
    #[error("the sound cards cannot be listed: {0}")]
    NoCards(String),
    #[error("the output cannot be written")]
    Output(#[source] io::Error),
    #[error("the event loop does not start")]
    Runtime(#[source] io::Error),
}

/// What a command names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Call,
    Contact,
    Door,
    Button,
    Handset,
}

impl Kind {
    /// The element of the object path.
    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Call => "calls",
            Self::Contact => "contacts",
            Self::Door => "doors",
            Self::Button => "buttons",
            Self::Handset => "handsets",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Call => "call",
            Self::Contact => "contact",
            Self::Door => "door",
            Self::Button => "button",
            Self::Handset => "handset",
        })
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "there are none".to_owned(),
        [only] => format!("the only one is {only}"),
        _ => format!("there are {}", names.join(", ")),
    }
}

fn count(number: usize) -> String {
    match number {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        4 => "four".to_owned(),
        _ => number.to_string(),
    }
}

impl Failure {
    /// A call that the station or the bus answered with an error.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are about what was said")]
    pub(super) fn of_reply(error: zbus::Error) -> Self {
        match error {
            zbus::Error::MethodError(name, text, _) => Self::Refused {
                name: last_word(name.as_str()),
                message: text.unwrap_or_else(|| name.to_string()),
            },
            zbus::Error::FDO(error) => Self::of_standard(*error),
            zbus::Error::InputOutput(_) => Self::WentAway,
            other => Self::Gibberish(other.to_string()),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "fdo::Error names many that are alike")]
    fn of_standard(error: fdo::Error) -> Self {
        match error {
            fdo::Error::ServiceUnknown(_) | fdo::Error::NameHasNoOwner(_) => Self::NotRunning,
            fdo::Error::AccessDenied(_) => Self::NotPermitted,
            fdo::Error::NoReply(_) | fdo::Error::Disconnected(_) => Self::WentAway,
            fdo::Error::ZBus(error) => Self::of_reply(error),
            other => Self::Refused {
                name: last_word(other.name().as_str()),
                message: other.description().unwrap_or("no reason was given").to_owned(),
            },
        }
    }

    pub(super) const fn exit_code(&self) -> u8 {
        match self {
            Self::Refused { .. }
            | Self::Unknown { .. }
            | Self::None(_)
            | Self::NoCall
            | Self::Gibberish(_)
            | Self::NoCards(_)
            | Self::Output(_)
            | Self::Runtime(_) => 1,
            Self::Ambiguous { .. } => 2,
            Self::NoBus(_)
            | Self::NotRunning
            | Self::NotPermitted
            | Self::NoAnswer(_)
            | Self::WentAway => 3,
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Refused { name, .. } => name,
            Self::Unknown { .. } | Self::None(_) => "NotFound",
            Self::Ambiguous { .. } => "Ambiguous",
            Self::NoCall => "WrongState",
            Self::NoBus(_) => "NoBus",
            Self::NotRunning => "NotRunning",
            Self::NotPermitted => "NotPermitted",
            Self::NoAnswer(_) => "NoAnswer",
            Self::WentAway => "WentAway",
            Self::Gibberish(_) => "Gibberish",
            Self::NoCards(_) => "NoCards",
            Self::Output(_) => "Output",
            Self::Runtime(_) => "Runtime",
        }
    }

    /// What the person at the terminal can do.
    pub(super) const fn advice(&self) -> Option<&'static str> {
        match self {
            Self::NotRunning => {
                Some("start it with: systemctl start intercomd; or name its bus with --bus")
            }
            Self::NotPermitted => Some(
                "become a member of the group intercom (adduser NAME intercom) and log in again, \
                 or use sudo",
            ),
            Self::NoBus(_) => Some("is dbus installed and running? --bus names another bus"),
            Self::NoAnswer(_) => Some("its last words: journalctl -u intercomd"),
            Self::NoCards(_) => Some("intercomd-media is installed beside intercomd"),
            Self::Gibberish(_) => Some("are intercomctl and intercomd of the same version?"),
            Self::Refused { .. }
            | Self::Unknown { .. }
            | Self::Ambiguous { .. }
            | Self::None(_)
            | Self::NoCall
            | Self::WentAway
            | Self::Output(_)
            | Self::Runtime(_) => None,
        }
    }

    /// Whoever read the output has seen enough.
    pub(super) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(super) fn text(&self) -> String {
        let advice = self.advice().map(|advice| format!("\n{advice}")).unwrap_or_default();
        format!("{}: {self}{advice}", self.name())
    }

    pub(super) fn json(&self) -> Value {
        json!({ "error": { "name": self.name(), "message": self.to_string() } })
    }
}

fn last_word(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_that_is_not_there_and_one_that_is_out_of_bounds_are_told_apart() {
        let gone = Failure::of_reply(fdo::Error::ServiceUnknown("no".into()).into());
        let denied = Failure::of_reply(fdo::Error::AccessDenied("no".into()).into());
        assert!(matches!(gone, Failure::NotRunning), "{gone:?}");
        assert!(matches!(denied, Failure::NotPermitted), "{denied:?}");
        assert_eq!((gone.exit_code(), denied.exit_code()), (3, 3));
        assert!(gone.text().contains("systemctl start"));
        assert!(denied.text().contains("group intercom"));
    }

    #[test]
    fn an_unknown_name_comes_with_those_that_are_known() {
        let unknown = |known: &[&str]| {
            let known = known.iter().map(ToString::to_string).collect();
            Failure::Unknown { kind: Kind::Door, name: "side".into(), known }.to_string()
        };
        assert_eq!(unknown(&[]), "there is no door side; there are none");
        assert_eq!(unknown(&["front"]), "there is no door side; the only one is front");
        assert_eq!(unknown(&["back", "front"]), "there is no door side; there are back, front");
    }

    #[test]
    fn what_is_ambiguous_is_a_usage_error_with_candidates() {
        let known = vec!["back".to_owned(), "front".to_owned()];
        let failure = Failure::Ambiguous { kind: Kind::Door, known };
        assert_eq!(failure.to_string(), "which door? there are two: back, front");
        assert_eq!(failure.exit_code(), 2);
    }

    #[test]
    fn errors_are_json_too() {
        let failure = Failure::Refused { name: "Locked".into(), message: "it is".into() };
        let expected = json!({ "error": { "name": "Locked", "message": "it is" } });
        assert_eq!(failure.json(), expected);
    }
}
