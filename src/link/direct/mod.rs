// SPDX-License-Identifier: MIT OR Apache-2.0
//! Handsets over WebSockets, by TLS with a key that they pin, and the pages that make a browser
//! one of them. One task owns the desk; connections are tasks of their own that only carry.

mod addresses;
mod announce;
mod files;
mod hub;
mod ice;
mod identity;
mod listener;
mod names;
mod pages;
mod reception;
mod socket;
mod tls;
mod validity;
mod whereabouts;

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use ring::rand::{SecureRandom, SystemRandom};
use serde_json::Value;
use tokio::{
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use self::{
    hub::{Hub, Inbox},
    identity::Identity,
    names::Names,
    pages::Pages,
    reception::Reception,
    whereabouts::Whereabouts,
};
pub use self::{
    identity::{DamagedKey, IdentityError},
    tls::TlsError,
};
use crate::{
    config,
    core::{HandsetId, Snapshot, profile::Rights},
    http::Server,
    link::{
        Link, Settings,
        desk::{Desk, Entropy, Ledger},
        keys::KeyPair,
        push::Pushes,
    },
    store::{FileFault, HandsetKeeper},
};

const QUEUE: usize = 256;
/// For the last words to handsets.
const FAREWELL: Duration = Duration::from_secs(2);

/// What the link is made of.
#[derive(Debug)]
pub struct Setup<'s> {
    pub link: &'s config::Link,
    /// Where somebody knows whether the clock is right.
    pub bus: &'s config::BusAddress,
    pub settings: watch::Receiver<Settings>,
    /// Where the keys are.
    pub directory: &'s Path,
    /// Who is paired, as it was kept.
    pub handsets: Option<Value>,
    pub keeper: HandsetKeeper,
    pub state: watch::Receiver<Arc<Snapshot>>,
}

/// Handsets can connect until this is dropped.
#[derive(Debug)]
pub struct Direct {
    pub link: Link,
    /// Who was paired before.
    pub known: Vec<(HandsetId, String, Rights)>,
    /// Keys that will not outlast this process.
    pub unkept: Vec<FileFault>,
    /// Every address of the configuration can be connected to.
    pub is_listening: bool,
    hub: JoinHandle<()>,
    _listeners: JoinSet<()>,
}

/// None of these is mended by waiting.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(
        "handsets.json is not of this intercomd: {0}. Put a backup in its place, or remove it and \
         pair all handsets anew"
    )]
    Handsets(#[source] serde_json::Error),
}

/// Whether a certificate of the configuration can be used, and until when browsers take it, in
/// seconds since 1970.
pub fn examine(files: &config::Certificate) -> Result<Option<i64>, TlsError> {
    let tls::Tls { not_after, .. } = tls::Tls::from_files(files)?;
    Ok(not_after)
}

pub async fn start(setup: Setup<'_>) -> Result<Direct, StartError> {
    let Setup { link, bus, settings, directory, handsets, keeper, state } = setup;
    let ledger = handsets.map_or_else(|| Ok(Ledger::default()), serde_json::from_value);
    let ledger: Ledger = ledger.map_err(StartError::Handsets)?;
    let identity = Identity::load(directory, !ledger.handsets.is_empty(), link)?;
    let Identity { key, tls, unkept } = identity;
    let known = ledger.handsets.iter();
    let known = known.map(|one| (one.id.clone(), one.label.as_str().to_owned(), one.rights()));
    let known = known.collect();

    let (reception, arrivals) = Reception::open();
    let pin = tls.as_ref().map(|tls| tls.pin);
    let thumbprint = key.public().thumbprint();
    let names = Arc::new(Names::new(&link.at, &thumbprint, tls.as_ref()));
    let pages = Pages { reception, names };
    let server = Server::new(pages.clone(), tls.map(|tls| tls.acceptor));
    let mut listeners = JoinSet::new();
    let bound = listen(link, &pages.reception, &server, &mut listeners).await;
    let announce = link.announce.then_some(thumbprint);
    let told = settings.borrow().clone();
    let whereabouts = Whereabouts::new(bound, link.at.clone(), pin, announce, &told);
    let is_listening = whereabouts.is_whole();

    let key = Arc::new(key);
    let pushes = pushes(&key, settings.clone(), bus);
    let desk = Desk::new(key, ledger, whereabouts.place(), Box::new(Kernel::default()));
    let (commands, from_station) = mpsc::channel(QUEUE);
    let (to_station, events) = mpsc::channel(QUEUE);
    let Pushes { orders, reports } = pushes;
    let hub = Hub::new(desk, to_station, orders, keeper, whereabouts, unkept.is_empty());
    let inbox = Inbox { commands: from_station, arrivals, reports, state, settings };
    Ok(Direct {
        link: Link { commands, events },
        known,
        unkept,
        is_listening,
        hub: tokio::spawn(hub.run(inbox)),
        _listeners: listeners,
    })
}

#[cfg(feature = "push")]
fn pushes(
    key: &Arc<KeyPair>,
    settings: watch::Receiver<Settings>,
    bus: &config::BusAddress,
) -> Pushes {
    crate::push::start(Arc::clone(key), settings, bus.clone())
}

#[cfg(not(feature = "push"))]
fn pushes(_: &Arc<KeyPair>, _: watch::Receiver<Settings>, _: &config::BusAddress) -> Pushes {
    Pushes::none()
}

/// What cannot be had now is asked for in the background.
async fn listen(
    link: &config::Link,
    reception: &Reception,
    server: &Server<Pages>,
    listeners: &mut JoinSet<()>,
) -> Vec<Option<SocketAddr>> {
    let mut bound = Vec::new();
    for (slot, listen) in link.listen.iter().copied().enumerate() {
        let server = server.clone();
        match listener::bind(listen).await {
            Ok(listener) => {
                bound.push(listener.local_addr().ok());
                listeners.spawn(server.serve(listener));
            }
            Err(error) => {
                tracing::error!(%listen, %error, "handsets cannot connect; trying again");
                bound.push(None);
                let reception = reception.clone();
                listeners.spawn(async move {
                    let listener = listener::bind_at_last(listen).await;
                    if let Ok(address) = listener.local_addr() {
                        reception.bound(slot, address).await;
                    }
                    server.serve(listener).await;
                });
            }
        }
    }
    bound
}

impl Direct {
    /// Whoever is in a call hears how it ended.
    pub async fn close(self) {
        let Self { link, hub, .. } = self;
        drop(link);
        if timeout(FAREWELL, hub).await.is_err() {
            tracing::debug!("the link does not end");
        }
    }
}

/// The kernel's random numbers.
#[derive(Debug)]
struct Kernel(SystemRandom);

impl Default for Kernel {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Entropy for Kernel {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes).expect("the kernel gives random numbers");
    }
}
