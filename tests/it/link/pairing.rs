// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who is let in, and who is not.

use intercomd::{
    core::profile::Right,
    link::{
        keys::Pin,
        message::{
            FromHandset,
            field::{Cid, Nothing, Srv},
            from_handset::Revoke,
        },
        pairing::Token,
        refusal::Code,
    },
};

use super::{
    house::{House, tables},
    phone::Phone,
    wire::Socket,
};
use crate::daemon::client::{no_options, until};

#[tokio::test]
async fn a_window_is_good_for_one_handset_with_the_rights_that_it_grants() {
    let house = House::usual().await;
    let link = house
        .link_with([("rights", vec!["answer"].into()), ("doors", Vec::<&str>::new().into())])
        .await;
    let mut phone = Phone::new("Kitchen phone", &link);
    let mut socket = phone.connect().await;
    let ok = phone.pair(&mut socket).await;
    assert_eq!((ok.rights, ok.doors), (vec![Right::Answer], vec![]));
    let object = format!("handsets/{}", ok.handset);
    assert_eq!(house.text(&object, "Label").await, "Kitchen phone");
    assert_eq!(house.property::<Vec<String>>(&object, "Rights").await, ["answer"]);
    assert_eq!(house.property::<u64>("", "PairingDeadline").await, 0);

    let late = Phone::new("Hall", &link);
    let failed = late.try_pair(&mut late.connect().await, late.invitation.pin).await;
    assert_eq!(failed.unwrap_err().code, Code::PairingClosed);
    house.counts("pairing_closed", 1).await;
}

#[tokio::test]
async fn without_a_word_the_configuration_says_what_a_handset_may_do() {
    let house = House::usual().await;
    let mut phone = Phone::new("Kitchen", &house.pairing_link().await);
    let mut socket = phone.connect().await;
    let ok = phone.pair(&mut socket).await;
    let doors: Vec<String> = ok.doors.iter().map(ToString::to_string).collect();
    assert_eq!(ok.rights, [Right::Answer, Right::Preview]);
    assert_eq!(doors, ["front"]);
}

#[tokio::test]
async fn what_the_station_does_not_have_is_granted_to_nobody() {
    let house = House::usual().await;
    let attic = crate::daemon::client::options([("doors", vec!["attic"].into())]);
    let refused = house.call("", "OpenPairing", &attic).await.unwrap_err();
    assert_eq!(refused.0, "NotFound");
    assert_eq!(house.property::<u64>("", "PairingDeadline").await, 0);
}

#[tokio::test]
async fn while_nothing_listens_nobody_is_invited() {
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("listen = '{}'\nannounce = false", other.local_addr().unwrap());
    let mut house = House::with(tables().with("link", &listen)).await;
    let troubled = async || house.property::<Vec<String>>("", "Problems").await == ["link"];
    assert!(troubled().await);
    let (refusal, words) = house.call("", "OpenPairing", &no_options()).await.unwrap_err();
    assert_eq!(refusal, "DeviceUnavailable", "{words}");
    assert_eq!(house.property::<u64>("", "PairingDeadline").await, 0);
    drop(other);
    until("the address can be had", async || !troubled().await).await;
    house.let_in("Kitchen").await;
}

#[tokio::test]
async fn a_handset_that_saw_another_key_is_not_let_in() {
    let house = House::usual().await;
    let phone = Phone::new("Kitchen", &house.pairing_link().await);
    let foreign = Srv(Some(Pin([7; 32])));
    let failed = phone.try_pair(&mut phone.connect().await, foreign).await.unwrap_err();
    assert_eq!(failed.code, Code::BadToken);
    // Nor is the station known under another key.
    let address = phone.invitation.at.first().unwrap();
    assert!(Socket::open(address, Some(Pin([7; 32]))).await.is_err());
}

#[tokio::test]
async fn the_fifth_wrong_token_closes_the_window() {
    let house = House::usual().await;
    let link = house.pairing_link().await;
    for code in [Code::BadToken, Code::BadToken, Code::BadToken, Code::BadToken, Code::BadToken] {
        let mut guesser = Phone::new("Guesser", &link);
        guesser.invitation.token = Token([0; 16]);
        let srv = guesser.invitation.pin;
        let failed = guesser.try_pair(&mut guesser.connect().await, srv).await.unwrap_err();
        assert_eq!(failed.code, code);
    }
    let phone = Phone::new("Kitchen", &link);
    let srv = phone.invitation.pin;
    let failed = phone.try_pair(&mut phone.connect().await, srv).await.unwrap_err();
    assert_eq!(failed.code, Code::PairingClosed);
    until("the station knows", async || house.property::<u64>("", "PairingDeadline").await == 0)
        .await;
    house.counts("bad_token", 5).await;
}

#[tokio::test]
async fn a_link_is_worthless_when_its_time_is_over() {
    let house = House::usual().await;
    let link = house.link_with([("lifetime_s", 1_u32.into())]).await;
    until("the window closes", async || house.property::<u64>("", "PairingDeadline").await == 0)
        .await;
    let phone = Phone::new("Kitchen", &link);
    let srv = phone.invitation.pin;
    let failed = phone.try_pair(&mut phone.connect().await, srv).await.unwrap_err();
    assert_eq!(failed.code, Code::PairingClosed);
}

#[tokio::test]
async fn whoever_is_unpaired_is_out_at_once_and_for_good() {
    let mut house = House::usual().await;
    let (phone, mut line) = house.let_in("Kitchen").await;
    let object = house.ring("home").await.unwrap();
    let call = line.rings().await;
    line.ask(&FromHandset::Accept(Cid { cid: call })).await.unwrap();
    let handset = format!("handsets/{}", phone.id.clone().unwrap());
    house.call(&handset, "Remove", &()).await.unwrap();
    // On the disk when it is said.
    let records = std::fs::read_to_string(house.home.state().join("handsets.json")).unwrap();
    assert!(!records.contains("Kitchen"), "{records}");
    assert_eq!(line.closed().await, "revoked");
    assert!(!house.exists(&handset).await);
    house.ends(&object, "failed", "revoked").await;

    let mut socket = phone.connect().await;
    let hello = phone.hello(intercomd::link::message::field::Nonce([1; 16]));
    let envelope = phone.envelope(super::phone::new_mid(), &hello);
    socket.say(&intercomd::link::envelope::seal(&phone.call, &envelope)).await;
    assert_eq!(socket.closed().await, "revoked");
    house.counts("revoked", 1).await;
    let (refusal, _) = house.call(&handset, "Remove", &()).await.unwrap_err();
    assert_eq!(refusal, "NotFound");
}

#[tokio::test]
async fn an_administrator_lets_in_lists_and_unpairs() {
    let mut house = House::usual().await;
    let link = house.link_with([("rights", vec!["admin"].into())]).await;
    let (_admin, mut admin) = house.let_in_by("Owner", &link).await;
    let open = FromHandset::OpenPairing(intercomd::link::message::from_handset::OpenPairing {
        rights: vec![Right::Answer],
        doors: vec![],
    });
    let link = admin.ask(&open).await.unwrap().link.expect("a link").0;
    let (guest, mut line) = house.let_in_by("Guest", &link).await;
    let all = admin.ask(&FromHandset::Handsets(Nothing {})).await.unwrap().handsets.unwrap();
    assert_eq!(all.len(), 2);
    let refused = line.ask(&FromHandset::Handsets(Nothing {})).await.unwrap_err();
    assert_eq!(refused.code, Code::NotAllowed);
    let handset = guest.id.clone().unwrap();
    admin.ask(&FromHandset::Revoke(Revoke { handset })).await.unwrap();
    assert_eq!(line.closed().await, "revoked");
}
