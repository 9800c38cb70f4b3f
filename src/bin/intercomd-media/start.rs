// SPDX-License-Identifier: MIT OR Apache-2.0
//! Everything that takes long the first time, done before anybody waits for it.

use anyhow::Context;
use gstreamer as gst;
use gstreamer::glib;
use intercomd::media::setup::Setup;

use crate::sound;

/// The first of these makes a process-wide RSA key, which takes up to a second on a small board.
const ALWAYS: &[&str] = &[
    "dtlssrtpdec",
    "webrtcbin",
    "rtpbin",
    "nicesrc",
    "srtpenc",
    "srtpdec",
    "opusenc",
    "opusdec",
    "rtpopuspay",
    "rtpopusdepay",
    "audiotestsrc",
    "audioconvert",
    "audioresample",
    "appsrc",
    "appsink",
];

pub(crate) fn gstreamer(setup: &Setup) -> anyhow::Result<()> {
    glib::log_set_default_handler(|domain, level, message| {
        // What is said may quote from descriptions, so that only developers see it.
        tracing::debug!(domain, ?level, "a library complains");
        tracing::trace!(message);
    });
    gst::init().context("GStreamer does not start")?;
    gst::log::remove_default_log_function();
    sound::count_gaps();
    // Without one, resolvers inside of libnice wait for ever and leak.
    std::thread::Builder::new()
        .name("glib".to_owned())
        .spawn(|| glib::MainLoop::new(None, false).run())
        .context("no thread for GLib")?;
    for element in ALWAYS {
        gst::ElementFactory::make(element).build().with_context(|| format!("no {element}"))?;
    }
    if setup.video.is_some() {
        for element in ["vp8enc", "openh264enc", "rtpvp8pay", "rtph264pay", "h264parse"] {
            drop(gst::ElementFactory::make(element).build());
        }
    }
    Ok(())
}
