// SPDX-License-Identifier: MIT OR Apache-2.0
//! What must not be in the log, even at its most talkative.

use zbus::Variant;

use super::{
    client::{no_options, options},
    station::Station,
};

impl Station {
    async fn pairing_link(&self) -> String {
        let reply = self.call("", "OpenPairing", &no_options()).await.unwrap();
        let body = reply.body();
        let (link, picture, deadline): (String, String, u64) = body.deserialize().unwrap();
        assert!(picture.contains("<svg") && deadline > 0);
        assert!(self.property::<u64>("", "PairingDeadline").await >= deadline);
        link
    }
}

#[tokio::test]
async fn the_log_of_a_whole_story_holds_no_pairing_link() {
    let station = Station::usual().await;
    let first = station.pairing_link().await;
    let reply = station.call("", "OpenPairing", &no_options()).await.unwrap();
    let (_, _, deadline): (String, String, u64) = reply.body().deserialize().unwrap();
    assert_eq!(station.property::<u64>("", "PairingDeadline").await, deadline);
    let second = station.pairing_link().await;
    assert_ne!(first, second);
    let (error, _) = station.play("Pair", &(first.as_str(), "guest", "Guest")).await.unwrap_err();
    assert_eq!(error, "InvalidArgs", "a link that was replaced is worthless");
    station.play("Pair", &(second.as_str(), "guest", "Guest")).await.unwrap();
    let (error, _) = station.play("Pair", &(second.as_str(), "other", "Other")).await.unwrap_err();
    assert_eq!(error, "InvalidArgs", "a link serves once");
    assert_eq!(station.property::<u64>("", "PairingDeadline").await, 0);

    let call = station.ring("home").await.unwrap();
    station.leg_becomes(&call, "guest", "ringing").await;
    station.play("Accept", &"guest").await.unwrap();
    station.becomes(&call, "Status", "ongoing").await;
    station.call("handsets/guest", "Remove", &()).await.unwrap();
    station.ends(&call, "failed", "revoked").await;

    let log = station.log();
    assert!(log.contains("DEBUG") && log.contains("pairing is open"), "{log}");
    for link in [first, second] {
        let token = link.rsplit(':').next().unwrap();
        assert!(token.len() >= 32, "128 bits");
        assert!(!log.contains(token), "the log holds {token}");
    }
}

#[tokio::test]
async fn a_pairing_window_closes_by_itself_and_when_told() {
    let station = Station::usual().await;
    let brief = options([("lifetime_s", Variant::from(1_u32))]);
    let reply = station.call("", "OpenPairing", &brief).await.unwrap();
    let (link, _, _): (String, String, u64) = reply.body().deserialize().unwrap();
    let closed = async || station.property::<u64>("", "PairingDeadline").await == 0;
    super::client::until("the window closes", closed).await;
    station.play("Pair", &(link.as_str(), "guest", "Guest")).await.unwrap_err();

    let link = station.pairing_link().await;
    station.call("", "ClosePairing", &()).await.unwrap();
    assert!(closed().await);
    let refused = station.play("Pair", &(link.as_str(), "guest", "Guest")).await;
    assert_eq!(refused.unwrap_err().0, "InvalidArgs");
    assert!(!station.exists("handsets/guest").await);
}

#[tokio::test]
async fn of_two_that_open_pairing_at_once_both_get_the_link_that_works() {
    let station = Station::usual().await;
    for round in 0..10 {
        let (one, other) = tokio::join!(station.pairing_link(), station.pairing_link());
        let guest = format!("guest_{round}");
        let newest =
            if station.play("Pair", &(other.as_str(), guest.as_str(), "Guest")).await.is_ok() {
                other
            } else {
                station.play("Pair", &(one.as_str(), guest.as_str(), "Guest")).await.unwrap();
                one
            };
        assert!(newest.len() > 32);
    }
}
