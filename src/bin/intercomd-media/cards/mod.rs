// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sound cards of this machine, asked one by one.

mod controls;
mod holders;
mod trouble;

use std::{fs, path::Path};

use alsa::{Ctl, PCM, ctl::DeviceIter, pcm::HwParams};
use intercomd::media::cards::{Able, Card, Controls, Device, Direction, Listing};

pub(crate) use self::{
    controls::set,
    trouble::{Trouble, reach, resolve},
};

const ROOT: &str = "/";
const RATES: [u32; 7] = [8000, 16_000, 32_000, 44_100, 48_000, 96_000, 192_000];

/// With what they can do, for which each stream is opened that nobody holds.
pub(crate) fn list() -> Listing {
    let mut listing = survey();
    let _unheard = alsa::Output::local_error_handler();
    for card in &mut listing.cards {
        card.controls = controls::of(&card.id).unwrap_or_default();
        for device in &mut card.devices {
            // As the configuration names it, without the conversions.
            let pcm = device.setting.replace("alsa:plughw", "hw");
            for (direction, stream) in [
                (Direction::Capture, &mut device.capture),
                (Direction::Playback, &mut device.playback),
            ] {
                if let Some(stream) = stream {
                    stream.able = able(&pcm, direction).ok();
                }
            }
        }
    }
    listing
}

/// Disturbs nobody.
fn survey() -> Listing {
    // What ALSA has to say of a card on the way is not for the terminal.
    let _unheard = alsa::Output::local_error_handler();
    let found = alsa::card::Iter::new().map_while(Result::ok);
    let cards: Vec<Card> = found.filter_map(|card| describe(card).ok()).collect();
    let is_listed = |id: &String| cards.iter().any(|card| card.id == *id);
    let closed = ids(Path::new(ROOT)).into_iter().filter(|id| !is_listed(id)).collect();
    Listing { cards, closed }
}

/// As the kernel lists them for everybody.
fn ids(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join("proc/asound/cards")).unwrap_or_default();
    // A card has two lines; the first one has its id in brackets.
    let id = |line: &str| Some(line.split_once('[')?.1.split_once(']')?.0.trim().to_owned());
    text.lines().filter_map(id).collect()
}

fn describe(card: alsa::Card) -> alsa::Result<Card> {
    let ctl = Ctl::from_card(&card, true)?;
    let info = ctl.card_info()?;
    let id = info.get_id()?.to_owned();
    let numbers = DeviceIter::new(&ctl).filter_map(|number| u32::try_from(number).ok());
    let devices = numbers.filter_map(|number| device(&ctl, &id, number)).collect();
    Ok(Card {
        name: info.get_name()?.to_owned(),
        usb: usb_socket(Path::new(ROOT), card.get_index()),
        controls: Controls::default(),
        devices,
        id,
    })
}

fn device(ctl: &Ctl, id: &str, number: u32) -> Option<Device> {
    let infos = [Direction::Capture, Direction::Playback]
        .map(|direction| ctl.pcm_info(number, 0, of_alsa(direction)).ok());
    let name = infos.iter().flatten().find_map(|info| Some(info.get_name().ok()?.to_owned()))?;
    let [capture, playback] = infos;
    let stream = |direction| holders::stream(Path::new(ROOT), id, number, direction);
    let pcm = if number == 0 { String::new() } else { format!(",DEV={number}") };
    Some(Device {
        name,
        setting: format!("alsa:plughw:CARD={id}{pcm}"),
        capture: capture.map(|_| stream(Direction::Capture)),
        playback: playback.map(|_| stream(Direction::Playback)),
    })
}

fn able(pcm: &str, direction: Direction) -> alsa::Result<Able> {
    let pcm = PCM::new(pcm, of_alsa(direction), true)?;
    let able = HwParams::any(&pcm)?;
    let rates = RATES.into_iter().filter(|rate| able.test_rate(*rate).is_ok()).collect();
    Ok(Able { rates, channels: (able.get_channels_min()?, able.get_channels_max()?) })
}

/// The kernel's name for a place in the tree of hubs, which stays when a card is plugged in again.
fn usb_socket(root: &Path, card: i32) -> Option<String> {
    let device = root.join(format!("sys/class/sound/card{card}/device")).canonicalize().ok()?;
    // An interface of a USB device, as in 1-1.3:1.0.
    let (socket, interface) = device.file_name()?.to_str()?.split_once(':')?;
    let is_usb = socket.contains('-') && interface.contains('.');
    is_usb.then(|| socket.to_owned())
}

pub(crate) const fn of_alsa(direction: Direction) -> alsa::Direction {
    match direction {
        Direction::Capture => alsa::Direction::Capture,
        Direction::Playback => alsa::Direction::Playback,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn cards_are_known_by_what_the_kernel_lists() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(ids(root.path()), Vec::<String>::new());
        fs::create_dir_all(root.path().join("proc/asound")).unwrap();
        let text = " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n                      at 0xf7e1\n \
                    1 [Headset        ]: USB-Audio - USB\n                      at usb-1\n";
        fs::write(root.path().join("proc/asound/cards"), text).unwrap();
        assert_eq!(ids(root.path()), ["PCH", "Headset"]);
    }

    #[test]
    fn a_usb_card_has_a_socket_and_another_has_none() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        for (card, device) in
            [("card1", "devices/usb1/1-1.3/1-1.3:1.0"), ("card0", "devices/0000:00:1b.0")]
        {
            fs::create_dir_all(at(device)).unwrap();
            let class = at("sys/class/sound").join(card);
            fs::create_dir_all(&class).unwrap();
            symlink(at(device), class.join("device")).unwrap();
        }
        assert_eq!(usb_socket(root.path(), 1).as_deref(), Some("1-1.3"));
        assert_eq!(usb_socket(root.path(), 0), None);
        assert_eq!(usb_socket(root.path(), 2), None);
    }
}
