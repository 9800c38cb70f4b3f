// SPDX-License-Identifier: MIT OR Apache-2.0
//! Random stations live through random histories, and the model lives through the same.

use std::panic::AssertUnwindSafe;

use intercomd::core::{
    Command, Durable, Effect, Event, Moment, Origin, Profile, Snapshot, Station, effect::Signal,
    event::Input,
};
use proptest::{collection::vec, prelude::*, test_runner::FileFailurePersistence};

use crate::{
    draw::{self, Act, Cast, Draw, WORDS},
    invariants::Watch,
    model::Model,
};

struct Pair {
    now: Moment,
    profiles: [Profile; 2],
    station: Station,
    model: Model,
    watch: Watch,
    cast: Cast,
}

impl Pair {
    fn new(words: &[u64]) -> Self {
        let mut size = Draw(words[0]);
        let first = draw::profile(&words[..WORDS]);
        let second = draw::profile(&words[WORDS..]);
        let mut durable = Durable { volume: 60, ..Durable::default() };
        durable.do_not_disturb = size.below(8) == 7;
        durable.tampered = size.below(16) == 15;
        if durable.tampered {
            durable.locked = first.doors.keys().cloned().collect();
        }
        let now = Moment::from_millis(1000);
        let mut pair = Self {
            now,
            station: Station::new(now, first.clone(), durable.clone()),
            model: Model::new(first.clone(), durable.clone()),
            watch: Watch::new(durable),
            profiles: [first, second],
            cast: Cast::default(),
        };
        for index in 0..[4, 4, 3, 2, 1, 0][Draw(words[WORDS - 1]).below(6) as usize] {
            let act = Act::Event(Draw(words[index as usize]).paired(index as usize));
            pair.step(&act, true);
        }
        pair
    }

    fn due(&self) -> Option<Moment> {
        [self.model.next_due(), self.station.poll_timeout()].into_iter().flatten().min()
    }

    fn drain(&mut self, at: Moment, said: &mut Vec<Effect>) {
        while let Some(effect) = self.station.poll_effect() {
            self.watch.hear(at, &effect, &self.profiles[0]);
            said.push(effect);
        }
    }

    /// With `punctual`, the clock wakes the station whenever it asked for it.
    fn step(&mut self, act: &Act, punctual: bool) {
        let mut said = Vec::new();
        let now = self.now;
        while let Some(due) = self.station.poll_timeout().filter(|due| punctual && *due <= now) {
            self.station.handle_timeout(due);
            self.drain(due, &mut said);
            assert!(self.station.poll_timeout().is_none_or(|next| next > due), "due again at once");
        }
        match act.clone() {
            Act::Nothing => {
                self.station.handle_timeout(now);
                self.model.wait_until(now);
            }
            Act::Event(event) => {
                if let Event::InputChanged { input: Input::ExitButton(door), active: true } = &event
                {
                    self.watch.exits.insert(door.clone());
                }
                self.station.handle(now, event.clone());
                self.model.event(now, event);
            }
            Act::Command(origin, command) => {
                let machine = self.station.command(now, &origin, command.clone());
                let model = self.model.command(now, &origin, command);
                assert_eq!(machine, model, "results: machine, model");
            }
            Act::Reconfigure { rewired } => {
                self.station.handle_timeout(now);
                self.drain(now, &mut said);
                self.profiles.swap(0, 1);
                if rewired {
                    self.watch.rewired();
                }
                self.station.reconfigure(now, self.profiles[0].clone(), rewired);
                self.model.reconfigure(now, self.profiles[0].clone(), rewired);
            }
        }
        self.drain(now, &mut said);
        self.compare(&said);
    }

    /// Hanging up ends any call, and a station left alone has nothing more to do.
    fn comes_to_rest(&mut self) {
        self.step(&Act::Command(Origin::Bus, Command::HangUpAll), true);
        assert_eq!(self.station.snapshot(self.now).station.active_call, None);
        for _ in 0..100 {
            let Some(due) = self.due() else { return };
            self.now = due;
            self.step(&Act::Nothing, true);
        }
        panic!("never at rest");
    }

    fn compare(&mut self, said: &[Effect]) {
        let machine = self.station.snapshot(self.now);
        let due = self.station.poll_timeout();
        self.watch.check(self.now, &machine, due, &self.profiles[0]);
        let model = self.model.picture();
        if machine != model {
            assert_eq!(machine.station, model.station, "station: machine, model");
            assert_eq!(machine.calls, model.calls, "calls: machine, model");
            assert_eq!(machine.doors, model.doors, "doors: machine, model");
            assert_eq!(machine.buttons, model.buttons, "buttons: machine, model");
            assert_eq!(machine, model, "machine, model");
        }
        let mut told = std::mem::take(&mut self.model.told);
        for effect in said.iter().filter(|effect| is_told(effect)) {
            let found = told.iter().position(|other| other == effect);
            assert!(found.is_some(), "the machine said {effect:?}; the model expects {told:?}");
            found.map(|index| told.swap_remove(index));
        }
        assert!(told.is_empty(), "the machine did not say {told:?}");
        self.cast = cast(&machine);
    }
}

fn cast(seen: &Snapshot) -> Cast {
    let newest = seen.calls.keys().last().copied().unwrap_or_default();
    let call = seen.station.active_call.and_then(|id| seen.calls.get(&id));
    let legs = call.into_iter().flat_map(|call| &call.legs);
    let open = legs.filter(|(_, leg)| !leg.status.is_terminal());
    Cast { newest, handsets: open.map(|(handset, _)| handset.clone()).collect() }
}

fn is_told(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Play(_)
            | Effect::RingHandset { .. }
            | Effect::NudgeHandset { .. }
            | Effect::SelectHandset { .. }
            | Effect::EndLeg { .. }
            | Effect::WarnHandset { .. }
            | Effect::Announce(Signal::StatusChanged { .. } | Signal::EndingSoon { .. })
    )
}

type Told = (Moment, Act, bool);

/// Proptest shows numbers; whoever reads a failure wants to know what happened.
fn live_through(words: &[u64], steps: &[u64], calls_in_ten: u64) -> Result<(), TestCaseError> {
    let mut story = Vec::new();
    let lived = AssertUnwindSafe(|| live(words, steps, calls_in_ten, &mut story));
    std::panic::catch_unwind(lived).map_err(|cause| {
        let why = cause.downcast_ref::<String>().map_or("no text", String::as_str);
        let line = |(at, act, punctual): &Told| format!("{:?}, woken {punctual}: {act:?}", at.0);
        let story: Vec<_> = story.iter().map(line).collect();
        TestCaseError::fail(format!("{why}\nafter this story:\n{}", story.join("\n")))
    })
}

fn live(words: &[u64], steps: &[u64], calls_in_ten: u64, story: &mut Vec<Told>) {
    let mut pair = Pair::new(words);
    for word in steps {
        let mut draw = Draw(*word);
        let about_calls = draw.below(10) < calls_in_ten;
        let punctual = draw.below(2) == 0;
        let wait = draw.wait();
        let cast = pair.cast.clone();
        let act = if about_calls { draw.call_act(&cast) } else { draw.panel_act(&cast) };
        pair.now = wait.from(pair.now, pair.due());
        story.push((pair.now, act.clone(), punctual));
        pair.step(&act, punctual);
    }
    pair.comes_to_rest();
}

fn config() -> ProptestConfig {
    let given = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: if given { default.cases } else { 6_000 },
        max_shrink_iters: 20_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/core/proptest-regressions.txt",
        ))),
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn machine_and_model_agree_on_histories_full_of_calls(
        words in vec(any::<u64>(), 2 * WORDS),
        steps in vec(any::<u64>(), 1..=80),
    ) {
        live_through(&words, &steps, 8)?;
    }

    #[test]
    fn machine_and_model_agree_on_histories_full_of_fingers_and_doors(
        words in vec(any::<u64>(), 2 * WORDS),
        steps in vec(any::<u64>(), 1..=80),
    ) {
        live_through(&words, &steps, 2)?;
    }
}
