// SPDX-License-Identifier: MIT OR Apache-2.0
//! What whoever looks at the page does.

use std::time::Duration;

use serde::Deserialize;

use crate::{
    core::{
        Command, DoorName, HandsetId, Origin,
        event::{CallVerb, DialKind, DoorVerb},
        status::Media,
    },
    demo::{Control, Scene},
    station::request::Request,
};

const PAIRING_LASTS: Duration = Duration::from_secs(5 * 60);

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Wish {
    /// A finger, the door, the lid of the case; by the names that the simulator has on the bus.
    Move {
        input: String,
        active: bool,
    },
    OpenPairing,
    ClosePairing,
    DoNotDisturb {
        on: bool,
    },
    Volume {
        percent: u8,
    },
    Lock {
        door: DoorName,
    },
    Unlock {
        door: DoorName,
    },
    /// A person does something on a simulated phone.
    Phone {
        handset: HandsetId,
        does: OnPhone,
    },
    PhoneOpens {
        handset: HandsetId,
        door: DoorName,
    },
    /// A real one is forgotten.
    Unpair {
        handset: HandsetId,
    },
    CrashWorker,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OnPhone {
    Accept,
    Reject,
    HangUp,
    Dial,
}

impl Wish {
    /// The error is for the person.
    pub(super) async fn come_true(self, scene: &Scene) -> Result<(), String> {
        let at_door = |door, verb| Command::AtDoor { door, verb };
        match self {
            Self::Move { input, active } => {
                scene.controls.move_input(&input, active).map_err(|error| error.to_string())
            }
            Self::OpenPairing => scene.open_window(PAIRING_LASTS).await,
            Self::ClosePairing => scene.command(Command::ClosePairing).await,
            Self::DoNotDisturb { on } => scene.command(Command::SetDoNotDisturb { on }).await,
            Self::Volume { percent } => scene.command(Command::SetVolume { percent }).await,
            Self::Lock { door } => scene.command(at_door(door, DoorVerb::Lock)).await,
            Self::Unlock { door } => scene.command(at_door(door, DoorVerb::Unlock)).await,
            Self::Phone { handset, does } => scene.order(does.on(handset)).await,
            Self::PhoneOpens { handset, door } => {
                scene.order(Control::OpenDoor { handset, door }).await
            }
            Self::Unpair { handset } => scene.forget(handset).await,
            Self::CrashWorker => scene.order(Control::CrashWorker).await,
        }
    }
}

impl OnPhone {
    fn on(self, handset: HandsetId) -> Control {
        let verb = match self {
            Self::Accept => CallVerb::Accept,
            Self::Reject => CallVerb::Reject,
            Self::HangUp => CallVerb::HangUp,
            Self::Dial => {
                return Control::Dial { handset, media: Media::Video, kind: DialKind::Talk };
            }
        };
        Control::InCall { handset, verb }
    }
}

impl Scene {
    async fn command(&self, command: Command) -> Result<(), String> {
        self.ask(|reply| Request::Command { origin: Origin::Bus, command, reply }).await
    }

    async fn forget(&self, handset: HandsetId) -> Result<(), String> {
        self.ask(|reply| Request::RemoveHandset { handset, reply }).await
    }

    async fn order(&self, control: Control) -> Result<(), String> {
        self.controls.order(control).await.map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Wish, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn the_page_says_what_a_finger_does() {
        let down = Wish::Move { input: "buttons.bell".to_owned(), active: true };
        let text = r#"{"t":"move","input":"buttons.bell","active":true}"#;
        assert_eq!(read(text).unwrap(), down);
        let phone = r#"{"t":"phone","handset":"hall","does":"hang_up"}"#;
        let hall = "hall".parse().unwrap();
        assert_eq!(read(phone).unwrap(), Wish::Phone { handset: hall, does: OnPhone::HangUp });
    }

    #[test]
    fn what_it_does_not_say_is_not_understood() {
        for text in [
            "",
            "[]",
            r#"{"t":"dance"}"#,
            r#"{"t":"volume","percent":300}"#,
            r#"{"t":"volume","percent":30,"loud":true}"#,
            r#"{"t":"lock","door":"../front"}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
