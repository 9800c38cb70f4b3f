// SPDX-License-Identifier: MIT OR Apache-2.0
//! One attempt to connect with one handset: a graph of its own, so that whatever happens to it
//! happens to nobody else.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use anyhow::Context;
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_video::UpstreamForceKeyUnitEvent;
use intercomd::{
    core::LegId,
    media::{Reception, setup::Ice},
    session::{SessionNo, VideoCodec},
};

use super::{
    answer::{Answer, Refused},
    candidate::Candidate,
    offer::{Line, Offer, with_fingerprint},
    outlet::{PictureOutlet, SoundOutlet},
    peer::Peer,
    receive::Receive,
    reception::Counted,
    trust::{Fingerprint, Identity},
};
use crate::{
    fact::{SessionFact, SessionTeller, Teller},
    graph::{Graph, Time},
    pass::Pass,
    picture::View,
    sound::Inlet,
};

/// A browser has some ten.
const CANDIDATES_MAX: usize = 64;

/// What a session is made of.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) leg: &'a LegId,
    pub(crate) no: SessionNo,
    pub(crate) video: Option<VideoCodec>,
    pub(crate) view: Option<Arc<View>>,
    pub(crate) pass: Pass,
    pub(crate) inlet: Arc<Inlet>,
    pub(crate) ice: &'a Ice,
    pub(crate) identity: &'a Identity,
    pub(crate) time: &'a Time,
    pub(crate) teller: &'a Teller,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) no: SessionNo,
    pub(crate) sound: Arc<SoundOutlet>,
    pub(crate) picture: Option<(VideoCodec, Arc<PictureOutlet>)>,
    pass: Arc<Pass>,
    inlet: Arc<Inlet>,
    teller: SessionTeller,
    offer: Offer,
    stage: Stage,
    candidates: usize,
    /// Packets of sound that have come, whatever became of them.
    arrived: Arc<AtomicU64>,
    counted: Counted,
    key_wanted: Arc<AtomicBool>,
    peer: Peer,
    /// Last, so that it is the last to go: the peer waits before it goes.
    graph: Graph,
}

#[derive(Debug)]
enum Stage {
    /// Candidates may overtake the description that they belong to.
    Offered {
        early: Vec<Candidate>,
    },
    Answered {
        promised: Fingerprint,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Proven,
    Refuted,
}

fn description(offer: &Offer, with_view: bool) -> String {
    let line = |line: &Line| line.codec.sending(line.payload);
    let sending = offer.lines.iter().map(line).collect::<Vec<_>>().join(" ");
    format!(
        "webrtcbin name=webrtc bundle-policy=max-bundle latency=60 {sending} {}",
        Receive::description(offer, with_view)
    )
}

impl Session {
    /// Its offer comes as a fact.
    pub(crate) fn open(plan: Plan<'_>) -> anyhow::Result<Self> {
        let Plan { leg, no, video, view, pass, inlet, ice, identity, time, teller } = plan;
        let offer = Offer::new(video, view.is_some());
        let (pass, teller) = (Arc::new(pass), teller.of_session(leg, no));
        let broken = teller.clone();
        let broke = move |why| broken.tell(SessionFact::Broke(why));
        let graph = Graph::build(time, &description(&offer, view.is_some()), broke)?;
        let mut peer = Peer::new(graph.element("webrtc")?, ice, identity.pem.clone())?;
        for line in &offer.lines {
            let out = graph.element(line.codec.last_element())?;
            let pad = out.static_pad("src").context("a payloader without a pad")?;
            peer.add_line(&pad, &line.codec.caps(line.payload), line.direction.word())?;
        }
        let arrived = Arc::<AtomicU64>::default();
        let receive = Receive { pass: &pass, inlet: &inlet, arrived: &arrived, view };
        receive.connect(&graph)?;
        peer.tell(&teller);
        let sound = Arc::new(SoundOutlet::new(Arc::clone(&pass), graph.source("say")?));
        let key_wanted = Arc::<AtomicBool>::default();
        let picture = match video {
            Some(codec) => {
                let source = graph.source("show")?;
                on_key_wanted(&source, &key_wanted, &teller);
                Some((codec, Arc::new(PictureOutlet::new(Arc::clone(&pass), source))))
            }
            None => None,
        };
        graph.play()?;
        peer.create_offer(&teller);
        let stage = Stage::Offered { early: Vec::new() };
        let candidates = 0;
        Ok(Self {
            no,
            sound,
            picture,
            pass,
            inlet,
            teller,
            offer,
            stage,
            candidates,
            arrived,
            counted: Counted::default(),
            key_wanted,
            peer,
            graph,
        })
    }

    /// The text for the handset.
    pub(crate) fn offered(&mut self, sdp: &str, identity: &Identity) -> anyhow::Result<String> {
        anyhow::ensure!(self.offer.named(sdp), "webrtcbin offers something else");
        self.peer.set_local(sdp)?;
        Ok(with_fingerprint(sdp, &identity.fingerprint))
    }

    /// The one answer of this session: webrtcbin 1.22 can be made to abort by a second one.
    pub(crate) fn answer(&mut self, text: &str) -> Result<(), Unanswered> {
        let early = match &mut self.stage {
            Stage::Offered { early } => std::mem::take(early),
            Stage::Answered { .. } => return Err(Unanswered::Already),
        };
        let mut answer = Answer::read(text, &self.offer)?;
        self.stage = Stage::Answered { promised: answer.fingerprint.clone() };
        let set = self.peer.set_remote(&answer.write(&self.offer), &self.teller);
        set.map_err(|_| Unanswered::Refused(Refused::NotSdp))?;
        let told = std::mem::take(&mut answer.candidates);
        told.iter().chain(&early).for_each(|candidate| self.try_path(candidate));
        Ok(())
    }

    pub(crate) fn candidate(&mut self, line: &str) {
        self.candidates += 1;
        let Some(candidate) = Candidate::read(line) else { return };
        if self.candidates > CANDIDATES_MAX {
            return;
        }
        match &mut self.stage {
            Stage::Offered { early } => early.push(candidate),
            Stage::Answered { .. } => self.try_path(&candidate),
        }
    }

    fn try_path(&self, candidate: &Candidate) {
        self.peer.add_candidate(&candidate.to_string());
    }

    /// Lets media pass if the certificate at the other end is the one that was promised.
    pub(crate) fn prove(&self) -> Trust {
        let promised = match &self.stage {
            Stage::Offered { .. } => return Trust::Refuted,
            Stage::Answered { promised } => promised,
        };
        let peers = self.peer.peers().filter(|peers| !peers.is_empty());
        if peers.is_none_or(|peers| peers.iter().any(|peer| peer != promised)) {
            return Trust::Refuted;
        }
        self.pass.trust();
        Trust::Proven
    }

    pub(crate) fn arrived(&self) -> u64 {
        self.arrived.load(Ordering::Relaxed)
    }

    /// Since it was last asked.
    pub(crate) fn reception(&mut self) -> Option<Reception> {
        let peer = self.graph.element("webrtc").ok()?;
        self.counted.since(&peer, self.inlet.level())
    }

    pub(crate) fn key_wish_taken(&self) {
        self.key_wanted.store(false, Ordering::Release);
    }

    /// Its own pass goes with it.
    pub(crate) fn set_gate(&self, gate: intercomd::core::status::Gate) {
        self.pass.set(gate);
        if !self.pass.listens() {
            self.inlet.empty();
        } else if let Some(pad) = self.camera_pad() {
            // The handset's picture is shown from now on.
            pad.send_event(UpstreamForceKeyUnitEvent::builder().all_headers(true).build());
        }
    }

    fn camera_pad(&self) -> Option<gst::Pad> {
        self.graph.element("see").ok()?.static_pad("sink")?.peer()
    }

    /// Nothing passes from here on. Taking webrtcbin apart takes a while and happens elsewhere.
    pub(crate) fn end(self) {
        self.pass.shut();
        self.inlet.empty();
        let Self { peer, graph, .. } = self;
        let pipeline = graph.pipeline().clone();
        pipeline.call_async(move |_| drop((peer, graph)));
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Unanswered {
    #[error("it was answered already")]
    Already,
    #[error(transparent)]
    Refused(#[from] Refused),
}

fn on_key_wanted(source: &gstreamer_app::AppSrc, wanted: &Arc<AtomicBool>, teller: &SessionTeller) {
    let (wanted, teller) = (Arc::clone(wanted), teller.clone());
    let Some(pad) = source.static_pad("src") else { return };
    pad.add_probe(gst::PadProbeType::EVENT_UPSTREAM, move |_, info| {
        let asked =
            info.event().is_some_and(|event| UpstreamForceKeyUnitEvent::parse(event).is_ok());
        // One at a time, however often the peer asks.
        if asked && !wanted.swap(true, Ordering::AcqRel) {
            teller.tell(SessionFact::KeyWanted);
        }
        gst::PadProbeReturn::Ok
    });
}
