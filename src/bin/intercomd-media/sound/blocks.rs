// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound as this worker mixes it: mono, 48 kHz, ten milliseconds at a time.

use gstreamer as gst;
use gstreamer::prelude::*;

pub(crate) const RATE: u32 = 48_000;
pub(crate) const BLOCK: usize = 480;
pub(crate) const CAPS: &str = "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved";

/// A source that says nothing, as often as it is asked: whoever has something to say writes it into
/// the blocks as they pass.
pub(crate) const WELL: &str = "audiotestsrc wave=silence samplesperbuffer=480";

/// One that runs on the system clock.
pub(crate) const TICKER: &str = "audiotestsrc wave=silence is-live=true samplesperbuffer=480";

pub(crate) fn samples(bytes: &[u8]) -> impl Iterator<Item = i16> {
    bytes.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair))
}

pub(crate) fn write(bytes: &mut [u8], samples: impl Iterator<Item = i16>) {
    for (pair, sample) in bytes.as_chunks_mut::<2>().0.iter_mut().zip(samples) {
        *pair = sample.to_le_bytes();
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range before")]
pub(crate) fn to_pcm(value: f32) -> i16 {
    (value.clamp(-1.0, 1.0) * 32767.0) as i16
}

pub(crate) fn from_pcm(sample: i16) -> f32 {
    f32::from(sample) / 32768.0
}

/// Lets `fill` see and change every block that passes this element.
pub(crate) fn on_block(
    element: &gst::Element,
    fill: impl Fn(&mut [u8]) + Send + Sync + 'static,
) -> Option<gst::PadProbeId> {
    element.static_pad("src")?.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        if let Some(buffer) = info.buffer_mut() {
            let buffer = buffer.make_mut();
            // The ticker marks its silence as a gap, and a sound card would not look at it.
            buffer.unset_flags(gst::BufferFlags::GAP);
            if let Ok(mut block) = buffer.map_writable() {
                fill(&mut block);
            }
        }
        gst::PadProbeReturn::Ok
    })
}

#[cfg(test)]
mod tests {
    use gstreamer_app::AppSink;

    use super::*;

    #[test]
    fn what_is_written_into_the_tickers_silence_counts_as_sound() {
        gst::init().unwrap();
        let text = format!("{TICKER} ! capsfilter name=pcm caps=\"{CAPS}\" ! appsink name=out");
        let pipeline = gst::parse::launch(&text).unwrap().downcast::<gst::Pipeline>().unwrap();
        on_block(&pipeline.by_name("pcm").unwrap(), |block| write(block, 0..480));
        pipeline.set_state(gst::State::Playing).unwrap();
        let out = pipeline.by_name("out").unwrap().downcast::<AppSink>().unwrap();
        let sample = out.pull_sample().unwrap();
        let buffer = sample.buffer().unwrap();
        assert!(!buffer.flags().contains(gst::BufferFlags::GAP));
        let heard = samples(&buffer.map_readable().unwrap()).collect::<Vec<_>>();
        assert_eq!(heard, (0..480).collect::<Vec<_>>());
        pipeline.set_state(gst::State::Null).unwrap();
    }
}
