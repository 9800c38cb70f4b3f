// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sound cards of this machine. The media worker asks them: nobody else here knows ALSA.

use std::process::Command;

use serde_json::json;

use super::{
    answer::Answer,
    failure::Failure,
    layout::{Row, columns, row},
};
use crate::media::{
    cards::{Able, Card, Device, Holder, Listing, Set, Stream},
    place::Program,
};

pub(super) fn cards() -> Result<Listing, Failure> {
    let (path, _) =
        Program::Installed.find().map_err(|error| Failure::NoCards(error.to_string()))?;
    let output = Command::new(&path).arg("--cards").output();
    let output =
        output.map_err(|error| Failure::NoCards(format!("{}: {error}", path.display())))?;
    if !output.status.success() {
        return Err(Failure::NoCards(format!("{}: {}", path.display(), output.status)));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::NoCards(format!("{}: {error}", path.display())))
}

pub(super) fn shown(listing: &Listing) -> Answer {
    let mut blocks: Vec<String> = listing.cards.iter().map(block).collect();
    if !listing.closed.is_empty() {
        let ids = listing.closed.join(", ");
        blocks.push(format!("this user may not open {ids}: use sudo, or join the group audio"));
    }
    if blocks.is_empty() {
        blocks.push("there is no sound card".to_owned());
    }
    Answer::new(blocks.join("\n"), json!(listing))
}

fn block(card: &Card) -> String {
    let place = card.usb.as_ref().map(|socket| format!(", USB socket {socket}"));
    let heading = format!("{}  {}{}", card.id, card.name, place.unwrap_or_default());
    let mut rows: Vec<Row> = card.devices.iter().flat_map(device_rows).collect();
    for (direction, names) in
        [("capture", &card.controls.capture), ("playback", &card.controls.playback)]
    {
        if !names.is_empty() {
            rows.push(row(["", &format!("{direction} controls"), &names.join(", ")]));
        }
    }
    let indented = columns(&rows).lines().map(|line| format!("\n  {line}")).collect::<String>();
    heading + &indented
}

fn device_rows(device: &Device) -> Vec<Row> {
    let streams = [("capture", &device.capture), ("playback", &device.playback)];
    let there = streams.into_iter().filter_map(|(word, stream)| Some((word, stream.as_ref()?)));
    let mut rows: Vec<Row> =
        there.map(|(word, stream)| row(["", word, &stream_line(stream)])).collect();
    if rows.len() == 2 {
        rows.push(row(["", "full duplex", "both have one clock"]));
    }
    if let Some(setting) = rows.first_mut().and_then(|row| row.first_mut()) {
        setting.clone_from(&device.setting);
    }
    rows
}

fn stream_line(stream: &Stream) -> String {
    let holders: Vec<String> = stream.held_by.iter().map(holder).collect();
    let set = stream.set.as_ref().map(|set| {
        let ms = |us: u64| us.div_ceil(1000);
        let Set { rate, period_us, buffer_us, .. } = set;
        format!(" at {rate} Hz, {} ms of {} ms", ms(*period_us), ms(*buffer_us))
    });
    let held = (!holders.is_empty())
        .then(|| format!("in use by {}{}", holders.join(", "), set.unwrap_or_default()));
    let able = stream.able.as_ref().map(able);
    let told: Vec<String> = able.into_iter().chain(held).collect();
    if told.is_empty() { "cannot be opened".to_owned() } else { told.join("; ") }
}

fn able(Able { rates, channels }: &Able) -> String {
    let channels = match channels {
        (1, 1) => "1 channel".to_owned(),
        (least, most) if least == most => format!("{most} channels"),
        (least, most) => format!("{least} to {most} channels"),
    };
    let rates: Vec<String> = rates.iter().map(u32::to_string).collect();
    format!("{channels}, {} Hz", rates.join(" "))
}

fn holder(Holder { pid, name }: &Holder) -> String {
    name.as_ref().map_or_else(|| format!("process {pid}"), |name| format!("{name} ({pid})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headset() -> Card {
        let able = |channels| Some(Able { rates: vec![44_100, 48_000], channels });
        let aplay = Holder { pid: 812, name: Some("aplay".into()) };
        let set = Set { rate: 48_000, channels: 2, period_us: 10_666, buffer_us: 42_666 };
        let set = Some(set);
        let hidden = Holder { pid: 99, name: None };
        Card {
            id: "Headset".into(),
            name: "USB Headset".into(),
            usb: Some("1-1.3".into()),
            devices: vec![
                Device {
                    setting: "alsa:plughw:CARD=Headset".into(),
                    capture: Some(Stream { able: able((1, 1)), ..Stream::default() }),
                    playback: Some(Stream { held_by: vec![aplay, hidden], set, able: None }),
                    ..Device::default()
                },
                Device {
                    setting: "alsa:plughw:CARD=Headset,DEV=1".into(),
                    playback: Some(Stream { able: able((2, 8)), ..Stream::default() }),
                    ..Device::default()
                },
            ],
            controls: crate::media::cards::Controls {
                capture: vec!["Mic".into()],
                playback: vec!["Speaker".into(), "Mic".into()],
            },
        }
    }

    #[test]
    fn a_card_tells_what_it_can_who_has_it_and_what_to_write() {
        let listing = Listing { cards: vec![headset()], closed: vec![] };
        let expected = "\
Headset  USB Headset, USB socket 1-1.3
  alsa:plughw:CARD=Headset        capture            1 channel, 44100 48000 Hz
                                  playback           in use by aplay (812), process 99 at 48000 Hz, 11 ms of 43 ms
                                  full duplex        both have one clock
  alsa:plughw:CARD=Headset,DEV=1  playback           2 to 8 channels, 44100 48000 Hz
                                  capture controls   Mic
                                  playback controls  Speaker, Mic";
        let answer = shown(&listing);
        assert_eq!(answer.text, expected);
        assert_eq!(answer.json["cards"][0]["devices"][0]["capture"]["able"]["channels"][1], 1);
        assert_eq!(answer.json["cards"][0]["devices"][0]["playback"]["held_by"][0]["pid"], 812);
    }

    #[test]
    fn a_machine_without_cards_and_one_whose_cards_are_closed_are_told_apart() {
        let none = shown(&Listing::default());
        assert_eq!((none.text.as_str(), none.exit_code), ("there is no sound card", 0));
        assert_eq!(none.json, json!({ "cards": [], "closed": [] }));
        let closed = shown(&Listing { cards: vec![], closed: vec!["Headset".into()] });
        assert!(closed.text.contains("may not open Headset"), "{}", closed.text);
    }
}
