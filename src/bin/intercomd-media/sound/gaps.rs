// SPDX-License-Identifier: MIT OR Apache-2.0
//! Gaps in the sound of a card: it had nothing to play, or nobody fetched in time what it had heard.
//! Those of a microphone GStreamer mends by itself and tells nothing but its log. It does so for
//! ever, as fast as it can, where a card gives nothing else any more.

use std::{
    cell::Cell,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use gstreamer::{self as gst, glib::GStr, log::DebugMessage};

use crate::fact::{Fact, Part, Teller};

/// The category of alsasrc, and its function that mends.
const CATEGORY: &str = "alsa";
const MENDS: &str = "xrun_recovery";
/// A microphone that had so many and no sound between them is stuck.
const STUCK: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

static CAPTURE: AtomicU32 = AtomicU32::new(0);
static PLAYBACK: AtomicU32 = AtomicU32::new(0);
/// Of the microphone, since it was heard last.
static IN_A_ROW: AtomicU32 = AtomicU32::new(0);
static IS_STUCK: AtomicBool = AtomicBool::new(false);
static TELLER: OnceLock<Teller> = OnceLock::new();

thread_local! {
    /// This is the thread of a card that is stuck.
    static GIVEN_UP: Cell<bool> = const { Cell::new(false) };
}

/// Once for the process, as GStreamer's log is.
pub(crate) fn count() {
    gst::log::set_threshold_for_name(CATEGORY, gst::DebugLevel::Warning);
    gst::log::add_log_function(|category, _, file, function, _, _, message| {
        if category.name() == CATEGORY && function == MENDS {
            note(file, message);
        }
    });
}

/// Who is to know of a microphone that is stuck.
pub(super) fn tell(teller: &Teller) {
    TELLER.get_or_init(|| teller.clone());
}

fn note(file: &GStr, message: &DebugMessage) {
    if GIVEN_UP.get() {
        // Nothing stops this thread but the end of the process.
        return thread::park_timeout(PAUSE);
    }
    let message = message.get();
    let is_microphones = file.ends_with("gstalsasrc.c");
    let Some(message) = message.as_ref().filter(|text| is_microphones && is_gap(text)) else {
        return;
    };
    tracing::trace!(%message, "a gap in what is heard");
    CAPTURE.fetch_add(1, Relaxed);
    if IN_A_ROW.fetch_add(1, Relaxed) + 1 == STUCK {
        GIVEN_UP.set(true);
        IS_STUCK.store(true, Relaxed);
        let why = "it gives no sound any more".to_owned();
        TELLER.get().into_iter().for_each(|teller| {
            teller.tell(Fact::Broke { part: Part::Capture, why: why.clone() });
        });
    }
}

/// Of an overrun or underrun (EPIPE), or after the machine slept (ESTRPIPE); what else there is ends
/// the graph.
fn is_gap(message: &str) -> bool {
    ["xrun recovery -32:", "xrun recovery -86:"].iter().any(|start| message.starts_with(start))
}

/// The loudspeaker had one.
pub(super) fn played() {
    PLAYBACK.fetch_add(1, Relaxed);
}

/// The microphone has given sound.
pub(super) fn heard() {
    IN_A_ROW.store(0, Relaxed);
}

/// Whether the microphone that broke will not even stop.
pub(super) fn is_stuck() -> bool {
    IS_STUCK.swap(false, Relaxed)
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
    use tokio::sync::mpsc;

    use super::*;

    fn warn(category: gst::DebugCategory, file: &GStr, function: &str, text: &str) {
        let level = gst::DebugLevel::Warning;
        category.log(None::<&gst::Object>, level, file, function, 1, format_args!("{text}"));
    }

    /// One test for what there is once in a process.
    #[test]
    fn what_gstreamer_mends_is_counted_and_a_microphone_that_is_stuck_is_told_once() {
        gst::init().unwrap();
        gst::log::remove_default_log_function();
        count();
        let (facts, mut told) = mpsc::channel(8);
        tell(&Teller::new(facts));
        let category = gst::DebugCategory::new(CATEGORY, gst::DebugColorFlags::empty(), None);
        let other = gst::DebugCategory::new("alsadevice", gst::DebugColorFlags::empty(), None);
        let source = glib::gstr!("../ext/alsa/gstalsasrc.c");
        let sink = glib::gstr!("../ext/alsa/gstalsasink.c");
        take();
        warn(category, source, MENDS, "xrun recovery -32: Broken pipe");
        warn(category, source, MENDS, "xrun recovery -86: Streams pipe error");
        warn(category, source, MENDS, "xrun recovery -19: No such device");
        warn(category, source, MENDS, "Can't recover from overrun, prepare failed: x");
        warn(category, source, "gst_alsasrc_open", "xrun recovery -32: Broken pipe");
        warn(category, sink, MENDS, "xrun recovery -32: Broken pipe");
        warn(other, source, MENDS, "xrun recovery -32: Broken pipe");
        played();
        assert_eq!(take(), Gaps { capture: 2, playback: 1 });
        assert_eq!(take(), Gaps::default());

        heard();
        for _ in 0..2 {
            (1..STUCK).for_each(|_| warn(category, source, MENDS, "xrun recovery -32: x"));
            heard();
        }
        assert!(!is_stuck() && told.try_recv().is_err());
        // On a thread of its own, which is one that nothing stops.
        let stuck = thread::spawn(move || {
            (0..STUCK + 1).for_each(|_| warn(category, source, MENDS, "xrun recovery -32: x"));
        });
        stuck.join().unwrap();
        assert!(is_stuck() && !is_stuck());
        assert!(matches!(told.try_recv(), Ok(Fact::Broke { part: Part::Capture, .. })));
        assert!(told.try_recv().is_err());
        heard();
    }
}
