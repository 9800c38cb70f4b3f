// SPDX-License-Identifier: MIT OR Apache-2.0
//! WAV files with samples of 16 bits: the one form of recording that is read. Nothing in it has to
//! be decoded, so that the daemon can check it too.

use std::{ops::RangeInclusive, time::Duration};

pub const RATES: RangeInclusive<u32> = 8_000..=48_000;

/// What was recorded, its channels mixed into one.
#[derive(Clone, Debug, PartialEq)]
pub struct Wav {
    pub rate: u32,
    /// Of 1.0 at most.
    pub samples: Vec<f32>,
}

impl Wav {
    #[must_use]
    pub fn lasts(&self) -> Duration {
        let samples = u32::try_from(self.samples.len()).unwrap_or(u32::MAX);
        Duration::from_secs(samples.into()) / self.rate.max(1)
    }

    /// For how long of it there is something to hear. A loudspeaker that is pushed and held is silent.
    #[must_use]
    pub fn heard_for(&self) -> Duration {
        const WINDOW: Duration = Duration::from_millis(20);
        const LOUD: f32 = 0.05;
        let window = usize::try_from(self.rate / 50).unwrap_or(1).max(1);
        let heard = self.samples.chunks_exact(window).filter(|window| deviation(window) >= LOUD);
        WINDOW * u32::try_from(heard.count()).unwrap_or(u32::MAX)
    }
}

#[expect(clippy::cast_precision_loss, reason = "some hundred samples")]
fn deviation(samples: &[f32]) -> f32 {
    let mean = samples.iter().sum::<f32>() / samples.len() as f32;
    let squares: f32 = samples.iter().map(|sample| (sample - mean).powi(2)).sum();
    (squares / samples.len() as f32).sqrt()
}

struct Format {
    channels: usize,
    rate: u32,
}

/// `None`: not in this form. A file that was cut off holds what is there.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<Wav> {
    let mut rest = bytes.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WAVE")?;
    let mut format = None;
    loop {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let (size, after) = after.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        let body = after.get(..size.min(after.len()))?;
        match (name, &format) {
            (b"fmt ", _) => format = Some(format_of(body)?),
            (b"data", Some(format)) => {
                return Some(Wav { rate: format.rate, samples: mixed(body, format.channels) });
            }
            _ => {}
        }
        rest = after.get(size.checked_add(size % 2)?..)?;
    }
}

fn format_of(body: &[u8]) -> Option<Format> {
    const PCM: u16 = 1;
    /// Says in its tail what the samples are.
    const EXTENSIBLE: u16 = 0xFFFE;
    let word = |at: usize| Some(u16::from_le_bytes(*body.get(at..)?.first_chunk()?));
    let kind = word(0)?;
    let kind = if kind == EXTENSIBLE { word(24)? } else { kind };
    let rate = u32::from_le_bytes(*body.get(4..)?.first_chunk()?);
    let channels = usize::from(word(2)?);
    let fits = kind == PCM && word(14)? == 16;
    (fits && (1..=2).contains(&channels) && RATES.contains(&rate))
        .then_some(Format { channels, rate })
}

fn mixed(body: &[u8], channels: usize) -> Vec<f32> {
    let of_frame = |frame: &[u8]| {
        let sum: i32 =
            frame.as_chunks::<2>().0.iter().map(|pair| i32::from(i16::from_le_bytes(*pair))).sum();
        // Two of them at most, so that nothing is lost.
        #[expect(clippy::cast_precision_loss, reason = "of 17 bits")]
        let value = sum as f32 / 32768.0;
        if channels == 2 { value / 2.0 } else { value }
    };
    body.chunks_exact(2 * channels).map(of_frame).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn wav(channels: u16, rate: u32, samples: &[i16]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0".to_vec();
        bytes.extend(channels.to_le_bytes());
        bytes.extend(rate.to_le_bytes());
        bytes.extend([0; 6]);
        bytes.extend(16u16.to_le_bytes());
        bytes.extend(b"LIST\x03\0\0\0abc\0data");
        bytes.extend(u32::try_from(2 * samples.len()).unwrap().to_le_bytes());
        bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        bytes
    }

    fn samples(bytes: &[u8]) -> Option<Vec<f32>> {
        parse(bytes).map(|wav| wav.samples)
    }

    #[test]
    fn channels_are_mixed_into_one() {
        let mono = wav(1, 8_000, &[16384, -32768]);
        assert_eq!(parse(&mono), Some(Wav { rate: 8_000, samples: vec![0.5, -1.0] }));
        let stereo = wav(2, 44_100, &[16384, 0, -32768, -32768]);
        assert_eq!(parse(&stereo), Some(Wav { rate: 44_100, samples: vec![0.25, -1.0] }));
    }

    #[test]
    fn the_long_form_of_the_header_is_read_too() {
        let short = wav(1, 48_000, &[16384]);
        let mut long = short[..16].to_vec();
        long.extend(40u32.to_le_bytes());
        long.extend(0xFFFEu16.to_le_bytes());
        long.extend(&short[22..36]);
        long.extend([22, 0, 16, 0, 4, 0, 0, 0, 1, 0]);
        long.extend([0; 14]);
        long.extend(&short[36..]);
        assert_eq!(samples(&long), Some(vec![0.5]));
        long[44] = 3;
        assert_eq!(samples(&long), None, "not whole numbers");
    }

    #[test]
    fn other_forms_are_refused() {
        for (channels, rate) in [(0, 48_000), (3, 48_000), (1, 7_999), (1, 48_001), (1, 96_000)] {
            assert_eq!(samples(&wav(channels, rate, &[1])), None, "{channels} {rate}");
        }
        let mut wide = wav(1, 48_000, &[1, 2]);
        wide[34] = 24;
        assert_eq!(samples(&wide), None);
        assert_eq!(samples(b"RIFF"), None);
        assert_eq!(samples(b"OggS and so on"), None);
    }

    #[test]
    fn a_file_that_was_cut_off_holds_what_is_there() {
        let whole = wav(2, 48_000, &[16384, 16384, 1, 1]);
        assert_eq!(samples(&whole[..whole.len() - 3]), Some(vec![0.5]));
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(bytes in any::<Vec<u8>>(), cut in 0usize..60, at in 0usize..50, byte: u8) {
            drop(parse(&bytes));
            let mut good = wav(1, 48_000, &[1, 2, 3]);
            good[at] = byte;
            drop(parse(&good[..cut.min(good.len())]));
            drop(parse(&good));
        }
    }
}
