// SPDX-License-Identifier: MIT OR Apache-2.0
//! What this machine lacks for the station to work. It looks, and changes nothing.

mod accounts;
mod board;
mod bus;
mod devices;
mod finding;
mod lines;
mod link;
#[cfg(test)]
mod machine;
mod media;
mod push;
mod root;
mod storage;
#[cfg(test)]
mod tests;
mod unit;

use std::path::Path;

use serde_json::json;

use self::{
    accounts::Accounts,
    finding::{Finding, Grade},
    unit::Unit,
};
pub(super) use self::{
    bus::Reached,
    lines::Probed,
    link::{Tried, try_addresses},
    push::is_synchronized,
    root::Root,
};
use super::{
    answer::Answer,
    layout::{Row, columns, row},
};
use crate::{
    config::{self, Config, Problems},
    media::cards::Listing,
};

/// What cannot be read from files.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) reached: Reached,
    pub(super) probed: Probed,
    pub(super) tried: Tried,
    /// `None` where there is no worker to ask.
    pub(super) cards: Option<Listing>,
    /// Whether a time service has set the clock; `None` where nobody knows.
    pub(super) is_synchronized: Option<bool>,
}

pub(super) fn read_config(root: &Root, path: &Path) -> Result<Config, Problems> {
    config::read(&root.at(path))
}

pub(super) fn examine(root: &Root, config: &Result<Config, Problems>, live: &Live) -> Vec<Finding> {
    let (known, unit, accounts) = (config.as_ref().ok(), Unit::find(root), Accounts::read(root));
    let unit = unit.as_ref();
    let mut findings = of_config(config);
    findings.extend(accounts::check(&accounts, unit));
    findings.extend(devices::check(root, &accounts, known));
    findings.extend(
        known.into_iter().flat_map(|config| media::check(root, config, live.cards.as_ref())),
    );
    findings.extend(known.into_iter().flat_map(|config| lines::check(config, &live.probed)));
    findings.extend(board::check(root, known));
    findings.extend(bus::check(root, known, &live.reached));
    let by_whom = (&live.tried, &live.reached);
    findings
        .extend(known.into_iter().flat_map(|config| link::check(root, &accounts, config, by_whom)));
    let time = live.is_synchronized;
    findings.extend(
        known.into_iter().flat_map(|config| push::check(root, config, time, &live.reached)),
    );
    findings.extend(unit::check(root, unit));
    findings.extend(storage::check(root, &accounts, unit, known));
    findings.push(storage::clock(root, known));
    findings
}

fn of_config(config: &Result<Config, Problems>) -> Vec<Finding> {
    match config {
        Ok(config) => {
            let good = [Finding::ok("config", "can be used")];
            let warnings = config.warnings.iter();
            good.into_iter()
                .chain(warnings.map(|what| Finding::warning("config", what.to_string(), "")))
                .collect()
        }
        Err(problems) => {
            problems.iter().map(|what| Finding::problem("config", what.to_string(), "")).collect()
        }
    }
}

pub(super) fn report(findings: &[Finding], coloured: bool) -> Answer {
    let worst = findings.iter().map(|finding| finding.grade).max().unwrap_or(Grade::Ok);
    let rows: Vec<Row> = findings.iter().map(line).collect();
    let text = columns(&rows);
    let lines = text.lines().zip(findings).map(|(line, finding)| {
        if coloured { painted(line, finding.grade) } else { line.to_owned() }
    });
    let json = json!({ "worst": worst, "findings": findings });
    let text = lines.collect::<Vec<_>>().join("\n");
    Answer { exit_code: u8::from(worst == Grade::Problem), ..Answer::new(text, json) }
}

fn line(finding: &Finding) -> Row {
    let Finding { grade, check, what, advice } = finding;
    // One line each, whatever a message brings along.
    let what = what.replace('\n', " ");
    let told = if advice.is_empty() { what } else { format!("{what} -- {advice}") };
    row([grade.word(), check, &told])
}

fn painted(line: &str, grade: Grade) -> String {
    let colour = match grade {
        Grade::Ok => "32",
        Grade::Info => return line.to_owned(),
        Grade::Warning => "33",
        Grade::Problem => "31",
    };
    let word = grade.word();
    let rest = line.strip_prefix(word).unwrap_or(line);
    format!("\u{1b}[{colour}m{word}\u{1b}[0m{rest}")
}
