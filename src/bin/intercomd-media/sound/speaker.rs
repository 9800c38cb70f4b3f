// SPDX-License-Identifier: MIT OR Apache-2.0
//! A loudspeaker of ALSA, which says when the next block is due. GStreamer's own sink would keep as
//! much sound again in front of the card as the card has itself.

use std::time::Duration;

use alsa::{
    Direction, PCM, ValueOr,
    pcm::{Access, Format, Frames, HwParams},
};
use intercomd::{core::Moment, station::clock};
use rustix::io::Errno;

use super::{
    blocks::{BLOCK, RATE},
    gaps,
};

const STEP: Frames = BLOCK as Frames;
/// So much is on its way to the loudspeaker, and heard late by that; more after each gap.
const AHEAD: Frames = 3 * STEP;
const ROOM: Frames = 6 * STEP;
const PATIENCE_MS: u32 = 1000;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Alsa(#[from] alsa::Error),
    #[error("it takes no sound any more")]
    Stuck,
    #[error("it has no clock: it takes sound as fast as it comes")]
    NoClock,
}

pub(super) struct Speaker {
    pcm: PCM,
    room: Frames,
    ahead: Frames,
    pace: Pace,
}

impl Speaker {
    pub(super) fn open(name: &str) -> Result<Self, Error> {
        let (pcm, room) = open(name).or_else(|_| open(&converting(name)))?;
        let speaker = Self { pcm, room, ahead: AHEAD.min(whole(room)), pace: Pace::begin() };
        speaker.keep_ahead()?;
        Ok(speaker)
    }

    /// Wakes us when there is less on its way, and lets it begin when there is enough.
    fn keep_ahead(&self) -> alsa::Result<()> {
        let params = self.pcm.sw_params_current()?;
        params.set_start_threshold(self.ahead)?;
        params.set_avail_min((self.room - self.ahead + STEP).min(self.room))?;
        self.pcm.sw_params(&params)
    }

    /// Comes back when the next block is wanted: what is made earlier is heard late.
    pub(super) fn play(&mut self, mut block: &[u8]) -> Result<(), Error> {
        while !block.is_empty() {
            let taken = self.pcm.io_bytes().writei(block);
            match taken {
                Ok(samples) => block = block.get(2 * samples..).unwrap_or_default(),
                Err(error) => self.mend(error)?,
            }
            self.wait()?;
        }
        if self.pace.is_of_a_clock() { Ok(()) } else { Err(Error::NoClock) }
    }

    fn wait(&mut self) -> Result<(), Error> {
        match self.pcm.wait(Some(PATIENCE_MS)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::Stuck),
            Err(error) => Ok(self.mend(error)?),
        }
    }

    /// It had nothing to play, or the machine slept.
    fn mend(&mut self, error: alsa::Error) -> alsa::Result<()> {
        match Errno::from_raw_os_error(error.errno()) {
            Errno::AGAIN | Errno::INTR => return Ok(()),
            Errno::PIPE | Errno::STRPIPE => {}
            _ => return Err(error),
        }
        tracing::trace!(%error, "a gap in what is played");
        gaps::played();
        self.pcm.try_recover(error, true)?;
        self.ahead = (self.ahead + STEP).min(whole(self.room));
        self.keep_ahead()
    }
}

/// In whole blocks: nothing begins with a part of one.
const fn whole(room: Frames) -> Frames {
    room / STEP * STEP
}

/// And how much it has room for.
fn open(name: &str) -> alsa::Result<(PCM, Frames)> {
    let pcm = PCM::new(name, Direction::Playback, true)?;
    let room = set_up(&pcm)?;
    Ok((pcm, room))
}

/// What comes is not what every card takes.
fn converting(name: &str) -> String {
    let quote = if name.contains('\'') { '"' } else { '\'' };
    format!("plug:{quote}{name}{quote}")
}

/// How much it has room for.
fn set_up(pcm: &PCM) -> alsa::Result<Frames> {
    let params = HwParams::any(pcm)?;
    params.set_access(Access::RWInterleaved)?;
    params.set_format(Format::S16LE)?;
    params.set_channels(1)?;
    params.set_rate(RATE, ValueOr::Nearest)?;
    params.set_period_size_near(STEP, ValueOr::Nearest)?;
    params.set_buffer_size_near(ROOM)?;
    pcm.hw_params(&params)?;
    params.get_buffer_size()
}

struct Pace {
    since: Moment,
    blocks: u32,
}

impl Pace {
    fn begin() -> Self {
        Self { since: clock::now(), blocks: 0 }
    }

    /// A second of sound lasts longer than half a second.
    fn is_of_a_clock(&mut self) -> bool {
        self.blocks += 1;
        if self.blocks < 100 {
            return true;
        }
        let lasted = clock::now().since(self.since);
        *self = Self::begin();
        lasted > Duration::from_millis(500)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_everything_at_once_is_no_loudspeaker() {
        let mut speaker = Speaker::open("null").unwrap();
        let played = (0..100).map(|_| speaker.play(&[0; 2 * BLOCK])).find(Result::is_err);
        assert!(matches!(played, Some(Err(Error::NoClock))), "{played:?}");
    }

    #[test]
    fn whatever_a_device_is_called_it_can_get_sound_as_it_takes_it() {
        assert_eq!(converting("hw:CARD=Headset,DEV=1"), "plug:'hw:CARD=Headset,DEV=1'");
        for name in ["null", "plug:null", "file:/dev/null,raw", "file:'/dev/null',raw"] {
            assert!(open(&converting(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_device_that_is_not_there_is_an_error() {
        assert!(matches!(Speaker::open("no_such_pcm").map(drop), Err(Error::Alsa(_))));
    }
}
