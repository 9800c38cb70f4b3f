// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the log goes: to the journal with its fields when the service manager started us, else
//! to a person at a terminal.

use std::io::{self, IsTerminal};

use tracing_subscriber::{
    EnvFilter, Layer, layer::SubscriberExt, registry, util::SubscriberInitExt,
};

use crate::config::{Log, LogTarget};

/// `RUST_LOG` overrides the level, to look closer at one part.
pub fn start(log: &Log) -> io::Result<()> {
    let level = log.level.word();
    let usual = || EnvFilter::new(format!("intercomd={level},warn"));
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| usual());
    let to_journal = match log.to {
        LogTarget::Journal => true,
        LogTarget::Stderr => false,
        // Set when standard error is the journal already.
        LogTarget::Auto => std::env::var_os("JOURNAL_STREAM").is_some(),
    };
    let layer = if to_journal {
        tracing_journald::layer()?.with_field_prefix(None).boxed()
    } else {
        let colour = io::stderr().is_terminal();
        tracing_subscriber::fmt::layer()
            .with_writer(io::stderr)
            .with_ansi(colour)
            .with_target(false)
            .boxed()
    };
    registry().with(layer.with_filter(filter)).init();
    Ok(())
}
