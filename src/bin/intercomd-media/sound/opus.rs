// SPDX-License-Identifier: MIT OR Apache-2.0
//! From Opus to sound, whenever somebody asks, and something in place of what was lost.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context;
use gstreamer as gst;
use gstreamer::prelude::*;

use super::blocks::{self, RATE};

pub(crate) trait Decode: Send + fmt::Debug {
    fn packet(&mut self, packet: &[u8]) -> Vec<i16>;
    /// What was lost directly before this packet, as far as the packet tells, and the packet itself.
    fn recovered(&mut self, packet: &[u8], lost: usize) -> [Vec<i16>; 2];
    /// What might have been heard.
    fn concealed(&mut self, samples: usize) -> Vec<i16>;
    /// As if nothing had been decoded yet.
    fn reset(&mut self);
}

/// opusdec outside of any pipeline: what is pushed into it comes out at the other end before the
/// push returns.
pub(crate) struct Opus {
    element: gst::Element,
    into: gst::Pad,
    /// Has to be there as long as the element.
    _out_of: gst::Pad,
    out: Arc<Mutex<Vec<Vec<i16>>>>,
}

const PACKETS: &str = "audio/x-opus,channel-mapping-family=0,channels=1,rate=48000";

impl Opus {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let element = gst::ElementFactory::make("opusdec").property("plc", true).build()?;
        let out = Arc::<Mutex<Vec<Vec<i16>>>>::default();
        let (into, out_of) = (gst::Pad::new(gst::PadDirection::Src), heard(Arc::clone(&out)));
        into.set_active(true)?;
        into.link(&element.static_pad("sink").context("opusdec takes nothing")?)?;
        out_of.set_active(true)?;
        element.static_pad("src").context("opusdec gives nothing")?.link(&out_of)?;
        let this = Self { element, into, _out_of: out_of, out };
        this.begin()?;
        Ok(this)
    }

    fn begin(&self) -> anyhow::Result<()> {
        self.element.set_state(gst::State::Playing)?;
        let segment = gst::FormattedSegment::<gst::ClockTime>::new();
        for event in [
            gst::event::StreamStart::new("handset"),
            gst::event::Caps::new(&PACKETS.parse()?),
            gst::event::Segment::new(&segment),
        ] {
            anyhow::ensure!(self.into.push_event(event), "opusdec takes no event");
        }
        // See `recovered`: it is left with a lost packet in hand.
        self.look_ahead(true);
        self.lose(RATE as usize / 50);
        self.look_ahead(false);
        Ok(())
    }

    fn look_ahead(&self, on: bool) {
        self.element.set_property("use-inband-fec", on);
    }

    fn feed(&self, packet: &[u8]) {
        let mut buffer = gst::Buffer::from_slice(packet.to_vec());
        if let Some(buffer) = buffer.get_mut() {
            // It is always now.
            buffer.set_pts(gst::ClockTime::ZERO);
        }
        // What cannot be decoded gives nothing.
        self.into.push(buffer).ok();
    }

    fn lose(&self, samples: usize) {
        let lasts = samples as u64 * gst::ClockTime::SECOND / u64::from(RATE);
        let gap = gst::event::Gap::builder(gst::ClockTime::ZERO).duration(lasts);
        self.into.push_event(gap.build());
    }

    fn taken(&self) -> Vec<Vec<i16>> {
        std::mem::take(&mut *self.out.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Decode for Opus {
    fn packet(&mut self, packet: &[u8]) -> Vec<i16> {
        self.feed(packet);
        self.taken().concat()
    }

    /// Asked to use what a packet tells of the one before, opusdec keeps back the last that it was
    /// given, which would make all that is heard one packet later. So it is asked only now: it
    /// still has a lost packet in hand, for which this one stands in; the loss after it gets the
    /// packet itself out of it, and is what it then has in hand.
    fn recovered(&mut self, packet: &[u8], lost: usize) -> [Vec<i16>; 2] {
        self.look_ahead(true);
        self.feed(packet);
        let before = self.taken().concat();
        self.lose(lost);
        let itself = self.taken().concat();
        self.look_ahead(false);
        [before, itself]
    }

    fn concealed(&mut self, samples: usize) -> Vec<i16> {
        self.lose(samples);
        self.taken().concat()
    }

    fn reset(&mut self) {
        let again = self.element.set_state(gst::State::Ready).map(|_| ());
        if let Err(error) = again.map_err(anyhow::Error::from).and_then(|()| self.begin()) {
            tracing::warn!(%error, "the decoder does not start again");
        }
        self.taken();
    }
}

fn heard(out: Arc<Mutex<Vec<Vec<i16>>>>) -> gst::Pad {
    gst::Pad::builder(gst::PadDirection::Sink)
        .chain_function(move |_, _, buffer| {
            let block = buffer.map_readable().map_err(|_| gst::FlowError::Error)?;
            let samples = blocks::samples(&block).collect();
            out.lock().unwrap_or_else(PoisonError::into_inner).push(samples);
            Ok(gst::FlowSuccess::Ok)
        })
        .event_function(|_, _, _| true)
        .build()
}

impl fmt::Debug for Opus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opus")
    }
}

impl Drop for Opus {
    fn drop(&mut self) {
        self.element.set_state(gst::State::Null).ok();
    }
}

#[cfg(test)]
pub(crate) mod fixture {
    use gstreamer_app::AppSink;

    use super::*;
    use crate::sound::blocks::CAPS;

    /// Syllables of different pitch, so that nobody can guess the next; a packet for each 20 ms.
    pub(crate) fn packets(count: usize, fec: bool) -> Vec<Vec<u8>> {
        gst::init().unwrap();
        let text = format!(
            "audiotestsrc samplesperbuffer=960 num-buffers={count} ! capsfilter name=pcm \
             caps=\"{CAPS}\" ! opusenc frame-size=20 bitrate=32000 audio-type=voice \
             inband-fec={fec} packet-loss-percentage=20 ! appsink name=out sync=false"
        );
        let pipeline = gst::parse::launch(&text).unwrap().downcast::<gst::Pipeline>().unwrap();
        let said = Mutex::new((0..).map(|at: u32| {
            let pitch = [110, 190, 140, 260, 160][(at / 2400 % 5) as usize];
            let voiced = i32::from(!(at / 3000).is_multiple_of(4));
            i16::try_from(voiced * ((at * pitch % RATE) as i32 / 4 - 6000)).unwrap()
        }));
        blocks::on_block(&pipeline.by_name("pcm").unwrap(), move |block| {
            blocks::write(block, said.lock().unwrap().by_ref());
        });
        pipeline.set_state(gst::State::Playing).unwrap();
        let out = pipeline.by_name("out").unwrap().downcast::<AppSink>().unwrap();
        let bytes = |sample: gst::Sample| sample.buffer().unwrap().map_readable().unwrap().to_vec();
        let packets =
            std::iter::from_fn(|| out.pull_sample().ok().map(bytes)).take(count).collect();
        pipeline.set_state(gst::State::Null).unwrap();
        packets
    }
}

#[cfg(test)]
mod tests {
    use super::{fixture::packets, *};
    use crate::sound::blocks::BLOCK;

    const FRAME: usize = 2 * BLOCK;

    fn power(of: impl Iterator<Item = i16>) -> f64 {
        of.map(|sample| f64::from(sample).powi(2)).sum()
    }

    fn difference(one: &[i16], other: &[i16]) -> f64 {
        assert_eq!(one.len(), other.len());
        power(one.iter().zip(other).map(|(one, other)| one.saturating_sub(*other)))
    }

    #[test]
    fn each_packet_is_decoded_when_it_is_given() {
        let packets = packets(10, true);
        let mut opus = Opus::new().unwrap();
        for packet in packets {
            assert_eq!(opus.packet(&packet).len(), FRAME);
        }
    }

    #[test]
    fn a_lost_packet_is_known_from_the_one_after_it_again_and_again() {
        let packets = packets(200, true);
        let new = || Opus::new().unwrap();
        let (mut all, mut told, mut guessed) = (new(), new(), new());
        let heard = packets.iter().map(|packet| all.packet(packet)).collect::<Vec<_>>();
        let (mut from_told, mut from_guessed, mut afterwards) = (0.0, 0.0, 0.0);
        for (said, heard) in packets.chunks(5).zip(heard.chunks(5)).skip(1) {
            let [lost, next] = told.recovered(&said[1], FRAME);
            assert_eq!((lost.len(), next.len()), (FRAME, FRAME));
            from_told += difference(&heard[0], &lost);
            from_guessed += difference(&heard[0], &guessed.concealed(FRAME));
            guessed.packet(&said[1]);
            for at in 2..5 {
                let again = told.packet(&said[at]);
                afterwards += if at == 4 { difference(&heard[at], &again) } else { 0.0 };
                guessed.packet(&said[at]);
            }
        }
        assert!(from_told < 0.4 * from_guessed, "{from_told} {from_guessed}");
        assert!(afterwards < 0.1 * from_guessed, "{afterwards} {from_guessed}");
    }

    #[test]
    fn what_is_made_up_fades_and_a_decoder_that_was_reset_remembers_nothing() {
        let packets = packets(20, true);
        let mut opus = Opus::new().unwrap();
        let last = packets.iter().map(|packet| opus.packet(packet)).last().unwrap();
        let made_up = opus.concealed(BLOCK);
        assert_eq!(made_up.len(), BLOCK);
        assert!(power(made_up.into_iter()) > 0.1 * power(last.iter().copied().take(BLOCK)));
        let later = (0..30).map(|_| opus.concealed(BLOCK)).last().unwrap();
        assert!(power(later.into_iter()) < 0.01 * power(last.into_iter().take(BLOCK)));
        opus.packet(&packets[0]);
        opus.reset();
        assert_eq!(power(opus.concealed(BLOCK).into_iter()), 0.0);
        assert_eq!(opus.packet(&packets[0]).len(), FRAME);
    }

    #[test]
    fn what_is_no_opus_gives_nothing_and_harms_nothing() {
        let packets = packets(3, true);
        let mut opus = Opus::new().unwrap();
        for packet in [&[][..], &[0xff], &[0xff; 9], &[3, 0xbf, 0, 0]].repeat(100) {
            opus.packet(packet);
            opus.recovered(packet, FRAME);
        }
        assert_eq!(opus.packet(&packets[0]).len(), FRAME);
        assert_eq!(opus.concealed(BLOCK).len(), BLOCK);
    }
}
