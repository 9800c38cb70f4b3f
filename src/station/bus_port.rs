// SPDX-License-Identifier: MIT OR Apache-2.0
//! Keeps the station on the bus. Buttons work without: a bus that is not there yet, or went
//! away, is asked again in the background.

use std::{sync::Arc, time::Duration};

use tokio::sync::{mpsc, watch};

use super::request::Request;
use crate::{
    bus::{self, Published, Settings},
    config::{Authorization, BusAddress},
};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) enum BusNews {
    /// On the bus, or known not to be for now: the station is ready either way.
    Settled,
    NameTaken(bus::Error),
}

pub(super) fn start(
    address: BusAddress,
    authorization: Authorization,
    requests: mpsc::Sender<Request>,
    state: watch::Receiver<Arc<Published>>,
) -> mpsc::Receiver<BusNews> {
    let (news, receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        let address = match address {
            BusAddress::System => bus::Address::System,
            BusAddress::Session => bus::Address::Session,
            BusAddress::At(address) => bus::Address::At(address),
            BusAddress::None => {
                drop(news.send(BusNews::Settled).await);
                // Whoever waits for requests goes on waiting.
                return std::future::pending().await;
            }
        };
        let authorization = match authorization {
            Authorization::Polkit => bus::Authorization::polkit(),
            Authorization::Policy => bus::Authorization::Policy,
        };
        let settings = Settings::new(address, authorization);
        keep_serving(settings, requests, state, news).await;
    });
    receiver
}

async fn keep_serving(
    settings: Settings,
    requests: mpsc::Sender<Request>,
    state: watch::Receiver<Arc<Published>>,
    news: mpsc::Sender<BusNews>,
) {
    let mut pause = FIRST_PAUSE;
    let mut settled = false;
    loop {
        match bus::serve(settings.clone(), requests.clone(), state.clone()).await {
            Ok(bus) => {
                tracing::debug!(name = bus::NAME, "on the bus");
                pause = FIRST_PAUSE;
                settle(&mut settled, &news).await;
                bus.lost().await;
                tracing::warn!("the bus is gone");
            }
            Err(error) if !error.is_retryable() => {
                drop(news.send(BusNews::NameTaken(error)).await);
                return;
            }
            Err(error) => {
                tracing::warn!(%error, source = ?std::error::Error::source(&error), "not on the bus");
                settle(&mut settled, &news).await;
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn settle(settled: &mut bool, news: &mpsc::Sender<BusNews>) {
    if !std::mem::replace(settled, true) {
        drop(news.send(BusNews::Settled).await);
    }
}
