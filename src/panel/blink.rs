// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a light does over time. A steady light has no next change, so it wakes nobody.

use std::time::Duration;

use crate::core::status::Pattern;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    pub lit: bool,
    /// Counted from the start of the pattern.
    pub next_change: Option<Duration>,
}

/// Milliseconds lit and dark in turn, beginning lit, repeated for ever.
///
/// Nothing here flashes more than three times in any second: faster flashing is a danger to
/// people with photosensitive epilepsy (WCAG 2.3.1).
const fn cycle(pattern: Pattern) -> Result<&'static [u64], Steady> {
    match pattern {
        Pattern::Off => Err(Steady { lit: false }),
        Pattern::On => Err(Steady { lit: true }),
        Pattern::BlinkSlow => Ok(&[1000, 1000]),
        Pattern::Blink => Ok(&[500, 500]),
        Pattern::BlinkFast => Ok(&[200, 200]),
        Pattern::Flash => Ok(&[100, 1900]),
        Pattern::DoubleFlash => Ok(&[100, 150, 100, 1650]),
        Pattern::TripleFlash => Ok(&[100, 150, 100, 150, 100, 1400]),
    }
}

struct Steady {
    lit: bool,
}

#[must_use]
pub fn phase(pattern: Pattern, elapsed: Duration) -> Phase {
    let steps = match cycle(pattern) {
        Ok(steps) => steps,
        Err(Steady { lit }) => return Phase { lit, next_change: None },
    };
    let length = Duration::from_millis(steps.iter().sum());
    let into_cycle = Duration::from_nanos(
        u64::try_from(elapsed.as_nanos() % length.as_nanos()).unwrap_or_default(),
    );
    let mut lit = true;
    let mut end = Duration::ZERO;
    for step in steps {
        end += Duration::from_millis(*step);
        if into_cycle < end {
            break;
        }
        lit = !lit;
    }
    Phase { lit, next_change: Some(elapsed.saturating_add(end - into_cycle)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times at which the light changes, and to what, up to `until_ms`.
    fn changes(pattern: Pattern, until_ms: u64) -> Vec<(u64, bool)> {
        let mut seen = Vec::new();
        let mut elapsed = Duration::ZERO;
        loop {
            let now = phase(pattern, elapsed);
            seen.push((u64::try_from(elapsed.as_millis()).unwrap(), now.lit));
            match now.next_change {
                Some(next) if next < Duration::from_millis(until_ms) => elapsed = next,
                Some(_) | None => return seen,
            }
        }
    }

    #[test]
    fn a_steady_light_never_changes() {
        for elapsed in [0, 1, 86_400_000].map(Duration::from_millis) {
            assert_eq!(phase(Pattern::Off, elapsed), Phase { lit: false, next_change: None });
            assert_eq!(phase(Pattern::On, elapsed), Phase { lit: true, next_change: None });
        }
    }

    #[test]
    fn a_pattern_begins_lit_so_that_a_press_is_answered_at_once() {
        for pattern in Pattern::ALL.iter().filter(|p| **p != Pattern::Off) {
            assert!(phase(*pattern, Duration::ZERO).lit, "{pattern}");
        }
    }

    #[test]
    fn a_double_flash_is_two_short_flashes_and_a_pause() {
        assert_eq!(
            changes(Pattern::DoubleFlash, 2101),
            [(0, true), (100, false), (250, true), (350, false), (2000, true), (2100, false)]
        );
    }

    #[test]
    fn a_flash_comes_every_two_seconds() {
        assert_eq!(
            changes(Pattern::Flash, 4001),
            [(0, true), (100, false), (2000, true), (2100, false), (4000, true)]
        );
    }

    #[test]
    fn a_late_look_finds_the_level_of_its_own_time() {
        let late = phase(Pattern::Blink, Duration::from_millis(7_700));
        assert_eq!(late, Phase { lit: false, next_change: Some(Duration::from_secs(8)) });
    }

    #[test]
    fn no_pattern_flashes_more_than_three_times_in_a_second() {
        for pattern in Pattern::ALL {
            let flashes: Vec<u64> =
                changes(*pattern, 10_000).into_iter().filter(|c| c.1).map(|c| c.0).collect();
            for four in flashes.windows(4) {
                assert!(four[3] - four[0] >= 1000, "{pattern} flashes at {four:?}");
            }
        }
    }

    #[test]
    fn the_next_change_is_always_later_and_always_a_change() {
        for pattern in Pattern::ALL {
            for ms in 0..4_100 {
                let elapsed = Duration::from_millis(ms);
                let here = phase(*pattern, elapsed);
                let Some(next) = here.next_change else { continue };
                assert!(next > elapsed);
                assert_eq!(phase(*pattern, next).lit, !here.lit, "{pattern} at {ms} ms");
            }
        }
    }
}
