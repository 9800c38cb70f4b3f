// SPDX-License-Identifier: MIT OR Apache-2.0
//! A visitor who stands back is made as loud as one who leans in.

use sonora::{
    AudioProcessing, Config, StreamConfig,
    config::{AdaptiveDigital, GainController2, MaxProcessingRate, Pipeline},
};

use super::Pcm;
use crate::sound::blocks::{BLOCK, RATE};

#[derive(Debug)]
pub(super) struct GainControl(AudioProcessing);

impl GainControl {
    /// Each dB here is one more between loudspeaker and microphone.
    pub(super) fn new(most_db: u8) -> Self {
        let adaptive = AdaptiveDigital {
            max_gain_db: f32::from(most_db),
            initial_gain_db: 0.0,
            ..AdaptiveDigital::default()
        };
        let config = Config {
            pipeline: Pipeline {
                maximum_internal_processing_rate: MaxProcessingRate::Rate48kHz,
                ..Pipeline::default()
            },
            gain_controller2: Some(GainController2 {
                adaptive_digital: Some(adaptive),
                ..GainController2::default()
            }),
            ..Config::default()
        };
        let stream = StreamConfig::new(RATE, 1);
        let builder = AudioProcessing::builder().config(config);
        Self(builder.capture_config(stream).render_config(stream).build())
    }

    pub(super) fn apply(&mut self, pcm: &mut Pcm) {
        let mut louder = [0; BLOCK];
        if self.0.process_capture_i16(pcm.as_slice(), &mut louder).is_ok() {
            *pcm = louder;
        }
    }
}
