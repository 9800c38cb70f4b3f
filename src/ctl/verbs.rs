// SPDX-License-Identifier: MIT OR Apache-2.0
//! Each command as a conversation with the station.

use serde_json::json;
use zbus::{OwnedObjectPath, Variant};

use super::{
    answer::{Answer, Screen},
    cli::{Command, DoorVerb, HandsetVerb, OnOff, ThatCall},
    client::Client,
    failure::{Failure, Kind},
    follow::{self, Options},
    log, pair, pick, selftest, show,
    when::Wall,
};
use crate::core::status::Media;

/// `None` when everything was said on the way, and for the commands that need no station.
pub(super) async fn perform(
    client: &Client,
    command: &Command,
    screen: Screen,
) -> Result<Option<Answer>, Failure> {
    let answer = match command {
        Command::Status => {
            let state = client.state().await?;
            Answer::new(show::status(&state), json!(state))
        }
        Command::Monitor => {
            follow::monitor(client, screen).await?;
            return Ok(None);
        }
        Command::Call { contact, media, wait } => {
            call(client, contact.as_deref(), *media, *wait, screen).await?
        }
        Command::Accept(that) => in_call(client, *that, "Accept", &Options::new()).await?,
        Command::Reject(that) => in_call(client, *that, "Reject", &"").await?,
        Command::Hangup { all: true, .. } => {
            client.station::<_, ()>("HangupAll", &()).await?;
            Answer::new(String::new(), json!({}))
        }
        Command::Hangup { call, all: false } => in_call(client, *call, "Hangup", &()).await?,
        Command::Hold(that) => in_call(client, *that, "Hold", &()).await?,
        Command::Unhold(that) => in_call(client, *that, "Unhold", &()).await?,
        Command::Silence(that) => in_call(client, *that, "Silence", &()).await?,
        Command::Nudge(that) => in_call(client, *that, "Nudge", &()).await?,
        Command::Mute { state, call } => mute(client, *call, *state).await?,
        Command::Open { door } => open(client, door.as_deref()).await?,
        Command::Door { door, verb } => at_door(client, door, *verb).await?,
        Command::Press { button, hold } => press(client, button.as_deref(), *hold).await?,
        Command::Calls { limit, missed } => {
            let calls = log::fetch(client, *limit, *missed).await?;
            Answer::new(log::text(&calls, &Wall::of_this_machine()), json!(calls))
        }
        Command::Handsets { verb: None } => {
            let state = client.state().await?;
            Answer::new(show::handsets(&state), json!(state.handsets))
        }
        Command::Handsets { verb: Some(HandsetVerb::Remove { id }) } => remove(client, id).await?,
        Command::Pair { close: true, .. } => {
            client.station::<_, ()>("ClosePairing", &()).await?;
            Answer::new(String::new(), json!({}))
        }
        Command::Pair { window, close: false } => pair::open(client, window, screen).await?,
        Command::Dnd { state } => do_not_disturb(client, *state).await?,
        Command::Volume { percent } => volume(client, *percent).await?,
        Command::Gain { decibels } => gain(client, *decibels).await?,
        Command::Reload => {
            client.station::<_, ()>("Reload", &()).await?;
            Answer::new(String::new(), json!({}))
        }
        Command::Selftest => selftest::ask(client).await?,
        Command::Audio | Command::CheckConfig { .. } | Command::Doctor { .. } => return Ok(None),
    };
    Ok(Some(answer))
}

async fn call(
    client: &Client,
    contact: Option<&str>,
    media: Option<Media>,
    wait: bool,
    screen: Screen,
) -> Result<Answer, Failure> {
    let contact = pick::named(Kind::Contact, contact, &client.state().await?)?;
    let options: Options<'_> =
        media.map(|media| ("media", media.word().into())).into_iter().collect();
    if wait {
        return follow::call_to_its_end(client, &contact, &options, screen).await;
    }
    let path: OwnedObjectPath = client.station("Call", &(&contact, &options)).await?;
    let id = follow::call_id(&path)?;
    Ok(Answer::new(format!("call {id}"), json!({ "call": id })))
}

async fn in_call<B>(
    client: &Client,
    that: ThatCall,
    method: &str,
    arguments: &B,
) -> Result<Answer, Failure>
where
    B: serde::Serialize + zbus::DynamicType,
{
    let id = pick::call(that.call, &client.state().await?)?;
    client.object::<_, ()>(Kind::Call, &id.to_string(), method, arguments).await?;
    Ok(Answer::done("call", id))
}

async fn mute(client: &Client, that: ThatCall, state: OnOff) -> Result<Answer, Failure> {
    let id = pick::call(that.call, &client.state().await?)?;
    let call = id.to_string();
    client.set(Some((Kind::Call, &call)), "Mute", Variant::from(state.is_on())).await?;
    Ok(Answer::done("call", id))
}

async fn open(client: &Client, door: Option<&str>) -> Result<Answer, Failure> {
    let door = pick::named(Kind::Door, door, &client.state().await?)?;
    client.object::<_, ()>(Kind::Door, &door, "Open", &Options::new()).await?;
    Ok(Answer::done("door", door))
}

async fn at_door(client: &Client, door: &str, verb: DoorVerb) -> Result<Answer, Failure> {
    let door = pick::named(Kind::Door, Some(door), &client.state().await?)?;
    let method = match verb {
        DoorVerb::Hold => "Hold",
        DoorVerb::Release => "Release",
        DoorVerb::Lock => "Lock",
        DoorVerb::Unlock => "Unlock",
    };
    client.object::<_, ()>(Kind::Door, &door, method, &()).await?;
    Ok(Answer::done("door", door))
}

async fn press(client: &Client, button: Option<&str>, hold: bool) -> Result<Answer, Failure> {
    let button = pick::named(Kind::Button, button, &client.state().await?)?;
    let method = if hold { "Hold" } else { "Press" };
    client.object::<_, ()>(Kind::Button, &button, method, &()).await?;
    Ok(Answer::done("button", button))
}

async fn remove(client: &Client, handset: &str) -> Result<Answer, Failure> {
    let handset = pick::named(Kind::Handset, Some(handset), &client.state().await?)?;
    client.object::<_, ()>(Kind::Handset, &handset, "Remove", &()).await?;
    Ok(Answer::done("handset", handset))
}

async fn do_not_disturb(client: &Client, state: Option<OnOff>) -> Result<Answer, Failure> {
    if let Some(state) = state {
        client.set(None, "DoNotDisturb", Variant::from(state.is_on())).await?;
        return Ok(Answer::done("do_not_disturb", state.is_on()));
    }
    let station = client.state().await?.station;
    let text = match (station.do_not_disturb, station.quiet) {
        (true, _) => "on",
        (false, true) => "off, but it is quiet hours",
        (false, false) => "off",
    };
    let json = json!({ "do_not_disturb": station.do_not_disturb, "quiet": station.quiet });
    Ok(Answer::new(text.to_owned(), json))
}

async fn volume(client: &Client, percent: Option<u8>) -> Result<Answer, Failure> {
    if let Some(percent) = percent {
        client.set(None, "Volume", Variant::from(percent)).await?;
        return Ok(Answer::done("volume", percent));
    }
    let volume = client.state().await?.station.volume;
    Ok(Answer::new(volume.to_string(), json!({ "volume": volume })))
}

async fn gain(client: &Client, decibels: Option<i16>) -> Result<Answer, Failure> {
    if let Some(decibels) = decibels {
        client.set(None, "MicrophoneGain", Variant::from(decibels)).await?;
        return Ok(Answer::done("microphone_gain", decibels));
    }
    let gain = client.state().await?.station.microphone_gain;
    Ok(Answer::new(gain.to_string(), json!({ "microphone_gain": gain })))
}
