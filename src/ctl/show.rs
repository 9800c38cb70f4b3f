// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station on one screen.

use std::time::Duration;

use super::{
    layout::{Row, columns, row, sections},
    pushes,
    state::{Call, Door, Handset, State, Station},
    when::span,
};

pub(super) fn status(state: &State) -> String {
    let station = &state.station;
    let title = format!("{}, intercomd {}", station.name, station.version);
    let blocks = [
        (
            "call",
            state.calls.iter().flat_map(|(id, call)| call_rows(*id, call, state.now)).collect(),
        ),
        ("doors", state.doors.iter().map(|(name, door)| door_row(name, door, state.now)).collect()),
        (
            "lights",
            state.lights.iter().map(|(name, l)| row([name, &l.pattern, &l.shows])).collect(),
        ),
        ("buttons", button_rows(state)),
        ("handsets", handset_count(state)),
        ("sound", vec![sound(state)]),
        ("quiet", quiet(state)),
        ("pairing", pairing(state)),
        ("problems", problems(state)),
    ];
    format!("{title}\n{}", sections(&blocks))
}

fn call_rows(id: u64, call: &Call, now: u64) -> Vec<Row> {
    let whom = match (call.direction.as_str(), &call.contact, call.handset.as_str()) {
        ("incoming", _, from) => format!("from {from}"),
        (_, Some(contact), "") => format!("to {contact}"),
        (_, Some(contact), by) => format!("to {contact}, answered by {by}"),
        (_, None, by) => format!("to {by}"),
    };
    let mut facts = vec![call.media.clone()];
    let flags = [
        (call.monitor, "listening in"),
        (call.held, "held"),
        (call.mute, "muted"),
        (call.silenced, "silenced"),
        (call.media_state == "lost", "media lost"),
    ];
    facts.extend(flags.iter().filter(|(set, _)| *set).map(|(_, word)| (*word).to_owned()));
    facts.extend(call_time(call, now));
    let status = with_reason(&call.status, &call.reason);
    let mut rows = vec![row([&id.to_string(), &status, &whom, &facts.join(", ")])];
    rows.extend(
        call.legs.iter().map(|(name, leg)| row(["", &with_reason(&leg.status, &leg.reason), name])),
    );
    rows
}

/// A reason that only repeats the status says nothing.
fn with_reason(status: &str, reason: &str) -> String {
    if reason.is_empty() || reason == status {
        return status.to_owned();
    }
    format!("{status} ({reason})")
}

fn call_time(call: &Call, now: u64) -> Option<String> {
    if call.ended_at > 0 {
        return Some(format!("{} ago", span(micros(now, call.ended_at))));
    }
    if call.ring_deadline > 0 {
        return Some(format!("{} left", span(micros(call.ring_deadline, now))));
    }
    (call.answered_at > 0).then(|| format!("for {}", span(micros(now, call.answered_at))))
}

fn micros(later: u64, earlier: u64) -> Duration {
    Duration::from_micros(later.saturating_sub(earlier))
}

fn door_row(name: &str, door: &Door, now: u64) -> Row {
    let mut facts = Vec::new();
    if door.relay_deadline > 0 {
        facts.push(format!("for {}", span(micros(door.relay_deadline, now))));
    }
    if door.locked && door.state != "locked" {
        facts.push("locked".to_owned());
    }
    if door.contact == "open" {
        facts.push("stands open".to_owned());
    }
    if door.alarm != "normal" && door.alarm != "locked_down" {
        facts.push(format!("alarm: {}", door.alarm));
    }
    row([name, &door.state, &facts.join(", ")])
}

/// Only those that have something to tell.
fn button_rows(state: &State) -> Vec<Row> {
    let telling = |(name, button): (&String, &super::state::Button)| {
        let facts: Vec<String> = [
            (button.pressed, "pressed".to_owned()),
            (button.glitches > 0, format!("{} glitches, look at its cable", button.glitches)),
            (button.ignored > 0, format!("{} presses over the limit", button.ignored)),
        ]
        .into_iter()
        .filter_map(|(tells, text)| tells.then_some(text))
        .collect();
        (!facts.is_empty()).then(|| row([name, &facts.join(", ")]))
    };
    state.buttons.iter().filter_map(telling).collect()
}

fn handset_count(state: &State) -> Vec<Row> {
    match state.handsets.len() {
        0 => vec![row(["none paired; pair one with: intercomctl pair"])],
        _ => vec![row([&state.handsets.keys().cloned().collect::<Vec<_>>().join(", ")])],
    }
}

fn sound(state: &State) -> Row {
    let &Station { volume, microphone_gain: gain, audio_available, .. } = &state.station;
    let gain = if gain == 0 { String::new() } else { format!(", microphone {gain:+} dB") };
    let levels = format!("volume {volume}{gain}");
    row([if audio_available { &levels } else { "none: intercomctl doctor says why" }])
}

fn quiet(state: &State) -> Vec<Row> {
    match (state.station.do_not_disturb, state.station.quiet) {
        (true, _) => vec![row(["do-not-disturb is on"])],
        (false, true) => vec![row(["quiet hours"])],
        (false, false) => vec![],
    }
}

fn pairing(state: &State) -> Vec<Row> {
    let deadline = state.station.pairing_deadline;
    if deadline <= state.now {
        return vec![];
    }
    vec![row([&format!("a handset can be paired for {}", span(micros(deadline, state.now)))])]
}

fn problems(state: &State) -> Vec<Row> {
    let mut rows: Vec<Row> =
        state.station.problems.iter().map(|word| row([word, explained(word)])).collect();
    if state.station.tampered {
        rows.push(row(["tamper", "the station was opened; its doors stay locked until unlocked"]));
    }
    rows
}

pub(super) fn explained(problem: &str) -> &'static str {
    match problem {
        "storage" => "nothing can be kept: the log says why",
        "locks_lost" => "the state was damaged, so every door is locked; unlock them",
        "configuration" => "the last file read was refused; see intercomctl check-config",
        "panel" => "a line does not work; see intercomctl doctor",
        "link" => "no handset can connect; see intercomctl doctor",
        "push" => "no phone that sleeps can be woken; see intercomctl doctor",
        "sound_busy" => "another program holds the sound device; intercomctl audio says which",
        "sound_missing" => "there is no such sound device; see intercomctl audio",
        "sound_broken" => "the sound device does not work: the log says why",
        "sound_unheard" => "the microphone did not hear the loudspeaker; see intercomctl selftest",
        _ => "",
    }
}

pub(super) fn handsets(state: &State) -> String {
    let line = |(id, handset): (&String, &Handset)| {
        let doors = match handset.doors.as_slice() {
            [] => String::new(),
            doors => format!("opens {}", doors.join(", ")),
        };
        let pushes = pushes::in_short(&handset.push);
        row([id, &handset.label, &handset.rights.join(", "), &doors, pushes])
    };
    match state.handsets.len() {
        0 => "no handset is paired".to_owned(),
        _ => columns(&state.handsets.iter().map(line).collect::<Vec<_>>()),
    }
}

#[cfg(test)]
#[path = "show_tests.rs"]
mod tests;
