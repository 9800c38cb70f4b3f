// SPDX-License-Identifier: MIT OR Apache-2.0
//! Web Push: what the link wants to be pushed goes straight to the push services of the phones.
//! One task takes the orders; each is a task of its own while it is on its way, and nothing is
//! kept or connected between calls.

mod body;
mod delivery;
mod letter;
mod post;
mod roots;
mod sending;
pub mod time;
mod vapid;

use std::{collections::BTreeMap, sync::Arc};

use tokio::{
    sync::{OnceCell, mpsc, watch},
    task::{AbortHandle, JoinSet},
};
use tokio_rustls::rustls::ClientConfig;

use self::sending::Sending;
use crate::{
    config::BusAddress,
    core::LegId,
    link::{
        Settings,
        keys::KeyPair,
        push::{Fate, FromPushes, News, Order, Pushes},
    },
};

const QUEUE: usize = 64;
/// At the same time; there are hardly more phones in a house.
const SENDINGS: usize = 64;

/// Signs with the station's key. Ends when nobody can order anything any more.
#[must_use]
pub fn start(key: Arc<KeyPair>, settings: watch::Receiver<Settings>, bus: BusAddress) -> Pushes {
    let (orders, ordered) = mpsc::channel(QUEUE);
    let (tell, reports) = mpsc::channel(QUEUE);
    let office = Office {
        key,
        settings,
        bus: Arc::new(bus),
        tell,
        tls: Arc::default(),
        sendings: JoinSet::new(),
        rings: BTreeMap::new(),
    };
    tokio::spawn(office.run(ordered));
    Pushes { orders, reports }
}

#[derive(Debug)]
struct Office {
    key: Arc<KeyPair>,
    settings: watch::Receiver<Settings>,
    bus: Arc<BusAddress>,
    tell: mpsc::Sender<FromPushes>,
    /// Whom the machine trusts, read once for what is sent at the same time.
    tls: Arc<OnceCell<Arc<ClientConfig>>>,
    sendings: JoinSet<LegId>,
    rings: BTreeMap<LegId, AbortHandle>,
}

impl Office {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.begin(order).await,
                    None => break,
                },
                Some(done) = self.sendings.join_next() => {
                    if let Ok(leg) = done {
                        self.rings.remove(&leg);
                    }
                    if self.sendings.is_empty() {
                        self.rings.clear();
                        self.tls = Arc::default();
                    }
                }
            }
        }
        self.finish().await;
    }

    /// Nobody orders anything any more. What is over is still told.
    async fn finish(mut self) {
        for ring in self.rings.values() {
            ring.abort();
        }
        while self.sendings.join_next().await.is_some() {}
    }

    async fn begin(&mut self, order: Order) {
        let leg = order.leg.clone();
        // A ring that is not there yet shall not come after its end.
        if let News::Ended(_) = order.news
            && let Some(ring) = self.rings.remove(&leg)
        {
            ring.abort();
        }
        if self.sendings.len() >= SENDINGS {
            tracing::warn!(handset = %leg.handset, "too many pushes at the same time");
            return self.report(&order, Fate::Failed).await;
        }
        let is_ring = matches!(order.news, News::Ring { .. });
        let sending = Sending {
            order,
            key: Arc::clone(&self.key),
            settings: self.settings.borrow().push.clone(),
            bus: Arc::clone(&self.bus),
            tls: Arc::clone(&self.tls),
            tell: self.tell.clone(),
        };
        let (handle, leg) = (self.sendings.spawn(sending.run()), leg);
        if is_ring {
            self.rings.insert(leg, handle);
        }
    }

    async fn report(&self, order: &Order, fate: Fate) {
        // The link may have ended.
        drop(self.tell.send(FromPushes::Report(order.report(fate))).await);
    }
}
