// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a right file means.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    config::{
        Authorization, Bus, BusAddress, Config, Log, LogLevel, LogTarget, OnRing, Script,
        Simulator, StationLabel, Store, parse,
    },
    core::{
        event::Input,
        profile::{Action, Actions, Profile, QuietHours, Rights, Tier, Whom},
        status::{Indication, Pattern},
        time::Weekday,
    },
    panel::{
        Output,
        wiring::{Backend, Bias, InputLine, Line, OutputLine, Polarity},
    },
};

fn sound(text: &str) -> Config {
    parse(text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn seconds(s: u64) -> Duration {
    Duration::from_secs(s)
}

fn actions(press: &str) -> Actions {
    let text = format!(
        "[buttons.bell]\nline = \"none\"\npress = {press}\n[contacts.home]\n\
         [doors.front]\nrelay = {{ line = \"RELAY1\" }}"
    );
    let config = sound(&text);
    config.profile.buttons.into_values().next().unwrap().press
}

fn all(action: Action) -> Actions {
    let [idle, calling, ringing] = [action.clone(), action.clone(), action.clone()];
    Actions { idle, calling, ringing, ongoing: action }
}

#[test]
fn an_empty_file_is_a_station_with_nothing_wired() {
    let config = sound("");
    assert_eq!(config.station, StationLabel { name: "Door station".to_owned() });
    assert_eq!(config.profile, Profile::default());
    let bus = Bus { address: BusAddress::System, authorization: Authorization::Polkit };
    assert_eq!(config.bus, bus);
    assert_eq!(config.log, Log { level: LogLevel::Info, to: LogTarget::Auto });
    assert_eq!(config.store, Store { directory: None, calls: 200 });
    assert_eq!(config.simulator, Simulator::default());
    assert_eq!(config.wiring.backend, Backend::Gpiochip);
}

#[test]
fn a_call_in_one_word_is_made_only_when_there_is_none() {
    let call = Action::Call("home".parse().unwrap());
    assert_eq!(actions("\"call:home\""), Actions { idle: call, ..all(Action::Nothing) });
}

#[test]
fn one_word_applies_wherever_it_can_do_something() {
    let nothing = || all(Action::Nothing);
    let front = Action::OpenDoor("front".parse().unwrap());
    assert_eq!(actions("\"open:front\""), all(front));
    assert_eq!(actions("\"accept\""), Actions { ringing: Action::Accept, ..nothing() });
    assert_eq!(actions("\"nudge\""), Actions { calling: Action::Nudge, ..nothing() });
    assert_eq!(actions("\"toggle_mute\""), Actions { ongoing: Action::ToggleMute, ..nothing() });
    let hang_up = Actions { idle: Action::Nothing, ..all(Action::HangUp) };
    assert_eq!(actions("\"hang_up\""), hang_up);
    assert_eq!(actions("\"cancel\""), hang_up);
}

#[test]
fn a_table_of_actions_does_nothing_where_it_says_nothing() {
    let read = actions("{ idle = \"call:home\", calling = \"cancel\", ringing = \"accept\" }");
    let expected = Actions {
        idle: Action::Call("home".parse().unwrap()),
        calling: Action::HangUp,
        ringing: Action::Accept,
        ongoing: Action::Nothing,
    };
    assert_eq!(read, expected);
}

#[test]
fn inputs_rest_inactive_unless_the_file_says_otherwise() {
    let config = sound(
        "[tamper]\nline = \"T\"\n[buttons.low]\nline = \"A\"\n[buttons.high]\nline = \"B\"\n\
         active = \"high\"\n[doors.front]\nrelay = { line = \"R\", active = \"low\" }\n\
         contact = { line = { chip = \"pio\", offset = 3 }, bias = \"none\", debounce_ms = 0 }",
    );
    let input = |line: Line, polarity, bias, ms| InputLine {
        line,
        polarity,
        bias,
        debounce: Duration::from_millis(ms),
    };
    let named = |name: &str| Line::Named(name.to_owned());
    let inputs = [
        (
            Input::Button("low".parse().unwrap()),
            input(named("A"), Polarity::ActiveLow, Bias::PullUp, 10),
        ),
        (
            Input::Button("high".parse().unwrap()),
            input(named("B"), Polarity::ActiveHigh, Bias::PullDown, 10),
        ),
        (Input::Tamper, input(named("T"), Polarity::ActiveHigh, Bias::PullUp, 50)),
        (
            Input::DoorContact("front".parse().unwrap()),
            input(
                Line::Offset { chip: "pio".to_owned(), offset: 3 },
                Polarity::ActiveHigh,
                Bias::None,
                0,
            ),
        ),
    ];
    assert_eq!(config.wiring.inputs, inputs.into());
    let relay = OutputLine { line: named("R"), polarity: Polarity::ActiveLow };
    let outputs = [(Output::Relay("front".parse().unwrap()), relay)];
    assert_eq!(config.wiring.outputs, outputs.into());
    assert!(config.profile.doors.values().all(|door| door.has_contact));
}

#[test]
fn the_simulated_panel_needs_no_lines_and_takes_all_of_them() {
    let config = sound(
        "[panel]\nbackend = \"sim\"\n[buttons.bell]\n[buttons.light]\nline = 17\n[buttons.screen]\n\
         line = \"none\"\n[doors.front]\nexit_button = {}\n[lights.call]\nshows = { idle = \"on\" }",
    );
    let line = |input: &Input| config.wiring.inputs.get(input).map(|wired| wired.line.clone());
    let button = |name: &str| Input::Button(name.parse().unwrap());
    assert_eq!(line(&button("bell")), Some(Line::Named("buttons.bell".to_owned())));
    assert_eq!(line(&button("light")), Some(Line::Bcm(17)));
    assert_eq!(line(&button("screen")), None);
    assert!(line(&Input::ExitButton("front".parse().unwrap())).is_some());
    assert_eq!(config.wiring.outputs.len(), 2);
    assert_eq!(config.profile.buttons.len(), 3);
}

#[test]
fn a_ring_time_of_zero_or_less_is_the_usual_one() {
    let config = sound(
        "[call]\nring_timeout_s = -1\n[contacts.home]\ntimeout_s = 0\n[contacts.office]\n\
         ring = [{ handsets = [\"hall\"], for_s = 7 }, { for_s = -9, joins = true }]",
    );
    assert_eq!(config.profile.call.ring_timeout, seconds(45));
    let tiers: Vec<Tier> =
        config.profile.contacts.into_values().flat_map(|contact| contact.tiers).collect();
    let hall = Whom::These(BTreeSet::from(["hall".parse().unwrap()]));
    let expected = [
        Tier { handsets: Whom::Everyone, ring_for: seconds(45), joins: false },
        Tier { handsets: hall, ring_for: seconds(7), joins: false },
        Tier { handsets: Whom::Everyone, ring_for: seconds(45), joins: true },
    ];
    assert_eq!(tiers, expected);
}

#[test]
fn quiet_hours_take_a_time_with_or_without_quotation_marks() {
    let config = sound(
        "[do_not_disturb]\nhours = [{ days = [\"sun\"], from = \"22:30\", to = 07:00:00 }, \
         { from = 13:00, to = \"00:00\" }]",
    );
    let sunday =
        QuietHours { days: [Weekday::Sunday].into(), from: (22 * 60 + 30) * 60, to: 7 * 3600 };
    let daily = QuietHours { days: Weekday::ALL.into(), from: 13 * 3600, to: 0 };
    assert_eq!(config.profile.quiet, [sunday, daily]);
}

#[test]
fn a_light_shows_what_the_file_says_and_nothing_else() {
    let config = sound(
        "[lights.call]\nline = \"none\"\nshows = { ringing = \"blink\", monitored = \"flash\" }",
    );
    let shows = [(Indication::Ringing, Pattern::Blink), (Indication::Monitored, Pattern::Flash)];
    assert_eq!(config.profile.lights.into_values().next().unwrap().shows, shows.into());
}

#[test]
fn a_bus_may_be_anywhere() {
    let address = |word: &str| sound(&format!("bus.address = \"{word}\"")).bus.address;
    assert_eq!(address("session"), BusAddress::Session);
    assert_eq!(address("none"), BusAddress::None);
    let path = "unix:path=/run/door/bus";
    assert_eq!(address(path), BusAddress::At(path.to_owned()));
}

#[test]
fn a_simulated_handset_follows_its_script() {
    let config = sound(
        "[simulator.handsets.hall]\nrights = [\"answer\", \"admin\"]\ndoors = [\"front\"]\n\
         script = { on_ring = \"accept\", after_ms = 0, talk_ms = 5000 }\n\
         [doors.front]\nrelay = { line = \"R\" }",
    );
    let hall = config.simulator.handsets.into_values().next().unwrap();
    let doors = BTreeSet::from(["front".parse().unwrap()]);
    let rights = Rights { answer: true, admin: true, doors, ..Rights::default() };
    assert_eq!(hall.rights, rights);
    let script = Script {
        on_ring: OnRing::Accept,
        after: Duration::ZERO,
        connect: Duration::from_millis(200),
        talk: Some(seconds(5)),
    };
    assert_eq!(hall.script, script);
}

#[test]
fn a_line_that_the_board_lacks_is_reported_where_the_file_names_it() {
    let config = sound("[buttons.bell]\n\nline = \"BUTTON9\"\n[buttons.light]\nline = \"none\"\n");
    let button = |name: &str| Input::Button(name.parse().unwrap());
    let missing = "no chip has a line BUTTON9".to_owned();
    let problem = config.places.problem(&button("bell"), missing.clone()).unwrap();
    assert_eq!(
        problem.to_string(),
        "intercomd.toml:3:8: buttons.bell.line: no chip has a line BUTTON9"
    );
    assert_eq!(config.places.problem(&button("light"), missing), None);
}
