// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tells clients what changed, in a task of its own: the station never waits for it, and a
//! publisher that falls behind skips values, not notices.

use std::sync::Arc;

use tokio::sync::watch;
use zbus::Connection;

use super::{changes::changes, published::Published};

#[derive(Debug)]
pub(super) struct Publisher {
    pub(super) connection: Connection,
    pub(super) state: watch::Receiver<Arc<Published>>,
    /// What clients can know already.
    pub(super) told: Arc<Published>,
    pub(super) announced: watch::Sender<u64>,
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
                break;
            }
            self.announced.send_replace(new.revision());
            self.told = new;
        }
        // Whoever watches over the connection is to know that nobody is told anything any more.
        if let Err(error) = self.connection.close().await {
            tracing::debug!(%error, "the bus connection was not closed in order");
        }
    }

    async fn tell(&self, new: &Published) -> zbus::Result<()> {
        let sender = self.connection.unique_name().map(|name| name.as_ref());
        let mut messages = Vec::new();
        for change in changes(&self.told, new) {
            match change.message(sender.as_ref()) {
                Ok(message) => messages.push(message),
                // It must not silence everything after it.
                Err(error) => tracing::warn!(%error, ?change, "a signal was left out"),
            }
        }
        self.connection.send_all(&messages).await
    }
}

/// How far clients have been told.
#[derive(Clone, Debug)]
pub(super) struct Announced(pub(super) watch::Receiver<u64>);

impl Announced {
    /// Resolves once the signals of this revision were sent, or never will be.
    pub(super) async fn reaches(&self, revision: u64) {
        let mut told = self.0.clone();
        // An error means that the publisher is gone, and the connection with it.
        let _ = told.wait_for(|told| *told >= revision).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_reply_waits_for_the_signals_that_belong_before_it() {
        let (announced, told) = watch::channel(1);
        let told = Announced(told);
        told.reaches(1).await;
        timeout(Duration::ZERO, told.reaches(2)).await.unwrap_err();
        announced.send_replace(3);
        told.reaches(2).await;
    }

    #[tokio::test]
    async fn a_reply_does_not_wait_for_a_publisher_that_is_gone() {
        let (announced, told) = watch::channel(1);
        drop(announced);
        Announced(told).reaches(2).await;
    }
}
