// SPDX-License-Identifier: MIT OR Apache-2.0
//! Web Push: what the link wants to be pushed goes straight to the push services of the phones.
//! One task takes the orders; each is a task of its own while it is on its way, and nothing is
//! kept or connected between calls. Only what the station itself lacks is looked for meanwhile.

mod body;
mod delivery;
mod letter;
mod networks;
mod post;
pub mod roots;
mod sending;
pub mod time;
mod vapid;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{
    sync::{OnceCell, mpsc, watch},
    task::{AbortHandle, JoinSet},
    time::sleep,
};
use tokio_rustls::rustls::ClientConfig;

use self::sending::{Sending, is_there};
use crate::{
    config::BusAddress,
    core::LegId,
    link::{
        PushResult, Settings,
        keys::KeyPair,
        push::{Fate, FromPushes, News, Order, Pushes},
    },
};

const QUEUE: usize = 64;
/// At the same time; there are hardly more phones in a house.
const SENDINGS: usize = 64;
/// For what the station lacks.
const LOOKS_EVERY: Duration = Duration::from_secs(60);

/// Signs with the station's key. Ends when nobody can order anything any more.
#[must_use]
pub fn start(key: Arc<KeyPair>, settings: watch::Receiver<Settings>, bus: BusAddress) -> Pushes {
    let (orders, ordered) = mpsc::channel(QUEUE);
    let (tell, reports) = mpsc::channel(QUEUE);
    tokio::spawn(Office::new(key, settings, bus, tell).run(ordered));
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
    sendings: JoinSet<(LegId, Option<PushResult>)>,
    rings: BTreeMap<LegId, AbortHandle>,
    /// Looks for what the station lacks.
    look: JoinSet<()>,
    looks_every: Duration,
}

impl Office {
    fn new(
        key: Arc<KeyPair>,
        settings: watch::Receiver<Settings>,
        bus: BusAddress,
        tell: mpsc::Sender<FromPushes>,
    ) -> Self {
        Self {
            key,
            settings,
            bus: Arc::new(bus),
            tell,
            tls: Arc::default(),
            sendings: JoinSet::new(),
            rings: BTreeMap::new(),
            look: JoinSet::new(),
            looks_every: LOOKS_EVERY,
        }
    }

    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.begin(order).await,
                    None => break,
                },
                Some(done) = self.sendings.join_next() => {
                    if let Ok((leg, result)) = done {
                        self.rings.remove(&leg);
                        self.look_for(result);
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
        self.look = JoinSet::new();
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

    /// Until it is there; the newest lack is the one that counts.
    fn look_for(&mut self, what: Option<PushResult>) {
        self.look = JoinSet::new();
        let Some(what) = what.filter(|what| what.is_own()) else { return };
        let (settings, bus, tell) =
            (self.settings.clone(), Arc::clone(&self.bus), self.tell.clone());
        let every = self.looks_every;
        self.look.spawn(async move {
            loop {
                sleep(every).await;
                let push = settings.borrow().push.clone();
                if !push.enabled {
                    return;
                }
                if is_there(what, &push, &bus).await {
                    break;
                }
            }
            // The link may have ended.
            drop(tell.send(FromPushes::Ready).await);
        });
    }

    async fn report(&self, order: &Order, fate: Fate) {
        // The link may have ended.
        drop(self.tell.send(FromPushes::Report(order.report(fate))).await);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::{
        config::{Clock, Endpoints, Push},
        core::{CallId, Moment, status::Media},
        link::{
            envelope::Mid,
            keys::Thumbprint,
            push::{Auth, Point, Subscription},
        },
    };

    fn settings(clock: Clock) -> Settings {
        let endpoints = Endpoints::Anywhere;
        let push = Push { enabled: true, endpoints, contact: None, clock };
        Settings { push, ..Settings::default() }
    }

    fn order() -> Order {
        let endpoint = "http://127.0.0.1:9/up".to_owned().try_into().unwrap();
        Order {
            leg: LegId { call: CallId(1), handset: "kitchen".parse().unwrap() },
            to: Thumbprint([0; 32]),
            subscription: Subscription { endpoint, p256dh: Point([4; 65]), auth: Auth([7; 16]) },
            mid: Mid([0; 16]),
            news: News::Ring { contact: None, media: Media::Audio },
            // One try and no other.
            until: Moment::from_millis(0),
        }
    }

    #[tokio::test]
    async fn a_clock_that_is_right_at_last_is_noticed_while_nobody_rings() {
        let by_timesyncd = "/run/systemd/timesync/synchronized";
        if std::path::Path::new(by_timesyncd).exists() {
            return;
        }
        let (change, shown) = watch::channel(settings(Clock::Synchronized));
        let (tell, mut told) = mpsc::channel(QUEUE);
        let key = KeyPair::from_pkcs8(&KeyPair::generate().unwrap()).unwrap();
        let mut office = Office::new(Arc::new(key), shown, BusAddress::None, tell);
        office.looks_every = Duration::from_millis(5);
        let (orders, ordered) = mpsc::channel(QUEUE);
        let task = tokio::spawn(office.run(ordered));
        orders.send(order()).await.unwrap();
        let Some(FromPushes::Tried(tried)) = told.recv().await else { panic!() };
        assert_eq!(tried.last.result, PushResult::NoClock);
        assert_eq!(told.recv().await, Some(FromPushes::Report(order().report(Fate::Failed))));
        assert!(timeout(Duration::from_millis(50), told.recv()).await.is_err(), "it is not right");
        change.send_replace(settings(Clock::Trusted));
        assert_eq!(told.recv().await, Some(FromPushes::Ready));
        drop(orders);
        task.await.unwrap();
        assert_eq!(told.recv().await, None, "it is told once");
    }
}
