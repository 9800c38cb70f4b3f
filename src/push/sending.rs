// SPDX-License-Identifier: MIT OR Apache-2.0
//! One order on its way, tried until it is taken, refused or of no use any more.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    sync::{OnceCell, mpsc},
    task::spawn_blocking,
    time::{Instant, sleep, timeout_at},
};
use tokio_rustls::rustls::ClientConfig;

use super::{
    body::NoBody,
    delivery::{Delivery, Next, Outcome},
    letter::{Letter, Now},
    networks::Allowed,
    post::{Answer, Trouble, connect, post},
    roots,
    time::{Synchronized, synchronized},
};
use crate::{
    config::{BusAddress, Clock, Push},
    core::LegId,
    link::{
        LastPush, PushResult,
        keys::KeyPair,
        push::{Endpoint, Fate, FromPushes, News, Order},
    },
    station::clock,
};

/// For one attempt.
const PATIENCE: Duration = Duration::from_secs(10);
/// With less than this, silence is nobody's fault.
const FAIR: Duration = Duration::from_secs(1);

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
    #[error("the ring is over too soon")]
    Late,
    #[error("it answers {}", .0.status)]
    Answered(Answer),
    #[error(transparent)]
    NoBody(#[from] NoBody),
}

impl Failure {
    fn outcome(&self) -> Outcome {
        match self {
            Self::NoTime | Self::NotSynchronized | Self::UnknownTime => Outcome::Later(None),
            Self::NoTrust(_) | Self::Silent | Self::Late => Outcome::Later(None),
            Self::Trouble(trouble) => trouble.outcome(),
            Self::Answered(answer) => answer.outcome(),
            Self::NoBody(_) => Outcome::Refused,
        }
    }

    /// Nothing where nobody is to blame.
    fn result(&self) -> Option<PushResult> {
        Some(match self {
            Self::Late => return None,
            Self::NoTime | Self::NotSynchronized | Self::UnknownTime => PushResult::NoClock,
            Self::NoTrust(_) => PushResult::NoCertificates,
            Self::Silent => PushResult::Unavailable,
            Self::Trouble(trouble) => trouble.result(),
            Self::Answered(answer) => answer.result(),
            Self::NoBody(_) => PushResult::Refused,
        })
    }
}

/// The time of day, if it is known to be right.
async fn right_time(clock: Clock, bus: &BusAddress) -> Result<u64, Failure> {
    let unix_ms = clock::unix_ms().ok_or(Failure::NoTime)?;
    match clock {
        Clock::Trusted => Ok(unix_ms),
        Clock::Synchronized => match synchronized(bus).await {
            Synchronized::Yes => Ok(unix_ms),
            Synchronized::No => Err(Failure::NotSynchronized),
            Synchronized::Unknown => Err(Failure::UnknownTime),
        },
    }
}

fn silent() -> Trouble {
    Trouble::Unconnected(io::ErrorKind::TimedOut.into())
}

async fn read_roots() -> io::Result<Arc<ClientConfig>> {
    spawn_blocking(roots::tls).await.map_err(io::Error::other)?
}

/// Whether what the station itself lacked is there now.
pub(super) async fn is_there(what: PushResult, settings: &Push, bus: &BusAddress) -> bool {
    match what {
        PushResult::NoClock => right_time(settings.clock, bus).await.is_ok(),
        PushResult::NoCertificates => read_roots().await.is_ok(),
        PushResult::Taken
        | PushResult::Gone
        | PushResult::Refused
        | PushResult::Unavailable
        | PushResult::Untrusted
        | PushResult::Unreachable => true,
    }
}

impl Sending {
    /// What became of the last try.
    pub(super) async fn run(self) -> (LegId, Option<PushResult>) {
        let allowed = self.settings.endpoints;
        let (fate, result) =
            match Endpoint::parse(self.order.subscription.endpoint.as_str(), allowed) {
                Ok(endpoint) => self.send(&endpoint).await,
                // It was allowed once.
                Err(why) => {
                    let handset = &self.order.leg.handset;
                    tracing::warn!(%handset, %why, "nothing is pushed to this endpoint");
                    self.tell_tried(PushResult::Refused).await;
                    (Fate::Failed, Some(PushResult::Refused))
                }
            };
        self.tell(FromPushes::Report(self.order.report(fate))).await;
        (self.order.leg, result)
    }

    async fn send(&self, endpoint: &Endpoint) -> (Fate, Option<PushResult>) {
        let mut delivery = Delivery::new(self.order.until);
        let mut is_first = true;
        loop {
            let patience = PATIENCE.min(delivery.left(clock::now()));
            let tried = self.attempt(endpoint, patience).await;
            let (result, outcome) = match &tried {
                Ok(()) => (Some(PushResult::Taken), Outcome::Taken),
                Err(failure) => (failure.result(), failure.outcome()),
            };
            if let Some(result) = result {
                self.tell_tried(result).await;
            }
            let next = delivery.after(clock::now(), outcome);
            self.log(endpoint, tried.err(), next, is_first);
            is_first = false;
            match next {
                Next::Over(fate) => return (fate, result),
                Next::AgainAt(at) => sleep(at.since(clock::now())).await,
            }
        }
    }

    /// Where the time goes tells who is to blame.
    async fn attempt(&self, endpoint: &Endpoint, patience: Duration) -> Result<(), Failure> {
        let until = Instant::now() + patience;
        let unix_ms = right_time(self.settings.clock, &self.bus).await?;
        let tls = if endpoint.is_tls { Some(self.tls(until).await?) } else { None };
        let now = Now { moment: clock::now(), unix_ms };
        let contact = self.settings.contact.as_deref();
        let letter = Letter::write(&self.order, &self.key, endpoint, contact, now)?;
        let allowed = Allowed::now(self.settings.endpoints);
        let begun = Instant::now();
        let stream = timeout_at(until, connect(endpoint, &allowed)).await.map_err(|_| {
            let waited = begun.elapsed();
            if waited < FAIR { Failure::Late } else { silent().into() }
        })??;
        let answer = timeout_at(until, post(stream, endpoint, tls, letter, unix_ms)).await;
        let answer = answer.map_err(|_| Failure::Silent)??;
        if answer.outcome() == Outcome::Taken { Ok(()) } else { Err(Failure::Answered(answer)) }
    }

    async fn tls(&self, until: Instant) -> Result<Arc<ClientConfig>, Failure> {
        let read = timeout_at(until, self.tls.get_or_try_init(read_roots)).await;
        read.map_err(|_| Failure::Late)?.cloned().map_err(Failure::NoTrust)
    }

    async fn tell_tried(&self, result: PushResult) {
        let at_unix_ms = clock::unix_ms().filter(|_| result != PushResult::NoClock);
        self.tell(FromPushes::Tried(self.order.tried(LastPush { result, at_unix_ms }))).await;
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
