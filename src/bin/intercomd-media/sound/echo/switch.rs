// SPDX-License-Identifier: MIT OR Apache-2.0
//! Voice switching: one way at a time. Whoever speaks has the line, the other way is attenuated, and together both ways
//! always lose as much: whatever loudspeaker and microphone do to each other, it cannot grow.

use super::floor::Floor;

/// In dB, of both ways together.
pub(crate) const DEPTH: f32 = 40.0;
/// Blocks from one end to the other: fast enough for a first syllable, slow enough not to click.
const TURN: f32 = 3.0;
/// Blocks in which it begins or ends altogether.
const ENTRY: f32 = 20.0;
/// In dB below full scale, and above the noise: a voice.
const FAR_VOICE: f32 = -50.0;
const NEAR_VOICE: f32 = -55.0;
const RISE: f32 = 10.0;
/// Blocks for which a silent speaker keeps the line: longer than between words.
const HANG_OVER: u32 = 30;
/// Blocks for which somebody must be louder to take the line from a speaker.
const BREAK_IN: u32 = 6;
const LOUDER: f32 = 6.0;
/// In dB for a block: how an echo dies away in a room and a word in a memory, and how the echo's strength is learnt.
const DECAY: f32 = 1.0;
const LEARN_UP: f32 = 0.5;
const LEARN_DOWN: f32 = 0.05;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Loudspeaker,
    /// Also when nobody speaks: a visitor is heard from the first syllable.
    Microphone,
}

/// Factors for both ways.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gains {
    pub(crate) near: f32,
    pub(crate) far: f32,
}

#[derive(Debug)]
pub(crate) struct VoiceSwitch {
    holder: Holder,
    /// In dB now: of both ways together, and the microphone's share of it.
    depth: f32,
    share: f32,
    far: Floor,
    near: Floor,
    /// What was played, as its echo may still be heard, and how much of it comes back.
    echo: f32,
    coupling: f32,
    /// The microphone's last words.
    said: f32,
    silent: u32,
    louder: u32,
}

impl VoiceSwitch {
    pub(crate) fn new(engaged: bool) -> Self {
        Self {
            holder: Holder::Microphone,
            depth: if engaged { DEPTH } else { 0.0 },
            share: 0.0,
            far: Floor::default(),
            near: Floor::default(),
            echo: super::SILENCE,
            coupling: 0.0,
            said: super::SILENCE,
            silent: 0,
            louder: 0,
        }
    }

    /// For the next block, by the levels of this one: of what the handsets say and of what the microphone brings.
    pub(crate) fn next(&mut self, engaged: bool, far: f32, near: f32) -> Gains {
        let far_speaks = self.far.rise(far) > RISE && far > FAR_VOICE;
        let rise = self.near.rise(near);
        let played = far - self.depth * (1.0 - self.share);
        self.echo = played.max(self.echo - DECAY);
        let expected = self.echo + self.coupling;
        let near_speaks = rise > RISE && near > NEAR_VOICE && near > expected + LOUDER;
        self.learn(far_speaks, near - self.echo);
        self.said = near.max(self.said - DECAY);
        self.turn(far_speaks, near_speaks, far > self.said + LOUDER);
        self.gains(engaged)
    }

    /// Only of what is played in full: otherwise the microphone hears the visitor alone.
    fn learn(&mut self, far_speaks: bool, comes_back: f32) {
        if far_speaks && self.holder == Holder::Loudspeaker {
            self.coupling += (comes_back - self.coupling).clamp(-LEARN_DOWN, LEARN_UP);
        }
    }

    fn turn(&mut self, far_speaks: bool, near_speaks: bool, far_louder: bool) {
        let (speaks, other, other_louder) = match self.holder {
            Holder::Loudspeaker => (far_speaks, near_speaks, near_speaks),
            Holder::Microphone => (near_speaks, far_speaks, far_louder),
        };
        self.silent = if speaks { 0 } else { self.silent.saturating_add(1) };
        self.louder = if other && other_louder { self.louder + 1 } else { 0 };
        let is_over = self.silent > HANG_OVER;
        let next = match self.holder {
            Holder::Loudspeaker if is_over || self.louder > BREAK_IN => Holder::Microphone,
            Holder::Microphone if other && (is_over || self.louder > BREAK_IN) => {
                Holder::Loudspeaker
            }
            same @ (Holder::Loudspeaker | Holder::Microphone) => same,
        };
        if next != self.holder {
            (self.holder, self.silent, self.louder) = (next, 0, 0);
        }
    }

    fn gains(&mut self, engaged: bool) -> Gains {
        let depth = if engaged { DEPTH } else { 0.0 };
        self.depth += (depth - self.depth).clamp(-DEPTH / ENTRY, DEPTH / ENTRY);
        let share = if self.holder == Holder::Loudspeaker { 1.0 } else { 0.0 };
        self.share += (share - self.share).clamp(-1.0 / TURN, 1.0 / TURN);
        let factor = |share: f32| 10f32.powf(-self.depth * share / 20.0);
        Gains { near: factor(self.share), far: factor(1.0 - self.share) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const QUIET: f32 = -70.0;
    const OPEN: Gains = Gains { near: 1.0, far: 0.01 };
    const SHUT: Gains = Gains { near: 0.01, far: 1.0 };

    fn after(switch: &mut VoiceSwitch, blocks: usize, far: f32, near: f32) -> Gains {
        (0..blocks).map(|_| switch.next(true, far, near)).last().unwrap()
    }

    fn close(one: Gains, other: Gains) -> bool {
        (one.near - other.near).abs() < 1e-3 && (one.far - other.far).abs() < 1e-3
    }

    #[test]
    fn between_words_the_microphone_has_the_line() {
        assert!(close(after(&mut VoiceSwitch::new(true), 1, QUIET, QUIET), OPEN));
    }

    #[test]
    fn whoever_speaks_has_the_line_within_50_ms_of_a_pause() {
        let mut switch = VoiceSwitch::new(true);
        after(&mut switch, 100, QUIET, QUIET);
        assert!(close(after(&mut switch, 5, -25.0, QUIET), SHUT));
        let pause = after(&mut switch, 20, QUIET, QUIET);
        assert!(close(pause, SHUT), "a pause between words changes nothing: {pause:?}");
        assert!(close(after(&mut switch, 20, QUIET, QUIET), OPEN));
    }

    #[test]
    fn an_echo_does_not_take_the_line_and_a_visitor_who_is_louder_does() {
        let mut switch = VoiceSwitch::new(true);
        after(&mut switch, 100, QUIET, QUIET);
        after(&mut switch, 5, -25.0, QUIET);
        assert!(close(after(&mut switch, 300, -25.0, -22.0), SHUT), "the echo is 3 dB louder");
        assert!(close(after(&mut switch, 12, -25.0, -10.0), OPEN));
    }

    #[test]
    fn a_visitor_who_speaks_is_interrupted_by_whoever_is_louder_only() {
        let mut switch = VoiceSwitch::new(true);
        after(&mut switch, 100, QUIET, QUIET);
        assert!(close(after(&mut switch, 50, -90.0, -25.0), OPEN));
        assert!(close(after(&mut switch, 50, -25.0, -25.0), OPEN));
        for _ in 0..20 {
            assert!(close(after(&mut switch, 10, -25.0, -20.0), OPEN));
            assert!(close(after(&mut switch, 10, -25.0, QUIET), OPEN), "a pause between words");
        }
        assert!(close(after(&mut switch, 20, -5.0, -25.0), SHUT));
    }

    #[test]
    fn where_it_is_not_wanted_both_ways_are_open() {
        let mut switch = VoiceSwitch::new(false);
        let open = Gains { near: 1.0, far: 1.0 };
        assert_eq!(switch.next(false, -20.0, -20.0), open);
        after(&mut switch, 100, -20.0, QUIET);
        let gone = (0..30).map(|_| switch.next(false, -20.0, QUIET)).last();
        assert_eq!(gone, Some(open));
    }

    proptest! {
        #[test]
        fn whatever_is_said_both_ways_together_lose_as_much(
            levels in proptest::collection::vec((-90f32..0.0, -90f32..0.0), 1..400),
        ) {
            let mut switch = VoiceSwitch::new(true);
            let mut last = OPEN;
            for (far, near) in levels {
                let gains = switch.next(true, far, near);
                let loss = -20.0 * (gains.near * gains.far).log10();
                prop_assert!((loss - DEPTH).abs() < 0.01, "{loss} dB");
                let turned = 20.0 * (gains.near / last.near).log10().abs();
                prop_assert!(turned < DEPTH / TURN + 0.01, "{turned} dB at once");
                last = gains;
            }
        }
    }
}
