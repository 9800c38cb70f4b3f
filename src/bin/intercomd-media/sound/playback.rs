// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the mixer to the loudspeaker, or to where a test can read it.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
};

use gstreamer::prelude::ObjectExt as _;
use intercomd::media::setup::Playback as To;

use super::blocks::{self, CAPS, TICKER};
use crate::{
    fact::{Fact, Part, Teller},
    graph::{self, Graph, Time},
};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Graph(#[from] graph::Error),
    #[error("{0}")]
    File(#[from] std::io::Error),
}

const LOUDSPEAKER: &str = "queue ! audioconvert ! audioresample ! alsasink name=device \
                           buffer-time=40000 latency-time=10000 provide-clock=false";

/// Has the device, and does nothing with it yet. `play` fills each block.
pub(super) fn open(
    to: &To,
    time: &Time,
    play: impl Fn(&mut [u8]) + Send + Sync + 'static,
    teller: &Teller,
) -> Result<Graph, Error> {
    let sink = match to {
        To::Nowhere | To::File(_) => "fakesink sync=false async=false",
        To::Alsa(_) => LOUDSPEAKER,
    };
    let text = format!("{TICKER} ! capsfilter name=pcm caps=\"{CAPS}\" ! {sink}");
    let teller = teller.clone();
    let broke = move |why| teller.tell(Fact::Broke { part: Part::Playback, why });
    let graph = Graph::build(time, &text, broke)?;
    let file = match to {
        To::Nowhere => None,
        To::File(path) => Some(appended(path)?),
        To::Alsa(device) => {
            graph.element("device")?.set_property("device", device);
            None
        }
    };
    blocks::on_block(&graph.element("pcm")?, move |block| {
        play(block);
        if let Some(mut file) = file.as_ref()
            && let Err(error) = file.write_all(block)
        {
            tracing::debug!(%error, "playback file");
        }
    });
    graph.open()?;
    Ok(graph)
}

fn appended(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}
