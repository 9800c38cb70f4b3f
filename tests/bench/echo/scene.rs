// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ten seconds in which the handset speaks, eight in which both do.

use rustix::time::{ClockId, clock_gettime};

use crate::{
    BLOCK, Make, RATE,
    room::{self, Noise, Room, add, at_level, level, loss},
    speech::say,
};

const ALONE_S: usize = 10;
const BOTH_S: usize = 8;
const HANDSET: &str = "Hello, who is there please? I am upstairs, and I can not see you on the screen. If you have a \
    parcel, please leave it at the side door, behind the green bin. My neighbour will take it in later this afternoon. \
    Thank you very much for coming, and have a nice day. Wait, one more thing: the light in the hall is broken, so mind \
    the step.";
const VISITOR: &str = "Good morning, I have a delivery for the second floor, but nobody answers the bell. Could you open \
    the door for me? I would rather not leave it out here in the rain. It is quite heavy, you know, and it needs a \
    signature from somebody.";

pub(crate) struct Voices {
    handset: Vec<f32>,
    visitor: Vec<f32>,
}

impl Voices {
    pub(crate) fn speak() -> Self {
        let length = (ALONE_S + BOTH_S) * RATE;
        let mut handset = at_level(say("en-us", HANDSET), -22.0);
        handset = handset.iter().copied().cycle().take(length).collect();
        let mut visitor = vec![0.0; ALONE_S * RATE];
        visitor.extend(at_level(say("en-gb+f3", VISITOR), -24.0));
        visitor.resize(length, 0.0);
        Self { handset, visitor }
    }
}

/// Of a room and its devices.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) ring_s: f32,
    pub(crate) delay_ms: usize,
    pub(crate) loss_db: f32,
    pub(crate) ppm: f64,
}

pub(crate) struct Scene {
    far: Vec<i16>,
    /// What the microphone hears, and what it would hear without the loudspeaker.
    heard: Vec<i16>,
    near: Vec<i16>,
}

pub(crate) struct Figures {
    /// In dB, from the third second on, while the handset speaks alone.
    pub(crate) enhancement: f32,
    /// The end of the first half second in which the echo was 20 dB weaker.
    pub(crate) converged_after: Option<f32>,
    /// In dB: the visitor's, against a handset that is silent.
    pub(crate) loss: f32,
    /// In percent of a core.
    pub(crate) cpu: f64,
}

impl Figures {
    pub(crate) fn worse(self, other: Self) -> Self {
        let converged = self.converged_after.zip(other.converged_after);
        Self {
            enhancement: self.enhancement.min(other.enhancement),
            converged_after: converged.map(|(one, other)| one.max(other)),
            loss: self.loss.max(other.loss),
            cpu: self.cpu.max(other.cpu),
        }
    }
}

impl Scene {
    pub(crate) fn new(voices: &Voices, place: Place, seed: u64) -> Self {
        let Place { ring_s, delay_ms, loss_db, ppm } = place;
        let played = room::loudspeaker(&voices.handset);
        let drifting = if ppm == 0.0 { played } else { room::resample(&played, 1.0 - ppm * 1e-6) };
        let mut echo = Room::new(ring_s, delay_ms, loss_db, seed).echo(&drifting);
        echo.resize(voices.handset.len(), 0.0);
        let mut near = voices.visitor.clone();
        let street: Vec<_> = Noise(3).map(|value| value * 0.001).take(near.len()).collect();
        add(&mut near, &street);
        let mut heard = near.clone();
        add(&mut heard, &echo);
        Self { far: pcm(&voices.handset), heard: pcm(&heard), near: pcm(&near) }
    }

    pub(crate) fn play(&self, make: Make) -> Figures {
        let began = cpu();
        let sent = through(make, &self.far, &self.heard);
        let spent = cpu() - began;
        let silence = vec![0; self.far.len()];
        let alone = through(make, &silence, &self.near);
        let heard = float(&self.heard);
        let weaker = |from: usize, to: usize| level(&heard[from..to]) - level(&sent[from..to]);
        let (begin, end) = (2 * RATE, ALONE_S * RATE);
        let windows = (0..end - RATE / 2).step_by(RATE / 10);
        let converged = windows
            .map(|from| (from, from + RATE / 2))
            .find(|(from, to)| level(&heard[*from..*to]) > -40.0 && weaker(*from, *to) >= 20.0);
        Figures {
            enhancement: weaker(begin, end),
            converged_after: converged.map(|(_, to)| to as f32 / RATE as f32),
            loss: loss(&alone[end..], &sent[end..]),
            cpu: 100.0 * spent / (sent.len() as f64 / RATE as f64),
        }
    }
}

fn through(make: Make, far: &[i16], heard: &[i16]) -> Vec<f32> {
    let mut canceller = make();
    let pairs = far.chunks_exact(BLOCK).zip(heard.chunks_exact(BLOCK));
    let sent: Vec<_> = pairs.flat_map(|(far, heard)| canceller.pass(far, heard)).collect();
    float(&sent)
}

/// Of all threads: GStreamer has its own.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn pcm(sound: &[f32]) -> Vec<i16> {
    sound.iter().map(|value| (value.clamp(-1.0, 1.0) * 32767.0) as i16).collect()
}

fn float(pcm: &[i16]) -> Vec<f32> {
    pcm.iter().map(|sample| f32::from(*sample) / 32768.0).collect()
}
