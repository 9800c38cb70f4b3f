// SPDX-License-Identifier: MIT OR Apache-2.0
//! The worker's own, without its devices.

use std::sync::Arc;

use intercomd::media::setup::Audio;

use crate::{
    Canceller,
    sound::{
        blocks,
        echo::{Ear, Echo},
    },
};

pub(crate) struct Station {
    echo: Arc<Echo>,
    ear: Ear,
}

impl Station {
    pub(crate) fn new(audio: &Audio) -> Self {
        let echo = Arc::new(Echo::new(audio));
        let ear = echo.ear().expect("there is something to do");
        Self { echo, ear }
    }
}

impl Canceller for Station {
    fn pass(&mut self, far: &[i16], heard: &[i16]) -> Vec<i16> {
        let mut said = std::array::from_fn(|index| blocks::from_pcm(far[index]));
        self.echo.speak(&mut said);
        let mut played = vec![0; 2 * far.len()];
        blocks::write(&mut played, said.into_iter().map(blocks::to_pcm));
        self.echo.play(&played);
        let mut bytes = vec![0; 2 * heard.len()];
        blocks::write(&mut bytes, heard.iter().copied());
        self.ear.hear(&mut bytes);
        blocks::samples(&bytes).collect()
    }
}
