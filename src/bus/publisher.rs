// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tells clients what changed, in a task of its own: the station never waits for it, and a
//! publisher that falls behind skips values, not notices.

use std::sync::Arc;

use tokio::sync::watch;
use zbus::{Connection, Message};

use super::{changes::changes, published::Published, view::Clock};

#[derive(Debug)]
pub(super) struct Publisher {
    pub(super) connection: Connection,
    pub(super) state: watch::Receiver<Arc<Published>>,
    /// What clients can know already.
    pub(super) told: Arc<Published>,
    pub(super) announced: watch::Sender<u64>,
    pub(super) clock: Clock,
}

impl Publisher {
    /// Ends when the station does, or with the connection.
    pub(super) async fn run(mut self) {
        while self.state.changed().await.is_ok() {
            let new = Arc::clone(&self.state.borrow_and_update());
            let missed = new.missed_since(&self.told);
            if missed > 0 {
                tracing::warn!(missed, "signals were lost because the bus was too slow");
            }
            if let Err(error) = self.tell(&new).await {
                tracing::debug!(%error, "signals could not be sent");
                return;
            }
            self.announced.send_replace(new.revision());
            self.told = new;
        }
    }

    async fn tell(&self, new: &Published) -> zbus::Result<()> {
        let sender = self.connection.unique_name().map(|name| name.as_ref());
        let messages = changes(&self.told, new, self.clock)
            .iter()
            .map(|change| change.message(sender.as_ref()))
            .collect::<zbus::Result<Vec<Message>>>()?;
        self.connection.send_all(&messages).await
    }
}
