// SPDX-License-Identifier: MIT OR Apache-2.0
//! `intercomctl`: the station from a terminal.

mod answer;
mod audio;
pub mod cli;
mod client;
mod doctor;
mod failure;
mod follow;
mod layout;
mod log;
mod news;
mod pair;
mod pick;
mod pushes;
mod selftest;
mod show;
mod state;
mod value;
mod verbs;
mod when;

use std::{path::Path, process::ExitCode, time::Duration};

use serde_json::json;

use self::{
    answer::{Answer, Screen},
    cli::{Bus, Command, Intercomctl},
    client::Client,
    doctor::{Live, Reached, Root},
    failure::Failure,
    state::State,
};
use crate::{config, panel};

/// As in sysexits.h.
const EX_CONFIG: u8 = 78;

/// Does what the command line says and tells how it went.
pub fn main(line: &Intercomctl) -> ExitCode {
    let screen = Screen::new(line.json);
    match run(line, screen) {
        Ok(code) => code.into(),
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => match screen.complain(&failure) {
            Ok(()) | Err(_) => failure.exit_code().into(),
        },
    }
}

fn run(line: &Intercomctl, screen: Screen) -> Result<u8, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    let answer = runtime.block_on(answer(line, screen))?;
    let Some(answer) = answer else { return Ok(0) };
    screen.show(&answer)?;
    Ok(answer.exit_code)
}

/// `None` when everything was said on the way.
async fn answer(line: &Intercomctl, screen: Screen) -> Result<Option<Answer>, Failure> {
    if let Command::CheckConfig { path } = &line.command {
        return Ok(Some(check_config(path)));
    }
    if let Command::Audio = &line.command {
        return audio::cards().map(|cards| Some(audio::shown(&cards)));
    }
    if let Command::Doctor { config } = &line.command {
        return Ok(Some(examine(line, config, screen).await));
    }
    let client = Client::connect(&line.bus, line.patience()).await?;
    verbs::perform(&client, &line.command, screen).await
}

async fn examine(line: &Intercomctl, config: &Path, screen: Screen) -> Answer {
    let root = Root("/".into());
    let config = doctor::read_config(&root, config);
    // The station is where its own configuration says, whatever this command line does.
    let bus = config.as_ref().map_or(Some(line.bus.clone()), |config| Bus::of(&config.bus.address));
    let reached = match reach(bus.as_ref().unwrap_or(&line.bus), line.patience()).await {
        Ok(reached) => reached,
        Err(Failure::NoBus(why)) => Reached::Nothing(why),
        Err(failure) => Reached::Nothing(failure.to_string()),
    };
    let probed = config.as_ref().map_or(Ok(Vec::new()), |config| panel::probe(&config.wiring));
    let tried = config.as_ref().map_or_else(|_| Vec::new(), doctor::try_addresses);
    let cards = audio::cards().ok();
    let is_synchronized = match &config {
        Ok(config) => doctor::is_synchronized(config).await,
        Err(_) => None,
    };
    let live = Live { reached, probed, tried, cards, is_synchronized };
    let findings = doctor::examine(&root, &config, &live);
    doctor::report(&findings, screen.is_coloured())
}

async fn reach(bus: &Bus, patience: Option<Duration>) -> Result<Reached, Failure> {
    let client = Client::connect(bus, patience).await?;
    if !client.is_served().await? {
        return Ok(Reached::BusOnly);
    }
    let State { station, handsets, .. } = client.state().await.unwrap_or_default();
    Ok(Reached::Station { problems: station.problems, handsets })
}

fn check_config(path: &Path) -> Answer {
    let name = path.display().to_string();
    match config::read(path) {
        Ok(config) => {
            let warnings = config.warnings.iter().map(|warning| format!("warning: {warning}"));
            let lines: Vec<String> = warnings.chain([format!("{name}: no problems")]).collect();
            let json = json!({ "path": name, "problems": [], "warnings": config.warnings });
            Answer::new(lines.join("\n"), json)
        }
        Err(problems) => {
            let json = json!({ "path": name, "problems": problems, "warnings": [] });
            Answer { exit_code: EX_CONFIG, ..Answer::new(problems.to_string(), json) }
        }
    }
}
