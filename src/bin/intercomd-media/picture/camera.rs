// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the camera to raw pictures, for whoever encodes them.

use std::sync::Arc;

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app::AppSrc;
use intercomd::media::setup::{Video, VideoSource};

use crate::{
    fact::{Fact, Part, Teller},
    fan_out::FanOut,
    graph::{Error, Graph, Time},
};

/// Of the picture for demo and tests.
const SUN: u32 = 0xfff5_d76e;
const SKY: u32 = 0xff2c_5a6b;

#[derive(Debug)]
pub(crate) struct Camera {
    _graph: Graph,
}

/// Takes pictures while somebody watches.
pub(super) struct RawOutlet {
    pub(super) source: AppSrc,
    pub(super) is_watched: Box<dyn Fn() -> bool + Send + Sync>,
}

impl std::fmt::Debug for RawOutlet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawOutlet")
    }
}

impl RawOutlet {
    fn push(&self, picture: &gst::Buffer) {
        if (self.is_watched)() {
            self.source.push_buffer(picture.clone()).ok();
        }
    }
}

/// As an encoder is told.
pub(super) fn raw_caps(video: &Video) -> String {
    caps(video, &format!("{}/1", video.fps))
}

/// A camera may be slower than it was asked for, in bad light for instance.
fn caps(video: &Video, framerate: &str) -> String {
    let Video { width, height, .. } = video;
    format!(
        "video/x-raw,format=I420,width={width},height={height},framerate={framerate},\
         pixel-aspect-ratio=1/1"
    )
}

impl Camera {
    pub(super) fn start(
        video: &Video,
        time: &Time,
        outlets: Arc<FanOut<RawOutlet>>,
        teller: &Teller,
    ) -> Result<Self, Error> {
        let source = match &video.source {
            VideoSource::Pattern => format!(
                "videotestsrc pattern=ball is-live=true foreground-color={SUN} background-color={SKY}"
            ),
            VideoSource::V4l2(device) => {
                let device = device.to_string_lossy();
                let decode = if sends_raw(&device, video)? { "" } else { "! jpegdec" };
                format!("v4l2src name=device {decode}")
            }
            VideoSource::Libcamera(_) => "libcamerasrc name=device".to_owned(),
        };
        let text = format!(
            "{source} ! videoconvert ! videoscale ! videorate drop-only=true ! {} ! \
             appsink name=pictures sync=false async=false max-buffers=2 drop=true",
            caps(video, &format!("[1/1,{}/1]", video.fps))
        );
        let teller = teller.clone();
        let broke = move |why| teller.tell(Fact::Broke { part: Part::Camera, why });
        let graph = Graph::build(time, &text, broke)?;
        match &video.source {
            VideoSource::Pattern => {}
            VideoSource::V4l2(device) => {
                graph.element("device")?.set_property("device", device.to_string_lossy().as_ref());
            }
            VideoSource::Libcamera(name) if name.is_empty() => {}
            VideoSource::Libcamera(name) => {
                graph.element("device")?.set_property("camera-name", name);
            }
        }
        graph.on_buffer("pictures", move |sample| {
            if let Some(picture) = sample.buffer_owned() {
                outlets.each(|outlet| outlet.push(&picture));
            }
        })?;
        graph.play()?;
        Ok(Self { _graph: graph })
    }
}

/// Most USB cameras send large pictures only as JPEG.
fn sends_raw(device: &str, video: &Video) -> Result<bool, Error> {
    let source = gst::ElementFactory::make("v4l2src").property("device", device).build()?;
    let opened = source.set_state(gst::State::Ready);
    let caps = source.static_pad("src").map(|pad| pad.query_caps(None));
    let closed = source.set_state(gst::State::Null);
    if let Err(error) = opened.and(closed) {
        return Err(Error::Start(error.to_string()));
    }
    let wanted = format!(
        "video/x-raw,width=[{},2147483647],height=[{},2147483647],\
         framerate=[{}/1,2147483647/1]",
        video.width, video.height, video.fps
    );
    let wanted = wanted.parse::<gst::Caps>()?;
    let offers = |wanted: &gst::Caps| caps.as_ref().is_some_and(|caps| caps.can_intersect(wanted));
    Ok(offers(&wanted) || !offers(&"image/jpeg".parse()?))
}
