// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a command has to say, and how it gets to the terminal.

use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use super::failure::Failure;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    /// Empty when there is nothing to say: it was done.
    pub(super) text: String,
    pub(super) json: Value,
    pub(super) exit_code: u8,
}

impl Answer {
    pub(super) fn new(text: String, json: Value) -> Self {
        Self { text, json, exit_code: 0 }
    }

    /// Done, to the thing of this name.
    pub(super) fn done(what: &str, name: impl Into<Value>) -> Self {
        Self::new(String::new(), json!({ what: name.into() }))
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    json: bool,
    coloured: bool,
}

impl Screen {
    pub(super) fn new(json: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { json, coloured: !json && wanted && io::stdout().is_terminal() }
    }

    pub(super) fn is_coloured(self) -> bool {
        self.coloured
    }

    pub(super) fn show(self, answer: &Answer) -> Result<(), Failure> {
        self.say(&answer.text, || answer.json.clone())
    }

    /// One of several things to say: a line of text, or a line of JSON.
    pub(super) fn say(self, text: &str, json: impl FnOnce() -> Value) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let written = if self.json {
            writeln!(out, "{}", json())
        } else if text.is_empty() {
            Ok(())
        } else {
            writeln!(out, "{text}")
        };
        written.and_then(|()| out.flush()).map_err(Failure::Output)
    }

    /// Something on the way to the answer, which in JSON is one value.
    pub(super) fn progress(self, text: &str) -> Result<(), Failure> {
        if self.json {
            return Ok(());
        }
        writeln!(io::stdout(), "{text}").map_err(Failure::Output)
    }

    /// JSON goes where the answer would have gone, for whoever parses that.
    pub(super) fn complain(self, failure: &Failure) -> io::Result<()> {
        if self.json {
            return writeln!(io::stdout(), "{}", failure.json());
        }
        writeln!(io::stderr(), "{}", failure.text())
    }
}
