// SPDX-License-Identifier: MIT OR Apache-2.0
//! One WebSocket. It carries frames between a handset and the desk, and notices silence.

use std::{error::Error, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until, timeout},
};

use tokio_tungstenite::tungstenite;

use super::reception::{Arrival, Guest, Outgoing};
use crate::link::desk::Heard;

const PING: Duration = Duration::from_secs(15);
const SILENCE: Duration = Duration::from_secs(30);
/// A frame that does not leave within this time has nobody who reads.
const STALLED: Duration = Duration::from_secs(10);

/// For the other end to agree that it is over.
const LAST_LOOK: Duration = Duration::from_millis(500);

enum Turn {
    Say(Option<Outgoing>),
    Heard(Option<Result<Message, axum::Error>>),
    Wait,
}

/// Until either side has enough. The hub hears of the end in any case.
pub(super) async fn serve(guest: Guest, mut socket: WebSocket) {
    let Guest { connection, mut outgoing, hub, seat } = guest;
    let mut heard_at = Instant::now();
    let mut pinged_at = heard_at;
    loop {
        let wait_until = (pinged_at + PING).min(heard_at + SILENCE);
        let turn = tokio::select! {
            biased;
            said = outgoing.recv() => Turn::Say(said),
            heard = socket.recv() => Turn::Heard(heard),
            () = sleep_until(wait_until) => Turn::Wait,
        };
        let goes_on = match turn {
            Turn::Say(Some(Outgoing::Frame(frame))) => say(&mut socket, text(frame)).await,
            Turn::Say(Some(Outgoing::Close(why))) => {
                hang_up(&mut socket, why).await;
                false
            }
            // The hub has forgotten this connection.
            Turn::Say(None) => false,
            Turn::Heard(message) => {
                heard_at = Instant::now();
                match read(message) {
                    None => true,
                    Some(heard @ Heard::Frame(_)) => {
                        hub.send(Arrival::Heard { connection, heard }).await.is_ok()
                    }
                    Some(heard @ Heard::TooLarge) => {
                        drop(hub.send(Arrival::Heard { connection, heard }).await);
                        last_words(&mut socket, &mut outgoing).await;
                        false
                    }
                    Some(Heard::Closed) => false,
                }
            }
            Turn::Wait if Instant::now() >= heard_at + SILENCE => false,
            Turn::Wait => {
                pinged_at = Instant::now();
                say(&mut socket, Message::Ping(Default::default())).await
            }
        };
        if !goes_on {
            break;
        }
    }
    drop(hub.send(Arrival::Heard { connection, heard: Heard::Closed }).await);
    drop(seat);
}

/// What the other end still says is read and not heard: a connection that is closed with something
/// unread is reset, and the reason is lost with it.
async fn hang_up(socket: &mut WebSocket, why: &'static str) {
    say(socket, closing(why)).await;
    let answer = async { while let Some(Ok(_)) = socket.recv().await {} };
    drop(timeout(LAST_LOOK, answer).await);
}

/// What the hub says to a frame after which nothing can be read any more.
async fn last_words(socket: &mut WebSocket, outgoing: &mut mpsc::Receiver<Outgoing>) {
    let words = async {
        while let Some(said) = outgoing.recv().await {
            let (message, is_last) = match said {
                Outgoing::Frame(frame) => (text(frame), false),
                Outgoing::Close(why) => (closing(why), true),
            };
            if !say(socket, message).await || is_last {
                return;
            }
        }
    };
    // The hub may find nothing to say.
    drop(timeout(STALLED, words).await);
}

async fn say(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(STALLED, socket.send(message)).await, Ok(Ok(())))
}

fn text(frame: String) -> Message {
    Message::Text(frame.into())
}

fn closing(why: &'static str) -> Message {
    Message::Close(Some(CloseFrame { code: close_code::POLICY, reason: why.into() }))
}

/// `None` is a sign of life and nothing else.
fn read(message: Option<Result<Message, axum::Error>>) -> Option<Heard> {
    match message {
        Some(Ok(Message::Text(text))) => Some(Heard::Frame(text.as_str().to_owned())),
        // Nothing of ours is binary; what is no frame is refused as one.
        Some(Ok(Message::Binary(_))) => Some(Heard::Frame(String::new())),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
        Some(Err(error)) if is_too_large(&error) => Some(Heard::TooLarge),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Some(Heard::Closed),
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    let error = error.source().and_then(|error| error.downcast_ref::<tungstenite::Error>());
    matches!(error, Some(tungstenite::Error::Capacity(_)))
}
