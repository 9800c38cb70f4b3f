// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether cancelling is good enough to let both speak at once: not where clocks drift apart by much, the room rings for
//! long, or the loudspeaker rattles.

use super::floor::Floor;

/// A handset that speaks, at the loudspeaker, in dB below full scale.
pub(super) const SPEAKS: f32 = -45.0;
/// What is left stands out of the noise at the door by so much, or nobody minds it.
const HEARD: f32 = 10.0;
/// What a canceller that works takes off an echo at the least.
const ENOUGH: f32 = 15.0;
/// Blocks of a handset's speech that are judged together: 0.2 s.
const WINDOW: u32 = 20;
/// Windows: two who speak at once look like an echo, but not for three seconds of speech more than they do not.
const POOR: u32 = 15;

#[derive(Debug, Default)]
pub(crate) struct Judge {
    floor: Floor,
    blocks: u32,
    /// Sums of power.
    before: f32,
    after: f32,
    echoes: u32,
    evidence: u32,
    poor: bool,
}

impl Judge {
    /// Levels of what was played, of the microphone, and of what is left of it. True where it is poor.
    pub(crate) fn hear(&mut self, played: f32, before: f32, after: f32) -> bool {
        let noise = before - self.floor.rise(before);
        if played > SPEAKS {
            self.blocks += 1;
            self.echoes += u32::from(after - noise > HEARD);
            self.before += power(before);
            self.after += power(after);
        }
        if self.blocks == WINDOW {
            self.decide();
        }
        self.poor
    }

    fn decide(&mut self) {
        let attenuation = 10.0 * (self.before / self.after).log10();
        let good = self.echoes < WINDOW / 2 || attenuation > ENOUGH;
        self.evidence = match good {
            true => self.evidence.saturating_sub(1),
            false => (self.evidence + 1).min(POOR),
        };
        self.poor = match self.evidence {
            0 => false,
            POOR => true,
            _ => self.poor,
        };
        (self.blocks, self.echoes, self.before, self.after) = (0, 0, 0.0, 0.0);
    }
}

pub(super) fn power(level: f32) -> f32 {
    10f32.powf(level / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of a handset that speaks; what the judge says at the end.
    fn after(judge: &mut Judge, seconds: u32, before: f32, left: f32) -> bool {
        (0..seconds * 100).fold(false, |_, _| judge.hear(-20.0, before, left))
    }

    #[test]
    fn an_echo_that_stays_is_poor_and_one_that_goes_is_good_again() {
        let mut judge = Judge::default();
        assert!(!after(&mut judge, 2, -20.0, -25.0), "three seconds are not over");
        assert!(after(&mut judge, 2, -20.0, -25.0));
        assert!(after(&mut judge, 2, -20.0, -50.0), "three seconds are not over");
        assert!(!after(&mut judge, 2, -20.0, -50.0));
    }

    #[test]
    fn without_an_echo_there_is_nothing_poor() {
        assert!(!after(&mut Judge::default(), 60, -58.0, -58.0));
    }

    #[test]
    fn a_visitor_who_speaks_alone_is_no_echo() {
        let mut judge = Judge::default();
        assert!(!(0..6000).fold(false, |_, _| judge.hear(-90.0, -20.0, -20.0)));
    }

    #[test]
    fn both_speaking_at_once_is_not_poor_while_pauses_show_that_cancelling_works() {
        let mut judge = Judge::default();
        for second in 0..60 {
            let left = if second % 2 == 0 { -21.0 } else { -50.0 };
            assert!(!after(&mut judge, 1, -20.0, left), "in second {second}");
        }
    }
}
