// SPDX-License-Identifier: MIT OR Apache-2.0
//! From a button to the ring that leaves the station, inside the daemon; and to the signal that
//! a local program sees, alone and among many watchers.

use std::{
    future::poll_fn,
    num::NonZeroUsize,
    pin::Pin,
    time::{Duration, Instant},
};

use futures_core::Stream;
use zbus::{Connection, MatchRule, MessageStream, Proxy};

use super::{
    spread,
    stand::{self, Stand},
};

const WATCHERS: usize = 200;

pub(crate) async fn report(presses: usize) {
    let stand = Stand::start().await;
    let client = stand.connect().await;
    let (inside, seen) = rounds(&client, presses).await;
    println!("press → ring leaves (goal p99 ≤ 5 ms)     {}", spread(inside));
    println!("press → a program sees the call           {}", spread(seen));

    let mut watchers = Vec::new();
    for _ in 0..WATCHERS {
        watchers.push(tokio::spawn(watch(stand.connect().await)));
    }
    let (inside, seen) = rounds(&client, presses / 4).await;
    println!("the first, {WATCHERS} programs watching           {}", spread(inside));
    println!("the second, {WATCHERS} programs watching          {}", spread(seen));
    watchers.iter().for_each(tokio::task::JoinHandle::abort);
    if stand.log().contains("ERROR") {
        println!("the daemon complained:\n{}", stand.log());
    }
}

async fn hear(client: &Connection, member: Option<&'static str>) -> MessageStream {
    let rule = MatchRule::builder().sender("org.intercomd1");
    let rule = match member {
        Some(member) => rule.member(member),
        None => rule,
    };
    let rule = rule.build().expect("a rule");
    let queue = NonZeroUsize::new(100_000);
    MessageStream::for_match_rule(rule, client, queue).await.expect("the bus takes the rule")
}

async fn next(stream: &mut MessageStream) {
    let message = poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await;
    drop(message.expect("a bus").expect("a message"));
}

/// Hears everything, as a user interface does.
async fn watch(client: Connection) {
    let mut everything = hear(&client, None).await;
    loop {
        next(&mut everything).await;
    }
}

async fn rounds(client: &Connection, presses: usize) -> (Vec<Duration>, Vec<Duration>) {
    let simulator = stand::simulator(client).await;
    let station = stand::station(client).await;
    let mut added = hear(client, Some("InterfacesAdded")).await;
    let mut all = (Vec::new(), Vec::new());
    for _ in 0..presses {
        let (inside, seen) = one(&simulator, &station, &mut added).await;
        all.0.push(inside);
        all.1.push(seen);
    }
    all
}

async fn one(
    simulator: &Proxy<'_>,
    station: &Proxy<'_>,
    added: &mut MessageStream,
) -> (Duration, Duration) {
    let began = Instant::now();
    press(simulator, true).await;
    next(added).await;
    let seen = began.elapsed();
    let (pressed, rang): (u64, u64) = simulator.call("Times", &()).await.expect("the times");
    press(simulator, false).await;
    let _: () = station.call("HangupAll", &()).await.expect("an end");
    // The station takes a thousand presses in a second and ignores more.
    tokio::time::sleep(Duration::from_millis(2)).await;
    (Duration::from_micros(rang.saturating_sub(pressed)), seen)
}

async fn press(simulator: &Proxy<'_>, active: bool) {
    let change = ("buttons.bell", active);
    let _: () = simulator.call("SetInput", &change).await.expect("a press");
}
