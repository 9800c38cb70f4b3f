// SPDX-License-Identifier: MIT OR Apache-2.0
//! Section 4, the end of it: unpairing.

use intercomd::link::{LinkCommand, LinkEvent, desk::Closing, refusal::Code};
use serde_json::json;

use crate::{
    peer::thumbprint,
    phone::{Phone, code, mid, payload},
    stage::{Stage, id},
};

#[test]
fn a_revoked_handset_is_cut_off_at_once_and_its_keys_are_refused() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    stage.ring(7, "kitchen", 45);
    phone.hear(&mut stage);
    stage.order(LinkCommand::Unpair { handset: id("kitchen") });
    assert_eq!(stage.take_events(), [LinkEvent::Revoked { handset: id("kitchen") }]);
    assert_eq!(code(&phone.overhear(&mut stage)), Some(Code::Revoked));
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Refused(Code::Revoked))]);
    // The station ends the call of which the handset was a part.
    stage.end(7, "kitchen", None);
    assert!(stage.sent.is_empty());
    assert_eq!(stage.forgotten, [], "it is not on the disk yet");
    let ledger = stage.keep(true);
    assert_eq!(stage.forgotten, [(id("kitchen"), true)]);
    assert!(ledger.handsets.iter().all(|record| record.id != id("kitchen")));
    assert!(ledger.revoked.contains(&thumbprint("handset_action")));
    let again = Phone::new(&mut stage, "handset");
    let b = json!({"n_h": "AQEBAQEBAQEBAQEBAQEBAQ", "srv": "", "app": ""});
    again.say_first(&mut stage, mid(1), "hello", b);
    assert_eq!(stage.take_refused(), [Code::Revoked]);
    assert_eq!(stage.take_closed(), [(again.connection, Closing::Refused(Code::Revoked))]);
    let (_, frame) = stage.sent.pop().unwrap();
    assert_eq!(payload(&frame)["b"]["code"], json!("revoked"));
}

#[test]
fn what_a_revoked_handset_wished_for_is_not_answered() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "accept", json!({"cid": 7}));
    stage.order(LinkCommand::Unpair { handset: id("kitchen") });
    stage.sent.clear();
    stage.answer(Ok(intercomd::core::Reply::Done));
    assert!(stage.sent.is_empty());
}

#[test]
fn a_handset_unpairs_itself_and_is_told_when_it_is_done() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "revoke", json!({"handset": "kitchen"}));
    assert_eq!(stage.take_events(), [LinkEvent::Revoked { handset: id("kitchen") }]);
    assert!(phone.overhear(&mut stage).is_empty());
    stage.keep(true);
    let said = phone.overhear(&mut stage);
    assert_eq!((said[0].0, said[0].1.word()), (Some(mid(1)), "ok"));
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Refused(Code::Revoked))]);
}

#[test]
fn a_handset_that_unpairs_itself_is_heard_no_more_meanwhile() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    phone.request(&mut stage, mid(1), "revoke", json!({"handset": "kitchen"}));
    phone.request(&mut stage, mid(2), "dial", json!({"kind": "talk", "media": "audio"}));
    assert_eq!(stage.wishes, []);
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Refused(Code::Revoked))]);
    stage.sent.clear();
    stage.keep(true);
    assert!(stage.sent.is_empty());
}

#[test]
fn an_administrator_unpairs_others_and_nobody_else_does() {
    let mut stage = Stage::new();
    let mut phone = Phone::connected(&mut stage, "handset");
    let mut admin = Phone::connected(&mut stage, "other");
    phone.request(&mut stage, mid(1), "revoke", json!({"handset": "hall"}));
    assert_eq!(code(&phone.hear(&mut stage)), Some(Code::NotAllowed));
    admin.request(&mut stage, mid(1), "revoke", json!({"handset": "nobody"}));
    assert_eq!(code(&admin.hear(&mut stage)), Some(Code::NotFound));
    admin.request(&mut stage, mid(2), "revoke", json!({"handset": "kitchen"}));
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Refused(Code::Revoked))]);
    assert!(admin.hear(&mut stage).is_empty());
    stage.keep(true);
    assert_eq!(admin.words(&mut stage), ["ok"]);
}

#[test]
fn a_revocation_that_cannot_be_kept_holds_all_the_same_and_is_not_told_as_done() {
    let mut stage = Stage::new();
    let mut admin = Phone::connected(&mut stage, "other");
    admin.request(&mut stage, mid(1), "revoke", json!({"handset": "kitchen"}));
    stage.keep(false);
    assert_eq!(code(&admin.hear(&mut stage)), Some(Code::Unavailable));
    assert_eq!(stage.forgotten, [(id("kitchen"), false)]);
    let phone = Phone::new(&mut stage, "handset");
    let b = json!({"n_h": "AQEBAQEBAQEBAQEBAQEBAQ", "srv": "", "app": ""});
    phone.say_first(&mut stage, mid(1), "hello", b);
    assert_eq!(stage.take_refused(), [Code::Revoked]);
}

#[test]
fn unpairing_nobody_is_done_at_once() {
    let mut stage = Stage::new();
    stage.order(LinkCommand::Unpair { handset: id("nobody") });
    assert_eq!(stage.forgotten, [(id("nobody"), true)]);
    assert!(stage.keeps.is_empty());
}

#[test]
fn a_handset_that_is_revoked_while_it_pairs_anew_is_not_let_in() {
    let mut stage = Stage::new();
    let invited = super::pairing::window(&mut stage);
    let phone = Phone::new(&mut stage, "handset");
    super::pairing::pair(&mut stage, &phone, &invited);
    stage.order(LinkCommand::Unpair { handset: id("kitchen") });
    let revoked = LinkEvent::Revoked { handset: id("kitchen") };
    assert_eq!(stage.take_events(), [super::pairing::CLOSED, revoked]);
    stage.keep(true);
    assert_eq!(stage.keep(true).handsets.len(), 1);
    assert_eq!(stage.take_events(), []);
    assert!(stage.sent.is_empty());
}

#[test]
fn a_context_that_was_offered_to_a_revoked_handset_is_withdrawn() {
    let mut stage = Stage::new();
    let mut phone = Phone::new(&mut stage, "handset");
    phone.hello(&mut stage);
    stage.order(LinkCommand::Unpair { handset: id("kitchen") });
    assert_eq!(stage.take_closed(), [(phone.connection, Closing::Refused(Code::Revoked))]);
    stage.wait(std::time::Duration::from_secs(4));
    assert!(stage.sent.is_empty());
}
