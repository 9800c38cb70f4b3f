// SPDX-License-Identifier: MIT OR Apache-2.0
//! Windows, acknowledgements, repetitions.

use super::*;

fn at(ms: u64) -> Moment {
    Moment::from_millis(ms)
}

#[test]
fn every_number_is_new_once() {
    let mut heard = Heard::default();
    let seen: Vec<_> = [1, 2, 2, 5, 3, 5, 4, 1].map(|seq| heard.take(seq)).into();
    use Arrival::{New, Repeated};
    assert_eq!(seen, [New, New, Repeated, New, New, Repeated, New, Repeated]);
    assert_eq!(heard.ack(), 5);
}

#[test]
fn what_is_acknowledged_has_no_hole() {
    let mut heard = Heard::default();
    for seq in [1, 2, 4, 6] {
        heard.take(seq);
    }
    assert_eq!(heard.ack(), 2);
    heard.take(3);
    assert_eq!(heard.ack(), 4);
}

#[test]
fn a_number_far_ahead_is_stale_and_leaves_no_trace() {
    let mut heard = Heard::default();
    assert_eq!(heard.take(WINDOW + 1), Arrival::Stale);
    assert_eq!(heard.take(u64::MAX), Arrival::Stale);
    assert_eq!(heard.take(0), Arrival::Stale);
    assert_eq!(heard.take(WINDOW), Arrival::New);
    for seq in 1..WINDOW {
        assert_eq!(heard.take(seq), Arrival::New, "{seq}");
    }
    assert_eq!(heard.ack(), WINDOW);
    assert_eq!(heard.take(WINDOW), Arrival::Repeated);
}

#[test]
fn it_is_repeated_after_1_2_4_s_and_given_up_after_10() {
    let mut said = Said::default();
    said.sent(at(0), "one".to_owned());
    let mut times = Vec::new();
    while let Some(next) = said.poll_timeout().filter(|_| times.len() < 4) {
        if said.is_given_up(next) {
            times.push(next);
            break;
        }
        assert_eq!(said.due(next), ["one"]);
        times.push(next);
    }
    assert_eq!(times, [at(1000), at(3000), at(7000), at(10_000)]);
}

#[test]
fn what_was_acknowledged_is_not_repeated() {
    let mut said = Said::default();
    for frame in ["one", "two", "three"] {
        said.sent(at(0), frame.to_owned());
    }
    said.heard(2);
    assert_eq!(said.due(at(1000)), ["three"]);
    said.heard(3);
    assert_eq!(said.poll_timeout(), None);
}

#[test]
fn no_more_than_a_window_is_under_way() {
    let mut said = Said::default();
    while let Some(seq) = said.next_seq() {
        assert!(seq <= WINDOW);
        said.sent(at(0), String::new());
    }
    said.heard(1);
    assert_eq!(said.next_seq(), Some(WINDOW + 1));
}
