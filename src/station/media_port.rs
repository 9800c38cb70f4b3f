// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who makes the sound: a worker under its supervisor, or the simulation. Neither is waited for.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    path::Path,
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{
        mpsc::{Receiver, Sender, error::TrySendError},
        watch,
    },
    task::JoinHandle,
    time::timeout,
};

use crate::{
    config::Config,
    core::{CallId, LegId, event::LegFact},
    demo,
    media::{
        EchoFigures, MediaCommand, MediaEvent, Reception,
        supervisor::{self, Axe, Settings, Sight},
    },
};

/// A killed process is gone in milliseconds.
const FAREWELL: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct MediaPort {
    pub(super) commands: Option<Sender<MediaCommand>>,
    /// Hears what the worker is told, and does nothing.
    pub(super) listener: Option<Sender<MediaCommand>>,
    settings: watch::Sender<Settings>,
    /// An order to stop may be lost in a full queue; this is not.
    in_call: watch::Sender<Option<CallId>>,
    heard: BTreeMap<LegId, Option<Reception>>,
    /// Of the call that the station is in.
    pub(super) echo: Option<EchoFigures>,
    /// Of the workers, all of them.
    pub(super) ended: Option<JoinHandle<()>>,
}

/// Simulated handsets have nothing to say or to hear: where there are only those, sound is
/// simulated too.
pub(super) fn is_real(config: &Config) -> bool {
    !config.link.listen.is_empty() || !demo::is_wanted(config)
}

impl MediaPort {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            commands: None,
            listener: None,
            settings: watch::Sender::new(settings(config)),
            in_call: watch::Sender::new(None),
            heard: BTreeMap::new(),
            echo: None,
            ended: None,
        }
    }

    /// From here on workers make sound and pictures. The directory is for what they need, unless
    /// there is a better one.
    pub(super) fn employ_workers(&mut self, directory: &Path) -> (Receiver<MediaEvent>, Axe) {
        let (settings, in_call) = (self.settings.subscribe(), self.in_call.subscribe());
        let (media, axe, ended) = supervisor::start(Sight { settings, in_call }, directory);
        self.ended = Some(ended);
        self.commands = Some(media.commands);
        (media.events, axe)
    }

    /// There are workers, or were.
    pub(super) fn is_real(&self) -> bool {
        self.ended.is_some()
    }

    /// No worker outlives the station, nor what was made for it.
    pub(super) async fn close(&mut self) {
        (self.commands, self.listener) = (None, None);
        let Some(ended) = self.ended.take() else { return };
        if timeout(FAREWELL, ended).await.is_err() {
            tracing::warn!("a media worker does not end");
        }
    }

    /// Gives back what could not be told.
    pub(super) fn tell(&self, command: MediaCommand) -> Result<(), MediaCommand> {
        if let Some(listener) = &self.listener
            && let Err(error) = listener.try_send(command.clone())
        {
            tracing::debug!(%error, "a listener to media misses something");
        }
        let Some(commands) = &self.commands else { return Ok(()) };
        commands.try_send(command).map_err(|error| match error {
            TrySendError::Full(lost) => {
                tracing::error!(?lost, "media does not keep up");
                lost
            }
            TrySendError::Closed(lost) => {
                tracing::error!(?lost, "media is gone");
                lost
            }
        })
    }

    /// The worker reports media only after it has compared the handset's certificate.
    pub(super) fn verify(&mut self, leg: &LegId, fact: LegFact) {
        match fact {
            LegFact::MediaConnected => drop(self.heard.entry(leg.clone()).or_default()),
            LegFact::MediaLost | LegFact::MediaFailed(_) => drop(self.heard.remove(leg)),
            LegFact::Rang
            | LegFact::Unreachable
            | LegFact::Busy
            | LegFact::SessionClosed
            | LegFact::SessionTimedOut => {}
        }
    }

    pub(super) fn received(&mut self, leg: LegId, reception: Reception) {
        if let Entry::Occupied(mut heard) = self.heard.entry(leg) {
            heard.insert(Some(reception));
        }
    }

    pub(super) fn show_call(&mut self, call: Option<CallId>) {
        if self.in_call.send_if_modified(|shown| std::mem::replace(shown, call) != call) {
            self.echo = None;
        }
        self.heard.retain(|leg, _| call == Some(leg.call));
    }

    /// The legs whose certificate is the one that their handset signed for, and how well they come
    /// through.
    pub(super) fn heard(&self) -> &BTreeMap<LegId, Option<Reception>> {
        &self.heard
    }

    pub(super) fn reconfigure(&self, config: &Config) {
        let new = settings(config);
        self.settings.send_if_modified(|shown| std::mem::replace(shown, new.clone()) != new);
    }
}

fn settings(config: &Config) -> Settings {
    let setup = Arc::new(config.media.setup.clone());
    Settings { setup, prewarm: config.media.prewarm }
}
