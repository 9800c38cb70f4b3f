// SPDX-License-Identifier: MIT OR Apache-2.0
//! The canceller of GStreamer: its probe beside the loudspeaker, both fed by hand and as fast as they go.

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app::{AppSink, AppSrc};

use crate::{
    BLOCK, Canceller,
    sound::blocks::{self, CAPS},
};

pub(crate) struct WebRtcDsp {
    pipeline: gst::Pipeline,
    far: AppSrc,
    near: AppSrc,
    out: AppSink,
    blocks: u64,
}

impl WebRtcDsp {
    pub(crate) fn new() -> Self {
        let source = |name| format!("appsrc name={name} format=time caps=\"{CAPS}\"");
        let sink = "sync=false async=false";
        let text = format!(
            "{} ! webrtcechoprobe name=probe ! fakesink {sink} {} ! webrtcdsp probe=probe \
             noise-suppression=false gain-control=false ! appsink name=out {sink}",
            source("far"),
            source("near"),
        );
        let pipeline = gst::parse::launch(&text).unwrap().downcast::<gst::Pipeline>().unwrap();
        let element = |name| pipeline.by_name(name).unwrap();
        let (far, near) = (element("far").downcast(), element("near").downcast());
        let out = element("out").downcast().unwrap();
        pipeline.set_state(gst::State::Playing).unwrap();
        // It waits for this one, which only a pipeline with a device is sent.
        let latency = gst::event::Latency::new(gst::ClockTime::ZERO);
        element("probe").static_pad("src").unwrap().send_event(latency);
        Self { pipeline, far: far.unwrap(), near: near.unwrap(), out, blocks: 0 }
    }

    fn buffer(&self, pcm: &[i16]) -> gst::Buffer {
        let mut bytes = vec![0; 2 * BLOCK];
        blocks::write(&mut bytes, pcm.iter().copied());
        let mut buffer = gst::Buffer::from_mut_slice(bytes);
        let fields = buffer.get_mut().unwrap();
        fields.set_pts(gst::ClockTime::from_mseconds(10 * self.blocks));
        fields.set_duration(gst::ClockTime::from_mseconds(10));
        buffer
    }
}

impl Canceller for WebRtcDsp {
    fn pass(&mut self, far: &[i16], heard: &[i16]) -> Vec<i16> {
        self.far.push_buffer(self.buffer(far)).unwrap();
        // The probe keeps what it got for whoever asks.
        while self.far.current_level_buffers() > 0 {
            std::thread::yield_now();
        }
        self.near.push_buffer(self.buffer(heard)).unwrap();
        self.blocks += 1;
        let sample = self.out.pull_sample().unwrap();
        let bytes = sample.buffer().unwrap().map_readable().unwrap();
        blocks::samples(&bytes).collect()
    }
}

impl Drop for WebRtcDsp {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}
