// SPDX-License-Identifier: MIT OR Apache-2.0
//! Gaps in the sound of a card: it had nothing to play, or nobody fetched in time what it had heard.
//! GStreamer mends them by itself and tells nothing but its log.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use gstreamer::{self as gst, glib::GStr, log::DebugMessage};

/// The category of alsasrc and alsasink, and their function that mends.
const CATEGORY: &str = "alsa";
const MENDS: &str = "xrun_recovery";

static CAPTURE: AtomicU32 = AtomicU32::new(0);
static PLAYBACK: AtomicU32 = AtomicU32::new(0);

/// Once for the process, as GStreamer's log is.
pub(crate) fn count() {
    gst::log::set_threshold_for_name(CATEGORY, gst::DebugLevel::Warning);
    gst::log::add_log_function(|category, _, file, function, _, _, message| {
        if category.name() == CATEGORY && function == MENDS {
            note(file, message);
        }
    });
}

fn note(file: &GStr, message: &DebugMessage) {
    let message = message.get();
    let Some(message) = message.as_ref().filter(|text| is_gap(text)) else { return };
    let is_capture = file.ends_with("gstalsasrc.c");
    tracing::debug!(is_capture, %message, "a gap in the sound");
    let count = if is_capture { &CAPTURE } else { &PLAYBACK };
    count.fetch_add(1, Relaxed);
}

/// Of an overrun or underrun (EPIPE), or after the machine slept (ESTRPIPE); what else there is ends
/// the graph.
fn is_gap(message: &str) -> bool {
    ["xrun recovery -32:", "xrun recovery -86:"].iter().any(|start| message.starts_with(start))
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gaps {
    pub(super) capture: u32,
    pub(super) playback: u32,
}

/// Since the last time that somebody asked.
pub(super) fn take() -> Gaps {
    Gaps { capture: CAPTURE.swap(0, Relaxed), playback: PLAYBACK.swap(0, Relaxed) }
}

#[cfg(test)]
mod tests {
    use gstreamer::glib;

    use super::*;

    #[test]
    fn what_gstreamer_mends_is_counted_by_direction() {
        gst::init().unwrap();
        gst::log::remove_default_log_function();
        count();
        let category = gst::DebugCategory::new(CATEGORY, gst::DebugColorFlags::empty(), None);
        let other = gst::DebugCategory::new("alsadevice", gst::DebugColorFlags::empty(), None);
        let warn = |category: gst::DebugCategory, file: &GStr, function: &str, text: &str| {
            let level = gst::DebugLevel::Warning;
            category.log(None::<&gst::Object>, level, file, function, 1, format_args!("{text}"));
        };
        let source = glib::gstr!("../ext/alsa/gstalsasrc.c");
        let sink = glib::gstr!("../ext/alsa/gstalsasink.c");
        take();
        warn(category, source, MENDS, "xrun recovery -32: Broken pipe");
        warn(category, sink, MENDS, "xrun recovery -32: Broken pipe");
        warn(category, sink, MENDS, "xrun recovery -86: Streams pipe error");
        warn(category, sink, MENDS, "xrun recovery -19: No such device");
        warn(category, sink, MENDS, "Can't recover from underrun, prepare failed: x");
        warn(category, sink, "gst_alsasink_open", "xrun recovery -32: Broken pipe");
        warn(other, sink, MENDS, "xrun recovery -32: Broken pipe");
        assert_eq!(take(), Gaps { capture: 1, playback: 2 });
        assert_eq!(take(), Gaps::default());
    }
}
