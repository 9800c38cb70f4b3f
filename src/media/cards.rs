// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sound cards of a machine: as the worker finds them, which alone knows ALSA, and as whoever
//! asks it shows them.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub cards: Vec<Card>,
    /// The ids of cards that this user may not open.
    pub closed: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// What the kernel calls it and the configuration names it by, as in `Headset`.
    pub id: String,
    pub name: String,
    /// Where it is plugged in, as in `1-1.3`, if that is USB.
    pub usb: Option<String>,
    pub devices: Vec<Device>,
    pub controls: Controls,
}

/// With both directions it is a full-duplex device: they have one clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub name: String,
    /// For `audio.capture` and `audio.playback`, as in `alsa:plughw:CARD=Headset`.
    pub setting: String,
    pub capture: Option<Stream>,
    pub playback: Option<Stream>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// Of the hardware; ALSA converts what it cannot. Not known while somebody holds it.
    pub able: Option<Able>,
    pub held_by: Vec<Holder>,
    /// As whoever holds it has set it.
    pub set: Option<Set>,
}

/// Times are between the microphone and the program, or the program and the loudspeaker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    pub rate: u32,
    pub channels: u32,
    pub period_us: u64,
    pub buffer_us: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Able {
    /// The usual ones among those that it can, in Hz.
    pub rates: Vec<u32>,
    /// The fewest and the most.
    pub channels: (u32, u32),
}

/// A process that has a stream open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub pid: u32,
    /// Not known where processes of others are hidden.
    pub name: Option<String>,
}

/// Of the card's own mixer, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Controls {
    pub capture: Vec<String>,
    pub playback: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Capture,
    Playback,
}

impl Direction {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::Playback => "playback",
        }
    }
}

/// An argument in the name of a PCM, as in `plughw:CARD=Headset`.
fn argument<'n>(pcm: &'n str, key: &str) -> Option<&'n str> {
    let (_, arguments) = pcm.split_once(':')?;
    arguments.split(',').find_map(|argument| argument.trim().strip_prefix(key)?.strip_prefix('='))
}

/// The card in the name of a PCM, by its id or number, where the name has one.
#[must_use]
pub fn card_in(pcm: &str) -> Option<&str> {
    let (plugin, arguments) = pcm.split_once(':')?;
    let named = argument(pcm, "CARD");
    let first = || arguments.split(',').next().filter(|_| plugin.ends_with("hw"));
    named.or_else(first).map(str::trim).filter(|card| !card.is_empty() && !card.contains('='))
}

impl Listing {
    /// The name for ALSA. Ours may say where the card is plugged in, as in `plughw:USB=1-1.3`: cards that
    /// are alike get their ids in the order in which they are found.
    ///
    /// # Errors
    /// What is plugged in where, when nothing is there.
    pub fn resolve(&self, pcm: &str) -> Result<String, String> {
        let Some(socket) = argument(pcm, "USB") else { return Ok(pcm.to_owned()) };
        let card = self.cards.iter().find(|card| card.usb.as_deref() == Some(socket));
        if let Some(card) = card {
            return Ok(pcm.replacen(&format!("USB={socket}"), &format!("CARD={}", card.id), 1));
        }
        let place = |card: &Card| Some(format!("{} ({})", card.usb.as_ref()?, card.id));
        let others: Vec<String> = self.cards.iter().filter_map(place).collect();
        let others = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
        Err(format!("there is no sound card in the USB socket {socket}; there are in: {others}"))
    }

    /// Why the machine has no such device, as far as its name tells.
    #[must_use]
    pub fn lack(&self, pcm: &str, direction: Direction) -> Option<String> {
        let pcm = match self.resolve(pcm) {
            Ok(pcm) => pcm,
            Err(lack) => return Some(lack),
        };
        let wanted = card_in(&pcm).filter(|card| card.parse::<u32>().is_err())?;
        let Some(card) = self.cards.iter().find(|card| card.id == wanted) else {
            if self.closed.iter().any(|id| id == wanted) {
                return None;
            }
            return Some(format!("there is no sound card {wanted}; {}", self.ids()));
        };
        let can = |card: &&Card| card.devices.iter().any(|device| device.has(direction));
        if can(&card) {
            return None;
        }
        let able: Vec<&str> = self.cards.iter().filter(can).map(|card| card.id.as_str()).collect();
        let able = if able.is_empty() { "none".to_owned() } else { able.join(", ") };
        Some(format!("the sound card {wanted} has no {}; that have: {able}", direction.word()))
    }

    /// In words, for whoever looks for another one.
    #[must_use]
    pub fn ids(&self) -> String {
        let ids = self.cards.iter().map(|card| &card.id).chain(&self.closed);
        let ids = ids.map(String::as_str).collect::<Vec<_>>();
        if ids.is_empty() {
            return "there is none at all".to_owned();
        }
        format!("there is: {}", ids.join(", "))
    }
}

impl Device {
    #[must_use]
    pub const fn has(&self, direction: Direction) -> bool {
        match direction {
            Direction::Capture => self.capture.is_some(),
            Direction::Playback => self.playback.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_found_in_the_names_that_have_one() {
        assert_eq!(card_in("plughw:CARD=Headset,DEV=0"), Some("Headset"));
        assert_eq!(card_in("sysdefault:CARD=Headset"), Some("Headset"));
        assert_eq!(card_in("plughw:DEV=0, CARD=Headset"), Some("Headset"));
        assert_eq!(card_in("hw:Headset,0"), Some("Headset"));
        assert_eq!(card_in("plughw:1"), Some("1"));
        for without in ["default", "hw:", "plughw:DEV=0", "plug:dmix", "plughw:CARD=", ""] {
            assert_eq!(card_in(without), None, "{without}");
        }
    }

    #[test]
    fn a_card_is_named_by_where_it_is_plugged_in() {
        let mut listing = listing();
        listing.cards[0].usb = Some("1-1.3".to_owned());
        let resolve = |pcm: &str| listing.resolve(pcm);
        assert_eq!(resolve("plughw:USB=1-1.3"), Ok("plughw:CARD=Headset".to_owned()));
        assert_eq!(resolve("hw:DEV=1,USB=1-1.3"), Ok("hw:DEV=1,CARD=Headset".to_owned()));
        assert_eq!(resolve("default"), Ok("default".to_owned()));
        let empty = "there is no sound card in the USB socket 1-1; there are in: 1-1.3 (Headset)";
        assert_eq!(resolve("plughw:USB=1-1"), Err(empty.to_owned()));
        assert_eq!(listing.lack("plughw:USB=1-1", Direction::Capture).as_deref(), Some(empty));
        assert_eq!(listing.lack("plughw:USB=1-1.3", Direction::Capture), None);
        let none = "there is no sound card in the USB socket 7; there are in: none";
        assert_eq!(Listing::default().resolve("hw:USB=7"), Err(none.to_owned()));
    }

    fn listing() -> Listing {
        let card = |id: &str, capture: bool| Card {
            id: id.to_owned(),
            devices: vec![Device {
                capture: capture.then(Stream::default),
                playback: Some(Stream::default()),
                ..Device::default()
            }],
            ..Card::default()
        };
        let cards = vec![card("Headset", true), card("Speaker", false)];
        Listing { cards, closed: vec!["Secret".to_owned()] }
    }

    #[test]
    fn what_is_lacking_comes_with_what_is_there() {
        let lack = |pcm: &str| listing().lack(pcm, Direction::Capture);
        let absent = "there is no sound card Headphone; there is: Headset, Speaker, Secret";
        assert_eq!(lack("plughw:CARD=Headphone").as_deref(), Some(absent));
        let mute = "the sound card Speaker has no capture; that have: Headset";
        assert_eq!(lack("plughw:CARD=Speaker").as_deref(), Some(mute));
        for there in ["plughw:CARD=Headset,DEV=0", "hw:CARD=Secret", "default", "hw:7"] {
            assert_eq!(lack(there), None, "{there}");
        }
        let nothing = Listing::default().lack("hw:CARD=Headset", Direction::Playback);
        assert_eq!(nothing.unwrap(), "there is no sound card Headset; there is none at all");
    }
}
