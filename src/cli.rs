// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line of the daemon.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::{
    Parser, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};

use crate::config::{BusAddress, LogLevel};

pub const CONFIG: &str = "/etc/intercomd/intercomd.toml";

/// Runs a door station.
///
/// Buttons call, phones answer, relays open doors. Without a subcommand the station runs in the
/// foreground until it is told to stop; systemd starts it that way.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(name = "intercomd", version, max_term_width = 100, subcommand_value_name = "COMMAND")]
pub struct Intercomd {
    /// The configuration file [default: /etc/intercomd/intercomd.toml]
    #[arg(long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,

    /// What to log, instead of what the configuration says
    #[arg(long, global = true, value_name = "LEVEL", value_parser = log_level())]
    pub log: Option<LogLevel>,

    #[command(subcommand)]
    pub task: Option<Task>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Subcommand)]
pub enum Task {
    /// Run the station; the same as no subcommand
    #[default]
    Run,
    /// Read a configuration file and print everything that is wrong with it
    CheckConfig {
        /// The file, instead of that of --config
        path: Option<PathBuf>,
    },
    /// Make every relay and light inactive, for when the daemon could not
    ///
    /// systemd does this whenever the service has stopped, in whatever way.
    OutputsOff,
    /// Run a station with a simulated panel and simulated handsets
    ///
    /// Needs no hardware and no rights. Without --config it brings its own configuration.
    Demo {
        /// The bus to appear on: session, system, none or a D-Bus address
        #[arg(long, value_name = "BUS", default_value = "session", value_parser = BusAddress::from_str)]
        bus: BusAddress,
    },
}

impl Intercomd {
    #[must_use]
    pub fn task(&self) -> Task {
        self.task.clone().unwrap_or_default()
    }

    /// The file that the daemon reads.
    #[must_use]
    pub fn config_or_default(&self) -> &Path {
        self.config.as_deref().unwrap_or(Path::new(CONFIG))
    }
}

fn log_level() -> impl TypedValueParser<Value = LogLevel> {
    PossibleValuesParser::new(LogLevel::ALL.iter().map(|level| level.word()))
        .try_map(|word| word.parse::<LogLevel>())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Intercomd, clap::error::ErrorKind> {
        Intercomd::try_parse_from([&["intercomd"], arguments].concat())
            .map_err(|error| error.kind())
    }

    #[test]
    fn the_command_line_is_consistent() {
        Intercomd::command().debug_assert();
    }

    #[test]
    fn without_arguments_the_station_runs_with_the_usual_file() {
        let line = parsed(&[]).unwrap();
        assert_eq!(line.task(), Task::Run);
        assert_eq!(line.config_or_default(), Path::new(CONFIG));
    }

    #[test]
    fn global_options_may_follow_the_subcommand() {
        let line = parsed(&["outputs-off", "--config", "a.toml", "--log", "debug"]).unwrap();
        assert_eq!(line.task(), Task::OutputsOff);
        assert_eq!(line.config_or_default(), Path::new("a.toml"));
        assert_eq!(line.log, Some(LogLevel::Debug));
    }

    #[test]
    fn the_demo_appears_on_the_bus_it_is_told() {
        let bus = |arguments: &[&str]| match parsed(arguments).unwrap().task() {
            Task::Demo { bus } => bus,
            Task::Run | Task::CheckConfig { .. } | Task::OutputsOff => panic!("no demo"),
        };
        assert_eq!(bus(&["demo"]), BusAddress::Session);
        assert_eq!(bus(&["demo", "--bus", "none"]), BusAddress::None);
        let own = "unix:path=/tmp/bus";
        assert_eq!(bus(&["demo", "--bus", own]), BusAddress::At(own.into()));
    }

    #[test]
    fn words_that_mean_nothing_are_usage_errors() {
        assert!(parsed(&["--log", "loud"]).is_err());
        assert!(parsed(&["demo", "--bus", "greyhound"]).is_err());
        assert!(parsed(&["demo", "--bus", "UNIX:path=/run/bus"]).is_err());
        assert!(parsed(&["dance"]).is_err());
    }
}
