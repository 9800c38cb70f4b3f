// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station's surroundings without hardware or phones: simulated handsets that act by script
//! or on command, sound that is only noted, and lines that are moved by hand. Authors of local
//! user interfaces develop against it, and so do the tests.

mod bus;
mod control;
mod handsets;
mod home;
#[cfg(feature = "direct")]
mod page;
pub mod ports;
mod sound;
mod story;
mod terminal;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

pub use self::{
    bus::keep_serving,
    control::{Control, ControlError, MoveError, Order},
    home::Home,
    sound::{Ears, Heard},
};
use crate::{
    bus::Published,
    config::Config,
    core::profile::Grant,
    link::{FromLink, Link},
    media::{Media, MediaEvent, supervisor::Axe},
    panel::{sim::SimPanel, wiring::Backend},
    station::request::Request,
};

/// What `intercomd demo` runs on.
pub const CONFIG: &str = include_str!("../../config/demo.toml");

const QUEUE: usize = 256;
/// Of the link that the demo prints, for whoever looks at it later.
const FIRST_LASTS: Duration = Duration::from_secs(60 * 60);
const PATIENCE: Duration = Duration::from_secs(5);

/// The station's side of the simulation.
#[derive(Debug)]
pub struct Simulator {
    pub link: Link,
    pub media: Media,
    controls: Controls,
    ears: Ears,
}

/// The hands of whoever plays: a person at a terminal, a program on the bus.
#[derive(Clone, Debug)]
pub struct Controls {
    orders: mpsc::Sender<Order>,
    panel: Arc<Mutex<Option<SimPanel>>>,
    heard: watch::Receiver<Heard>,
}

/// What there is to see and to touch.
#[derive(Clone, Debug)]
pub struct Scene {
    pub controls: Controls,
    pub state: watch::Receiver<Arc<Published>>,
    pub requests: mpsc::Sender<Request>,
    /// Phones and browsers can be paired, so a window is opened for the first one.
    pub has_link: bool,
}

#[derive(Debug)]
pub enum News {
    Link(FromLink),
    Media(MediaEvent),
}

/// Whether anything in the configuration is simulated.
pub fn is_wanted(config: &Config) -> bool {
    !config.simulator.handsets.is_empty() || config.wiring.backend == Backend::Sim
}

/// `None` when nothing is to be simulated.
///
/// With an `axe` there are real workers, and the sound here is theirs.
pub fn start(config: &Config, panel: Option<SimPanel>, axe: Option<Axe>) -> Option<Simulator> {
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
    let ears = Ears::new(hear.clone());
    let sound = sound::Sound::new(hear, media_events, axe);
    let handsets = handsets::Handsets::new(&config.simulator, link_events, sound);
    tokio::spawn(handsets.run(from_station, to_sound, to_handsets));
    Some(Simulator {
        link: Link { commands: link_commands, events },
        media: Media { commands: media_commands, events: facts },
        controls: Controls { orders, panel: Arc::new(Mutex::new(panel)), heard },
        ears,
    })
}

/// Ends when the person leaves the terminal.
pub async fn play(scene: Scene) {
    // First, so that no page shows it closed.
    if scene.has_link {
        // A button on the page opens another one.
        drop(scene.open_window(FIRST_LASTS).await);
    }
    let page = open_page(&scene).await;
    terminal::run(scene.controls, scene.state, page).await;
}

#[cfg(feature = "direct")]
async fn open_page(scene: &Scene) -> Option<String> {
    match page::open(scene.clone()).await {
        Ok(url) => Some(url),
        Err(error) => {
            tracing::error!(%error, "the panel page cannot be served");
            None
        }
    }
}

#[cfg(not(feature = "direct"))]
#[expect(clippy::unused_async, reason = "as where there is a page")]
async fn open_page(_: &Scene) -> Option<String> {
    None
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

impl Scene {
    /// For one handset. Returns once its link is known, or is not to be had.
    async fn open_window(&self, lifetime: Duration) -> Result<(), String> {
        let grant = Grant::default();
        self.ask(|reply| Request::OpenPairing { lifetime, grant, reply }).await
    }

    /// The error is for the person.
    async fn ask<T, E: ToString>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, E>>) -> Request,
    ) -> Result<(), String> {
        let (reply, answer) = oneshot::channel();
        let stopping = "the station is stopping";
        self.requests.send(request(reply)).await.map_err(|_| stopping)?;
        let answer = timeout(PATIENCE, answer).await.map_err(|_| "the station does not answer")?;
        answer.map_err(|_| stopping)?.map(|_| ()).map_err(|refused| refused.to_string())
    }
}

impl Simulator {
    pub fn controls(&self) -> Controls {
        self.controls.clone()
    }

    pub fn ears(&self) -> Ears {
        self.ears.clone()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_has_a_configuration_without_problems_or_warnings() {
        let config = crate::config::parse(CONFIG).unwrap();
        assert_eq!(config.warnings, []);
    }
}
