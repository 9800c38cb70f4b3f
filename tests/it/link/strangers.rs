// SPDX-License-Identifier: MIT OR Apache-2.0
//! Frames and connections of whoever is no handset, or behaves like none.

use std::time::Duration;

use intercomd::{
    core::CallId,
    link::{
        envelope::seal,
        message::{FromHandset, field::Cid},
    },
};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::{
    house::House,
    phone::{Phone, new_mid},
    wire::Socket,
};
use crate::daemon::client::until;

/// To read what has come from a connection.
const LOOK: Duration = Duration::from_millis(20);

#[tokio::test]
async fn what_is_no_frame_ends_the_connection_and_is_counted() {
    let mut house = House::usual().await;
    let (phone, _line) = house.let_in("Kitchen").await;
    let stranger = Phone::new("Stranger", &house.pairing_link().await);
    let hello = |phone: &Phone| {
        let hello = phone.hello(intercomd::link::message::field::Nonce([3; 16]));
        seal(&phone.call, &phone.envelope(new_mid(), &hello))
    };
    let mut forged = hello(&phone);
    forged.replace_range(forged.len() - 6.., "AAAAAA");
    for (frame, code) in [
        (String::new(), "bad_header"),
        ("hello".to_owned(), "bad_header"),
        ("a.b.c".to_owned(), "bad_header"),
        ("{\"t\":\"hello\"}".to_owned(), "bad_header"),
        (forged, "bad_signature"),
        (hello(&stranger), "unknown_key"),
        ("x".repeat(4097), "too_large"),
    ] {
        let before = house.refused().await.get(code).copied().unwrap_or_default();
        let mut socket = phone.connect().await;
        socket.say(&frame).await;
        assert_eq!(socket.closed().await, code, "{frame}");
        house.counts(code, before + 1).await;
    }
    let mut socket = phone.connect().await;
    socket.send(Message::binary(vec![0; 10])).await;
    assert_eq!(socket.closed().await, "bad_header");
    house.doors_are_shut().await;
}

#[tokio::test]
async fn a_message_beyond_all_measure_is_not_even_read() {
    let mut house = House::usual().await;
    let (_phone, mut line) = house.let_in("Kitchen").await;
    line.send("x".repeat(40 * 1024)).await;
    assert_eq!(line.closed().await, "too_large");
    house.counts("too_large", 1).await;
}

#[tokio::test]
async fn a_repeated_accept_is_one_and_an_old_message_none() {
    let mut house = House::usual().await;
    let (phone, mut line) = house.let_in("Kitchen").await;
    house.press("bell").await;
    let call = line.rings().await;
    let (mid, accept) = (new_mid(), FromHandset::Accept(Cid { cid: call }));
    let frame = {
        let mut wire = line.wire.lock().unwrap();
        wire.said += 1;
        let envelope = wire.envelope(mid, wire.said, &accept);
        wire.seal(&envelope)
    };
    line.send(frame.clone()).await;
    line.answer(mid).await;
    line.send(frame.clone()).await;
    line.ask(&FromHandset::HangUp(Cid { cid: call })).await.unwrap();
    line.ended(call).await;

    // In another context it is nothing at all.
    let mut other = phone.online().await;
    other.send(frame).await;
    assert_eq!(other.closed().await, "stale");
    house.counts("stale", 1).await;
}

#[tokio::test]
async fn whoever_says_nothing_is_sent_away() {
    let house = House::usual().await;
    let phone = Phone::new("Stranger", &house.pairing_link().await);
    let mut socket = phone.connect().await;
    assert_eq!(socket.closed().await, "late");
}

#[tokio::test]
async fn few_strangers_are_heard_at_once_and_handsets_are_none() {
    let mut house = House::usual().await;
    let (phone, mut line) = house.let_in("Kitchen").await;
    let address = phone.invitation.at.first().unwrap();
    let mut strangers = Vec::new();
    let mut turned_away = 0;
    for _ in 0..40 {
        match Socket::open(address, phone.invitation.pin.0).await {
            Ok(socket) => strangers.push(socket),
            Err(_) => turned_away += 1,
        }
    }
    // Whoever has said nothing for five seconds makes room for the next one.
    let mut here = 0;
    for stranger in &mut strangers {
        here += usize::from(timeout(LOOK, stranger.next()).await.is_err());
    }
    assert!((1..=4).contains(&here) && turned_away > 0, "{here} are here");
    // The handset that is here is served all the same.
    house.press("bell").await;
    line.rings().await;
    drop(strangers);
    until("there is room again", async || {
        Socket::open(address, phone.invitation.pin.0).await.is_ok()
    })
    .await;
    drop(phone.online().await);
}

#[tokio::test]
async fn a_handset_that_talks_without_end_is_cut_off() {
    let mut house = House::usual().await;
    let (phone, mut line) = house.let_in("Kitchen").await;
    for _ in 0..300 {
        line.say(&FromHandset::Ringing(Cid { cid: CallId(9999) })).await;
    }
    assert_eq!(line.closed().await, "rate_limited");
    house.counts("rate_limited", 1).await;
    drop(phone.online().await);
}
