// SPDX-License-Identifier: MIT OR Apache-2.0
//! `intercomctl` as a person or a script uses it, against the real daemon.

mod station;

use serde_json::json;

use self::station::Station;

#[test]
fn status_and_its_json_tell_the_same_story() {
    let station = Station::start();
    let text = station.ctl("status").done().to_owned();
    assert!(text.starts_with("Test gate, intercomd "), "{text}");
    assert!(text.contains("doors     back   closed\n          front  closed\n"), "{text}");
    let state = station.ctl("status --json").done_json();
    assert_eq!(state["station"]["name"], "Test gate");
    assert_eq!(state["station"]["active_call"], json!(null));
    assert_eq!(state["doors"]["front"]["state"], "closed");
    assert_eq!(state["contacts"]["home"]["media"], "video");
}

#[test]
fn a_call_is_made_shown_nudged_hung_up_and_remembered() {
    let station = Station::start();
    assert_eq!(station.ctl("call home").done(), "call 1");
    let text = station.ctl("status").done().to_owned();
    assert!(text.contains("call      1  ringing  to home"), "{text}");
    assert_eq!(station.ctl("status --json").done_json()["station"]["active_call"], 1);
    station.ctl("nudge").silently();
    station.ctl("mute").silently();
    assert_eq!(station.ctl("status --json").done_json()["calls"]["1"]["mute"], true);
    station.ctl("mute off 1").silently();
    assert_eq!(station.ctl("--json hangup").done_json(), json!({ "call": 1 }));
    let log = station.ctl("calls --json").done_json();
    assert_eq!((&log[0]["id"], &log[0]["status"]), (&json!(1), &json!("cancelled")));
    assert!(station.ctl("calls --missed").done().ends_with("to home  cancelled"));
    assert_eq!(station.ctl("hangup").failed(1), "WrongState: there is no call");
    station.ctl("hangup --all").silently();
}

#[test]
fn a_self_test_tells_what_it_found_line_by_line() {
    let station = Station::start();
    let text = station.ctl("selftest").done().to_owned();
    assert!(text.contains("passed   panel\n"), "{text}");
    assert!(text.ends_with("skipped  sound          sound is simulated"), "{text}");
    let results = station.ctl("--json selftest").done_json();
    assert_eq!(results["skipped"]["sound"], "sound is simulated");
    assert_eq!(results["failed"], json!({}));
}

#[test]
fn waiting_for_a_call_tells_whether_it_was_answered() {
    let station = Station::start();
    let answered = station.ctl("call quick --wait");
    let told = answered.done();
    assert!(told.starts_with("call 1\n") && told.ends_with("\nended"), "{told}");
    let declined = station.ctl("call rude --wait --media audio --json");
    let end: serde_json::Value = serde_json::from_str(declined.exited(1)).unwrap();
    let expected =
        json!({ "call": 2, "status": "rejected", "reason": "rejected", "answered": false });
    assert_eq!(end, expected);
}

#[test]
fn a_refusal_has_a_name_and_a_reason() {
    let station = Station::start();
    station.ctl("call home").done();
    let refused = station.ctl("accept").failed(1).to_owned();
    assert!(refused.starts_with("WrongState: "), "{refused}");
    let busy = station.ctl("call rude --json");
    let error: serde_json::Value = serde_json::from_str(busy.exited(1)).unwrap();
    assert_eq!(error["error"]["name"], "Busy");
    assert!(error["error"]["message"].as_str().unwrap().contains('1'), "{error}");
}

#[test]
fn doors_open_lock_and_are_not_guessed() {
    let station = Station::start();
    let which = "Ambiguous: which door? there are two: back, front";
    assert_eq!(station.ctl("open").failed(2), which);
    let unknown = "NotFound: there is no door cellar; there are back, front";
    assert_eq!(station.ctl("open cellar").failed(1), unknown);
    station.ctl("open front").silently();
    let door =
        |name: &str| station.ctl("status --json").done_json()["doors"][name]["state"].clone();
    assert_eq!(door("front"), "open");
    station.ctl("door back hold").silently();
    assert_eq!(door("back"), "held");
    station.ctl("door back release").silently();
    station.ctl("door back lock").silently();
    assert!(station.ctl("open back").failed(1).starts_with("Locked: "));
    station.ctl("door back unlock").silently();
    assert_eq!(door("back"), "closed");
}

#[test]
fn buttons_do_what_they_are_configured_to_do() {
    let station = Station::start();
    station.ctl("press").silently();
    assert_eq!(station.ctl("status --json").done_json()["station"]["active_call"], 1);
    assert!(station.ctl("press bell").failed(1).starts_with("WrongState: "));
    assert!(station.ctl("press --hold bell").failed(1).starts_with("NotFound: "));
}

#[test]
fn settings_are_shown_and_set() {
    let station = Station::start();
    station.ctl("volume 30").silently();
    assert_eq!(station.ctl("volume").done(), "30");
    station.ctl("gain -6").silently();
    assert_eq!(station.ctl("gain").done(), "-6");
    assert!(station.ctl("status").done().contains("volume 30, microphone -6 dB"));
    station.ctl("dnd on").silently();
    assert_eq!(station.ctl("dnd").done(), "on");
    assert!(station.ctl("status").done().contains("do-not-disturb is on"));
    let unheard = "call 1\nrejected (do_not_disturb)";
    assert_eq!(station.ctl("call home --wait").exited(1), unheard);
    assert!(station.ctl("calls --missed").done().ends_with("rejected (do_not_disturb)"));
    assert_eq!(station.ctl("dnd off --json").done_json(), json!({ "do_not_disturb": false }));
}

#[test]
fn handsets_are_listed_and_one_from_the_file_is_not_removed() {
    let station = Station::start();
    let list = station.ctl("handsets").done().to_owned();
    assert!(list.contains("hall   Phone in the hall"), "{list}");
    assert!(list.contains("opens front"), "{list}");
    assert!(station.ctl("handsets remove nobody").failed(1).starts_with("NotFound: "));
    let configured = station.ctl("handsets remove hall").failed(1).to_owned();
    assert!(configured.starts_with("DeviceUnavailable: "), "{configured}");
}

#[test]
fn a_wrong_file_is_refused_with_every_problem_and_the_old_one_runs_on() {
    let station = Station::start();
    station.ctl("reload").silently();
    let good = std::fs::read_to_string(station.config()).unwrap();
    station.configure("[station]\nname = 3\n[call]\ngrace_s = -1\n");
    let refused = station.ctl("reload").failed(1).to_owned();
    assert!(refused.contains("station.name") && refused.contains("call.grace_s"), "{refused}");
    assert!(station.ctl("status").done().contains("configuration  the last file read was refused"));
    let checked = station.ctl(&format!("check-config {}", station.config().display()));
    assert!(checked.exited(78).ends_with("\n2 problems"), "{checked:?}");
    station.configure(&good);
    let checked = station.ctl(&format!("check-config --json {}", station.config().display()));
    assert_eq!(checked.done_json()["problems"], json!([]));
}

#[test]
fn monitor_tells_what_happens_and_survives_the_daemon() {
    let mut station = Station::start();
    let mut monitor = station.monitor(&[]);
    monitor.until("station  here  Name=Test gate");
    station.ctl("press bell").silently();
    monitor.until("calls/1  added");
    monitor.until("buttons/bell  ShortPress");
    monitor.until("calls/1  Status");
    station.kill_daemon();
    monitor.until("station  gone");
    station.start_daemon();
    monitor.until("station  back");
    station.ctl("open front").silently();
    monitor.until("doors/front  StateChanged  closed -> open by bus");
    assert!(monitor.interrupt().success());
}

#[test]
fn monitor_ends_in_peace_when_its_reader_has_seen_enough() {
    let station = Station::start();
    let mut monitor = station.monitor(&[]);
    monitor.until("station  here");
    let left = monitor.close(|| {
        // The reader notices the first line, the pipe is closed for the ones after it.
        station.ctl("volume 10").silently();
        station.ctl("volume 20").silently();
        station.ctl("volume 30").silently();
    });
    assert!(left.success(), "{left}");
}

#[test]
fn monitor_in_json_is_a_value_per_line() {
    let station = Station::start();
    let mut monitor = station.monitor(&["--json"]);
    monitor.until("\"here\"");
    station.ctl("door front lock").silently();
    let line = monitor.until("StateChanged");
    let news: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(news["object"], "doors/front");
    assert_eq!(news["arguments"], json!(["closed", "locked", "bus"]));
    assert!(news["time_ms"].is_u64());
}

#[test]
fn a_station_that_is_not_there_and_a_bus_that_is_not_there_are_told_apart() {
    let station = Station::not_started();
    let gone = station.ctl("status").failed(3).to_owned();
    assert!(gone.starts_with("NotRunning: intercomd is not running\n"), "{gone}");
    assert!(gone.contains("systemctl start intercomd"), "{gone}");
    let nowhere = station.ctl("--bus unix:path=/nowhere status").failed(3).to_owned();
    assert!(nowhere.starts_with("NoBus: "), "{nowhere}");
    let json = station.ctl("open --json");
    let error: serde_json::Value = serde_json::from_str(json.exited(3)).unwrap();
    assert_eq!(error["error"]["name"], "NotRunning");
}

#[test]
fn the_doctor_examines_the_station_of_the_file() {
    let station = Station::start();
    let examined = station.ctl(&format!("doctor --json --config {}", station.config().display()));
    // This machine is no door station, so something is wrong; what is right must be said too.
    let report: serde_json::Value = serde_json::from_str(examined.exited(1)).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let has = |check: &str, grade: &str, what: &str| {
        findings.iter().any(|f| f["check"] == check && f["grade"] == grade && f["what"] == what)
    };
    assert!(has("config", "ok", "can be used"), "{findings:#?}");
    assert!(has("gpio", "info", "the panel is simulated"), "{findings:#?}");
    assert!(has("bus", "ok", "the station answers"), "{findings:#?}");
}

/// Of whatever machine this is.
#[cfg(feature = "media")]
#[test]
fn the_sound_cards_are_listed_without_a_station() {
    let station = Station::not_started();
    let listed = station.ctl("audio --json").done_json();
    let cards = listed["cards"].as_array().unwrap();
    let text = station.ctl("audio").done().to_owned();
    for card in cards {
        assert!(text.contains(card["id"].as_str().unwrap()), "{text}");
    }
    assert_eq!(text == "there is no sound card", listed == json!({ "cards": [], "closed": [] }));
}
