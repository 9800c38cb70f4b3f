// SPDX-License-Identifier: MIT OR Apache-2.0
//! Section 4.

use std::{collections::BTreeSet, time::Duration};

use intercomd::{
    core::{
        Command, Origin, Reply,
        profile::{Grant, Right},
    },
    link::{
        LinkCommand, LinkEvent, PairingLink, PairingWindow,
        desk::{Closing, Place},
        message::{FromStation, field::Srv, from_station::PairOk},
        pairing::{Claim, Invitation},
        refusal::Code,
    },
};
use serde_json::{Value, json};

use crate::{
    peer::{Doing, Taken, public, receive, thumbprint},
    phone::{Phone, mid, payload},
    stage::{MINUTE, Stage, id, place},
};

const WINDOW: PairingWindow = PairingWindow(3);
pub(super) const CLOSED: LinkEvent = LinkEvent::PairingClosed { window: WINDOW };

pub(super) fn window(stage: &mut Stage) -> Invitation {
    window_for(stage, Origin::Bus, Grant::default())
}

fn window_for(stage: &mut Stage, by: Origin, grant: Grant) -> Invitation {
    let (window, lasts) = (WINDOW, 5 * MINUTE);
    stage.order(LinkCommand::OpenPairing { window, lasts, by, grant });
    match &stage.take_events()[..] {
        [LinkEvent::PairingOpened { window: WINDOW, link: PairingLink(link) }] => {
            Invitation::read(link).unwrap()
        }
        other => panic!("{other:?}"),
    }
}

fn body(invited: &Invitation, keys: &str, srv: Srv) -> Value {
    let (call_key, action_key) = (format!("{keys}_call"), format!("{keys}_action"));
    let [call, action] = [&call_key, &action_key].map(|name| thumbprint(name));
    let claim = Claim { station: invited.key, call, action, srv };
    json!({
        "label": "Study", "call_key": public(&call_key), "action_key": public(&action_key),
        "srv": srv, "mac": claim.mac(&invited.token),
    })
}

/// What the station says at once, to one that is pairing.
fn heard(stage: &mut Stage, phone: &Phone, invited: &Invitation) -> FromStation {
    let (to, frame) = stage.sent.remove(0);
    assert_eq!(to, phone.connection);
    let doing = Doing::Pairs { mid: mid(1), station: invited.key, token: invited.token };
    let me = format!("{}_call", phone.keys);
    let Ok(Taken::Envelope(envelope)) = receive(&me, &doing, &frame) else {
        panic!("{}", payload(&frame));
    };
    FromStation::read(&envelope.t, envelope.b).unwrap()
}

pub(super) fn pair(stage: &mut Stage, phone: &Phone, invited: &Invitation) {
    let b = body(invited, phone.keys, Srv(None));
    phone.say_first(stage, mid(1), "pair", b);
}

fn error(stage: &mut Stage, phone: &Phone, invited: &Invitation) -> Code {
    let FromStation::Error(failed) = heard(stage, phone, invited) else { panic!("no error") };
    failed.code
}

#[test]
fn a_handset_pairs_once_it_is_on_the_disk_and_says_hello_on_the_same_connection() {
    let mut stage = Stage::new();
    let invited = window(&mut stage);
    let mut phone = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &phone, &invited);
    assert!(stage.sent.is_empty(), "it is not on the disk yet");
    let ledger = stage.keep(true);
    let FromStation::PairOk(PairOk { handset, label, rights, doors, .. }) =
        heard(&mut stage, &phone, &invited)
    else {
        panic!("no pair_ok");
    };
    assert_eq!(label.as_str(), "Study");
    assert_eq!(rights, [Right::Answer, Right::Preview]);
    assert_eq!(doors, ["house".parse().unwrap()]);
    assert!(ledger.handsets.iter().any(|record| record.id == handset));
    assert_eq!(ledger.handsets.len(), 3);
    let rights = place().grants;
    let paired = LinkEvent::Paired { handset, label: "Study".to_owned(), rights };
    assert_eq!(stage.take_events(), [paired, CLOSED]);
    phone.hello(&mut stage);
    phone.request(&mut stage, mid(2), "resume", json!({}));
    assert_eq!(phone.words(&mut stage), ["state_is"]);
}

#[test]
fn an_id_is_h_and_ten_digits_of_the_key() {
    let mut stage = Stage::new();
    let invited = window(&mut stage);
    let phone = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &phone, &invited);
    let ledger = stage.keep(true);
    let digits: String =
        thumbprint("stranger_call").0[..5].iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(ledger.handsets.iter().any(|record| record.id.as_str() == format!("h{digits}")));
}

#[test]
fn a_window_says_what_it_grants() {
    let mut stage = Stage::new();
    let grant = Grant {
        rights: Some(BTreeSet::from([Right::Answer, Right::Admin])),
        doors: Some(BTreeSet::new()),
    };
    let invited = window_for(&mut stage, Origin::Panel, grant);
    let phone = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &phone, &invited);
    stage.keep(true);
    let FromStation::PairOk(ok) = heard(&mut stage, &phone, &invited) else { panic!("no pair_ok") };
    assert_eq!((ok.rights, ok.doors), (vec![Right::Answer, Right::Admin], vec![]));
}

#[test]
fn a_window_is_good_for_one_handset() {
    let mut stage = Stage::new();
    let invited = window(&mut stage);
    let first = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &first, &invited);
    let second = Phone::new(&mut stage, "other");
    pair(&mut stage, &second, &invited);
    assert_eq!(error(&mut stage, &second, &invited), Code::PairingClosed);
    stage.keep(true);
    stage.sent.clear();
    pair(&mut stage, &second, &invited);
    assert_eq!(error(&mut stage, &second, &invited), Code::PairingClosed);
}

#[test]
fn a_repeated_pair_gets_the_same_answer_for_as_long_as_the_window_would_have_lasted() {
    let mut stage = Stage::new();
    let invited = window(&mut stage);
    let phone = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &phone, &invited);
    stage.keep(true);
    let first = heard(&mut stage, &phone, &invited);
    phone.lose(&mut stage);
    stage.wait(5 * MINUTE - Duration::from_millis(1));
    stage.take_closed();
    let phone = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &phone, &invited);
    assert_eq!(heard(&mut stage, &phone, &invited), first);
    assert!(stage.keeps.is_empty());
    stage.wait(Duration::from_millis(1));
    pair(&mut stage, &phone, &invited);
    assert_eq!(error(&mut stage, &phone, &invited), Code::PairingClosed);
}

#[test]
fn a_window_is_over_after_its_time() {
    let mut stage = Stage::new();
    let invited = window(&mut stage);
    stage.wait(5 * MINUTE);
    let phone = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &phone, &invited);
    assert_eq!(error(&mut stage, &phone, &invited), Code::PairingClosed);
    assert_eq!(stage.take_refused(), [Code::PairingClosed]);
}

#[test]
fn a_window_is_closed_by_the_fifth_wrong_try() {
    let mut stage = Stage::new();
    let invited = window(&mut stage);
    let mut wrong = invited.clone();
    wrong.token.0[0] ^= 1;
    let phone = Phone::new(&mut stage, "stranger");
    for _ in 0..4 {
        pair(&mut stage, &phone, &wrong);
        assert_eq!(error(&mut stage, &phone, &invited), Code::BadToken);
    }
    assert!(stage.take_events().is_empty());
    pair(&mut stage, &phone, &wrong);
    assert_eq!(error(&mut stage, &phone, &invited), Code::BadToken);
    assert_eq!(stage.take_events(), [CLOSED]);
    pair(&mut stage, &phone, &invited);
    assert_eq!(error(&mut stage, &phone, &invited), Code::PairingClosed);
    assert!(stage.keeps.is_empty());
}

#[test]
fn a_pin_that_is_not_the_stations_is_a_wrong_try() {
    let pin = Srv(Some(intercomd::link::keys::Pin([5; 32])));
    let other = Srv(Some(intercomd::link::keys::Pin([6; 32])));
    for (seen, welcome) in [(pin, true), (Srv(None), true), (other, false)] {
        let entropy = Box::new(crate::stage::Counting(0));
        let mut stage = Stage::with(entropy, Place { pin: pin.0, ..place() });
        let invited = window(&mut stage);
        assert_eq!(invited.pin, pin);
        let phone = Phone::new(&mut stage, "stranger");
        let b = body(&invited, "stranger", seen);
        phone.say_first(&mut stage, mid(1), "pair", b);
        assert_eq!(stage.keeps.len(), usize::from(welcome));
        if !welcome {
            assert_eq!(error(&mut stage, &phone, &invited), Code::BadToken);
        }
    }
}

#[test]
fn a_window_that_nobody_could_come_to_is_closed_at_once() {
    let entropy = Box::new(crate::stage::Counting(0));
    let mut stage = Stage::with(entropy, Place { at: Vec::new(), ..place() });
    let (by, grant) = (Origin::Bus, Grant::default());
    stage.order(LinkCommand::OpenPairing { window: WINDOW, lasts: MINUTE, by, grant });
    assert_eq!(stage.take_events(), [CLOSED]);
}

#[test]
fn a_pairing_that_cannot_be_kept_is_none() {
    let mut stage = Stage::new();
    let invited = window(&mut stage);
    let mut phone = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &phone, &invited);
    stage.keep(false);
    assert_eq!(error(&mut stage, &phone, &invited), Code::Unavailable);
    assert_eq!(stage.take_events(), [CLOSED]);
    let ledger = stage.keep(true);
    assert_eq!(ledger.handsets.len(), 2, "nor does it come true later");
    let b = json!({"n_h": "AQEBAQEBAQEBAQEBAQEBAQ", "srv": "", "app": ""});
    phone.seq = 0;
    phone.say_first(&mut stage, mid(2), "hello", b);
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Refused(Code::UnknownKey))]);
}

#[test]
fn whoever_used_a_window_before_it_was_closed_is_paired_and_told_so() {
    let mut stage = Stage::new();
    let invited = window(&mut stage);
    let phone = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &phone, &invited);
    stage.order(LinkCommand::ClosePairing);
    pair(&mut stage, &phone, &invited);
    assert!(stage.sent.is_empty(), "it is not on the disk yet");
    assert_eq!(stage.keep(true).handsets.len(), 3);
    let told = heard(&mut stage, &phone, &invited);
    assert!(matches!(told, FromStation::PairOk(_)), "{told:?}");
    let [LinkEvent::Paired { .. }, closed] = &stage.take_events()[..] else { panic!("not paired") };
    assert_eq!(*closed, CLOSED);
    // The answer may have been lost.
    stage.order(LinkCommand::ClosePairing);
    pair(&mut stage, &phone, &invited);
    assert_eq!(heard(&mut stage, &phone, &invited), told);
    let late = Phone::new(&mut stage, "handset");
    pair(&mut stage, &late, &invited);
    assert_eq!(stage.take_refused(), [Code::PairingClosed]);
    assert!(stage.keeps.is_empty(), "nothing is taken back");
}

#[test]
fn a_new_window_does_not_turn_away_whoever_used_the_one_before() {
    let mut stage = Stage::new();
    let before = window(&mut stage);
    let first = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &first, &before);
    let after = window(&mut stage);
    let again = Phone::new(&mut stage, "handset");
    pair(&mut stage, &again, &after);
    for kept in [3, 3] {
        assert_eq!(stage.keep(true).handsets.len(), kept, "both are on the disk in the end");
    }
    for (phone, invited) in [(&first, &before), (&again, &after)] {
        let told = heard(&mut stage, phone, invited);
        assert!(matches!(told, FromStation::PairOk(_)), "{told:?}");
    }
    assert!(stage.take_refused().is_empty());
}

#[test]
fn a_new_window_makes_the_token_of_the_one_before_worthless() {
    let mut stage = Stage::new();
    let before = window(&mut stage);
    let after = window(&mut stage);
    assert_ne!(before.token, after.token);
    let phone = Phone::new(&mut stage, "stranger");
    pair(&mut stage, &phone, &before);
    assert_eq!(error(&mut stage, &phone, &before), Code::BadToken);
}

#[test]
fn a_handset_that_is_paired_keeps_its_id_when_it_pairs_again() {
    let mut stage = Stage::new();
    let invited = window(&mut stage);
    let phone = Phone::new(&mut stage, "handset");
    pair(&mut stage, &phone, &invited);
    let ledger = stage.keep(true);
    assert_eq!(ledger.handsets.len(), 2);
    let record = ledger.handsets.iter().find(|record| record.id == id("kitchen")).unwrap();
    assert_eq!(record.label.as_str(), "Study");
}

#[test]
fn an_administrator_gets_the_link_of_the_window_that_it_asked_for() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "other");
    let b = json!({"rights": ["answer"], "doors": []});
    phone.request(&mut stage, mid(1), "open_pairing", b);
    let (_, by, command) = &stage.wishes[0];
    let Command::OpenPairing { lasts, grant } = command.clone() else { panic!("{command:?}") };
    assert_eq!(lasts, 5 * MINUTE);
    let by = Origin::Handset(by.clone());
    // One that somebody else opens meanwhile is not told to the handset.
    stage.order(LinkCommand::OpenPairing {
        window: PairingWindow(1),
        lasts,
        by: Origin::Bus,
        grant: Grant::default(),
    });
    assert!(phone.hear(&mut stage).is_empty());
    stage.order(LinkCommand::OpenPairing { window: PairingWindow(2), lasts, by, grant });
    stage.answer(Ok(Reply::Done));
    let said = phone.hear(&mut stage);
    let [(Some(re), FromStation::Ok(done))] = &said[..] else { panic!("{said:?}") };
    assert_eq!((*re, done.lasts_ms), (mid(1), Some(300_000)));
    let link = done.link.clone().unwrap().0;
    assert!(Invitation::read(&link).is_some());
    stage.wait(MINUTE);
    assert!(phone.hear(&mut stage).is_empty());
}

#[test]
fn a_window_that_does_not_open_is_unavailable() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "other");
    phone.request(&mut stage, mid(1), "open_pairing", json!({"rights": [], "doors": []}));
    stage.answer(Ok(Reply::Done));
    stage.wait(Duration::from_millis(400));
    assert!(phone.hear(&mut stage).is_empty());
    stage.wait(Duration::from_secs(5));
    assert_eq!(crate::phone::code(&phone.hear(&mut stage)), Some(Code::Unavailable));
}
