// SPDX-License-Identifier: MIT OR Apache-2.0
//! A sweep that is found again in whatever a microphone makes of it: soft, late, with an echo, in noise.

use std::{f32::consts::TAU, ops::Range};

use sonora_fft::fft4g::Fft4g;

use super::blocks::{self, RATE};

/// The band of voices, each octave for as long as the next.
const FROM_HZ: f32 = 300.0;
const TO_HZ: f32 = 7000.0;
/// As loud as somebody who speaks.
const LOUDNESS: f32 = 0.2;
const FADE: f32 = 480.0;

/// In samples.
pub(super) const LENGTH: usize = RATE as usize / 2;
/// What is searched at once, 1.4 s of sound.
pub(super) const SEARCHED: usize = 1 << 16;

/// How far the phases must agree for a chirp, in standard deviations of what they do by chance. Noise comes to six, the
/// two ends of a beep to nine, a chirp as loud as the noise to far more than this.
const BEYOND_CHANCE: f32 = 14.0;

/// Around the first arrival: what belongs to it, most of what walls give back included, and what may.
const BEFORE: usize = RATE as usize / 500;
const NEAR: usize = RATE as usize / 25;
const RINGING: usize = RATE as usize / 4;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    /// The sample with which it begins.
    pub(super) at: usize,
    /// What became of its loudness on the way, in dB.
    pub(super) gain: f32,
}

/// Silence beyond its end.
#[expect(clippy::cast_precision_loss, reason = "half a second of samples")]
pub(super) fn sample(at: usize) -> f32 {
    if at >= LENGTH {
        return 0.0;
    }
    let (at, length) = (at as f32, LENGTH as f32);
    let octaves = (TO_HZ / FROM_HZ).ln();
    let seconds = length / RATE as f32;
    let cycles = FROM_HZ * seconds / octaves * ((octaves * at / length).exp() - 1.0);
    let fade = (at.min(length - at) / FADE).min(1.0);
    LOUDNESS * fade * (TAU * cycles.fract()).sin()
}

/// While it lasts, in dB below full scale.
pub(super) fn level() -> f32 {
    level_of((0..LENGTH).map(sample))
}

#[expect(clippy::cast_precision_loss, reason = "seconds of samples")]
pub(super) fn level_of(samples: impl ExactSizeIterator<Item = f32>) -> f32 {
    let count = samples.len().max(1) as f32;
    10.0 * (samples.map(|value| value * value).sum::<f32>() / count).log10()
}

/// Two questions, since noise answers one of them alike: whether the phases are those of a chirp, whatever is loud
/// besides it, and then how much of its power is there.
pub(super) fn find(recording: &[i16]) -> Option<Found> {
    let fft = Fft4g::new(SEARCHED);
    let chirp = spectrum(&fft, (0..LENGTH).map(sample));
    let heard = spectrum(&fft, recording.iter().copied().map(blocks::from_pcm));
    let phases = unchirped(&fft, &heard, &chirp, |heard, chirp| 1.0 / (heard * chirp));
    let at = peak(&phases)?;
    // Each arrival becomes a click of the same power, and noise stays as it is.
    let clicks = unchirped(&fft, &heard, &chirp, |_, chirp| 1.0 / chirp);
    let own = unchirped(&fft, &chirp, &chirp, |_, chirp| 1.0 / chirp);
    let power = power_at(&clicks, at) / power_at(&own, 0);
    (power > 0.0).then(|| Found { at, gain: 10.0 * power.log10() })
}

fn spectrum(fft: &Fft4g, samples: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut values = vec![0.0; SEARCHED];
    values.iter_mut().zip(samples).for_each(|(value, sample)| *value = sample);
    fft.rdft(&mut values);
    values
}

/// As if the chirp had been a click; `weigh` is told how loud either is at a frequency.
fn unchirped(
    fft: &Fft4g,
    heard: &[f32],
    chirp: &[f32],
    weigh: impl Fn(f32, f32) -> f32,
) -> Vec<f32> {
    let mut values = vec![0.0; SEARCHED];
    let pairs = heard.as_chunks::<2>().0.iter().zip(chirp.as_chunks::<2>().0);
    let bins = values.as_chunks_mut::<2>().0.iter_mut().zip(pairs).enumerate();
    let band = band();
    for (_, (value, ([a, b], [c, d]))) in bins.filter(|(bin, _)| band.contains(bin)) {
        let weight = weigh(a.hypot(*b), c.hypot(*d));
        if weight.is_finite() {
            *value = [weight * (a * c + b * d), weight * (b * c - a * d)];
        }
    }
    fft.irdft(&mut values);
    values
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "frequencies are small and positive"
)]
fn band() -> Range<usize> {
    let bin = |hz: f32| (hz * SEARCHED as f32 / RATE as f32) as usize;
    bin(FROM_HZ)..bin(TO_HZ)
}

/// Where all agree, if they do. A loudspeaker may be wired the other way round.
#[expect(clippy::cast_precision_loss, reason = "seconds of samples")]
fn peak(phases: &[f32]) -> Option<usize> {
    let chance = (phases.iter().map(|value| value * value).sum::<f32>() / SEARCHED as f32).sqrt();
    let arrivals = phases.iter().take(SEARCHED - LENGTH).map(|value| value.abs()).enumerate();
    let (at, agreed) = arrivals.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (agreed > BEYOND_CHANCE * chance).then_some(at)
}

/// Of what arrives then, without the noise that is there anyway. Time goes round in circles here.
#[expect(clippy::cast_precision_loss, reason = "seconds of samples")]
fn power_at(clicks: &[f32], at: usize) -> f32 {
    let from = |ahead: usize| (SEARCHED + at - BEFORE + ahead) % SEARCHED;
    let power = |ahead: usize| clicks.get(from(ahead)).map_or(0.0, |value| value * value);
    let near = (0..BEFORE + NEAR).map(power).sum::<f32>();
    let elsewhere = BEFORE + RINGING..SEARCHED;
    let count = elsewhere.len() as f32;
    let noise = elsewhere.map(power).sum::<f32>() / count;
    near - noise * (BEFORE + NEAR) as f32
}

#[cfg(test)]
mod tests {
    use proptest::{
        prelude::*,
        test_runner::{TestCaseResult, TestRunner},
    };

    use super::*;

    const CASES: u32 = 24;
    const MS: usize = RATE as usize / 1000;
    /// Of silence before it.
    const LEAD: usize = 9600;

    /// White, -1 to 1.
    fn noise(seed: u64) -> impl Iterator<Item = f32> {
        let mut state = seed | 1;
        std::iter::from_fn(move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            Some((state >> 40) as f32 / (1 << 23) as f32 - 1.0)
        })
    }

    fn factor(db: f32) -> f32 {
        10f32.powf(db / 20.0)
    }

    fn recorded(samples: impl Iterator<Item = f32>) -> Vec<i16> {
        samples.take(SEARCHED).map(blocks::to_pcm).collect()
    }

    fn chirp_at(begin: usize) -> impl Iterator<Item = f32> {
        (0..).map(move |at: usize| at.checked_sub(begin).map_or(0.0, sample))
    }

    fn close(found: Option<Found>, at: usize, gain: f32) -> Result<(), TestCaseError> {
        let found = found.ok_or_else(|| TestCaseError::fail("not heard"))?;
        prop_assert!(found.at.abs_diff(at) <= MS, "{found:?} instead of at {at}");
        prop_assert!((found.gain - gain).abs() <= 1.0, "{found:?} instead of {gain} dB");
        Ok(())
    }

    /// Each case is more than a second of sound: not as many as elsewhere, whatever the environment says.
    fn property<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> TestCaseResult) {
        let config = ProptestConfig { cases: CASES, ..ProptestConfig::default() };
        TestRunner::new(config).run(strategy, test).unwrap();
    }

    #[test]
    fn a_chirp_is_measured_however_late_soft_and_noisy_it_comes() {
        // How many dB the chirp is over the noise in its band, last but two.
        let all = (0..=300_usize, -50.0..=0.0_f32, 0.0..=60.0_f32, any::<bool>(), any::<u64>());
        property(&all, |(delay_ms, gain, clearance, inverted, seed)| {
            let at = LEAD + delay_ms * MS;
            // White noise has a third of its voltage squared as power, and 28 % of that in the band.
            let loud = factor(level() + gain - clearance) * (3.0 / 0.28_f32).sqrt();
            let sign = if inverted { -1.0 } else { 1.0 };
            let heard = chirp_at(at).map(|value| sign * factor(gain) * value);
            let heard = heard.zip(noise(seed)).map(|(value, noise)| value + loud * noise);
            close(find(&recorded(heard)), at, gain)
        });
    }

    #[test]
    fn noise_is_no_chirp() {
        property(&(0.0..=1.0_f32, any::<u64>()), |(loudness, seed)| {
            let found = find(&recorded(noise(seed).map(|value| loudness * value)));
            prop_assert_eq!(found, None);
            Ok(())
        });
    }

    fn beep(hz: f32, lasts: usize, from: usize, seed: u64) -> Vec<i16> {
        let tone = |at: usize| 0.5 * (TAU * hz * at as f32 / RATE as f32).sin();
        let beep = (0..).map(|at| if (from..from + lasts).contains(&at) { tone(at) } else { 0.0 });
        recorded(beep.zip(noise(seed)).map(|(value, noise)| value + 0.001 * noise))
    }

    #[test]
    fn beeps_and_bangs_are_no_chirp() {
        let all = (200.0..8000.0_f32, 1..48_000_usize, 0..40_000_usize, any::<u64>());
        property(&all, |(hz, lasts, from, seed)| {
            prop_assert_eq!(find(&beep(hz, lasts, from, seed)), None);
            Ok(())
        });
        // Its beginning and its end together are most like a chirp.
        assert_eq!(find(&beep(4480.5967, 844, 38_737, 0)), None);
    }

    #[test]
    fn what_is_buried_is_not_heard_rather_than_measured_wrongly() {
        property(&(-60.0..=0.0_f32, -60.0..=0.0_f32, any::<u64>()), |(gain, clearance, seed)| {
            let loud = factor(level() + gain - clearance) * (3.0 / 0.28_f32).sqrt();
            let scale = 0.5_f32.min(0.5 / loud);
            let heard = chirp_at(LEAD).map(|value| factor(gain) * value);
            let heard = heard.zip(noise(seed)).map(|(value, noise)| scale * (value + loud * noise));
            if let Some(found) = find(&recorded(heard)) {
                prop_assert!(found.at.abs_diff(LEAD) <= MS, "{:?}", found);
                let gain = gain + 20.0 * scale.log10();
                prop_assert!((found.gain - gain).abs() <= 4.0, "{:?}", found);
            }
            Ok(())
        });
    }

    #[test]
    fn noise_that_is_louder_does_not_make_the_chirp_any_louder() {
        // Twice the voltage, in the band.
        let loud = factor(level() - 20.0 + 6.0) * (3.0 / 0.28_f32).sqrt();
        let gain = |seed| {
            let heard = chirp_at(LEAD).map(|value| factor(-20.0) * value).zip(noise(seed));
            find(&recorded(heard.map(|(value, noise)| value + loud * noise))).unwrap().gain
        };
        let mean = (1..=5).map(gain).sum::<f32>() / 5.0;
        assert!((mean + 20.0).abs() < 0.5, "{mean}");
    }

    #[test]
    fn silence_is_no_chirp() {
        assert_eq!(find(&[]), None);
        assert_eq!(find(&[0; SEARCHED]), None);
    }

    #[test]
    fn a_bang_is_no_chirp() {
        let mut bang = vec![0; SEARCHED];
        bang[LEAD] = i16::MAX;
        assert_eq!(find(&bang), None);
    }

    #[test]
    fn a_room_that_answers_adds_to_what_is_heard_and_not_to_the_delay() {
        // The walls are 7 and 19 ms away, and each takes half.
        let heard = chirp_at(LEAD).zip(chirp_at(LEAD + 7 * MS)).zip(chirp_at(LEAD + 19 * MS));
        let heard = heard.map(|((direct, near), far)| 0.1 * direct + 0.05 * near - 0.05 * far);
        let together = 10.0 * (0.01_f32 + 0.0025 + 0.0025).log10();
        close(find(&recorded(heard)), LEAD, together).unwrap();
    }

    #[test]
    fn two_clocks_that_differ_do_not_hide_it() {
        let drift = 1.0 + 100e-6;
        let heard = (0..SEARCHED).map(|at| {
            let at = (at as f32 * drift) - LEAD as f32;
            if at < 0.0 {
                0.0
            } else {
                let (whole, part) = (at as usize, at.fract());
                0.1 * ((1.0 - part) * sample(whole) + part * sample(whole + 1))
            }
        });
        close(find(&recorded(heard)), LEAD, -20.0).unwrap();
    }
}
