// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the mixer to the loudspeaker, or to where a test can read it.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use intercomd::media::setup::Playback as To;

use super::{
    blocks::{self, CAPS, TICKER},
    speaker::{self, Speaker},
};
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
    #[error(transparent)]
    Speaker(#[from] speaker::Error),
}

/// Has the device, and does nothing with it yet. `play` fills each block.
pub(super) fn open(
    to: &To,
    time: &Time,
    play: impl Fn(&mut [u8]) + Send + Sync + 'static,
    teller: &Teller,
) -> Result<Graph, Error> {
    let ticker = match to {
        To::Nowhere | To::File(_) => TICKER,
        To::Alsa(_) => blocks::WELL,
    };
    let text =
        format!("{ticker} ! capsfilter name=pcm caps=\"{CAPS}\" ! fakesink sync=false async=false");
    let teller = teller.clone();
    let broke = move |why| teller.tell(Fact::Broke { part: Part::Playback, why });
    let graph = Graph::build(time, &text, broke.clone())?;
    let out = Mutex::new(match to {
        To::Nowhere => Out::Nowhere,
        To::File(path) => Out::File(appended(path)?),
        To::Alsa(name) => Out::Speaker(Speaker::open(name)?),
    });
    blocks::on_block(&graph.element("pcm")?, move |block| {
        let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*out, Out::Broken) {
            // Until the graph is stopped. What nobody can hear is not said.
            return thread::park_timeout(PAUSE);
        }
        play(block);
        out.play(block, &broke);
    });
    graph.open()?;
    Ok(graph)
}

const PAUSE: Duration = Duration::from_millis(50);

enum Out {
    Nowhere,
    File(File),
    Speaker(Speaker),
    Broken,
}

impl Out {
    fn play(&mut self, block: &[u8], broke: impl Fn(String)) {
        match self {
            Self::Nowhere | Self::Broken => {}
            Self::File(file) => {
                if let Err(error) = file.write_all(block) {
                    tracing::debug!(%error, "playback file");
                }
            }
            Self::Speaker(speaker) => {
                if let Err(error) = speaker.play(block) {
                    broke(error.to_string());
                    *self = Self::Broken;
                }
            }
        }
    }
}

fn appended(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}
