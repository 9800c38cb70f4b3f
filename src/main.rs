// SPDX-License-Identifier: MIT OR Apache-2.0
#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program speaks to whoever starts it"
)]

use std::{path::Path, process::ExitCode};

use clap::Parser;
use intercomd::{
    cli::{Intercomd, Task},
    config::{self, BusAddress, Config, LogLevel, Problems, Source},
    demo, logging, panel,
    station::{self, Setup},
};

/// EX_CONFIG: the service manager does not start us again.
const BAD_CONFIG: u8 = 78;

fn main() -> ExitCode {
    let line = Intercomd::parse();
    match line.task() {
        Task::Run => with_config(line.config_or_default(), |source, config| {
            let bus = config.bus.address.clone();
            let given = std::env::var_os("STATE_DIRECTORY");
            let directory = config.store.directory_or(given.as_deref());
            let source = Some(source);
            run(&line, Setup { source, config, directory, bus, terminal: false })
        }),
        Task::CheckConfig { path } => {
            with_config(path.as_deref().unwrap_or(line.config_or_default()), |_, config| {
                warn_of(&config);
                println!("no problems");
                ExitCode::SUCCESS
            })
        }
        Task::OutputsOff => {
            let in_force = station::in_force::path().filter(|path| path.exists());
            let path = in_force.as_deref().unwrap_or(line.config_or_default());
            with_config(path, |_, config| outputs_off(&config))
        }
        Task::Demo { bus } => demo(&line, bus),
    }
}

fn with_config(path: &Path, go: impl FnOnce(Source, Config) -> ExitCode) -> ExitCode {
    match Source::read(path).and_then(|source| source.parse().map(|config| (source, config))) {
        Ok((source, config)) => go(source, config),
        Err(problems) => refuse(&problems),
    }
}

fn refuse(problems: &Problems) -> ExitCode {
    eprintln!("{problems}");
    ExitCode::from(BAD_CONFIG)
}

fn warn_of(config: &Config) {
    for warning in &config.warnings {
        eprintln!("warning: {warning}");
    }
}

fn run(line: &Intercomd, setup: Setup) -> ExitCode {
    let mut log = setup.config.log.clone();
    log.level = line.log.unwrap_or(log.level);
    if let Err(error) = logging::start(&log) {
        eprintln!("the journal cannot be reached: {error}");
        return ExitCode::FAILURE;
    }
    for warning in &setup.config.warnings {
        tracing::warn!(%warning, "configuration");
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "no event loop");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(station::run(setup));
    // A name server that keeps silent holds up no stop.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::from(if error.is_config_mistake() { BAD_CONFIG } else { 1 })
        }
    }
}

fn outputs_off(config: &Config) -> ExitCode {
    match panel::outputs_off(&config.wiring) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Nothing is left behind, unless a file says where to keep it.
fn demo(line: &Intercomd, bus: BusAddress) -> ExitCode {
    let line = &Intercomd { log: line.log.or(Some(LogLevel::Warn)), ..line.clone() };
    let go = |source, config: Config| {
        let home = match demo::Home::make() {
            Ok(home) => home,
            Err((path, error)) => {
                eprintln!("{}: {error}", path.display());
                return ExitCode::FAILURE;
            }
        };
        let directory = config.store.directory.clone().unwrap_or_else(|| home.path().to_owned());
        run(line, Setup { source, config, directory, bus, terminal: true })
    };
    if let Some(path) = &line.config {
        return with_config(path, |source, config| go(Some(source), config));
    }
    match config::parse(demo::CONFIG) {
        Ok(mut config) => {
            config.link.listen = demo::ports::that_are_free(&config.link.listen);
            go(None, config)
        }
        Err(problems) => refuse(&problems),
    }
}
