// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line of `intercomctl`.

use std::{path::PathBuf, time::Duration};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
    value_parser,
};

use crate::{
    cli::CONFIG,
    config::{BusAddress, NoBusAddress},
    core::{DoorName, profile::Right, status::Media},
};

/// Shows and controls a door station.
///
/// It talks to the daemon over D-Bus and does what a screen in the hall would do: who it is that
/// rings, answering, hanging up, opening doors.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(
    name = "intercomctl",
    version,
    max_term_width = 100,
    subcommand_value_name = "COMMAND",
    arg_required_else_help = true
)]
#[command(after_long_help = EXIT_STATUS)]
pub struct Intercomctl {
    /// Where the station is: system, session or a D-Bus address
    #[arg(long, global = true, value_name = "BUS", default_value = "system")]
    #[arg(env = "INTERCOMD_BUS", hide_env_values = true, value_parser = bus)]
    pub bus: Bus,

    /// Print JSON, errors too
    #[arg(long, global = true)]
    pub json: bool,

    /// How long to wait for an answer [default: 10, or 65 where a password may be asked for]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = value_parser!(u32).range(1..=3600))]
    pub timeout: Option<u32>,

    #[command(subcommand)]
    pub command: Command,
}

pub const EXIT_STATUS: &str = "\
Exit status:
  0   done
  1   the station refused, or the call was not answered, or the doctor found a problem
  2   the command line is wrong or does not say which one is meant
  3   the station cannot be reached
  78  the configuration is wrong";

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bus {
    System,
    Session,
    At(String),
}

impl Bus {
    /// `None` for a station that is on no bus.
    #[must_use]
    pub fn of(address: &BusAddress) -> Option<Self> {
        match address {
            BusAddress::System => Some(Self::System),
            BusAddress::Session => Some(Self::Session),
            BusAddress::At(address) => Some(Self::At(address.clone())),
            BusAddress::None => None,
        }
    }
}

fn bus(text: &str) -> Result<Bus, NoBusAddress> {
    Bus::of(&text.parse()?).ok_or(NoBusAddress)
}

impl Intercomctl {
    #[must_use]
    pub fn patience(&self) -> Option<Duration> {
        self.timeout.map(|seconds| Duration::from_secs(seconds.into()))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Show the station, its call, doors, lights and problems
    Status,
    /// Print every signal and every changed property until interrupted
    ///
    /// Goes on when the daemon stops, and says so, and when it comes back.
    Monitor,
    /// Call a contact, as if a visitor had pressed its button
    Call {
        /// Name of the contact; may be left out if there is only one
        contact: Option<String>,
        /// Instead of the contact's own
        #[arg(long, value_parser = media())]
        media: Option<Media>,
        /// Follow the call until it is over; exit status 1 unless it was answered
        #[arg(long)]
        wait: bool,
    },
    /// Answer at the station
    Accept(ThatCall),
    /// Decline at the station
    Reject(ThatCall),
    /// End a call
    Hangup {
        #[command(flatten)]
        call: ThatCall,
        /// End every call; no error if there is none
        #[arg(long, conflicts_with = "call")]
        all: bool,
    },
    /// Stop sound in both directions and keep the call
    Hold(ThatCall),
    /// Go on where hold stopped
    Unhold(ThatCall),
    /// Switch the station's microphone off for this call, or on again
    Mute {
        /// Whether it is muted
        #[arg(default_value = "on")]
        state: OnOff,
        #[command(flatten)]
        call: ThatCall,
    },
    /// Stop ringing at the panel; the call can still be answered
    Silence(ThatCall),
    /// Ring the same handsets once more
    Nudge(ThatCall),
    /// Open a door for the length of its pulse
    Open {
        /// Name of the door; may be left out if there is only one
        door: Option<String>,
    },
    /// Hold a door open, lock it, or end either
    Door {
        /// Name of the door
        door: String,
        verb: DoorVerb,
    },
    /// Do what a button of the panel does
    Press {
        /// Name of the button; may be left out if there is only one
        button: Option<String>,
        /// A long press
        #[arg(long)]
        hold: bool,
    },
    /// Print the call log, the newest last
    Calls {
        /// At most this many; 0 for all that are kept
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
        /// Only calls that nobody answered
        #[arg(long)]
        missed: bool,
    },
    /// List the paired handsets, or unpair one
    Handsets {
        #[command(subcommand)]
        verb: Option<HandsetVerb>,
    },
    /// Let one new handset be paired: prints a link and its QR code
    Pair {
        #[command(flatten)]
        window: Window,
        /// Make the link that was given out worthless
        #[arg(long, conflicts_with_all = ["lifetime", "rights", "doors"])]
        close: bool,
    },
    /// Show or set do-not-disturb
    Dnd {
        /// Whether contacts are left in peace
        state: Option<OnOff>,
    },
    /// Show or set the volume of the loudspeaker
    Volume {
        /// How loud; without it, what it is now
        #[arg(value_name = "0-100", value_parser = value_parser!(u8).range(0..=100))]
        percent: Option<u8>,
    },
    /// Show or set the gain of the microphone, in decibels
    Gain {
        /// More or less than the card gives, -30 to 20; without it, what it is now
        #[arg(value_name = "DECIBELS", allow_negative_numbers = true,
              value_parser = value_parser!(i16).range(-30..=20))]
        decibels: Option<i16>,
    },
    /// Make the daemon read its configuration again
    Reload,
    /// Check the station, and play a chirp to see whether its microphone hears its loudspeaker
    ///
    /// Exit status 1 if something failed. A call that comes meanwhile ends the chirp and is not delayed.
    Selftest,
    /// List the sound cards of this machine, and what to write in the configuration
    ///
    /// It asks the cards themselves, so the station may be stopped. What a card can do is not known
    /// while a program holds it.
    Audio,
    /// Print everything that is wrong with a configuration file
    CheckConfig {
        #[arg(default_value = CONFIG)]
        path: PathBuf,
    },
    /// Say what this machine lacks for the station to work
    Doctor {
        /// The configuration file
        #[arg(long, value_name = "PATH", default_value = CONFIG)]
        config: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub struct ThatCall {
    /// Id of the call; the one that is not over if left out
    pub call: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnOff {
    On,
    Off,
}

impl OnOff {
    #[must_use]
    pub const fn is_on(self) -> bool {
        match self {
            Self::On => true,
            Self::Off => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DoorVerb {
    /// Keep it open until it is released
    Hold,
    /// End holding
    Release,
    /// Refuse to open, also over a restart
    Lock,
    /// End locking
    Unlock,
}

/// What is not said, the configuration says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Window {
    /// How long the link can be used
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u32).range(1..=300))]
    pub lifetime: Option<u32>,
    /// What the handset may do, with commas between; instead of the usual
    #[arg(long, value_name = "RIGHTS", value_delimiter = ',', value_parser = right())]
    pub rights: Option<Vec<Right>>,
    /// The doors that it may open, with commas between, instead of the usual ones
    #[arg(long, value_name = "DOORS", value_delimiter = ',')]
    pub doors: Option<Vec<DoorName>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum HandsetVerb {
    /// Unpair a handset for good
    Remove {
        /// Id of the handset
        id: String,
    },
}

fn media() -> impl TypedValueParser<Value = Media> {
    PossibleValuesParser::new(Media::ALL.iter().map(|media| media.word()))
        .try_map(|word| word.parse::<Media>())
}

fn right() -> impl TypedValueParser<Value = Right> {
    PossibleValuesParser::new(Right::ALL.iter().map(|right| right.word()))
        .try_map(|word| word.parse::<Right>())
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn parsed(line: &str) -> Result<Intercomctl, ErrorKind> {
        Intercomctl::try_parse_from(line.split_whitespace()).map_err(|error| error.kind())
    }

    fn command(line: &str) -> Command {
        parsed(line).unwrap().command
    }

    #[test]
    fn the_command_line_is_consistent() {
        Intercomctl::command().debug_assert();
    }

    #[test]
    fn options_for_all_may_follow_the_subcommand() {
        let line = parsed("intercomctl status --bus session --json --timeout 3").unwrap();
        assert_eq!((line.bus.clone(), line.json), (Bus::Session, true));
        assert_eq!(line.patience(), Some(Duration::from_secs(3)));
    }

    #[test]
    fn a_verb_means_the_active_call_unless_it_is_told_which() {
        assert_eq!(command("intercomctl accept"), Command::Accept(ThatCall { call: None }));
        assert_eq!(command("intercomctl nudge 7"), Command::Nudge(ThatCall { call: Some(7) }));
        let mute = |state, call| Command::Mute { state, call: ThatCall { call } };
        assert_eq!(command("intercomctl mute"), mute(OnOff::On, None));
        assert_eq!(command("intercomctl mute off 7"), mute(OnOff::Off, Some(7)));
    }

    #[test]
    fn a_new_handset_may_do_what_the_line_says() {
        let pair = |line| {
            let Command::Pair { window, close: false } = command(line) else { panic!("{line}") };
            window
        };
        assert_eq!(pair("intercomctl pair"), Window::default());
        let window = pair("intercomctl pair --rights answer,preview --doors front --lifetime 60");
        assert_eq!(window.rights, Some(vec![Right::Answer, Right::Preview]));
        assert_eq!(window.doors, Some(vec!["front".parse().unwrap()]));
        assert_eq!(window.lifetime, Some(60));
        for wrong in ["--rights fly", "--doors The_cellar", "--close --rights answer"] {
            assert!(parsed(&format!("intercomctl pair {wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_call_and_all_calls_are_not_hung_up_at_once() {
        assert_eq!(parsed("intercomctl hangup 7 --all"), Err(ErrorKind::ArgumentConflict));
    }

    #[test]
    fn numbers_out_of_range_are_usage_errors() {
        for line in ["volume 101", "pair --lifetime 0", "pair --lifetime 301", "accept -1"] {
            assert!(parsed(&format!("intercomctl {line}")).is_err(), "{line}");
        }
        assert!(parsed("intercomctl status --timeout 0").is_err());
    }

    #[test]
    fn a_station_on_no_bus_cannot_be_controlled() {
        assert!(parsed("intercomctl status --bus none").is_err());
    }
}
