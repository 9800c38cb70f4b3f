// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the microphone to Opus, once for all sessions.

use std::sync::{Arc, Mutex, PoisonError};

use intercomd::media::setup::{Capture as From, Coding};

use super::{
    blocks::{self, CAPS, TICKER},
    feedback::Feedback,
    gaps,
    origin::{Origin, Unreadable},
};
use crate::{
    fact::{Fact, Part, Teller},
    fan_out::FanOut,
    graph::{self, Graph, Time},
    leg::SoundOutlet,
};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Graph(#[from] graph::Error),
    #[error(transparent)]
    Recording(#[from] Unreadable),
}

/// Small buffers: each millisecond here is one more between mouth and ear. The driver's own
/// timestamps are of another clock where ALSA is only a guise of a sound server.
const MICROPHONE: &str = "alsasrc name=device buffer-time=40000 latency-time=10000 \
                          provide-clock=false use-driver-timestamps=false";

/// Has the device, and does nothing with it yet. `hear` may change each block.
pub(super) fn open(
    from: &From,
    coding: Coding,
    time: &Time,
    outlets: Arc<FanOut<SoundOutlet>>,
    feedback: &Arc<Feedback>,
    hear: impl Fn(&mut [u8]) + Send + Sync + 'static,
    teller: &Teller,
) -> Result<Graph, Error> {
    let (source, origin) = match from {
        From::Silence => (TICKER.to_owned(), Some(Origin::Silence)),
        From::Tone(hz) => (TICKER.to_owned(), Some(Origin::sine(*hz))),
        From::Ticks => (TICKER.to_owned(), Some(Origin::ticks(time))),
        From::File(path) => (TICKER.to_owned(), Some(Origin::recording(path)?)),
        From::Loudspeaker => (TICKER.to_owned(), Some(Origin::loudspeaker(feedback))),
        From::Alsa(_) => (format!("{MICROPHONE} ! audioconvert ! audioresample"), None),
    };
    let teller = teller.clone();
    let broke = move |why| teller.tell(Fact::Broke { part: Part::Capture, why });
    let graph = Graph::build(time, &description(&source, coding), broke)?;
    if let From::Alsa(device) = from {
        gstreamer::prelude::ObjectExt::set_property(&graph.element("device")?, "device", device);
    }
    let origin = origin.map(Mutex::new);
    blocks::on_block(&graph.element("pcm")?, move |block| {
        gaps::heard();
        if let Some(origin) = &origin {
            let mut origin = origin.lock().unwrap_or_else(PoisonError::into_inner);
            blocks::write(block, origin.by_ref().map(blocks::to_pcm));
        }
        hear(block);
    });
    graph.on_buffer("frames", move |sample| {
        if let Some(frame) = sample.buffer_owned() {
            outlets.each(|outlet| outlet.push(&frame));
        }
    })?;
    graph.open()?;
    Ok(graph)
}

/// As much care with each frame as browsers take on phones. The most there is would cost half as much
/// again, for a difference that nobody hears in a voice.
const COMPLEXITY: u8 = 5;

fn description(source: &str, Coding { fec, dtx }: Coding) -> String {
    format!(
        "{source} ! capsfilter name=pcm caps=\"{CAPS}\" ! opusenc frame-size=20 bitrate=32000 \
         inband-fec={fec} dtx={dtx} packet-loss-percentage=5 audio-type=voice \
         complexity={COMPLEXITY} ! \
         appsink name=frames sync=false async=false max-buffers=4 drop=true"
    )
}
