// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the handset. What may not be heard is dropped before anything decodes it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use gstreamer as gst;
use gstreamer::prelude::*;
use intercomd::session::VideoCodec;

use super::{
    offer::{Codec, Direction, Kind, Offer, SOUND},
    packet::Packet,
};
use crate::{
    graph::{Error, Graph},
    pass::Pass,
    picture::{View, screen_caps},
    sound::Inlet,
};

pub(super) struct Receive<'a> {
    pub(super) pass: &'a Arc<Pass>,
    pub(super) inlet: &'a Arc<Inlet>,
    pub(super) arrived: &'a Arc<AtomicU64>,
    pub(super) view: Option<Arc<View>>,
}

impl Receive<'_> {
    /// Explicit, since what decodebin would choose is somebody else's decision.
    pub(super) fn description(offer: &Offer, with_view: bool) -> String {
        let depay = |codec: VideoCodec| match codec {
            VideoCodec::Vp8 => "rtpvp8depay name=see",
            VideoCodec::H264 => "rtph264depay name=see ! h264parse",
        };
        let picture = offer.lines.iter().find_map(|line| match (line.codec, line.direction) {
            (Codec::Video(codec), Direction::Both) if with_view => Some(format!(
                "{} ! {} ! appsink name=seen sync=false async=false max-buffers=10 drop=true",
                depay(codec),
                screen_caps(codec)
            )),
            (Codec::Opus | Codec::Video(_), _) => None,
        });
        picture.unwrap_or_default()
    }

    pub(super) fn connect(self, graph: &Graph) -> Result<(), Error> {
        if let Some(view) = self.view {
            let view = Arc::downgrade(&view);
            graph.on_buffer("seen", move |sample| {
                if let (Some(view), Some(frame)) = (view.upgrade(), sample.buffer_owned()) {
                    view.push(frame);
                }
            })?;
        }
        let webrtc = graph.element("webrtc")?;
        let ear = Ear {
            pass: Arc::clone(self.pass),
            inlet: Arc::clone(self.inlet),
            arrived: Arc::clone(self.arrived),
        };
        let bin = webrtc.downcast_ref::<gst::Bin>().ok_or(Error::Missing("webrtc"))?;
        bin.connect_deep_element_added(move |_, _, element| {
            let is_buffer = element.factory().is_some_and(|made| made.name() == "rtpjitterbuffer");
            if let Some(pad) = element.static_pad("sink").filter(|_| is_buffer) {
                ear.listen(&pad);
            }
        });
        let (pass, pipeline) = (Arc::clone(self.pass), graph.pipeline().downgrade());
        webrtc.connect_pad_added(move |_, pad| {
            if pad.direction() != gst::PadDirection::Src {
                return;
            }
            guard(pad, &pass);
            if let Some(pipeline) = pipeline.upgrade() {
                link(&pipeline, pad);
            }
        });
        Ok(())
    }
}

/// Takes sound before webrtcbin's own buffer does, which would hold back what comes after a lost
/// packet until it gives that one up.
#[derive(Clone)]
struct Ear {
    pass: Arc<Pass>,
    inlet: Arc<Inlet>,
    arrived: Arc<AtomicU64>,
}

impl Ear {
    fn listen(&self, pad: &gst::Pad) {
        let ear = self.clone();
        pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
            match info.buffer().and_then(|buffer| buffer.map_readable().ok()) {
                // Not dropped: 1.22 then complains about a buffer that is gone already.
                Some(bytes) if ear.takes(&bytes) => gst::PadProbeReturn::Handled,
                Some(_) | None => gst::PadProbeReturn::Ok,
            }
        });
    }

    fn takes(&self, bytes: &[u8]) -> bool {
        let packet = Packet::read(bytes).filter(|packet| packet.kind == SOUND);
        let Some(packet) = packet else { return false };
        self.arrived.fetch_add(1, Ordering::Relaxed);
        self.inlet.put(packet.timestamp, packet.payload, || self.pass.listens());
        true
    }
}

fn kind_of(pad: &gst::Pad) -> Option<Kind> {
    let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
    let media = caps.structure(0)?.get::<String>("media").ok()?;
    [Kind::Sound, Kind::Picture].into_iter().find(|kind| kind.word() == media)
}

fn guard(pad: &gst::Pad, pass: &Arc<Pass>) {
    let pass = Arc::clone(pass);
    let media = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    pad.add_probe(media, move |_, _| match pass.listens() {
        true => gst::PadProbeReturn::Ok,
        false => gst::PadProbeReturn::Drop,
    });
}

/// What nobody waits for is thrown away: a pad that leads nowhere would stop all that is received.
fn link(pipeline: &gst::Pipeline, pad: &gst::Pad) {
    let picture = kind_of(pad).filter(|kind| *kind == Kind::Picture);
    let waiting = picture
        .and_then(|_| pipeline.by_name("see"))
        .and_then(|element| element.static_pad("sink").filter(|sink| !sink.is_linked()));
    if waiting.is_some_and(|sink| pad.link(&sink).is_ok()) {
        return;
    }
    let sink = gst::ElementFactory::make("fakesink")
        .property("sync", false)
        .property("async", false)
        .build();
    let Ok(sink) = sink else { return };
    let added = pipeline.add(&sink).is_ok() && sink.sync_state_with_parent().is_ok();
    let linked = sink.static_pad("sink").is_some_and(|sink| pad.link(&sink).is_ok());
    if !(added && linked) {
        tracing::debug!("an unwanted stream could not be thrown away");
    }
}
