// SPDX-License-Identifier: MIT OR Apache-2.0
//! The link to real handsets, if the configuration wants one. A station whose link cannot be had
//! has doors and buttons all the same.

use std::{path::Path, sync::Arc};

use tokio::sync::{mpsc, watch};

#[cfg(feature = "direct")]
use crate::link::direct::{self, Direct};
use crate::{
    config::Config,
    core::{HandsetId, Snapshot, profile::Rights},
    link::{FromLink, LinkCommand, Settings},
    store::StoreThread,
};

#[derive(Debug, Default)]
pub(super) struct LinkPort {
    #[cfg(feature = "direct")]
    direct: Option<Direct>,
}

/// What is known of the link at the start.
#[derive(Debug, Default)]
pub(super) struct Opening {
    pub(super) port: LinkPort,
    pub(super) known: Vec<(HandsetId, String, Rights)>,
    /// Handsets cannot connect although they should.
    pub(super) in_trouble: bool,
}

/// What the link needs of the station's state.
#[cfg_attr(not(feature = "direct"), expect(dead_code, reason = "there is no link"))]
#[derive(Debug)]
pub(super) struct Kept<'k> {
    pub(super) directory: &'k Path,
    pub(super) handsets: Option<serde_json::Value>,
    pub(super) store: &'k StoreThread,
}

pub(super) fn settings(config: &Config) -> Settings {
    Settings {
        name: config.station.name.clone(),
        pairing: config.link.pairing.clone(),
        ice: config.media.setup.ice.clone(),
        push: config.push.clone(),
    }
}

#[cfg(feature = "direct")]
pub(super) async fn open(
    config: &Config,
    kept: Kept<'_>,
    state: watch::Receiver<Arc<Snapshot>>,
    settings: watch::Receiver<Settings>,
) -> Opening {
    if config.link.listen.is_empty() {
        return Opening::default();
    }
    let setup = direct::Setup {
        link: &config.link,
        bus: &config.bus.address,
        settings,
        directory: kept.directory,
        handsets: kept.handsets,
        keeper: kept.store.handset_keeper(),
        state,
    };
    let mut direct = match direct::start(setup).await {
        Ok(direct) => direct,
        Err(error) => {
            tracing::error!(%error, "no handset can connect");
            return Opening { in_trouble: true, ..Opening::default() };
        }
    };
    for fault in &direct.unkept {
        tracing::error!(%fault, "a key is not kept: whoever is paired now is lost at the next start");
    }
    for listen in config.link.listen.iter().filter(|_| direct.is_listening) {
        tracing::info!(%listen, handsets = direct.known.len(), "handsets can connect");
    }
    let known = std::mem::take(&mut direct.known);
    let in_trouble = !direct.is_listening;
    Opening { port: LinkPort { direct: Some(direct) }, known, in_trouble }
}

#[cfg(not(feature = "direct"))]
pub(super) async fn open(
    config: &Config,
    _: Kept<'_>,
    _: watch::Receiver<Arc<Snapshot>>,
    _: watch::Receiver<Settings>,
) -> Opening {
    let in_trouble = !config.link.listen.is_empty();
    if in_trouble {
        tracing::error!("this intercomd was built without a link to handsets");
    }
    Opening { in_trouble, ..Opening::default() }
}

#[cfg(feature = "direct")]
impl LinkPort {
    pub(super) fn commands(&self) -> Option<mpsc::Sender<LinkCommand>> {
        self.direct.as_ref().map(|direct| direct.link.commands.clone())
    }

    /// Waits for ever where there is no link.
    pub(super) async fn next(&mut self) -> FromLink {
        let event = match &mut self.direct {
            Some(direct) => direct.link.events.recv().await,
            None => None,
        };
        match event {
            Some(event) => event,
            None => std::future::pending().await,
        }
    }

    /// Nobody else may hold its commands any more.
    pub(super) async fn close(self) {
        if let Some(direct) = self.direct {
            direct.close().await;
        }
    }
}

#[cfg(not(feature = "direct"))]
impl LinkPort {
    pub(super) fn commands(&self) -> Option<mpsc::Sender<LinkCommand>> {
        None
    }

    pub(super) async fn next(&mut self) -> FromLink {
        std::future::pending().await
    }

    pub(super) async fn close(self) {}
}
