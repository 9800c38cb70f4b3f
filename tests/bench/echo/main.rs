// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is left of an echo, and of a visitor who speaks at the same time, in rooms made of numbers with voices made by
//! espeak-ng; beside webrtcdsp of GStreamer. It reports; it judges nothing.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that reports"
)]

#[path = "../../../src/bin/intercomd-media/sound/echo/tests/room.rs"]
#[allow(clippy::duplicate_mod, dead_code, reason = "the tests' own, who need more of it")]
mod room;
mod scene;
#[allow(dead_code, unused_imports, reason = "a part of a whole, with its tests")]
mod sound;
mod speech;
mod station;
mod webrtcdsp;

use intercomd::media::setup::{Audio, Echo, NoiseSuppression};

use self::{
    scene::{Figures, Place, Scene, Voices},
    station::Station,
    webrtcdsp::WebRtcDsp,
};

const RATE: usize = 48_000;
const BLOCK: usize = RATE / 100;
/// Of the devices, in ms.
const DELAYS: [usize; 5] = [0, 20, 40, 80, 120];
/// Where walls reflect, by seeds.
const ROOMS: [u64; 3] = [7, 11, 23];

/// Ten milliseconds of a handset and of the microphone to what the handset gets.
trait Canceller {
    fn pass(&mut self, far: &[i16], heard: &[i16]) -> Vec<i16>;
}

type Make = fn() -> Box<dyn Canceller>;

fn cancelling() -> Box<dyn Canceller> {
    Box::new(Station::new(&Audio { echo: Echo::Cancel, ..Audio::default() }))
}

fn everything() -> Box<dyn Canceller> {
    Box::new(Station::new(&Audio {
        echo: Echo::Auto,
        noise_suppression: NoiseSuppression::Moderate,
        gain_control: 18,
        ..Audio::default()
    }))
}

fn theirs() -> Box<dyn Canceller> {
    Box::new(WebRtcDsp::new())
}

fn main() {
    gstreamer::init().unwrap();
    let voices = Voices::speak();
    println!(
        "echo 6 dB weaker than what is played, visitor 2 dB weaker than the handset; the worst of three rooms"
    );
    println!("{:<48}echo's loss    20 dB   visitor's    CPU of", "");
    println!("{:<48}after 2 s     after    loss, both   a core", "");
    let usual = Place { ring_s: 0.3, delay_ms: 40, loss_db: 6.0, ppm: 50.0 };
    let report = |name, what, make, place| report(name, what, make, &voices, place);
    for (set, make) in [("cancel", cancelling as Make), ("auto, noise, gain", everything)] {
        for (name, ring_s) in
            [("porch, 0.15 s", 0.15), ("hall, 0.3 s", 0.3), ("stairs, 0.6 s", 0.6)]
        {
            for delay_ms in DELAYS {
                report(set, name, make, Place { ring_s, delay_ms, ..usual });
            }
        }
    }
    report("cancel", "hall, the same clock", cancelling, Place { ppm: 0.0, ..usual });
    report("cancel", "hall, as loud as played", cancelling, Place { loss_db: 0.0, ..usual });
    for delay_ms in DELAYS {
        report("webrtcdsp", "hall, 0.3 s", theirs, Place { delay_ms, ..usual });
    }
    report("webrtcdsp", "stairs, 0.6 s", theirs, Place { ring_s: 0.6, delay_ms: 20, ..usual });
}

fn report(name: &str, what: &str, make: Make, voices: &Voices, place: Place) {
    let figures = ROOMS.map(|seed| Scene::new(voices, place, seed).play(make));
    let Some(worst) = figures.into_iter().reduce(Figures::worse) else { return };
    let after = worst.converged_after.map_or("never".to_owned(), |after| format!("{after:.1} s"));
    let title = format!("{name:<18}{what:<24}{:>3} ms", place.delay_ms);
    println!(
        "{title:<48}{:>6.1} dB  {after:>8}  {:>8.1} dB  {:>7.1} %",
        worst.enhancement, worst.loss, worst.cpu
    );
}
