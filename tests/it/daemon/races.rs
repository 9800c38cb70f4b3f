// SPDX-License-Identifier: MIT OR Apache-2.0
//! Two want the same at once; one disappears.

use super::{
    client::{Client, no_options, path},
    station::Station,
};

/// True when it won. Who lost hears from the station who won.
async fn accept(client: &Client, handset: &str, other: &str) -> bool {
    match client.play("Accept", &handset).await {
        Ok(_) => true,
        Err((error, text)) => {
            assert_eq!(error, "WrongState");
            assert!(text.ends_with(&format!("the call was answered by {other}")), "{text}");
            false
        }
    }
}

#[tokio::test]
async fn of_two_accepts_at_once_exactly_one_wins_and_the_loser_learns_who() {
    let station = Station::usual().await;
    let (one, other) = (station.another_client().await, station.another_client().await);
    let mut winners = [0, 0];
    for round in 0..40 {
        let call = station.ring("home").await.unwrap();
        for handset in ["hall", "kitchen"] {
            station.leg_becomes(&call, handset, "ringing").await;
        }
        let (hall, kitchen) = if round % 2 == 0 {
            tokio::join!(accept(&one, "hall", "kitchen"), accept(&other, "kitchen", "hall"))
        } else {
            let (kitchen, hall) =
                tokio::join!(accept(&one, "kitchen", "hall"), accept(&other, "hall", "kitchen"));
            (hall, kitchen)
        };
        assert!(hall != kitchen, "round {round}: exactly one wins");
        let (winner, loser) = if hall { ("hall", "kitchen") } else { ("kitchen", "hall") };
        winners[usize::from(kitchen)] += 1;
        station.becomes(&call, "Status", "ongoing").await;
        assert_eq!(station.text(&call, "AnsweredBy").await, winner, "round {round}");
        assert_eq!(station.leg(&call, loser).await, "elsewhere elsewhere", "round {round}");
        station.play("Hangup", &winner).await.unwrap();
        station.ends(&call, "ended", "ended").await;
    }
    assert_eq!(winners.iter().sum::<i32>(), 40);
    assert_eq!(station.call_log().await.len(), 40);
}

#[tokio::test]
async fn of_two_calls_at_once_one_is_made() {
    let station = Station::usual().await;
    let (one, other) = (station.another_client().await, station.another_client().await);
    for round in 1..=20 {
        let (first, second) = tokio::join!(one.ring("home"), other.ring("home"));
        let (made, refused) = match (first, second) {
            (Ok(made), Err(refused)) | (Err(refused), Ok(made)) => (made, refused),
            both => panic!("round {round}: {both:?}"),
        };
        assert_eq!(made, format!("calls/{round}"));
        assert_eq!(refused, ("Busy".to_owned(), format!("call {round} is in the way")));
        station.call(&made, "Hangup", &()).await.unwrap();
    }
}

#[tokio::test]
async fn an_accept_and_a_hangup_at_once_end_in_one_story() {
    let station = Station::usual().await;
    let other = station.another_client().await;
    for round in 0..20 {
        let call = station.ring("home").await.unwrap();
        station.leg_becomes(&call, "hall", "ringing").await;
        let (accepted, hung_up) =
            tokio::join!(station.play("Accept", &"hall"), other.call(&call, "Hangup", &()));
        hung_up.unwrap();
        let status = if accepted.is_ok() { "ended" } else { "cancelled" };
        assert_eq!(station.text(&call, "Status").await, status, "round {round}");
    }
}

#[tokio::test]
async fn a_client_that_dies_does_not_take_its_call_along() {
    let station = Station::usual().await;
    let caller = station.another_client().await;
    let call = caller.ring("home").await.unwrap();
    // It dies without waiting for the answers to what it still asks.
    for method in ["Nudge", "Nudge", "Nudge"] {
        let ask = zbus::Message::method_call(path(&call), method)
            .destination("org.intercomd1")
            .interface("org.intercomd1.Call");
        caller.0.send(&ask.build(&()).unwrap()).await.unwrap();
    }
    drop(caller);
    station.leg_becomes(&call, "hall", "ringing").await;
    station.play("Accept", &"hall").await.unwrap();
    station.becomes(&call, "Status", "ongoing").await;

    let answerer = station.another_client().await;
    answerer.call(&call, "Hold", &()).await.unwrap();
    drop(answerer);
    assert_eq!(station.text(&call, "Status").await, "ongoing");
    station.call(&call, "Hangup", &()).await.unwrap();
    station.call("contacts/home", "Call", &no_options()).await.unwrap();
}
