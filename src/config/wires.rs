// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[panel]`, `[tamper]` and the lines of everything that is wired: each line does one thing.

use std::{
    collections::{BTreeMap, btree_map},
    fmt::Display,
    time::Duration,
};

use toml::de::DeValue;

use super::{
    board::{self, BCM_MAX, Board},
    findings::{Findings, Spot},
    places::Places,
    reader::{Entry, Table},
    value::{integer, plain, shown},
};
use crate::{
    core::event::Input,
    panel::{
        Output,
        wiring::{Backend, Bias, InputLine, Line, OutputLine, Polarity, Wiring},
    },
};

/// The longest name that the kernel keeps for a line.
const LINE_NAME_MAX: usize = 31;

pub(super) struct Wires {
    board: Option<Board>,
    wiring: Wiring,
    uses: Vec<Use>,
}

struct Use {
    spot: Spot,
    line: Line,
    function: String,
}

/// What an input is wired like unless the file says otherwise.
#[derive(Clone, Copy)]
pub(super) struct Usual {
    polarity: Polarity,
    /// `None`: the one that keeps an open contact inactive.
    bias: Option<Bias>,
    debounce_ms: u32,
}

/// A contact to ground that closes when pressed.
pub(super) const PUSH_BUTTON: Usual =
    Usual { polarity: Polarity::ActiveLow, bias: None, debounce_ms: 10 };

/// The same, out of the station's hands: what it opens has to be sure of the press.
pub(super) const EXIT_BUTTON: Usual = Usual { debounce_ms: 50, ..PUSH_BUTTON };

/// A contact to ground that is closed when all is well: a cut wire shows as open.
pub(super) const CLOSED_CIRCUIT: Usual =
    Usual { polarity: Polarity::ActiveHigh, bias: Some(Bias::PullUp), debounce_ms: 50 };

impl Wires {
    pub(super) fn read(panel: &Table<'_>) -> Self {
        let backend = panel.key("backend").word(Backend::ALL, Backend::word);
        let backend = backend.unwrap_or(Backend::Gpiochip);
        let board = panel.key("board").word(Board::ALL, Board::word);
        // That backend runs on nothing else.
        let board = if backend == Backend::Rppal { Some(Board::RaspberryPi) } else { board };
        let wiring = Wiring { backend, inputs: BTreeMap::new(), outputs: BTreeMap::new() };
        Self { board, wiring, uses: Vec::new() }
    }

    pub(super) fn tamper(&mut self, entry: &Entry<'_>) {
        let table = entry.section();
        if entry.is_set() {
            self.input(Some(Input::Tamper), &table, CLOSED_CIRCUIT, Required::Yes);
        }
    }

    /// `None` for a function with an unusable name: its wiring is read and not kept.
    pub(super) fn input(
        &mut self,
        input: Option<Input>,
        table: &Table<'_>,
        usual: Usual,
        must: Required,
    ) {
        let polarity = polarity(table).unwrap_or(usual.polarity);
        let restful = match polarity {
            Polarity::ActiveLow => Bias::PullUp,
            Polarity::ActiveHigh => Bias::PullDown,
        };
        let bias = table.key("bias").word(Bias::ALL, Bias::word);
        let debounce = table.key("debounce_ms").whole(0..=1000).unwrap_or(usual.debounce_ms);
        let line = self.line(&table.key("line"), input.as_ref(), must);
        if let Some((input, line)) = input.zip(line) {
            let input_line = InputLine {
                line,
                polarity,
                bias: bias.or(usual.bias).unwrap_or(restful),
                debounce: Duration::from_millis(debounce.into()),
            };
            self.wiring.inputs.insert(input, input_line);
        }
    }

    pub(super) fn output(&mut self, output: Option<Output>, table: &Table<'_>, must: Required) {
        let polarity = polarity(table).unwrap_or(Polarity::ActiveHigh);
        let entry = table.key("line");
        let line = self.line(&entry, output.as_ref(), must);
        if let Some((output, line)) = output.zip(line) {
            if matches!(output, Output::Relay(_)) {
                self.warn_of_boot_level(&entry, &line, polarity);
            }
            self.wiring.outputs.insert(output, OutputLine { line, polarity });
        }
    }

    fn warn_of_boot_level(&self, entry: &Entry<'_>, line: &Line, polarity: Polarity) {
        let Some(level) = board::level_at_boot(line, self.board) else { return };
        if polarity.is_active(level) {
            let pulls = match polarity {
                Polarity::ActiveHigh => "high, which is active here",
                Polarity::ActiveLow => "low, which is active here",
            };
            let what = format!("{line} pulls {pulls}: the door may open whenever power returns");
            let better = match polarity {
                Polarity::ActiveHigh => "GPIO9 to GPIO27, or active = \"low\"",
                Polarity::ActiveLow => "GPIO0 to GPIO8, or active = \"high\"",
            };
            entry.findings.warn(&entry.spot, what, better);
        }
    }

    /// `None` when the function is not wired or its line is wrong.
    fn line(
        &mut self,
        entry: &Entry<'_>,
        function: Option<&impl Display>,
        must: Required,
    ) -> Option<Line> {
        let backend = self.wiring.backend;
        let allowed = lines_of(backend, must);
        let line = match entry.value {
            None if backend == Backend::Sim => {
                return function.map(|name| Line::Named(name.to_string()));
            }
            None => {
                entry.required(&allowed);
                None
            }
            Some(value) if must == Required::No && value.as_str() == Some(NO_LINE) => None,
            Some(value) if value.is_table() && backend != Backend::Rppal => {
                on_chip(&entry.section())
            }
            Some(value) if value.is_integer() && backend == Backend::Gpiochip => {
                let what =
                    format!("is {}, and BCM numbers are for the backend rppal", shown(value));
                entry.wrong(what, &allowed);
                None
            }
            Some(_) => entry.take(&allowed, |value| simple_line(value, backend)),
        }?;
        let function = function.map(ToString::to_string).unwrap_or_else(|| entry.spot.path.clone());
        self.uses.push(Use { spot: entry.spot.clone(), line: line.clone(), function });
        Some(line)
    }

    /// Two functions on one line are noted where the file has the second one.
    pub(super) fn finish(mut self, findings: &Findings<'_>) -> (Wiring, Places) {
        self.uses.sort_by_key(|one| one.spot.at);
        let mut places = Places::default();
        let mut taken: BTreeMap<Line, &Use> = BTreeMap::new();
        for one in &self.uses {
            match taken.entry(board::canonical(&one.line, self.board)) {
                btree_map::Entry::Vacant(free) => {
                    free.insert(one);
                }
                btree_map::Entry::Occupied(first) => {
                    let (function, line) =
                        (&first.get().function, findings.line(&first.get().spot));
                    let what = format!("{} is the line of {function} (line {line})", one.line);
                    findings.clash(&one.spot, what, "a line that nothing else uses");
                }
            }
            let place = findings.problem(&one.spot, String::new(), "");
            places.lines.insert(one.function.clone(), place);
        }
        (self.wiring, places)
    }
}

/// Whether a function makes sense without a line of the board.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Required {
    Yes,
    /// It may be on the screen of a kiosk only; then the line is "none".
    No,
}

/// Also no line of a board: a relay called so would be a mistake.
const NO_LINE: &str = "none";

fn lines_of(backend: Backend, must: Required) -> String {
    let lines = match backend {
        Backend::Gpiochip => "a line's name, or { chip = …, offset = … }".to_owned(),
        Backend::Rppal => format!("a BCM number, 0 to {BCM_MAX}"),
        Backend::Sim => "a line in any form".to_owned(),
    };
    match must {
        Required::Yes => lines,
        Required::No => format!("{lines}, or \"{NO_LINE}\""),
    }
}

fn on_chip(table: &Table<'_>) -> Option<Line> {
    let (chip, offset) = (table.key("chip"), table.key("offset"));
    let allowed = "a chip's label, name or path";
    chip.required(allowed);
    offset.required("0 to 65535");
    let chip = chip.take(allowed, |value| plain(value, 64).map(str::to_owned));
    let offset = offset.whole(0..=65535);
    Some(Line::Offset { chip: chip?, offset: offset? })
}

fn simple_line(value: &DeValue<'_>, backend: Backend) -> Option<Line> {
    let by_name = || {
        let name = plain(value, LINE_NAME_MAX).filter(|name| *name != NO_LINE)?;
        Some(Line::Named(name.to_owned()))
    };
    let by_number = || {
        let number = u8::try_from(integer(value)?).ok()?;
        (number <= BCM_MAX).then_some(Line::Bcm(number))
    };
    match backend {
        Backend::Gpiochip => by_name(),
        Backend::Rppal => by_number(),
        Backend::Sim => by_name().or_else(by_number),
    }
}

fn polarity(table: &Table<'_>) -> Option<Polarity> {
    table.key("active").word(Polarity::ALL, Polarity::word)
}
