// SPDX-License-Identifier: MIT OR Apache-2.0
//! `intercomctl`: the station from a terminal.

mod answer;
pub mod cli;
mod client;
mod failure;
mod follow;
mod layout;
mod log;
mod news;
mod pair;
mod pick;
mod show;
mod state;
mod value;
mod verbs;
mod when;

use std::{path::Path, process::ExitCode};

use serde_json::json;

use self::{
    answer::{Answer, Screen},
    cli::{Command, Intercomctl},
    client::Client,
    failure::Failure,
};
use crate::config;

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
    let answer = match &line.command {
        Command::CheckConfig { path } => Some(check_config(path)),
        Command::Doctor { .. } => None,
        command => runtime.block_on(async {
            let client = Client::connect(&line.bus, line.patience()).await?;
            verbs::perform(&client, command, screen).await
        })?,
    };
    let Some(answer) = answer else { return Ok(0) };
    screen.show(&answer)?;
    Ok(answer.exit_code)
}

fn check_config(path: &Path) -> Answer {
    let name = path.display().to_string();
    match config::read(path) {
        Ok(config) => {
            let warnings = config.warnings.iter().map(|warning| format!("warning: {warning}"));
            let lines: Vec<String> = warnings.chain([format!("{name}: good")]).collect();
            let json = json!({ "path": name, "problems": [], "warnings": config.warnings });
            Answer::new(lines.join("\n"), json)
        }
        Err(problems) => {
            let json = json!({ "path": name, "problems": problems, "warnings": [] });
            Answer { exit_code: EX_CONFIG, ..Answer::new(problems.to_string(), json) }
        }
    }
}
