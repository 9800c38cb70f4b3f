// SPDX-License-Identifier: MIT OR Apache-2.0
//! One encoder for each codec in use, whatever the number of viewers.

use std::{sync::Arc, time::Duration};

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_video::UpstreamForceKeyUnitEvent;
use intercomd::{core::Moment, media::setup::Video, session::VideoCodec};

use super::camera::{RawOutlet, raw_caps};
use crate::{
    fact::{Fact, Part, Teller},
    fan_out::FanOut,
    graph::{Error, Graph, Time},
    leg::PictureOutlet,
};

/// A viewer with a bad line asks often, and each answer is large.
const KEY_PAUSE: Duration = Duration::from_millis(500);
/// What has nothing to do with viewers coming and going.
const KEY_INTERVAL_SECS: u32 = 10;

#[derive(Debug)]
pub(super) struct Encoder {
    graph: Graph,
    raw: Arc<RawOutlet>,
    outlets: Arc<FanOut<PictureOutlet>>,
    keys: Keys,
    /// Which of [`candidates`] this is.
    pub(super) choice: usize,
}

/// What can encode it, the best first. Hardware that is listed may still refuse to work.
fn candidates(codec: VideoCodec) -> &'static [&'static str] {
    match codec {
        VideoCodec::Vp8 => &["vp8enc"],
        VideoCodec::H264 => &["v4l2h264enc", "vah264enc", "openh264enc"],
    }
}

fn description(element: &str, video: &Video) -> String {
    let (kbps, every) = (video.kbps, video.fps * KEY_INTERVAL_SECS);
    let bits = kbps * 1000;
    let parsed = "video/x-h264,profile=constrained-baseline ! h264parse config-interval=-1 ! \
                  video/x-h264,stream-format=byte-stream,alignment=au";
    let encode = match element {
        "v4l2h264enc" => format!(
            "v4l2h264enc extra-controls=\"controls,video_bitrate={bits},\
             h264_i_frame_period={every},repeat_sequence_header=1\" ! \
             video/x-h264,level=(string)4 ! {parsed}"
        ),
        "vah264enc" => format!(
            "vah264enc bitrate={kbps} rate-control=cbr target-usage=7 b-frames=0 ref-frames=1 \
             key-int-max={every} ! {parsed}"
        ),
        "openh264enc" => format!(
            "openh264enc bitrate={bits} rate-control=bitrate complexity=low gop-size={every} ! \
             {parsed}"
        ),
        // A second thread would wait for the first by spinning: eight times the work.
        _ => format!(
            "vp8enc target-bitrate={bits} deadline=1 cpu-used=-8 lag-in-frames=0 end-usage=cbr \
             keyframe-max-dist={every} threads=1 static-threshold=100 error-resilient=default"
        ),
    };
    format!(
        "appsrc name=pictures is-live=true format=time max-buffers=2 leaky-type=downstream \
         caps=\"{raw}\" ! videoconvert ! {encode} ! \
         appsink name=frames sync=false async=false max-buffers=8 drop=false",
        raw = raw_caps(video)
    )
}

impl Encoder {
    /// Tries one after the other, from number `first` on.
    pub(super) fn start(
        codec: VideoCodec,
        first: usize,
        video: &Video,
        time: &Time,
        outlets: &Arc<FanOut<PictureOutlet>>,
        teller: &Teller,
    ) -> Result<Self, Error> {
        let mut last = Error::Missing("encoder");
        for (choice, element) in candidates(codec).iter().enumerate().skip(first) {
            if gst::ElementFactory::find(element).is_none() {
                continue;
            }
            match Self::with(codec, element, choice, video, time, outlets, teller) {
                Ok(encoder) => {
                    tracing::debug!(codec = codec.word(), element, "encoder");
                    return Ok(encoder);
                }
                Err(error) => {
                    tracing::debug!(element, %error, "encoder refused to work");
                    last = error;
                }
            }
        }
        Err(last)
    }

    fn with(
        codec: VideoCodec,
        element: &str,
        choice: usize,
        video: &Video,
        time: &Time,
        outlets: &Arc<FanOut<PictureOutlet>>,
        teller: &Teller,
    ) -> Result<Self, Error> {
        let teller = teller.clone();
        let broke = move |why| teller.tell(Fact::Broke { part: Part::Encoder(codec), why });
        let graph = Graph::build(time, &description(element, video), broke)?;
        let to = Arc::clone(outlets);
        graph.on_buffer("frames", move |sample| {
            if let Some(frame) = sample.buffer_owned() {
                to.each(|outlet| outlet.push(&frame));
            }
        })?;
        let watched = Arc::clone(outlets);
        let is_watched = Box::new(move || {
            let mut any = false;
            watched.each(|outlet| any |= outlet.is_watched());
            any
        });
        let raw = Arc::new(RawOutlet { source: graph.source("pictures")?, is_watched });
        graph.play()?;
        Ok(Self { graph, raw, outlets: Arc::clone(outlets), keys: Keys::default(), choice })
    }

    pub(super) fn raw(&self) -> &Arc<RawOutlet> {
        &self.raw
    }

    pub(super) fn outlets(&self) -> &Arc<FanOut<PictureOutlet>> {
        &self.outlets
    }

    pub(super) fn want_key(&mut self, now: Moment) {
        self.keys.want(now);
        self.handle_timeout(now);
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        self.keys.due
    }

    pub(super) fn handle_timeout(&mut self, now: Moment) {
        if self.keys.take(now)
            && let Ok(sink) = self.graph.element("frames")
        {
            let wish = UpstreamForceKeyUnitEvent::builder().all_headers(true).build();
            if !sink.send_event(wish) {
                tracing::debug!("the encoder takes no wish for a key frame yet");
            }
        }
    }
}

/// When the next key frame is made.
#[derive(Debug, Default)]
struct Keys {
    last: Option<Moment>,
    due: Option<Moment>,
}

impl Keys {
    fn want(&mut self, now: Moment) {
        let earliest = self.last.map_or(now, |last| (last + KEY_PAUSE).max(now));
        self.due = Some(self.due.map_or(earliest, |due| due.min(earliest)));
    }

    fn take(&mut self, now: Moment) -> bool {
        let due = self.due.is_some_and(|due| due <= now);
        if due {
            (self.last, self.due) = (Some(now), None);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    #[test]
    fn the_first_wish_is_granted_at_once_and_the_next_ones_together() {
        let mut keys = Keys::default();
        keys.want(at(1000));
        assert!(keys.take(at(1000)));
        assert!(!keys.take(at(1001)));
        keys.want(at(1100));
        keys.want(at(1400));
        assert!(!keys.take(at(1499)));
        assert_eq!(keys.due, Some(at(1500)));
        assert!(keys.take(at(1500)) && !keys.take(at(3000)));
    }
}
