// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the threads of GStreamer tell the worker, which alone acts on it.

use std::fmt;

use intercomd::{
    core::LegId,
    media::LoopTest,
    session::{SessionNo, VideoCodec},
};
use tokio::sync::mpsc;

#[derive(Debug)]
pub(crate) enum Fact {
    Session {
        leg: LegId,
        session: SessionNo,
        fact: SessionFact,
    },
    /// A loop test has all that it needs.
    Recorded,
    Measured(LoopTest),
    /// A graph of the station itself stopped. What broke it is for the log.
    Broke {
        part: Part,
        why: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Capture,
    Playback,
    Camera,
    Encoder(VideoCodec),
    Screen,
}

pub(crate) enum SessionFact {
    /// webrtcbin's own text, or why there is none.
    Offered(Result<String, String>),
    /// webrtcbin took the answer, or did not.
    Answered(Result<(), String>),
    Candidate(String),
    NoMoreCandidates,
    Connected,
    /// The path broke, as far as ICE or DTLS can tell.
    Failed,
    /// An element gave up.
    Broke(String),
    /// The peer could not decode.
    KeyWanted,
}

/// Descriptions and candidates do not print.
impl fmt::Debug for SessionFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Offered(_) => "Offered",
            Self::Answered(_) => "Answered",
            Self::Candidate(_) => "Candidate",
            Self::NoMoreCandidates => "NoMoreCandidates",
            Self::Connected => "Connected",
            Self::Failed => "Failed",
            Self::Broke(_) => "Broke",
            Self::KeyWanted => "KeyWanted",
        })
    }
}

/// Never waits: it is called from streaming threads.
#[derive(Clone, Debug)]
pub(crate) struct Teller(mpsc::Sender<Fact>);

impl Teller {
    pub(crate) fn new(facts: mpsc::Sender<Fact>) -> Self {
        Self(facts)
    }

    pub(crate) fn tell(&self, fact: Fact) {
        if let Err(lost) = self.0.try_send(fact) {
            tracing::error!(%lost, "a fact was lost");
        }
    }

    pub(crate) fn of_session(&self, leg: &LegId, session: SessionNo) -> SessionTeller {
        SessionTeller { teller: self.clone(), leg: leg.clone(), session }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct SessionTeller {
    teller: Teller,
    leg: LegId,
    session: SessionNo,
}

impl SessionTeller {
    pub(crate) fn tell(&self, fact: SessionFact) {
        self.teller.tell(Fact::Session { leg: self.leg.clone(), session: self.session, fact });
    }
}
