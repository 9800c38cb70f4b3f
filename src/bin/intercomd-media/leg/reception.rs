// SPDX-License-Identifier: MIT OR Apache-2.0
//! What webrtcbin counts of a handset's sound, told since the last look.

use std::time::Duration;

use gstreamer as gst;
use gstreamer::{glib, prelude::*};
use intercomd::media::Reception;

/// Of sound; pictures have another.
const CLOCK_RATE: i32 = 48_000;

/// How far the counters were at the last look.
#[derive(Debug, Default)]
pub(super) struct Counted {
    received: u64,
    lost: i64,
}

impl Counted {
    /// Nothing if nothing came since.
    pub(super) fn since(&mut self, peer: &gst::Element, level: i8) -> Option<Reception> {
        let sound = sources(peer)?.into_iter().find(is_handsets_sound)?;
        self.tell(&sound, level)
    }

    fn tell(&mut self, sound: &gst::Structure, level: i8) -> Option<Reception> {
        let received = sound.get::<u64>("packets-received").ok()?;
        let lost = i64::from(sound.get::<i32>("packets-lost").ok()?);
        let new = received.saturating_sub(self.received);
        // Packets that come twice make it less.
        let missing = u64::try_from(lost - self.lost).unwrap_or(0);
        *self = Self { received, lost };
        let lost_percent = u8::try_from((missing * 100).checked_div(new + missing)?).ok()?;
        let jitter = u64::from(sound.get::<u32>("jitter").ok()?) * 1_000_000;
        let jitter = Duration::from_micros(jitter / u64::from(CLOCK_RATE.unsigned_abs()));
        Some(Reception { lost_percent, jitter, round_trip: round_trip(sound), level })
    }
}

fn is_handsets_sound(source: &gst::Structure) -> bool {
    source.get("internal") == Ok(false) && source.get("clock-rate") == Ok(CLOCK_RATE)
}

/// Once the handset has said what it got of ours.
fn round_trip(sound: &gst::Structure) -> Option<Duration> {
    let units = sound.get::<u32>("rb-round-trip").ok().filter(|units| *units > 0)?;
    Some(Duration::from_secs(1) * units / 65_536)
}

/// Everybody who sends in this session, we too.
fn sources(peer: &gst::Element) -> Option<Vec<gst::Structure>> {
    let rtpbin = peer.downcast_ref::<gst::Bin>()?.by_name("rtpbin")?;
    let session = rtpbin.emit_by_name::<Option<gst::Element>>("get-session", &[&0u32])?;
    let stats = session.property::<gst::Structure>("stats");
    let sources = stats.get::<glib::ValueArray>("source-stats").ok()?;
    Some(sources.iter().filter_map(|source| source.get().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters(received: u64, lost: i32) -> gst::Structure {
        gst::Structure::builder("application/x-rtp-source-stats")
            .field("packets-received", received)
            .field("packets-lost", lost)
            .field("jitter", 480u32)
            .field("rb-round-trip", 6554u32)
            .build()
    }

    #[test]
    fn loss_is_told_since_the_last_look() {
        gst::init().unwrap();
        let mut counted = Counted::default();
        let mut look = |received, lost| counted.tell(&counters(received, lost), -20);
        let first = Reception {
            lost_percent: 10,
            jitter: Duration::from_millis(10),
            round_trip: Some(Duration::from_nanos(100_006_103)),
            level: -20,
        };
        assert_eq!(look(90, 10), Some(first));
        assert_eq!(look(190, 10), Some(Reception { lost_percent: 0, ..first }));
        assert_eq!(look(240, 60), Some(Reception { lost_percent: 50, ..first }));
        assert_eq!(look(260, 50), Some(Reception { lost_percent: 0, ..first }));
        assert_eq!(look(260, 50), None);
    }
}
