// SPDX-License-Identifier: MIT OR Apache-2.0
//! Speaks a tone by a sound card that may come and go.

use std::{convert::Infallible, f32::consts::TAU, thread, time::Duration};

use alsa::{
    Direction, PCM, ValueOr,
    pcm::{Access, Format, Frames, HwParams},
};

use crate::tone::RATE;

/// Little beside what is measured with it.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
const ROOM: Frames = 24_000;

pub(crate) fn speak(hz: f32, pcm: &str) -> ! {
    let _unheard = alsa::Output::local_error_handler();
    // A second, in which a whole number of periods ends where the next begins.
    let sine = |at: u16| ((TAU * hz * f32::from(at) / RATE).sin() * 10_000.0) as i16;
    let second = (0..RATE as u16).map(sine).collect::<Vec<_>>();
    let mut told = 0;
    loop {
        let Err(error) = speak_while_there_is(pcm, &second);
        if error.errno() != told {
            told = error.errno();
            eprintln!("{pcm}: {error}");
        }
        thread::park_timeout(AGAIN_AFTER);
    }
}

fn speak_while_there_is(name: &str, second: &[i16]) -> alsa::Result<Infallible> {
    let pcm = PCM::new(name, Direction::Playback, false)?;
    let params = HwParams::any(&pcm)?;
    params.set_access(Access::RWInterleaved)?;
    params.set_format(Format::S16LE)?;
    params.set_channels(1)?;
    params.set_rate(RATE as u32, ValueOr::Nearest)?;
    params.set_buffer_size_near(ROOM)?;
    pcm.hw_params(&params)?;
    drop(params);
    let io = pcm.io_i16()?;
    let mut rest = second;
    loop {
        match io.writei(rest) {
            Ok(count) => rest = rest.get(count..).filter(|rest| !rest.is_empty()).unwrap_or(second),
            Err(error) => pcm.try_recover(error, true)?,
        }
    }
}
