// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station's surroundings without hardware or phones: simulated handsets that act by script
//! or on command, sound that is only noted, and lines that are moved by hand. Authors of local
//! user interfaces develop against it, and so do the tests.

mod bus;
mod control;
mod handsets;
mod sound;
mod terminal;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, watch};

pub use self::{
    bus::keep_serving,
    control::{Control, ControlError, Order},
    sound::Heard,
    terminal::run as run_terminal,
};
use crate::{
    config::Config,
    link::{Link, LinkEvent},
    media::{Media, MediaEvent},
    panel::{sim::SimPanel, wiring::Backend},
};

const QUEUE: usize = 256;

/// The station's side of the simulation.
#[derive(Debug)]
pub struct Simulator {
    pub link: Link,
    pub media: Media,
    controls: Controls,
}

/// The hands of whoever plays: a person at a terminal, a program on the bus.
#[derive(Clone, Debug)]
pub struct Controls {
    orders: mpsc::Sender<Order>,
    panel: Arc<Mutex<Option<SimPanel>>>,
    heard: watch::Receiver<Heard>,
}

#[derive(Debug)]
pub enum News {
    Link(LinkEvent),
    Media(MediaEvent),
}

/// Whether anything in the configuration is simulated.
pub fn is_wanted(config: &Config) -> bool {
    !config.simulator.handsets.is_empty() || config.wiring.backend == Backend::Sim
}

/// `None` when nothing is to be simulated.
pub fn start(config: &Config, panel: Option<SimPanel>) -> Option<Simulator> {
    if !is_wanted(config) {
        return None;
    }
    if config.wiring.backend != Backend::Sim {
        tracing::warn!("simulated handsets answer the calls of a real panel");
    }
    let (link_commands, from_station) = mpsc::channel(QUEUE);
    let (media_commands, to_sound) = mpsc::channel(QUEUE);
    let (link_events, events) = mpsc::channel(QUEUE);
    let (media_events, facts) = mpsc::channel(QUEUE);
    let (orders, to_handsets) = mpsc::channel(QUEUE);
    let (hear, heard) = watch::channel(Heard::default());
    let sound = sound::Sound::new(hear, media_events);
    let handsets = handsets::Handsets::new(&config.simulator, link_events, sound);
    tokio::spawn(handsets.run(from_station, to_sound, to_handsets));
    Some(Simulator {
        link: Link { commands: link_commands, events },
        media: Media { commands: media_commands, events: facts },
        controls: Controls { orders, panel: Arc::new(Mutex::new(panel)), heard },
    })
}

/// Waits for ever where nothing is simulated.
pub async fn next(simulator: Option<&mut Simulator>) -> News {
    let Some(Simulator { link, media, .. }) = simulator else {
        return std::future::pending().await;
    };
    tokio::select! {
        Some(event) = link.events.recv() => News::Link(event),
        Some(event) = media.events.recv() => News::Media(event),
        else => std::future::pending().await,
    }
}

impl Simulator {
    pub fn controls(&self) -> Controls {
        self.controls.clone()
    }

    /// The panel was opened anew: hands go where the new lines are.
    pub fn play_on(&self, panel: Option<SimPanel>) {
        *self.controls.panel.lock().unwrap_or_else(PoisonError::into_inner) = panel;
    }

    pub fn reconfigure(&self, config: &Config, panel: Option<SimPanel>) {
        self.play_on(panel);
        let order = Order::Reconfigure(config.simulator.clone());
        if self.controls.orders.try_send(order).is_err() {
            tracing::error!("the simulated handsets do not take a new configuration");
        }
    }
}

impl Controls {
    pub fn panel(&self) -> Option<SimPanel> {
        self.panel.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn heard(&self) -> watch::Receiver<Heard> {
        self.heard.clone()
    }
}
