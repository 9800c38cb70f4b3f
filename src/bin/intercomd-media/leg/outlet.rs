// SPDX-License-Identifier: MIT OR Apache-2.0
//! One session's way to the handset: encoded once for all, passed on or withheld for each.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use gstreamer as gst;
use gstreamer_app::AppSrc;

use crate::pass::Pass;

/// Twenty milliseconds of nothing in Opus: mono, full band, one frame of no bytes to decode.
const SILENCE: &[u8] = &[0xf8, 0xff, 0xfe];

#[derive(Debug)]
pub(crate) struct SoundOutlet {
    pass: Arc<Pass>,
    source: AppSrc,
}

impl SoundOutlet {
    pub(crate) fn new(pass: Arc<Pass>, source: AppSrc) -> Self {
        Self { pass, source }
    }

    /// Behind a gate the stream runs on with silence: what comes later is heard at once, and
    /// how it is encoded tells nothing of what was said.
    pub(crate) fn push(&self, frame: &gst::Buffer) {
        if !self.pass.is_trusted() {
            return;
        }
        let frame = if self.pass.speaks() { frame.clone() } else { silence_for(frame) };
        // It ends under our hands when the session does.
        self.source.push_buffer(frame).ok();
    }
}

fn silence_for(frame: &gst::Buffer) -> gst::Buffer {
    let mut silence = gst::Buffer::from_slice(SILENCE);
    if let Some(silence) = silence.get_mut() {
        silence.set_pts(frame.pts());
        silence.set_duration(frame.duration());
    }
    silence
}

#[derive(Debug)]
pub(crate) struct PictureOutlet {
    pass: Arc<Pass>,
    source: AppSrc,
    /// A picture that tells only what has changed is of no use to whoever saw none before.
    started: AtomicBool,
}

impl PictureOutlet {
    pub(crate) fn new(pass: Arc<Pass>, source: AppSrc) -> Self {
        Self { pass, source, started: AtomicBool::new(false) }
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.pass.shows()
    }

    pub(crate) fn push(&self, frame: &gst::Buffer) {
        let whole = !frame.flags().contains(gst::BufferFlags::DELTA_UNIT);
        let started = self.pass.shows() && (whole || self.started.load(Ordering::Acquire));
        self.started.store(started, Ordering::Release);
        if started {
            self.source.push_buffer(frame.clone()).ok();
        }
    }
}
