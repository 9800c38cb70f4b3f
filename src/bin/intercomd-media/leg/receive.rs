// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the handset. What may not be heard is dropped before anything decodes it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use gstreamer as gst;
use gstreamer::prelude::*;
use intercomd::session::VideoCodec;

use super::offer::{Codec, Direction, Kind, Offer};
use crate::{
    graph::{Error, Graph},
    pass::Pass,
    picture::{View, screen_caps},
    sound::{CAPS, Inlet},
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
        let sound = format!(
            "rtpopusdepay name=hear ! opusdec plc=true use-inband-fec=true ! audioconvert ! \
             audioresample ! {CAPS} ! \
             appsink name=heard sync=false async=false max-buffers=10 drop=true"
        );
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
        [sound].into_iter().chain(picture).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn connect(self, graph: &Graph) -> Result<(), Error> {
        let (pass, inlet) = (Arc::clone(self.pass), Arc::clone(self.inlet));
        graph.on_buffer("heard", move |sample| {
            let block = sample.buffer().and_then(|buffer| buffer.map_readable().ok());
            if let Some(block) = block.filter(|_| pass.listens()) {
                inlet.put(&block);
            }
        })?;
        if let Some(view) = self.view {
            let view = Arc::downgrade(&view);
            graph.on_buffer("seen", move |sample| {
                if let (Some(view), Some(frame)) = (view.upgrade(), sample.buffer_owned()) {
                    view.push(frame);
                }
            })?;
        }
        let (pass, arrived) = (Arc::clone(self.pass), Arc::clone(self.arrived));
        let pipeline = graph.pipeline().downgrade();
        graph.element("webrtc")?.connect_pad_added(move |_, pad| {
            if pad.direction() != gst::PadDirection::Src {
                return;
            }
            guard(pad, &pass, kind_of(pad).filter(|kind| *kind == Kind::Sound).map(|_| &arrived));
            if let Some(pipeline) = pipeline.upgrade() {
                link(&pipeline, pad);
            }
        });
        Ok(())
    }
}

fn kind_of(pad: &gst::Pad) -> Option<Kind> {
    let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
    let media = caps.structure(0)?.get::<String>("media").ok()?;
    [Kind::Sound, Kind::Picture].into_iter().find(|kind| kind.word() == media)
}

fn guard(pad: &gst::Pad, pass: &Arc<Pass>, arrived: Option<&Arc<AtomicU64>>) {
    let (pass, arrived) = (Arc::clone(pass), arrived.cloned());
    let media = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    pad.add_probe(media, move |_, _| {
        if let Some(arrived) = &arrived {
            arrived.fetch_add(1, Ordering::Relaxed);
        }
        if pass.listens() { gst::PadProbeReturn::Ok } else { gst::PadProbeReturn::Drop }
    });
}

/// What nobody waits for is thrown away: a pad that leads nowhere would stop all that is received.
fn link(pipeline: &gst::Pipeline, pad: &gst::Pad) {
    let name = kind_of(pad).map(|kind| match kind {
        Kind::Sound => "hear",
        Kind::Picture => "see",
    });
    let waiting = name
        .and_then(|name| pipeline.by_name(name))
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
