// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a handset hears of itself and of the visitor, in rooms made of numbers.

mod room;
mod voice;

use std::{f32::consts::TAU, sync::Arc};

use intercomd::media::setup::{Audio, Echo as Mode, NoiseSuppression};
use proptest::{
    prelude::*,
    test_runner::{TestCaseResult, TestRunner},
};
use sonora::three_band_filter_bank::ThreeBandFilterBank;

use self::{
    room::{Noise, Room, add, at_level, level, loss},
    voice::babble,
};
use super::{Ear, Echo, Pcm, bands, canceller::Canceller};
use crate::sound::blocks::{self, BLOCK};

const RATE: usize = blocks::RATE as usize;

fn seconds(sound: &[f32], from: usize, to: usize) -> &[f32] {
    &sound[from * RATE..to * RATE]
}

fn pcm(block: &[f32]) -> Pcm {
    std::array::from_fn(|index| blocks::to_pcm(block[index]))
}

fn bytes(pcm: &Pcm) -> Vec<u8> {
    pcm.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// A station's sound, without its devices.
struct Station {
    echo: Arc<Echo>,
    ear: Ear,
}

impl Station {
    fn new(mode: Mode) -> Self {
        Self::with(Audio { echo: mode, ..Audio::default() })
    }

    fn with(audio: Audio) -> Self {
        let echo = Arc::new(Echo::new(&audio));
        let ear = echo.ear().unwrap();
        Self { echo, ear }
    }

    /// What the loudspeaker plays of what a handset says.
    fn play(&self, said: &[f32]) -> Vec<f32> {
        let mut block = std::array::from_fn(|index| said[index]);
        self.echo.speak(&mut block);
        self.echo.play(&bytes(&pcm(&block)));
        block.to_vec()
    }

    /// What the handset gets of what the microphone heard.
    fn hear(&mut self, heard: &[f32]) -> Vec<f32> {
        let mut block = pcm(heard);
        self.ear.block(&mut block);
        block.map(blocks::from_pcm).to_vec()
    }
}

fn through(mut station: Station, far: &[f32], heard: &[f32]) -> Vec<f32> {
    let pairs = far.chunks_exact(BLOCK).zip(heard.chunks_exact(BLOCK));
    pairs
        .flat_map(|(far, heard)| {
            station.play(far);
            station.hear(heard)
        })
        .collect()
}

/// A handset's voice, what the microphone hears of it, and a visitor who begins to speak after five seconds.
struct Scene {
    far: Vec<f32>,
    echo: Vec<f32>,
    near: Vec<f32>,
}

impl Scene {
    fn new(room: &Room, ppm: f64) -> Self {
        let far = at_level(babble(9, 120.0, 1), -22.0);
        let mut echo = room.echo(&room::resample(&room::loudspeaker(&far), 1.0 - ppm * 1e-6));
        echo.resize(far.len(), 0.0);
        add(&mut echo, &Noise(3).map(|value| value * 0.0005).take(far.len()).collect::<Vec<_>>());
        let mut near = vec![0.0; 5 * RATE];
        near.extend(at_level(babble(4, 210.0, 2), -24.0));
        Self { far, echo, near }
    }

    fn heard(&self) -> Vec<f32> {
        let mut heard = self.echo.clone();
        add(&mut heard, &self.near);
        heard
    }
}

#[track_caller]
fn judge(scene: &Scene) {
    let heard = through(Station::new(Mode::Cancel), &scene.far, &scene.heard());
    let gone = level(seconds(&scene.echo, 2, 5)) - level(seconds(&heard, 2, 5));
    let silence = vec![0.0; scene.far.len()];
    let alone = through(Station::new(Mode::Cancel), &silence, &scene.near);
    let missing = loss(seconds(&alone, 5, 9), seconds(&heard, 5, 9));
    assert!(gone >= 25.0, "the echo is {gone:.1} dB weaker");
    assert!(missing <= 3.0, "while both speak the visitor is {missing:.1} dB weaker");
}

#[test]
fn after_two_seconds_a_handset_does_not_hear_itself_and_hears_the_visitor() {
    judge(&Scene::new(&Room::new(0.15, 0, 6.0, 7), 0.0));
}

#[test]
fn nor_when_devices_take_their_time_and_their_clocks_differ() {
    judge(&Scene::new(&Room::new(0.2, 120, 6.0, 7), 50.0));
}

#[test]
fn nor_in_a_staircase_where_many_echoes_are_as_strong_as_the_first() {
    judge(&Scene::new(&Room::new(0.6, 20, 6.0, 7), 50.0));
}

/// As the canceller finds it, in ms.
fn delay(far: &[f32], heard: &[f32]) -> i32 {
    let (mut canceller, mut split) = (Canceller::new(), ThreeBandFilterBank::new());
    let block = |block: &[f32]| pcm(block).map(f32::from);
    for (far, heard) in far.chunks_exact(BLOCK).zip(heard.chunks_exact(BLOCK)) {
        let mut bands = bands::EMPTY;
        canceller.play(&block(far));
        split.analysis(&block(heard), &mut bands);
        canceller.clean(&mut bands, false);
    }
    i32::try_from(canceller.delay().as_millis()).unwrap()
}

#[test]
fn the_delay_is_measured_whatever_it_is() {
    let far = at_level(Noise(5).take(2 * RATE).collect(), -22.0);
    property(&(0usize..400), |late| {
        let room = Room::new(0.2, late, 6.0, 7);
        let (found, there) = (delay(&far, &room.echo(&far)), late as i32 + 10);
        prop_assert!((there - 12..=there).contains(&found), "{} ms instead of {}", found, there);
        Ok(())
    });
}

#[test]
fn a_visitor_who_speaks_alone_is_heard_as_he_is() {
    let near = at_level(babble(4, 150.0, 2), -24.0);
    let heard = through(Station::new(Mode::Auto), &vec![0.0; near.len()], &near);
    let (said, got) = (level(seconds(&near, 1, 4)), level(seconds(&heard, 1, 4)));
    assert!((said - got).abs() < 1.0, "{said:.1} dB became {got:.1} dB");
}

/// A handset speaks alone. The microphone hears the loudspeaker late, now more and now less where devices cannot keep
/// time. What it hears, and what of it is sent.
fn alone(mode: Mode, wavers_ms: f32) -> (Vec<f32>, Vec<f32>) {
    let mut station = Station::new(mode);
    let (mut played, mut heard, mut sent) = (vec![0.0; RATE / 20], Vec::new(), Vec::new());
    let late = |at: usize| wavers_ms * 48.0 * (1.0 + (TAU * at as f32 / RATE as f32).sin());
    for said in at_level(babble(24, 120.0, 1), -22.0).chunks_exact(BLOCK) {
        played.extend(station.play(said));
        let times = (heard.len()..).take(BLOCK);
        let now: Vec<_> = times.map(|at| played[at.saturating_sub(late(at) as usize)]).collect();
        sent.extend(station.hear(&now));
        heard.extend(now);
    }
    (heard, sent)
}

/// Over the last eight seconds.
fn level_at_last((heard, sent): &(Vec<f32>, Vec<f32>)) -> (f32, f32) {
    (level(seconds(heard, 16, 24)), level(seconds(sent, 16, 24)))
}

#[test]
fn where_cancelling_is_poor_only_one_speaks_at_a_time() {
    let (heard, sent) = level_at_last(&alone(Mode::Cancel, 20.0));
    assert!(sent > heard - 10.0, "{heard:.1} dB became {sent:.1} dB, which is not poor");
    let (heard, sent) = level_at_last(&alone(Mode::Auto, 20.0));
    assert!(heard > -30.0 && sent < heard - 25.0, "{heard:.1} dB became {sent:.1} dB");
}

#[test]
fn what_the_canceller_finds_out_is_told() {
    let figures = |mode, gain: f32, wavers_ms: f32| {
        let mut station = Station::new(mode);
        let far = at_level(babble(24, 120.0, 1), -22.0);
        let mut played = vec![0.0; RATE / 20];
        let late = |at: usize| wavers_ms * 48.0 * (1.0 + (TAU * at as f32 / RATE as f32).sin());
        assert_eq!(station.echo.figures(), None);
        for (block, said) in far.chunks_exact(BLOCK).enumerate() {
            played.extend(station.play(said).iter().map(|value| gain * value));
            let times = block * BLOCK..(block + 1) * BLOCK;
            let heard: Vec<_> =
                times.map(|at| played[at.saturating_sub(late(at) as usize)]).collect();
            station.hear(&heard);
        }
        station.echo.figures()
    };
    let good = figures(Mode::Auto, 0.5, 0.0).unwrap();
    assert!((good.return_loss - 6).abs() <= 1, "{good:?}");
    assert!(good.enhancement >= 25 && !good.one_at_a_time, "{good:?}");
    assert!((25..=60).contains(&good.delay.as_millis()), "{good:?}");
    let poor = figures(Mode::Auto, 1.0, 20.0).unwrap();
    assert!(poor.enhancement < 15 && poor.one_at_a_time, "{poor:?}");
    assert_eq!(figures(Mode::HalfDuplex, 0.5, 0.0), None);
}

#[test]
fn where_cancelling_is_good_both_speak() {
    let (heard, sent) = alone(Mode::Auto, 0.0);
    assert!((level(&heard) + 22.0).abs() < 0.1, "the loudspeaker was attenuated");
    assert!(level(seconds(&sent, 2, 10)) < -60.0);
}

/// Loudspeakers and microphones of both ends, each too loud: round and round.
fn howl(audio: Audio, gain: f32) -> Vec<f32> {
    let mut station = Station::with(audio);
    let blocks = 10 * RATE / BLOCK;
    let knock = at_level(babble(1, 150.0, 5), -30.0);
    let mut air = vec![vec![0.0; BLOCK]; 4];
    let mut line = vec![vec![0.0; BLOCK]; 10];
    let mut sent = Vec::new();
    for index in 0..blocks {
        let mut heard = air[index % 4].clone();
        if let Some(knock) = knock.get(index * BLOCK..(index + 1) * BLOCK) {
            add(&mut heard, knock);
        }
        let clip = |value: &f32| (gain * value).clamp(-1.0, 1.0);
        line[index % 10] = station.hear(&heard).iter().map(clip).collect();
        let said = line[(index + 1) % 10].clone();
        air[index % 4] = station.play(&said).iter().map(clip).collect();
        sent.extend(heard);
    }
    sent
}

#[test]
fn at_full_volume_nothing_howls() {
    for (echo, gain_control) in
        [(Mode::Cancel, 0), (Mode::Auto, 30), (Mode::HalfDuplex, 0), (Mode::HalfDuplex, 18)]
    {
        let sound = howl(Audio { echo, gain_control, ..Audio::default() }, 2.0);
        let levels: Vec<_> = (0..10).map(|at| level(seconds(&sound, at, at + 1))).collect();
        assert!(levels[9] < -40.0, "{echo:?}, gain control {gain_control}: {levels:.0?}");
    }
    let nothing = howl(Audio { noise_suppression: NoiseSuppression::Low, ..Audio::default() }, 2.0);
    assert!(level(seconds(&nothing, 9, 10)) > -3.0, "without all this it howls");
}

#[test]
fn one_at_a_time_needs_no_canceller_and_lets_each_speak() {
    let (heard, sent) = level_at_last(&alone(Mode::HalfDuplex, 20.0));
    assert!(heard > -24.0 && sent < heard - 30.0, "{heard:.1} dB became {sent:.1} dB");
    let near = at_level(babble(4, 210.0, 2), -24.0);
    let heard = through(Station::new(Mode::HalfDuplex), &vec![0.0; near.len()], &near);
    assert!(loss(&near, &heard) < 0.1);
}

#[test]
fn noise_is_suppressed_and_a_distant_visitor_is_made_louder() {
    let noise: Vec<_> = Noise(4).map(|value| value * 0.02).take(5 * RATE).collect();
    let suppressed = |noise_suppression| {
        let station = Station::with(Audio { noise_suppression, ..Audio::default() });
        let heard = through(station, &vec![0.0; noise.len()], &noise);
        level(seconds(&noise, 3, 5)) - level(seconds(&heard, 3, 5))
    };
    let steps = [NoiseSuppression::Low, NoiseSuppression::Moderate, NoiseSuppression::High];
    let steps = steps.map(suppressed);
    assert!(steps[0] > 4.0 && steps[1] > steps[0] + 3.0 && steps[2] > steps[1] + 3.0, "{steps:?}");
    let near = at_level(babble(8, 150.0, 2), -45.0);
    let louder = |gain_control| {
        let station = Station::with(Audio { gain_control, ..Audio::default() });
        let heard = through(station, &vec![0.0; near.len()], &near);
        level(seconds(&heard, 6, 8)) - level(seconds(&near, 6, 8))
    };
    let (usual, little) = (louder(18), louder(4));
    assert!((6.0..20.0).contains(&usual), "{usual:.1} dB louder");
    assert!((2.0..5.0).contains(&little), "{little:.1} dB louder");
}

#[test]
fn where_nothing_is_wanted_nothing_is_done() {
    let echo = Arc::new(Echo::new(&Audio::default()));
    assert!(echo.ear().is_none());
    let mut block = [0.1; BLOCK];
    echo.speak(&mut block);
    assert_eq!(block, [0.1; BLOCK]);
}

#[test]
fn a_loudspeaker_is_not_left_attenuated_by_a_microphone_that_is_gone() {
    let mut station = Station::new(Mode::HalfDuplex);
    for _ in 0..50 {
        station.hear(&at_level(babble(1, 150.0, 5), -20.0)[..BLOCK]);
        station.play(&[0.0; BLOCK]);
    }
    let quiet = station.play(&[0.5; BLOCK]);
    let Station { echo, ear } = station;
    drop(ear);
    let mut block = [0.5; BLOCK];
    echo.speak(&mut block);
    assert!(quiet[BLOCK - 1] < 0.01 && (block[BLOCK - 1] - 0.5).abs() < 1e-6);
}

/// Each case is seconds of sound: not as many as elsewhere, whatever the environment says.
fn property<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    let config = ProptestConfig { cases: 24, ..ProptestConfig::default() };
    TestRunner::new(config).run(strategy, test).unwrap();
}

#[test]
fn no_sound_and_no_size_of_a_buffer_does_harm() {
    let step = (0usize..3, 0usize..1500, any::<u64>(), 0f32..2.0);
    property(&proptest::collection::vec(step, 1..60), |steps| {
        let audio = Audio {
            echo: Mode::Auto,
            noise_suppression: NoiseSuppression::High,
            gain_control: 18,
            ..Audio::default()
        };
        let mut station = Station::with(audio);
        for (played, size, seed, loudness) in steps {
            let mut noise = Noise(seed | 1).map(|value| value * loudness);
            for _ in 0..played {
                station.play(&noise.by_ref().take(BLOCK).collect::<Vec<_>>());
            }
            let heard = noise.take(size).map(blocks::to_pcm);
            let mut heard: Vec<u8> = heard.flat_map(i16::to_le_bytes).collect();
            station.ear.hear(&mut heard);
            prop_assert_eq!(heard.len(), 2 * size);
        }
        Ok(())
    });
}

#[test]
fn buffers_of_any_size_become_the_same_sound() {
    property(&proptest::collection::vec(1usize..2000, 1..40), |sizes| {
        let mut station = Station::new(Mode::HalfDuplex);
        let total: usize = sizes.iter().sum();
        let sound: Vec<i16> = (0..total).map(|index| (index % 200) as i16 + 1).collect();
        let (mut left, mut heard) = (sound.as_slice(), Vec::new());
        for size in sizes {
            let (now, later) = left.split_at(size);
            left = later;
            let mut buffer: Vec<u8> = now.iter().flat_map(|sample| sample.to_le_bytes()).collect();
            station.ear.hear(&mut buffer);
            heard.extend(blocks::samples(&buffer));
        }
        let silence = heard.iter().filter(|sample| **sample == 0).count();
        heard.retain(|sample| *sample != 0);
        prop_assert!(silence < BLOCK, "{} samples late", silence);
        prop_assert!(sound.starts_with(&heard));
        Ok(())
    });
}
