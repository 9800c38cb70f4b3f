// SPDX-License-Identifier: MIT OR Apache-2.0
//! What must not be in the log of a call, even at its most talkative.

use intercomd::link::message::{
    FromHandset, FromStation,
    field::Cid,
    from_handset::{Challenge, Connect},
};

use super::house::House;

/// Of the description, what is nobody's business.
fn secrets_of(sdp: &str) -> Vec<String> {
    let after = |start: &str| {
        let lines = sdp.lines().filter_map(|line| line.strip_prefix(start));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let secrets = [after("a=ice-pwd:"), after("a=fingerprint:sha-256 ")].concat();
    assert!(secrets.len() >= 2, "{sdp}");
    secrets
}

#[tokio::test]
async fn the_log_of_a_call_holds_nothing_that_opens_anything() {
    let mut house = House::usual().await;
    let link = house.pairing_link().await;
    let (phone, mut line) = house.let_in_by("Kitchen", &link).await;
    let fragment = link.split_once("#pair=").unwrap().1.to_owned();
    let mut secrets = vec![fragment, phone.invitation.token.to_string()];
    let sx = line.wire.lock().unwrap().sx.clone();
    secrets.push(sx);

    house.press("bell").await;
    let call = line.rings().await;
    if cfg!(feature = "media") {
        let connect = Connect { cid: call, video: vec![], camera: false };
        line.ask(&FromHandset::Connect(connect)).await.unwrap();
        let sdp = line
            .find(|_, message| match message {
                FromStation::Offer(offer) => Some(offer.sdp.0.clone()),
                _ => None,
            })
            .await;
        secrets.extend(secrets_of(&sdp));
    }
    line.ask(&FromHandset::Accept(Cid { cid: call })).await.unwrap();
    let front = Challenge { door: "front".parse().unwrap() };
    let mid = line.say(&FromHandset::Challenge(front)).await;
    let FromStation::ChallengeIs(challenge) = line.answer(mid).await else { panic!() };
    secrets.push(challenge.nonce.to_string());
    line.ask(&FromHandset::HangUp(Cid { cid: call })).await.unwrap();
    line.ended(call).await;
    let handset = format!("handsets/{}", phone.id.clone().unwrap());
    house.call(&handset, "Remove", &()).await.unwrap();

    let log = house.log();
    for words in ["DEBUG", "paired", "handset connected", "unpaired"] {
        assert!(log.contains(words), "{words} is not in the log: {log}");
    }
    for secret in secrets {
        assert!(!log.contains(&secret), "the log holds {secret}");
    }
    for word in ["BEGIN", "ice-pwd", "a=candidate", "\"sdp\"", "eyJ"] {
        assert!(!log.contains(word), "the log holds {word}");
    }
}
