// SPDX-License-Identifier: MIT OR Apache-2.0
//! A handset as a program, for a machine that has nothing else to talk to. It pairs by a link, says
//! on a line each what happens to it, and does what the lines say that it reads: `accept`, `reject`,
//! `hangup`, `open DOOR`. `handset ear` says what it hears on its standard input, `handset tone HZ PCM`
//! speaks by a sound card whenever there is one.

// The parts are those of other tests, which use more of them.
#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm
)]

#[path = "../../it/deadline.rs"]
mod deadline;
mod ear;
mod eye;
mod mouth;
#[path = "../../media/peer.rs"]
mod peer;
#[path = "../../it/link/phone.rs"]
mod phone;
mod talk;
#[path = "../../media/tone.rs"]
mod tone;
#[path = "../../it/link/wire.rs"]
mod wire;

use std::{io::Read, time::Duration};

use tokio::sync::mpsc::{self, Receiver};

use self::{ear::Ear, phone::Phone, talk::Talk};

const AGAIN_AFTER: Duration = Duration::from_millis(500);

fn main() {
    let arguments = std::env::args().skip(1).collect::<Vec<_>>();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["ear"] => listen(),
        ["tone", hz, pcm] => mouth::speak(hz.parse().unwrap(), pcm),
        [label, link] => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(live(label, link));
        }
        _ => panic!("usage: handset LABEL LINK | ear | tone HZ PCM"),
    }
}

fn listen() {
    let (ear, mut pcm) = (Ear::default(), [0; 4096]);
    let mut from = std::io::stdin().lock();
    while from.read_exact(&mut pcm).is_ok() {
        ear.hear(&pcm);
    }
}

fn orders() -> Receiver<String> {
    let (orders_in, orders) = mpsc::channel(8);
    std::thread::spawn(move || {
        for order in std::io::stdin().lines().map_while(Result::ok) {
            drop(orders_in.blocking_send(order));
        }
    });
    orders
}

async fn live(label: &str, link: &str) {
    peer::warm_up();
    let mut phone = Phone::new(label, link);
    let mut socket = phone.connect().await;
    println!("paired {}", phone.pair(&mut socket).await.handset);
    let mut orders = orders();
    loop {
        let (line, state) = phone.resume(socket).await;
        println!("there");
        let mut talk = Talk::new(&phone, line);
        if let Some(call) = state.call {
            talk.rings(call.cid).await;
        }
        while talk.goes_on(&mut orders).await {}
        drop(talk);
        println!("gone");
        socket = loop {
            match wire::Socket::open(&phone.invitation.at[0], phone.invitation.pin.0).await {
                Ok(socket) => break socket,
                Err(_) => tokio::time::sleep(AGAIN_AFTER).await,
            }
        };
    }
}
