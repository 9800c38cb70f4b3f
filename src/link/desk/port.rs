// SPDX-License-Identifier: MIT OR Apache-2.0
//! What goes into the desk and what comes out of it.

use std::{fmt, sync::Arc};

use super::record::Ledger;
use crate::{
    config::Endpoints,
    core::{Command, HandsetId, Rejected, Reply, Snapshot, profile::Rights},
    link::{
        LinkCommand, LinkEvent,
        keys::Pin,
        message::from_station::IceServer,
        push::{Order, Report, Tried},
        refusal::Code,
    },
};

/// One WebSocket, for as long as it is open. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// Something that the desk waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What handsets are told of where and who the station is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub name: String,
    /// Of the TLS key; nothing where the station speaks plain HTTP.
    pub pin: Option<Pin>,
    /// `HOST:PORT`, the first one first.
    pub at: Vec<String>,
    /// What a new handset may do, unless its window says otherwise.
    pub grants: Rights,
    pub ice: Vec<IceServer>,
    /// Where pushes may go; nothing where the station sends none.
    pub pushes: Option<Endpoints>,
}

/// Where random bytes come from.
pub trait Entropy: fmt::Debug + Send {
    fn fill(&mut self, bytes: &mut [u8]);
}

/// That of the kernel.
#[derive(Clone, Copy, Debug)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// # Panics
    /// Where the kernel has no random numbers, which it has once it has booted.
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the kernel gives random numbers");
    }
}

/// From the other end of a connection.
#[derive(Debug)]
pub enum Heard {
    Frame(String),
    /// Longer than any message may be, so that nobody read it.
    TooLarge,
    /// There will be nothing more.
    Closed,
}

#[derive(Debug)]
pub enum Input {
    Opened {
        connection: ConnectionId,
    },
    Heard {
        connection: ConnectionId,
        heard: Heard,
    },
    Command(LinkCommand),
    /// To [`Output::Wish`].
    Answered {
        ticket: Ticket,
        answer: Result<Reply, Rejected>,
    },
    /// To [`Output::Keep`]: whether it is on the disk.
    Kept {
        ticket: Ticket,
        kept: bool,
    },
    /// To [`Output::Push`].
    Pushed(Report),
    /// On the way to that.
    PushTried(Tried),
    /// The station lacks nothing any more that it needs for pushes.
    PushesReady,
    State(Arc<Snapshot>),
    Moved(Place),
}

#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    Send {
        connection: ConnectionId,
        frame: String,
    },
    /// After what was to be sent. The desk hears nothing of this connection any more.
    Close {
        connection: ConnectionId,
        why: Closing,
    },
    Event(LinkEvent),
    /// To be answered by [`Input::Answered`].
    Wish {
        ticket: Ticket,
        handset: HandsetId,
        command: Command,
    },
    /// To be answered by [`Input::Kept`].
    Keep {
        ticket: Ticket,
        ledger: Ledger,
    },
    /// To be answered by [`Input::Pushed`].
    Push(Box<Order>),
    /// False while something keeps the station from pushing to anybody.
    Pushing(bool),
    /// To be counted.
    Refused {
        connection: ConnectionId,
        code: Code,
    },
}

/// Why the desk ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    Refused(Code),
    /// The handset is here by another connection.
    Replaced,
    /// Nobody proved in time to be there.
    Late,
    /// What was said was not acknowledged.
    Silent,
    /// Too much is to be said to somebody who does not listen.
    Behind,
}

impl Closing {
    /// For the close frame.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Refused(code) => code.word(),
            Self::Replaced => "replaced",
            Self::Late => "late",
            Self::Silent => "silent",
            Self::Behind => "behind",
        }
    }
}
