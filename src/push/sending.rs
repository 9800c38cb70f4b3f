// SPDX-License-Identifier: MIT OR Apache-2.0
//! One order on its way, tried until it is taken, refused or of no use any more.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    sync::{OnceCell, mpsc},
    task::spawn_blocking,
    time::{sleep, timeout},
};
use tokio_rustls::rustls::ClientConfig;

use super::{
    body::NoBody,
    delivery::{Delivery, Next, Outcome},
    letter::{Letter, Now},
    post::{Answer, Trouble, post},
    roots,
    time::{Synchronized, synchronized},
};
use crate::{
    config::{BusAddress, Clock, Push},
    core::LegId,
    link::{
        keys::KeyPair,
        push::{Endpoint, Fate, FromPushes, News, Order},
    },
    station::clock,
};

/// For one attempt.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Sending {
    pub(super) order: Order,
    pub(super) key: Arc<KeyPair>,
    pub(super) settings: Push,
    pub(super) bus: Arc<BusAddress>,
    pub(super) tls: Arc<OnceCell<Arc<ClientConfig>>>,
    pub(super) tell: mpsc::Sender<FromPushes>,
}

/// Why an attempt came to nothing.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the clock is not set")]
    NoTime,
    #[error("no time service has set the clock yet")]
    NotSynchronized,
    #[error("nobody knows whether the clock is right; see clock in [push]")]
    UnknownTime,
    #[error(transparent)]
    NoTrust(io::Error),
    #[error(transparent)]
    Trouble(#[from] Trouble),
    #[error("it does not answer")]
    Silent,
    #[error("it answers {}", .0.status)]
    Answered(Answer),
    #[error(transparent)]
    NoBody(#[from] NoBody),
}

impl Failure {
    fn outcome(&self) -> Outcome {
        match self {
            Self::NoTime | Self::NotSynchronized | Self::UnknownTime => Outcome::Later(None),
            Self::NoTrust(_) | Self::Silent => Outcome::Later(None),
            Self::Trouble(trouble) => trouble.outcome(),
            Self::Answered(answer) => answer.outcome(),
            Self::NoBody(_) => Outcome::Refused,
        }
    }

    /// What is wrong is between here and all push services.
    fn is_ours(&self) -> bool {
        match self {
            Self::NoTime | Self::NotSynchronized | Self::UnknownTime => true,
            Self::NoTrust(_) | Self::Silent => true,
            Self::Trouble(trouble) => trouble.is_ours(),
            Self::Answered(_) | Self::NoBody(_) => false,
        }
    }
}

impl Sending {
    pub(super) async fn run(self) -> LegId {
        let allowed = self.settings.endpoints;
        let fate = match Endpoint::parse(self.order.subscription.endpoint.as_str(), allowed) {
            Ok(endpoint) => self.send(&endpoint).await,
            // It was allowed once.
            Err(why) => {
                let handset = &self.order.leg.handset;
                tracing::warn!(%handset, %why, "nothing is pushed to this endpoint");
                Fate::Failed
            }
        };
        self.tell(FromPushes::Report(self.order.report(fate))).await;
        self.order.leg
    }

    async fn send(&self, endpoint: &Endpoint) -> Fate {
        let mut delivery = Delivery::new(self.order.until);
        let mut is_first = true;
        loop {
            let patience = PATIENCE.min(delivery.left(clock::now()));
            let attempt = timeout(patience, self.attempt(endpoint)).await;
            let result = attempt.unwrap_or(Err(Failure::Silent));
            let is_possible = !result.as_ref().is_err_and(Failure::is_ours);
            self.tell(FromPushes::Possible(is_possible)).await;
            let outcome = result.as_ref().err().map_or(Outcome::Taken, Failure::outcome);
            let next = delivery.after(clock::now(), outcome);
            self.log(endpoint, result.err(), next, is_first);
            is_first = false;
            match next {
                Next::Over(fate) => return fate,
                Next::AgainAt(at) => sleep(at.since(clock::now())).await,
            }
        }
    }

    async fn attempt(&self, endpoint: &Endpoint) -> Result<(), Failure> {
        let unix_ms = clock::unix_ms().ok_or(Failure::NoTime)?;
        match self.settings.clock {
            Clock::Trusted => {}
            Clock::Synchronized => match synchronized(&self.bus).await {
                Synchronized::Yes => {}
                Synchronized::No => return Err(Failure::NotSynchronized),
                Synchronized::Unknown => return Err(Failure::UnknownTime),
            },
        }
        let tls = if endpoint.is_tls { Some(self.tls().await?) } else { None };
        let now = Now { moment: clock::now(), unix_ms };
        let contact = self.settings.contact.as_deref();
        let letter = Letter::write(&self.order, &self.key, endpoint, contact, now)?;
        let answer = post(endpoint, self.settings.endpoints, tls, letter, unix_ms).await?;
        if answer.outcome() == Outcome::Taken { Ok(()) } else { Err(Failure::Answered(answer)) }
    }

    async fn tls(&self) -> Result<Arc<ClientConfig>, Failure> {
        let read = || async { spawn_blocking(roots::tls).await.map_err(io::Error::other)? };
        self.tls.get_or_try_init(read).await.cloned().map_err(Failure::NoTrust)
    }

    async fn tell(&self, what: FromPushes) {
        // The link may have ended.
        drop(self.tell.send(what).await);
    }

    /// Of an endpoint only the origin: the rest of it is a secret of the phone's.
    fn log(&self, endpoint: &Endpoint, failure: Option<Failure>, next: Next, is_first: bool) {
        let (call, handset) = (self.order.leg.call, &self.order.leg.handset);
        let (service, t) = (endpoint.origin(), self.order.news.word());
        let failure = failure.map(|failure| failure.to_string());
        let why = failure.unwrap_or_default();
        match (next, &self.order.news) {
            (Next::Over(Fate::Taken), News::Ring { .. }) => {
                tracing::info!(%call, %handset, service, "woken by a push");
            }
            (Next::Over(Fate::Taken), News::Ended(_)) => {
                tracing::debug!(%call, %handset, service, "pushed that the call is over");
            }
            (Next::Over(Fate::Gone), _) => {
                tracing::info!(%handset, service, "no pushes any more: its endpoint is gone");
            }
            (Next::Over(Fate::Failed), _) => {
                tracing::warn!(%call, %handset, service, t, why, "a push could not be sent");
            }
            (Next::AgainAt(_), _) if is_first => {
                tracing::warn!(%call, %handset, service, t, why, "a push is tried again");
            }
            (Next::AgainAt(_), _) => {
                tracing::debug!(%call, %handset, service, t, why, "a push is tried again");
            }
        }
    }
}
