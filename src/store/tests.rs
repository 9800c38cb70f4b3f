// SPDX-License-Identifier: MIT OR Apache-2.0

use std::{fs, sync::mpsc::sync_channel, time::Duration};

use super::*;
use crate::core::{
    CallId, Reason, Status,
    effect::CallRecord,
    status::Direction::{Incoming, Outgoing},
};

fn record(id: u64, status: Status) -> CallRecord {
    CallRecord {
        id: CallId(id),
        direction: Outgoing,
        contact: "home".parse().ok(),
        handset: None,
        status,
        reason: None,
        lasted_ms: 0,
        talked_ms: 0,
    }
}

fn store(directory: &Path, faults: &[FileFault]) -> StoreThread {
    StoreThread::start(directory, faults, |_| ()).expect("a thread")
}

fn locked(doors: &[&str]) -> Durable {
    Durable {
        locked: doors.iter().map(|door| door.parse().unwrap()).collect(),
        last_call: CallId(7),
        ..first_state()
    }
}

#[test]
fn what_was_saved_is_loaded_again() {
    let home = tempfile::tempdir().unwrap();
    let mut calls = CallLog::new(10, Vec::new());
    calls.record(record(6, Status::Unanswered), Some(1_700_000_000_000));
    calls.record(CallRecord { direction: Incoming, ..record(7, Status::Missed) }, None);
    let thread = store(home.path(), &[]);
    thread.save_state(locked(&["front"]));
    thread.save_calls(&calls);
    drop(thread);

    let loaded = load(home.path(), 10, Vec::new());
    assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
    assert_eq!(loaded.durable, Some(locked(&["front"])));
    assert!(loaded.calls.newest_first().eq(calls.newest_first()));
    assert_eq!(loaded.interrupted, 0);
}

#[test]
fn an_empty_directory_and_a_missing_one_are_a_first_start() {
    let home = tempfile::tempdir().unwrap();
    for directory in [home.path().to_owned(), home.path().join("missing")] {
        let loaded = load(&directory, 10, Vec::new());
        assert_eq!(loaded.durable, Some(first_state()));
        assert!(loaded.faults.is_empty());
    }
}

#[test]
fn a_call_without_an_end_was_interrupted() {
    let home = tempfile::tempdir().unwrap();
    let mut calls = CallLog::new(10, Vec::new());
    calls.record(record(1, Status::Ended), None);
    calls.record(record(2, Status::Ongoing), Some(5));
    let thread = store(home.path(), &[]);
    thread.save_calls(&calls);
    drop(thread);

    let loaded = load(home.path(), 10, Vec::new());
    assert_eq!(loaded.interrupted, 1);
    let newest = loaded.calls.newest_first().next().unwrap();
    assert_eq!(
        (newest.record.status, newest.record.reason, newest.started_at_unix_ms),
        (Status::Failed, Some(Reason::Interrupted), Some(5))
    );
}

#[test]
fn a_call_that_was_noted_but_not_logged_is_caught_up_with() {
    let home = tempfile::tempdir().unwrap();
    let noted = |id, status| {
        let started_at_unix_ms = Some(5);
        let call = LoggedCall { record: record(id, status), started_at_unix_ms };
        load(home.path(), 10, vec![call])
    };
    let newest = |loaded: &Loaded| loaded.calls.newest_first().next().unwrap().record.clone();
    let loaded = noted(3, Status::Ringing);
    assert_eq!(loaded.interrupted, 1);
    assert_eq!(newest(&loaded).reason, Some(Reason::Interrupted));
    assert_eq!(newest(&noted(3, Status::Ended)).status, Status::Ended);

    let mut calls = CallLog::new(10, Vec::new());
    calls.record(record(3, Status::Rejected), None);
    let thread = store(home.path(), &[]);
    thread.save_calls(&calls);
    drop(thread);
    let loaded = noted(3, Status::Ringing);
    assert_eq!((loaded.interrupted, newest(&loaded).status), (0, Status::Rejected));
    assert!(!loaded.is_ahead);
}

#[test]
fn all_that_was_noted_is_caught_up_with_and_is_to_be_written() {
    let home = tempfile::tempdir().unwrap();
    let noted = [(5, Status::Ringing), (4, Status::Missed), (3, Status::Ended)];
    let noted = noted
        .map(|(id, status)| LoggedCall { record: record(id, status), started_at_unix_ms: None });
    let mut calls = CallLog::new(10, Vec::new());
    calls.record(record(3, Status::Ongoing), Some(5));
    let thread = store(home.path(), &[]);
    thread.save_calls(&calls);
    drop(thread);

    let loaded = load(home.path(), 10, noted.into());
    let lines = loaded.calls.newest_first().map(|call| (call.record.id.0, call.record.status));
    let expected = [(5, Status::Failed), (4, Status::Missed), (3, Status::Ended)];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    assert!(loaded.is_ahead);
    assert_eq!(loaded.calls.newest_first().last().unwrap().started_at_unix_ms, Some(5));
}

#[test]
fn the_log_keeps_the_newest_calls_and_one_line_for_each() {
    let mut calls = CallLog::new(3, Vec::new());
    for id in 1..=5 {
        calls.record(record(id, Status::Initiated), Some(id));
        calls.record(record(id, Status::Ended), Some(99));
    }
    let ids: Vec<_> =
        calls.newest_first().map(|c| (c.record.id.0, c.started_at_unix_ms.unwrap())).collect();
    assert_eq!(ids, [(5, 5), (4, 4), (3, 3)]);
    assert!(calls.newest_first().all(|c| c.record.status == Status::Ended));
    assert_eq!(calls.last_id(), CallId(5));
}

#[test]
fn a_damaged_state_falls_back_to_the_one_before_and_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let thread = store(home.path(), &[]);
    thread.save_state(locked(&["front"]));
    drop(thread);
    let thread = store(home.path(), &[]);
    thread.save_state(locked(&["front", "back"]));
    drop(thread);
    fs::write(home.path().join(STATE), "{\"version\":1,\"conten").unwrap();

    let loaded = load(home.path(), 10, Vec::new());
    assert_eq!(loaded.durable, Some(locked(&["front"])));
    assert_eq!(loaded.faults.len(), 1);
    let thread = store(home.path(), &loaded.faults);
    thread.save_state(locked(&[]));
    drop(thread);
    let aside = fs::read_to_string(home.path().join("state.json.damaged")).unwrap();
    assert_eq!(aside, "{\"version\":1,\"conten");
    assert_eq!(load(home.path(), 10, Vec::new()).durable, Some(locked(&[])));
}

#[test]
fn damaged_files_are_in_their_place_until_they_are_written_over() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join(STATE), "").unwrap();
    fs::write(home.path().join("state.json.previous"), "null").unwrap();
    for _ in 0..2 {
        let loaded = load(home.path(), 10, Vec::new());
        assert_eq!(loaded.durable, None, "a missing file would unlock every door");
        drop(store(home.path(), &loaded.faults));
    }
    assert_eq!(fs::read_to_string(home.path().join("state.json.damaged")).unwrap(), "");
}

#[test]
fn the_first_write_is_reported_also_when_nothing_was_wrong() {
    let home = tempfile::tempdir().unwrap();
    let (report, reports) = sync_channel(10);
    let report = move |written| drop(report.send(written));
    let thread = StoreThread::start(home.path(), &[], report).unwrap();
    thread.save_state(locked(&["front"]));
    let first = reports.recv_timeout(Duration::from_secs(20));
    assert!(matches!(first, Ok(Written::Fine)));
    thread.save_state(locked(&[]));
    drop(thread);
    assert!(reports.try_recv().is_err(), "one report for each change");
}

#[test]
fn nobody_guesses_which_doors_were_locked_when_both_copies_are_damaged() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join(STATE), "").unwrap();
    fs::write(home.path().join("state.json.previous"), "null").unwrap();
    let loaded = load(home.path(), 10, Vec::new());
    assert_eq!(loaded.durable, None);
    assert_eq!(loaded.faults.len(), 2);
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let newer = "{\"version\":2,\"content\":{\"something\":\"else\"}}";
    fs::write(home.path().join(CALLS), newer).unwrap();
    let loaded = load(home.path(), 10, Vec::new());
    assert_eq!(loaded.faults.len(), 1);
    let thread = store(home.path(), &loaded.faults);
    thread.save_calls(&CallLog::new(10, Vec::new()));
    thread.save_state(locked(&["front"]));
    drop(thread);
    assert_eq!(fs::read_to_string(home.path().join(CALLS)).unwrap(), newer);
    assert_eq!(load(home.path(), 10, Vec::new()).durable, Some(locked(&["front"])));
}

#[test]
fn a_directory_that_cannot_be_written_is_reported_once_and_used_again_when_it_can() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("later");
    let (report, reports) = sync_channel(10);
    let thread = StoreThread::start(&directory, &[], move |written| {
        drop(report.send(written));
    })
    .unwrap();
    let patience = Duration::from_secs(20);
    thread.save_state(locked(&["front"]));
    assert!(matches!(reports.recv_timeout(patience), Ok(Written::Failed(_))));
    thread.save_state(locked(&["back"]));
    fs::create_dir(&directory).unwrap();
    thread.save_state(locked(&["back"]));
    assert!(matches!(reports.recv_timeout(patience), Ok(Written::Fine)));
    drop(thread);
    assert!(reports.try_recv().is_err(), "one report for each change");
    assert_eq!(load(&directory, 10, Vec::new()).durable, Some(locked(&["back"])));
}

#[test]
fn any_bytes_are_a_fault_and_never_a_panic() {
    let home = tempfile::tempdir().unwrap();
    for text in [
        "[]",
        "{}",
        "{\"version\":-1}",
        "{\"version\":1}",
        "\u{0}",
        "{\"version\":1,\"content\":[{}]}",
    ] {
        fs::write(home.path().join(CALLS), text).unwrap();
        assert_eq!(load(home.path(), 10, Vec::new()).faults.len(), 1, "{text:?}");
    }
}

fn saved(keeper: &HandsetKeeper, handsets: Value) -> bool {
    let (tell, told) = sync_channel(1);
    keeper.save(handsets, move |kept| tell.send(kept).unwrap());
    told.recv_timeout(Duration::from_secs(20)).expect("an answer")
}

#[test]
fn handsets_are_on_the_disk_when_it_is_said_and_in_both_copies() {
    let home = tempfile::tempdir().unwrap();
    let thread = store(home.path(), &[]);
    let keeper = thread.handset_keeper();
    assert!(saved(&keeper, serde_json::json!(["hall", "kitchen"])));
    assert!(saved(&keeper, serde_json::json!(["hall"])));
    for damaged in [false, true] {
        if damaged {
            fs::write(home.path().join(HANDSETS), "{").unwrap();
        }
        let loaded = load(home.path(), 10, Vec::new());
        // Whoever was forgotten does not come back with an old copy.
        assert_eq!(loaded.handsets, Some(serde_json::json!(["hall"])));
        assert_eq!(loaded.faults.len(), usize::from(damaged));
    }
}

#[test]
fn whoever_saves_handsets_hears_that_the_disk_does_not_take_them() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("later");
    let thread = store(&directory, &[]);
    let keeper = thread.handset_keeper();
    assert!(!saved(&keeper, serde_json::json!(["hall"])));
    fs::create_dir(&directory).unwrap();
    assert!(saved(&keeper, serde_json::json!(["kitchen"])));
    assert_eq!(load(&directory, 10, Vec::new()).handsets, Some(serde_json::json!(["kitchen"])));
}

#[test]
fn handsets_of_a_newer_version_are_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let newer = "{\"version\":2,\"content\":[]}";
    fs::write(home.path().join(HANDSETS), newer).unwrap();
    let loaded = load(home.path(), 10, Vec::new());
    let thread = store(home.path(), &loaded.faults);
    assert!(!saved(&thread.handset_keeper(), serde_json::json!([])));
    drop(thread);
    assert_eq!(fs::read_to_string(home.path().join(HANDSETS)).unwrap(), newer);
}
