// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which outputs should be active now. It needs nobody to end a pulse: a relay's end comes with
//! the command that starts it.

use std::collections::BTreeMap;

use super::{Output, PanelCommand, blink};
use crate::core::{Moment, effect::Drive, status::Pattern};

/// Call `handle_timeout` at `poll_timeout`, then make the lines what `levels` says.
#[derive(Clone, Debug)]
pub struct Driver {
    outputs: BTreeMap<Output, Driven>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Driven {
    Inactive,
    Pulse { until: Moment },
    Pattern { pattern: Pattern, since: Moment, phase: blink::Phase },
}

impl Driven {
    fn pattern(pattern: Pattern, since: Moment, now: Moment) -> Self {
        Self::Pattern { pattern, since, phase: blink::phase(pattern, now.since(since)) }
    }

    fn is_active(self) -> bool {
        match self {
            Self::Inactive => false,
            Self::Pulse { .. } => true,
            Self::Pattern { phase, .. } => phase.lit,
        }
    }

    fn next_change(self) -> Option<Moment> {
        match self {
            Self::Inactive => None,
            Self::Pulse { until } => Some(until),
            Self::Pattern { since, phase, .. } => phase.next_change.map(|after| since + after),
        }
    }

    fn at(self, now: Moment) -> Self {
        match self {
            Self::Pulse { until } if until <= now => Self::Inactive,
            Self::Inactive | Self::Pulse { .. } => self,
            Self::Pattern { pattern, since, .. } => Self::pattern(pattern, since, now),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not wired to anything")]
pub struct NotWired(pub Output);

impl Driver {
    /// Everything inactive.
    pub fn new(outputs: impl IntoIterator<Item = Output>) -> Self {
        Self { outputs: outputs.into_iter().map(|output| (output, Driven::Inactive)).collect() }
    }

    /// The newest command of an output decides alone; what an older one promised is forgotten.
    pub fn handle(&mut self, now: Moment, command: &PanelCommand) -> Result<(), NotWired> {
        let output = command.output();
        let Some(driven) = self.outputs.get_mut(&output) else { return Err(NotWired(output)) };
        *driven = match (command, *driven) {
            (PanelCommand::Relay { drive: Drive::Off, .. }, _) => Driven::Inactive,
            (PanelCommand::Relay { drive: Drive::On { at_most }, .. }, _) => {
                Driven::Pulse { until: now + *at_most }
            }
            // Said again, a pattern goes on where it is instead of stuttering.
            (PanelCommand::Light { pattern, .. }, Driven::Pattern { pattern: old, .. })
                if *pattern == old =>
            {
                *driven
            }
            (PanelCommand::Light { pattern, .. }, _) => Driven::pattern(*pattern, now, now),
        };
        *driven = driven.at(now);
        Ok(())
    }

    pub fn handle_timeout(&mut self, now: Moment) {
        for driven in self.outputs.values_mut() {
            *driven = driven.at(now);
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Option<Moment> {
        self.outputs.values().filter_map(|driven| driven.next_change()).min()
    }

    /// Relays first.
    pub fn levels(&self) -> impl Iterator<Item = (&Output, bool)> {
        self.outputs.iter().map(|(output, driven)| (output, driven.is_active()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::core::{DoorName, LightName};

    fn relay(door: &str) -> Output {
        Output::Relay(door.parse::<DoorName>().unwrap())
    }

    fn on(door: &str, ms: u64) -> PanelCommand {
        let at_most = Duration::from_millis(ms);
        PanelCommand::Relay { door: door.parse().unwrap(), drive: Drive::On { at_most } }
    }

    fn off(door: &str) -> PanelCommand {
        PanelCommand::Relay { door: door.parse().unwrap(), drive: Drive::Off }
    }

    fn light(pattern: Pattern) -> PanelCommand {
        PanelCommand::Light { light: "call".parse().unwrap(), pattern }
    }

    fn driver() -> Driver {
        let call = Output::Light("call".parse::<LightName>().unwrap());
        Driver::new([relay("front"), relay("gate"), call])
    }

    fn active(driver: &Driver) -> Vec<String> {
        driver.levels().filter(|l| l.1).map(|l| l.0.to_string()).collect()
    }

    fn at(ms: u64) -> Moment {
        Moment::from_millis(ms)
    }

    #[test]
    fn a_pulse_ends_by_itself_at_its_deadline() {
        let mut driver = driver();
        driver.handle(at(100), &on("front", 3000)).unwrap();
        assert_eq!(driver.poll_timeout(), Some(at(3100)));
        driver.handle_timeout(at(3099));
        assert_eq!(active(&driver), ["doors.front.relay"]);
        driver.handle_timeout(at(3100));
        assert_eq!(active(&driver), [""; 0]);
        assert_eq!(driver.poll_timeout(), None);
    }

    #[test]
    fn off_ends_a_pulse_at_once_and_leaves_the_other_door_alone() {
        let mut driver = driver();
        driver.handle(at(0), &on("front", 3000)).unwrap();
        driver.handle(at(0), &on("gate", 5000)).unwrap();
        driver.handle(at(1), &off("front")).unwrap();
        assert_eq!(active(&driver), ["doors.gate.relay"]);
        assert_eq!(driver.poll_timeout(), Some(at(5000)));
    }

    #[test]
    fn a_second_pulse_sets_a_new_end_later_or_earlier() {
        let mut driver = driver();
        driver.handle(at(0), &on("front", 3000)).unwrap();
        driver.handle(at(1000), &on("front", 3000)).unwrap();
        assert_eq!(driver.poll_timeout(), Some(at(4000)));
        driver.handle(at(1500), &on("front", 100)).unwrap();
        assert_eq!(driver.poll_timeout(), Some(at(1600)));
    }

    #[test]
    fn a_pulse_of_no_length_is_never_active() {
        let mut driver = driver();
        driver.handle(at(7), &on("front", 0)).unwrap();
        assert_eq!(active(&driver), [""; 0]);
    }

    #[test]
    fn an_idle_panel_wakes_nobody() {
        let mut driver = driver();
        assert_eq!(driver.poll_timeout(), None);
        driver.handle(at(0), &light(Pattern::On)).unwrap();
        assert_eq!(driver.poll_timeout(), None);
        assert_eq!(active(&driver), ["lights.call"]);
    }

    #[test]
    fn a_pattern_said_again_keeps_its_rhythm() {
        let mut driver = driver();
        driver.handle(at(0), &light(Pattern::Blink)).unwrap();
        driver.handle(at(400), &light(Pattern::Blink)).unwrap();
        assert_eq!(driver.poll_timeout(), Some(at(500)));
        driver.handle(at(450), &light(Pattern::BlinkFast)).unwrap();
        assert_eq!(driver.poll_timeout(), Some(at(650)));
    }

    #[test]
    fn a_command_for_an_unknown_output_is_refused() {
        assert_eq!(driver().handle(at(0), &on("attic", 1)), Err(NotWired(relay("attic"))));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Command(PanelCommand),
        Timeout,
    }

    fn steps() -> impl Strategy<Value = Vec<(u64, Step)>> {
        let door = || prop_oneof![Just("front"), Just("gate")];
        let step = prop_oneof![
            (door(), 0..4000_u64).prop_map(|(door, ms)| Step::Command(on(door, ms))),
            door().prop_map(|door| Step::Command(off(door))),
            (0..Pattern::ALL.len()).prop_map(|i| Step::Command(light(Pattern::ALL[i]))),
            Just(Step::Timeout),
        ];
        prop::collection::vec((0..2000_u64, step), 0..60)
    }

    proptest! {
        /// The reference keeps one number per door: the end that the newest command gave it.
        #[test]
        fn a_relay_is_active_until_the_newest_end_and_never_past_it(steps in steps()) {
            let mut driver = driver();
            let mut ends = BTreeMap::from([(relay("front"), 0), (relay("gate"), 0)]);
            let mut now = 0;
            for (wait, step) in steps {
                now += wait;
                if let Step::Command(command) = &step {
                    driver.handle(at(now), command).unwrap();
                    match command {
                        PanelCommand::Relay { drive: Drive::On { at_most }, .. } => {
                            ends.insert(command.output(), now + at_most.as_millis() as u64);
                        }
                        PanelCommand::Relay { drive: Drive::Off, .. } => {
                            ends.insert(command.output(), 0);
                        }
                        PanelCommand::Light { .. } => {}
                    }
                }
                if let Some(due) = driver.poll_timeout() {
                    for (output, level) in driver.levels() {
                        if let (true, Some(end)) = (level, ends.get(output)) {
                            prop_assert!(due <= at(*end), "{output} may be active past its end");
                        }
                    }
                }
                driver.handle_timeout(at(now));
                for (output, level) in driver.levels() {
                    if let Some(end) = ends.get(output) {
                        prop_assert_eq!(level, now < *end, "{} at {}", output, now);
                    }
                }
            }
        }
    }
}
