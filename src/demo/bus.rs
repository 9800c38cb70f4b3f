// SPDX-License-Identifier: MIT OR Apache-2.0
//! `org.intercomd1.Simulator`: the simulated surroundings on the bus, under a name of their own.
//! Only a station with a simulated panel has them.

mod failure;

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use zbus::{Connection, OwnedVariant, connection::Builder, interface};

use self::failure::Failure;
use super::{Control, Controls};
use crate::{
    config::{BusAddress, OnRing, Script},
    core::{
        DoorName, HandsetId, Moment,
        event::{CallVerb, DialKind, Input, LegFact},
        status,
    },
    link::PairingLink,
    panel::{Output, sim::SimPanel},
    station::clock,
};

const NAME: &str = "org.intercomd1.Simulator";
const PATH: &str = "/org/intercomd1/Simulator";

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Comes back whenever the bus does, like the station. Ends at once where there is to be no bus.
pub async fn keep_serving(address: BusAddress, controls: Controls) {
    let mut pause = FIRST_PAUSE;
    while let Some(builder) = builder(&address) {
        match serve(builder, controls.clone()).await {
            Ok(connection) => {
                pause = FIRST_PAUSE;
                connection.closed().await;
            }
            Err(error) => {
                // The station itself has said that there is no bus.
                tracing::debug!(%error, "the simulated surroundings are not on the bus");
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn builder(address: &BusAddress) -> Option<Builder<'_>> {
    match address {
        BusAddress::System => Some(Builder::system()),
        BusAddress::Session => Some(Builder::session()),
        BusAddress::At(address) => Some(Builder::address(address.as_str())),
        BusAddress::None => None,
    }
}

async fn serve(builder: Builder<'_>, controls: Controls) -> zbus::Result<Connection> {
    builder
        // Whose surroundings they are does not change under whoever plays.
        .allow_name_replacements(false)
        .replace_existing_names(false)
        .serve_at(PATH, Surroundings { controls, pressed_at: Mutex::default() })
        .name(NAME)
        .build()
        .await
}

struct Surroundings {
    controls: Controls,
    /// When an input was last made active.
    pressed_at: Mutex<Option<Moment>>,
}

type Options = BTreeMap<String, OwnedVariant>;

fn parsed<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error| Failure::InvalidArgs(format!("{what}: {error}")))
}

fn option<T: TryFrom<OwnedVariant>>(
    options: &mut Options,
    key: &str,
) -> Result<Option<T>, Failure> {
    let value = options.remove(key).map(T::try_from).transpose();
    value.map_err(|_| Failure::InvalidArgs(format!("{key}: of another type")))
}

impl Surroundings {
    async fn order(&self, control: Control) -> Result<(), Failure> {
        Ok(self.controls.order(control).await?)
    }

    async fn on_handset(&self, handset: &str, verb: CallVerb) -> Result<(), Failure> {
        let handset = parsed("handset", handset)?;
        self.order(Control::InCall { handset, verb }).await
    }

    fn panel(&self) -> Result<SimPanel, Failure> {
        let gone = || Failure::DeviceUnavailable("the panel is not simulated".to_owned());
        self.controls.panel().ok_or_else(gone)
    }

    fn move_input(&self, panel: &SimPanel, input: &Input, active: bool) -> Result<(), Failure> {
        if active {
            let mut pressed_at = self.pressed_at.lock().unwrap_or_else(PoisonError::into_inner);
            *pressed_at = Some(clock::now());
        }
        panel.set_input(input, active).map_err(|error| Failure::Failed(error.to_string()))
    }

    fn input(panel: &SimPanel, name: &str) -> Result<Input, Failure> {
        let found = panel.inputs().into_keys().find(|input| input.to_string() == name);
        found.ok_or_else(|| Failure::NotFound(format!("there is no input {name}")))
    }

    fn output(panel: &SimPanel, name: &str) -> Result<Output, Failure> {
        let found = panel.outputs().into_keys().find(|output| output.to_string() == name);
        found.ok_or_else(|| Failure::NotFound(format!("there is no output {name}")))
    }
}

#[interface(name = "org.intercomd1.Simulator")]
impl Surroundings {
    /// Moves an input: `buttons.NAME`, `doors.NAME.contact`, `doors.NAME.exit_button` or `tamper`;
    /// `active` means pressed, open, tampered.
    async fn set_input(&self, input: &str, active: bool) -> Result<(), Failure> {
        let panel = self.panel()?;
        let input = Self::input(&panel, input)?;
        self.move_input(&panel, &input, active)
    }

    /// A finger: down, and up again after `milliseconds`.
    async fn press(&self, input: &str, milliseconds: u32) -> Result<(), Failure> {
        let panel = self.panel()?;
        let input = Self::input(&panel, input)?;
        self.move_input(&panel, &input, true)?;
        tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
        self.move_input(&panel, &input, false)
    }

    /// When an input was last made active, and when a handset was last told to ring:
    /// microseconds on CLOCK_MONOTONIC, 0 for never.
    #[zbus(out_args("pressed", "rang"))]
    async fn times(&self) -> (u64, u64) {
        let micros = |at: Option<Moment>| {
            at.map_or(0, |at| u64::try_from(at.0.as_micros()).unwrap_or(u64::MAX))
        };
        let pressed = *self.pressed_at.lock().unwrap_or_else(PoisonError::into_inner);
        (micros(pressed), micros(self.controls.heard().borrow().rang_at))
    }

    /// Breaks or mends an output.
    async fn fail_output(&self, output: &str, broken: bool) -> Result<(), Failure> {
        let panel = self.panel()?;
        let output = Self::output(&panel, output)?;
        panel.fail_output(&output, broken).map_err(|error| Failure::Failed(error.to_string()))
    }

    /// The levels of the inputs, by the names that SetInput takes.
    async fn inputs(&self) -> Result<BTreeMap<String, bool>, Failure> {
        let inputs = self.panel()?.inputs().into_iter();
        Ok(inputs.map(|(input, active)| (input.to_string(), active)).collect())
    }

    /// The levels of relays and lights at this moment: `doors.NAME.relay`, `lights.NAME`.
    async fn outputs(&self) -> Result<BTreeMap<String, bool>, Failure> {
        let outputs = self.panel()?.outputs().into_iter();
        Ok(outputs.map(|(output, active)| (output.to_string(), active)).collect())
    }

    /// What would be heard: the tone, how many sounds there were, the last of them, and the gate
    /// of each leg that has one.
    #[zbus(out_args("tone", "sounds", "last_sound", "gates"))]
    async fn heard(&self) -> (String, u64, String, BTreeMap<String, String>) {
        let heard = self.controls.heard().borrow().clone();
        let gates = heard.gates.iter();
        (
            heard.tone.map(|tone| tone.word().to_owned()).unwrap_or_default(),
            heard.count,
            heard.last.map(|sound| sound.word().to_owned()).unwrap_or_default(),
            gates.map(|(leg, gate)| (leg.handset.to_string(), gate.word().to_owned())).collect(),
        )
    }

    /// A person accepts on the handset; so with the next four.
    async fn accept(&self, handset: &str) -> Result<(), Failure> {
        self.on_handset(handset, CallVerb::Accept).await
    }

    /// Ends only this handset's ringing.
    async fn reject(&self, handset: &str) -> Result<(), Failure> {
        self.on_handset(handset, CallVerb::Reject).await
    }

    /// Also gives up a call that the handset dialled.
    async fn hangup(&self, handset: &str) -> Result<(), Failure> {
        self.on_handset(handset, CallVerb::HangUp).await
    }

    /// Both ways are silent until Unhold.
    async fn hold(&self, handset: &str) -> Result<(), Failure> {
        self.on_handset(handset, CallVerb::Hold).await
    }

    /// The call is audible again, unless the station holds it too.
    async fn unhold(&self, handset: &str) -> Result<(), Failure> {
        self.on_handset(handset, CallVerb::Unhold).await
    }

    /// The handset calls the station; to listen in unasked takes a right of its own.
    async fn dial(&self, handset: &str, media: &str, monitor: bool) -> Result<(), Failure> {
        let kind = if monitor { DialKind::Monitor } else { DialKind::Talk };
        let media: status::Media = parsed("media", media)?;
        self.order(Control::Dial { handset: parsed("handset", handset)?, media, kind }).await
    }

    /// Works with the handset's right to open that door, in a call or not.
    async fn open_door(&self, handset: &str, door: &str) -> Result<(), Failure> {
        let door: DoorName = parsed("door", door)?;
        self.order(Control::OpenDoor { handset: parsed("handset", handset)?, door }).await
    }

    /// `fact` is one of rang, unreachable, busy, session_closed, session_timed_out,
    /// media_connected, media_lost, or a reason why media failed.
    async fn leg(&self, handset: &str, fact: &str) -> Result<(), Failure> {
        let fact = match fact {
            "rang" => LegFact::Rang,
            "unreachable" => LegFact::Unreachable,
            "busy" => LegFact::Busy,
            "session_closed" => LegFact::SessionClosed,
            "session_timed_out" => LegFact::SessionTimedOut,
            "media_connected" => LegFact::MediaConnected,
            "media_lost" => LegFact::MediaLost,
            reason => LegFact::MediaFailed(parsed("fact", reason)?),
        };
        self.order(Control::Leg { handset: parsed("handset", handset)?, fact }).await
    }

    /// What the handset does by itself: `on_ring` (s), `after_ms` (u), `connect_ms` (u), `talk_ms` (u).
    async fn script(&self, handset: &str, options: Options) -> Result<(), Failure> {
        let mut options = options;
        let ms = |value: Option<u32>| value.map(|ms| Duration::from_millis(ms.into()));
        let on_ring: Option<String> = option(&mut options, "on_ring")?;
        let script = Script {
            on_ring: match on_ring {
                Some(word) => parsed("on_ring", &word)?,
                None => OnRing::Ring,
            },
            after: ms(option(&mut options, "after_ms")?).unwrap_or_default(),
            connect: ms(option(&mut options, "connect_ms")?).unwrap_or_default(),
            talk: ms(option(&mut options, "talk_ms")?),
        };
        if let Some(key) = options.into_keys().next() {
            return Err(Failure::InvalidArgs(format!("there is no option {key} here")));
        }
        self.order(Control::Script { handset: parsed("handset", handset)?, script }).await
    }

    /// Uses the link that OpenPairing gave.
    async fn pair(&self, link: &str, handset: &str, label: &str) -> Result<(), Failure> {
        let handset: HandsetId = parsed("handset", handset)?;
        let (link, label) = (PairingLink(link.to_owned()), label.to_owned());
        self.order(Control::Pair { link, handset, label }).await
    }

    /// The handset is forgotten and its part in a call ends.
    async fn unpair(&self, handset: &str) -> Result<(), Failure> {
        self.order(Control::Unpair { handset: parsed("handset", handset)? }).await
    }

    /// The process that makes sound and pictures of the call dies.
    async fn crash_worker(&self) -> Result<(), Failure> {
        self.order(Control::CrashWorker).await
    }

    /// The sound device goes or comes back.
    async fn set_audio(&self, available: bool) -> Result<(), Failure> {
        self.order(Control::Audio { available }).await
    }
}
