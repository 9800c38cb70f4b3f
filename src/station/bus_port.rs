// SPDX-License-Identifier: MIT OR Apache-2.0
//! The bus in the background: the station neither waits for it nor ends with it.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

use super::request::Request;
use crate::{
    bus::{self, Published, Settings},
    config::{Authorization, BusAddress},
};

#[derive(Debug)]
pub(super) enum BusNews {
    /// On the bus, or known not to be for now: the station is ready either way.
    Settled,
    /// Trying again is of no use.
    Failed(bus::Error),
}

/// How long clients get to hear the last words.
const FAREWELL: Duration = Duration::from_secs(1);

/// The station takes no more requests: waits until it is off the bus.
pub(super) async fn until_left(mut news: mpsc::Receiver<BusNews>) {
    let left = async { while news.recv().await.is_some() {} };
    if timeout(FAREWELL, left).await.is_err() {
        tracing::debug!("the bus does not let go");
    }
}

pub(super) fn start(
    address: BusAddress,
    authorization: Authorization,
    requests: mpsc::Sender<Request>,
    state: watch::Receiver<Arc<Published>>,
) -> mpsc::Receiver<BusNews> {
    let (news, receiver) = mpsc::channel(2);
    let (settle, settled) = oneshot::channel();
    let announced = news.clone();
    tokio::spawn(async move {
        // Dropped unsent, it means that there is to be no bus.
        drop(settled.await);
        drop(announced.send(BusNews::Settled).await);
    });
    let address = match address {
        BusAddress::System => bus::Address::System,
        BusAddress::Session => bus::Address::Session,
        BusAddress::At(address) => bus::Address::At(address),
        BusAddress::None => return receiver,
    };
    let authorization = match authorization {
        Authorization::Polkit => bus::Authorization::polkit(),
        Authorization::Policy => bus::Authorization::Policy,
    };
    let settings = Settings::new(address, authorization);
    tokio::spawn(async move {
        if let Err(error) = bus::keep_serving(settings, requests, state, settle).await {
            drop(news.send(BusNews::Failed(error)).await);
        }
    });
    receiver
}
