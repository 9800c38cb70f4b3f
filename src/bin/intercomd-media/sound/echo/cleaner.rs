// SPDX-License-Identifier: MIT OR Apache-2.0
//! Echo and noise out of the microphone's sound, band by band.

use intercomd::media::setup;
use sonora::{
    high_pass_filter::HighPassFilter,
    three_band_filter_bank::{FULL_BAND_SIZE, ThreeBandFilterBank},
};
use sonora_ns::{
    config::{NsConfig, SuppressionLevel},
    noise_suppressor::NoiseSuppressor,
};

use super::{
    Pcm,
    bands::{self, Bands},
    canceller::Canceller,
};

/// A sample of which the card had no larger one.
const CLIPPED: u16 = 32_700;

#[derive(Debug)]
pub(super) struct Cleaner {
    split: ThreeBandFilterBank,
    /// Rumble that no loudspeaker plays and no ear misses, out of the lowest band.
    high_pass: HighPassFilter,
    lowest: [Vec<f32>; 1],
    canceller: Option<Canceller>,
    noise: Option<NoiseSuppressor>,
}

impl Cleaner {
    /// Nothing where there is nothing to clean.
    pub(super) fn new(cancels: bool, noise: setup::NoiseSuppression) -> Option<Self> {
        let level = suppression(noise);
        let noise = |target_level| {
            NoiseSuppressor::new_with_bands(NsConfig { target_level }, bands::EMPTY.len())
        };
        (cancels || level.is_some()).then(|| Self {
            split: ThreeBandFilterBank::new(),
            high_pass: HighPassFilter::new(bands::RATE as i32, 1),
            lowest: [Vec::with_capacity(FULL_BAND_SIZE)],
            canceller: cancels.then(Canceller::new),
            noise: level.map(noise),
        })
    }

    pub(super) fn canceller(&mut self) -> Option<&mut Canceller> {
        self.canceller.as_mut()
    }

    pub(super) fn clean(&mut self, pcm: &mut Pcm) {
        let clipped = pcm.iter().any(|sample| sample.unsigned_abs() >= CLIPPED);
        let mut samples = pcm.map(f32::from);
        let mut bands = bands::EMPTY;
        self.split.analysis(&samples, &mut bands);
        self.filter(&mut bands);
        if let (Some(noise), [lowest, ..]) = (&mut self.noise, &bands) {
            noise.analyze(lowest);
        }
        if let Some(canceller) = &mut self.canceller {
            canceller.clean(&mut bands, clipped);
        }
        if let Some(noise) = &mut self.noise {
            suppress(noise, &mut bands);
        }
        self.split.synthesis(&bands, &mut samples);
        *pcm = samples.map(to_pcm);
    }

    fn filter(&mut self, bands: &mut Bands) {
        let ([lowest, ..], [copy]) = (bands, &mut self.lowest);
        copy.clear();
        copy.extend_from_slice(lowest);
        self.high_pass.process_channels(&mut self.lowest);
        let [copy] = &self.lowest;
        lowest.copy_from_slice(copy);
    }
}

fn suppress(noise: &mut NoiseSuppressor, bands: &mut Bands) {
    let [lowest, upper @ ..] = bands;
    noise.process(lowest);
    let gain = noise.upper_band_gain();
    for (index, band) in upper.iter_mut().enumerate() {
        noise.process_upper_band(band, index, gain);
    }
}

fn suppression(level: setup::NoiseSuppression) -> Option<SuppressionLevel> {
    match level {
        setup::NoiseSuppression::Off => None,
        setup::NoiseSuppression::Low => Some(SuppressionLevel::K6dB),
        setup::NoiseSuppression::Moderate => Some(SuppressionLevel::K12dB),
        setup::NoiseSuppression::High => Some(SuppressionLevel::K18dB),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what does not fit is clipped")]
pub(super) fn to_pcm(value: f32) -> i16 {
    value as i16
}
