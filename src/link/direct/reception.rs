// SPDX-License-Identifier: MIT OR Apache-2.0
//! How connections come to the hub and how it reaches them. Both ways are bounded, and only the
//! connections wait.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::mpsc;

use crate::{
    http::admission::{Admission, Limits, Seat},
    link::desk::{ConnectionId, Heard},
};

/// WebSockets of whoever has not proved to be a handset.
const STRANGERS: Limits = Limits { from_one_address: 4, in_all: 32 };
/// More than a whole window of messages: whoever does not read that much is not there.
const FRAMES: usize = 96;
const ARRIVALS: usize = 256;

/// From the connections to the hub.
#[derive(Debug)]
pub(super) enum Arrival {
    Opened {
        connection: ConnectionId,
        peer: IpAddr,
        line: Line,
    },
    Heard {
        connection: ConnectionId,
        heard: Heard,
    },
    /// An address can be connected to at last.
    Bound {
        slot: usize,
        address: SocketAddr,
    },
}

/// From the hub to a connection.
#[derive(Debug)]
pub(super) enum Outgoing {
    Frame(String),
    /// After everything before it.
    Close(&'static str),
}

/// The hub's end of a connection. Dropped, it ends the connection.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) to: mpsc::Sender<Outgoing>,
    /// Until the other end has proved to be a handset.
    pub(super) seat: Option<Arc<Seat>>,
}

#[derive(Clone, Debug)]
pub(super) struct Reception {
    hub: mpsc::Sender<Arrival>,
    strangers: Admission,
    next: Arc<AtomicU64>,
}

/// Somebody who may come in.
#[derive(Debug)]
pub(super) struct Visit {
    seat: Seat,
    peer: IpAddr,
    reception: Reception,
}

/// The connection's end.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) connection: ConnectionId,
    pub(super) outgoing: mpsc::Receiver<Outgoing>,
    pub(super) hub: mpsc::Sender<Arrival>,
    /// Held to the very end by whoever was a stranger to the end.
    pub(super) seat: Arc<Seat>,
}

impl Reception {
    pub(super) fn open() -> (Self, mpsc::Receiver<Arrival>) {
        let (hub, arrivals) = mpsc::channel(ARRIVALS);
        (Self { hub, strangers: Admission::new(STRANGERS), next: Arc::default() }, arrivals)
    }

    pub(super) async fn bound(&self, slot: usize, address: SocketAddr) {
        // The station may be about to end.
        drop(self.hub.send(Arrival::Bound { slot, address }).await);
    }

    /// `None` when too many strangers are here already.
    pub(super) fn welcome(&self, peer: IpAddr) -> Option<Visit> {
        let seat = self.strangers.admit(peer)?;
        Some(Visit { seat, peer, reception: self.clone() })
    }
}

impl Visit {
    /// `None` when the station is about to end.
    pub(super) async fn begin(self) -> Option<Guest> {
        let Self { seat, peer, reception: Reception { hub, next, .. } } = self;
        let connection = ConnectionId(next.fetch_add(1, Ordering::Relaxed));
        let (to, outgoing) = mpsc::channel(FRAMES);
        let seat = Arc::new(seat);
        let line = Line { to, seat: Some(Arc::clone(&seat)) };
        hub.send(Arrival::Opened { connection, peer, line }).await.ok()?;
        Some(Guest { connection, outgoing, hub, seat })
    }
}
