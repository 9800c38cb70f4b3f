// SPDX-License-Identifier: MIT OR Apache-2.0
//! The handset's picture, on a station that has a screen. Decoded apart from the session that
//! it came through, so that nothing in it can stop the sound.

use std::sync::Arc;

use gstreamer as gst;
use gstreamer_app::AppSrc;
use intercomd::{media::setup, session::VideoCodec};

use crate::{
    fact::{Fact, Part, Teller},
    graph::{Error, Graph, Time},
};

#[derive(Debug)]
pub(crate) struct Screen {
    setup: setup::Screen,
    time: Time,
    teller: Teller,
    view: Option<(VideoCodec, Arc<View>)>,
}

/// A decoder and what shows its pictures.
#[derive(Debug)]
pub(crate) struct View {
    source: AppSrc,
    _graph: Graph,
}

impl View {
    pub(crate) fn push(&self, frame: gst::Buffer) {
        self.source.push_buffer(frame).ok();
    }
}

fn sink(setup: &setup::Screen) -> &'static str {
    match setup {
        setup::Screen::Kms => "kmssink sync=false",
        setup::Screen::Wayland => "waylandsink sync=false",
        setup::Screen::None | setup::Screen::Hidden => "fakesink sync=false",
    }
}

fn decoder(codec: VideoCodec) -> &'static str {
    let exists = |element: &&str| gst::ElementFactory::find(element).is_some();
    match codec {
        VideoCodec::Vp8 => "vp8dec",
        VideoCodec::H264 => {
            ["v4l2h264dec", "vah264dec"].into_iter().find(exists).unwrap_or("openh264dec")
        }
    }
}

pub(crate) fn caps(codec: VideoCodec) -> &'static str {
    match codec {
        VideoCodec::Vp8 => "video/x-vp8",
        VideoCodec::H264 => "video/x-h264,stream-format=byte-stream,alignment=au",
    }
}

impl Screen {
    pub(crate) fn new(setup: setup::Screen, time: Time, teller: Teller) -> Self {
        Self { setup, time, teller, view: None }
    }

    pub(crate) fn exists(&self) -> bool {
        self.setup != setup::Screen::None
    }

    pub(crate) fn view(&mut self, codec: VideoCodec) -> Option<Arc<View>> {
        if let Some((of, view)) = &self.view
            && *of == codec
        {
            return Some(Arc::clone(view));
        }
        self.view = None;
        match self.open(codec) {
            Ok(view) => {
                let view = Arc::new(view);
                self.view = Some((codec, Arc::clone(&view)));
                Some(view)
            }
            Err(error) => {
                tracing::warn!(%error, "the screen cannot be used");
                None
            }
        }
    }

    fn open(&self, codec: VideoCodec) -> Result<View, Error> {
        let text = format!(
            "appsrc name=frames is-live=true format=time max-buffers=8 leaky-type=downstream \
             caps=\"{}\" ! {} ! videoconvert ! {}",
            caps(codec),
            decoder(codec),
            sink(&self.setup)
        );
        let teller = self.teller.clone();
        let broke = move |why| teller.tell(Fact::Broke { part: Part::Screen, why });
        let graph = Graph::build(&self.time, &text, broke)?;
        let source = graph.source("frames")?;
        graph.play()?;
        Ok(View { source, _graph: graph })
    }

    pub(crate) fn close(&mut self) {
        self.view = None;
    }

    pub(crate) fn broke(&mut self, why: &str) {
        if self.view.take().is_some() {
            tracing::warn!(why, "the screen is gone");
        }
    }
}
