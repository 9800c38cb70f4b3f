// SPDX-License-Identifier: MIT OR Apache-2.0
//! Watching: everything, or one call to its end.

use std::collections::HashMap;

use serde_json::json;
use zbus::{OwnedObjectPath, Variant};

use super::{
    answer::{Answer, Screen},
    client::Client,
    failure::Failure,
    news::{News, What},
    when::Wall,
};
use crate::{core::Status, station::clock};

/// Until it is interrupted, nobody reads it any more or the bus is gone.
pub(super) async fn monitor(client: &Client, screen: Screen) -> Result<(), Failure> {
    let mut signals = client.signals().await?;
    // Whoever may not talk to the station would wait here for ever without knowing why.
    let first = if client.is_served().await? { client.name().await? } else { What::Gone };
    tell(screen, &News::of_station(first))?;
    loop {
        let message = tokio::select! {
            message = signals.next() => message?,
            interrupted = tokio::signal::ctrl_c() => return interrupted.map_err(Failure::Runtime),
        };
        match News::of(&message) {
            Ok(Some(news)) => tell(screen, &news)?,
            Ok(None) => {}
            Err(error) => return Err(Failure::Gibberish(error.to_string())),
        }
    }
}

fn tell(screen: Screen, news: &News) -> Result<(), Failure> {
    let now = Wall::of_this_machine().now();
    let lines: Vec<String> = news.lines().iter().map(|line| format!("{now}  {line}")).collect();
    screen.say(&lines.join("\n"), || news.json(clock::unix_ms()))
}

/// The options of a method that takes some.
pub(super) type Options<'a> = HashMap<&'a str, Variant<'a>>;

/// Calls and stays until the call is over. Not having been answered is a failure.
pub(super) async fn call_to_its_end(
    client: &Client,
    contact: &str,
    options: &Options<'_>,
    screen: Screen,
) -> Result<Answer, Failure> {
    // Before the call, so that no status is too quick.
    let mut signals = client.signals().await?;
    let path: OwnedObjectPath = client.station("Call", &(contact, options)).await?;
    let id = call_id(&path)?;
    screen.progress(&format!("call {id}"))?;
    let mut last = String::new();
    let mut answered = false;
    loop {
        let message = signals.next().await?;
        let news = News::of(&message).map_err(|error| Failure::Gibberish(error.to_string()))?;
        let Some(news) = news else { continue };
        if news.what == What::Gone {
            return Err(Failure::WentAway);
        }
        if news == (News { object: format!("calls/{id}"), what: What::Removed }) {
            return Err(Failure::Gibberish(format!("call {id} was {last} and is gone")));
        }
        let Some((status, reason)) = news.status_of(id) else { continue };
        if status == last {
            continue;
        }
        let known = status.parse::<Status>();
        answered |= matches!(known, Ok(Status::Connecting | Status::Ongoing));
        if known.is_ok_and(Status::is_terminal) {
            return Ok(ending(id, status, reason, answered));
        }
        screen.progress(status)?;
        status.clone_into(&mut last);
    }
}

fn ending(id: u64, status: &str, reason: &str, answered: bool) -> Answer {
    let text = if reason == status { status.to_owned() } else { format!("{status} ({reason})") };
    let json = json!({ "call": id, "status": status, "reason": reason, "answered": answered });
    Answer { exit_code: u8::from(!answered), ..Answer::new(text, json) }
}

pub(super) fn call_id(path: &OwnedObjectPath) -> Result<u64, Failure> {
    let last = path.as_str().rsplit('/').next();
    last.and_then(|id| id.parse().ok())
        .ok_or_else(|| Failure::Gibberish(format!("{path} is no call")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_nobody_answered_fails_and_says_how_it_ended() {
        let unanswered = ending(7, "unanswered", "unanswered", false);
        assert_eq!((unanswered.text.as_str(), unanswered.exit_code), ("unanswered", 1));
        let cut = ending(7, "ended", "max_duration", true);
        assert_eq!((cut.text.as_str(), cut.exit_code), ("ended (max_duration)", 0));
    }

    #[test]
    fn the_id_of_a_call_is_the_end_of_its_path() {
        let path = OwnedObjectPath::try_from("/org/intercomd1/calls/7").unwrap();
        assert_eq!(call_id(&path).unwrap(), 7);
        assert!(call_id(&OwnedObjectPath::try_from("/").unwrap()).is_err());
    }
}
