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
    scene::{Scene, Voices},
    station::Station,
    webrtcdsp::WebRtcDsp,
};

const RATE: usize = 48_000;
const BLOCK: usize = RATE / 100;

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
        gain_control: true,
        ..Audio::default()
    }))
}

fn theirs() -> Box<dyn Canceller> {
    Box::new(WebRtcDsp::new())
}

fn main() {
    gstreamer::init().unwrap();
    let voices = Voices::speak();
    println!("echo 6 dB weaker than what is played, visitor 2 dB weaker than the handset");
    println!("{:<44}echo's loss    20 dB   visitor's    CPU of", "");
    println!("{:<44}after 2 s     after    loss, both   a core", "");
    for (name, ring_s) in [("porch, 0.15 s", 0.15), ("hall, 0.3 s", 0.3), ("stairs, 0.6 s", 0.6)] {
        for delay_ms in [0, 20, 40, 80, 120] {
            report(name, "cancel", cancelling, &Scene::new(&voices, ring_s, delay_ms, 6.0, 50.0));
        }
    }
    for (what, loss_db, ppm) in [("the same clock", 6.0, 0.0), ("as loud as played", 0.0, 50.0)] {
        let scene = Scene::new(&voices, 0.3, 40, loss_db, ppm);
        report(&format!("hall, {what}"), "cancel", cancelling, &scene);
    }
    let scene = |delay_ms| Scene::new(&voices, 0.3, delay_ms, 6.0, 50.0);
    report("hall, 0.3 s", "auto, noise, gain", everything, &scene(40));
    for delay_ms in [0, 20, 40, 80, 120] {
        report("hall, 0.3 s", "webrtcdsp", theirs, &scene(delay_ms));
    }
}

fn report(room: &str, name: &str, make: Make, scene: &Scene) {
    let result = scene.play(make);
    let after = result.converged_after.map_or("never".to_owned(), |after| format!("{after:.1} s"));
    let title = format!("{name:<18}{room:<22}{:>3} ms", scene.delay_ms);
    println!(
        "{title:<44}{:>6.1} dB  {after:>8}  {:>8.1} dB  {:>7.1} %",
        result.enhancement, result.loss, result.cpu
    );
}
