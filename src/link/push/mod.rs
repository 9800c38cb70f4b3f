// SPDX-License-Identifier: MIT OR Apache-2.0
//! The port to whoever sends pushes: what the desk orders, and what it hears of that. PROTOCOL.md,
//! section 10.

mod endpoint;
mod subscription;

use tokio::sync::mpsc;

pub use self::{
    endpoint::{BadEndpoint, Endpoint, Host, inner_v4, is_public},
    subscription::{Auth, EndpointText, Point, Subscription},
};
use super::{LastPush, envelope::Mid, keys::Thumbprint, message::from_station::Ended};
use crate::core::{HandsetId, LegId, Moment, status::Media};

/// Something to be pushed to a handset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub leg: LegId,
    pub to: Thumbprint,
    pub subscription: Subscription,
    pub mid: Mid,
    pub news: News,
    /// When the ring is over, and this of no use any more.
    pub until: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    Ring { contact: Option<String>, media: Media },
    Ended(Ended),
}

impl News {
    /// As it is said.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Ring { .. } => "ring",
            Self::Ended(_) => "ended",
        }
    }
}

impl Order {
    #[must_use]
    pub fn report(&self, fate: Fate) -> Report {
        Report { leg: self.leg.clone(), subscription: self.subscription.clone(), fate }
    }

    #[must_use]
    pub fn tried(&self, last: LastPush) -> Tried {
        let (handset, subscription) = (self.leg.handset.clone(), self.subscription.clone());
        Tried { handset, subscription, last }
    }
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub leg: LegId,
    pub subscription: Subscription,
    pub fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// By the push service.
    Taken,
    /// There is no such endpoint any more.
    Gone,
    Failed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromPushes {
    Report(Report),
    /// An order may take several of them.
    Tried(Tried),
    /// What the station itself lacked is there again.
    Ready,
}

/// What became of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub handset: HandsetId,
    pub subscription: Subscription,
    pub last: LastPush,
}

/// Whoever sends pushes: orders in, reports out, both bounded.
#[derive(Debug)]
pub struct Pushes {
    pub orders: mpsc::Sender<Order>,
    pub reports: mpsc::Receiver<FromPushes>,
}

impl Pushes {
    /// Where nobody sends any.
    #[must_use]
    pub fn none() -> Self {
        let ((orders, _), (_, reports)) = (mpsc::channel(1), mpsc::channel(1));
        Self { orders, reports }
    }
}
