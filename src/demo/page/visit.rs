// SPDX-License-Identifier: MIT OR Apache-2.0
//! One open page: it is told what changes, and what it wants is done in the order in which it
//! says so. A finger that was on a button when the page went away is taken off.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout},
};

use super::{
    view::{Told, View},
    wish::Wish,
};
use crate::{
    demo::{Heard, Scene},
    panel::Output,
    station::clock,
};

/// A page that takes nothing for so long is closed; it comes back by itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// A finger is down for so long at least: a busy browser may tell of both its ends at once, which
/// the station would take for a contact that bounced.
const SHORTEST_PRESS: Duration = Duration::from_millis(100);

type Levels = BTreeMap<Output, bool>;

pub(super) struct Visit {
    scene: Scene,
    socket: WebSocket,
    heard: watch::Receiver<Heard>,
    /// As this page knows it.
    last_heard: Heard,
    /// Of the panel as it is wired at the moment.
    levels: Option<watch::Receiver<Levels>>,
    /// Inputs that spring back, and since when.
    held: BTreeMap<String, Instant>,
}

/// Nobody looks any more.
struct Left;

enum News {
    Said(Option<Result<Message, axum::Error>>),
    State,
    Heard,
    Levels,
    Rewired,
}

impl Visit {
    pub(super) fn new(scene: Scene, socket: WebSocket) -> Self {
        let mut heard = scene.controls.heard();
        let last_heard = heard.borrow_and_update().clone();
        let levels = scene.controls.panel().map(|panel| panel.watch_outputs());
        Self { scene, socket, heard, last_heard, levels, held: BTreeMap::new() }
    }

    pub(super) async fn run(mut self) {
        let Left = self.attend().await;
        for input in self.held.keys() {
            // The panel may be gone by now.
            drop(self.scene.controls.move_input(input, false));
        }
    }

    async fn attend(&mut self) -> Left {
        if self.greet().await.is_err() {
            return Left;
        }
        loop {
            let outcome = match self.next().await {
                News::Said(Some(Ok(Message::Text(text)))) => self.obey(text.as_str()).await,
                News::Said(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => Ok(()),
                News::Said(Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None) => {
                    Err(Left)
                }
                News::State => self.tell_state().await,
                News::Heard => self.hear().await,
                News::Levels => self.tell_lines().await,
                News::Rewired => {
                    self.levels = self.scene.controls.panel().map(|panel| panel.watch_outputs());
                    self.tell_lines().await
                }
            };
            if outcome.is_err() {
                return Left;
            }
        }
    }

    async fn greet(&mut self) -> Result<(), Left> {
        self.tell_state().await?;
        self.tell_lines().await?;
        self.tell_pairing().await?;
        self.send(&Told::level(&self.last_heard)).await
    }

    async fn next(&mut self) -> News {
        let levels = async {
            match &mut self.levels {
                Some(levels) => match levels.changed().await {
                    Ok(()) => News::Levels,
                    Err(_) => News::Rewired,
                },
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            said = self.socket.recv() => News::Said(said),
            changed = self.scene.state.changed() => match changed {
                Ok(()) => News::State,
                Err(_) => News::Said(None),
            },
            Ok(()) = self.heard.changed() => News::Heard,
            levels = levels => levels,
        }
    }

    async fn obey(&mut self, text: &str) -> Result<(), Left> {
        let wish = match serde_json::from_str::<Wish>(text) {
            Ok(wish) => wish,
            Err(error) => return self.send(&Told::Refused { why: error.to_string() }).await,
        };
        if let Wish::Move { input, active } = &wish
            && springs_back(input)
        {
            if *active {
                self.held.insert(input.clone(), Instant::now());
            } else if let Some(since) = self.held.remove(input) {
                sleep_until(since + SHORTEST_PRESS).await;
            }
        }
        let moved = matches!(wish, Wish::Move { .. });
        match wish.come_true(&self.scene).await {
            // Not every line that moves is a change of the station.
            Ok(()) if moved => self.tell_state().await,
            Ok(()) => Ok(()),
            Err(why) => self.send(&Told::Refused { why }).await,
        }
    }

    async fn hear(&mut self) -> Result<(), Left> {
        let now = self.heard.borrow_and_update().clone();
        let before = std::mem::replace(&mut self.last_heard, now.clone());
        if [before.heard_db, before.said_db] != [now.heard_db, now.said_db] {
            self.send(&Told::level(&now)).await?;
        }
        if before.pairing_link != now.pairing_link {
            self.tell_pairing().await?;
        }
        if only_louder(&before, &now) {
            return Ok(());
        }
        self.tell_state().await
    }

    async fn tell_state(&mut self) -> Result<(), Left> {
        let panel = self.scene.controls.panel();
        let published = Arc::clone(&self.scene.state.borrow_and_update());
        let view = View::new(&published, &self.last_heard, panel.as_ref(), clock::now());
        self.send(&Told::State(Box::new(view))).await
    }

    async fn tell_lines(&mut self) -> Result<(), Left> {
        let levels = self.levels.as_mut().map(|levels| levels.borrow_and_update().clone());
        self.send(&Told::lines(&levels.unwrap_or_default())).await
    }

    async fn tell_pairing(&mut self) -> Result<(), Left> {
        let until = self.scene.state.borrow().snapshot.station.pairing_until;
        let link = self.last_heard.pairing_link.as_ref().map(|link| link.0.as_str());
        self.send(&Told::pairing(link, until, clock::now())).await
    }

    async fn send(&mut self, told: &Told) -> Result<(), Left> {
        let text = serde_json::to_string(told).map_err(|_| Left)?;
        match timeout(PATIENCE, self.socket.send(Message::text(text))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Left),
        }
    }
}

/// The door and the lid stay where they are put.
fn springs_back(input: &str) -> bool {
    input.starts_with("buttons.") || input.ends_with(".exit_button")
}

/// Four times a second in a call.
fn only_louder(before: &Heard, now: &Heard) -> bool {
    let as_loud = Heard { heard_db: now.heard_db, said_db: now.said_db, ..before.clone() };
    as_loud == *now
}
