// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a device cannot be had, in words for whoever can change that.

use std::{ffi::CString, io, path::Path};

use alsa::PCM;
use intercomd::media::{
    AudioFault,
    cards::{Direction, Holder, Listing, card_in},
};
use rustix::io::Errno;

use super::{ROOT, holders, of_alsa, survey};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("{pcm} is in use by {}; it is taken as soon as it is free", listed(.holders))]
    Busy { pcm: String, holders: Vec<Holder> },
    #[error("{0}")]
    Missing(String),
    #[error("{0}")]
    Broken(String),
}

fn listed(holders: &[Holder]) -> String {
    if holders.is_empty() {
        return "another program".to_owned();
    }
    let name = |Holder { pid, name }: &Holder| match name {
        Some(name) => format!("{name} ({pid})"),
        None => format!("process {pid}"),
    };
    holders.iter().map(name).collect::<Vec<_>>().join(", ")
}

impl Trouble {
    pub(crate) const fn fault(&self) -> AudioFault {
        match self {
            Self::Busy { .. } => AudioFault::Busy,
            Self::Missing(_) => AudioFault::Missing,
            Self::Broken(_) => AudioFault::Broken,
        }
    }
}

/// The name that ALSA knows it by.
pub(crate) fn resolve(pcm: &str) -> Result<String, Trouble> {
    // Few names have a socket, and to look at all cards takes time.
    if !pcm.contains("USB=") {
        return Ok(pcm.to_owned());
    }
    survey().resolve(pcm).map_err(Trouble::Missing)
}

/// Opens a device without waiting and lets go of it. GStreamer tells busy from everything else, and
/// no more; what ALSA answers has a number.
pub(crate) fn reach(pcm: &str, direction: Direction) -> Result<(), Trouble> {
    let _unheard = alsa::Output::local_error_handler();
    let Ok(name) = CString::new(pcm) else { return Err(unknown(pcm)) };
    let opened = PCM::open(&name, of_alsa(direction), true);
    opened.map(drop).map_err(|error| {
        let holders = || holders::of_card(Path::new(ROOT), card_in(pcm), direction);
        explain(error.errno(), pcm, direction, survey, holders)
    })
}

fn explain(
    errno: i32,
    pcm: &str,
    direction: Direction,
    cards: impl FnOnce() -> Listing,
    holders: impl FnOnce() -> Vec<Holder>,
) -> Trouble {
    match Errno::from_raw_os_error(errno) {
        Errno::BUSY => Trouble::Busy { pcm: pcm.to_owned(), holders: holders() },
        // Of a card that is not there, and of a name that stands for nothing.
        Errno::NODEV | Errno::NOENT | Errno::NXIO => {
            cards().lack(pcm, direction).map_or_else(|| unknown(pcm), Trouble::Missing)
        }
        Errno::ACCESS | Errno::PERM => {
            Trouble::Broken(format!("{pcm} may not be opened: is this user in the group audio?"))
        }
        _ => {
            let why = io::Error::from_raw_os_error(errno);
            Trouble::Broken(format!("{pcm} cannot be opened: {why}"))
        }
    }
}

fn unknown(pcm: &str) -> Trouble {
    let what = format!("there is no device {pcm}; intercomctl audio lists those that there are");
    Trouble::Missing(what)
}

#[cfg(test)]
mod tests {
    use intercomd::media::cards::Card;

    use super::*;

    fn of(errno: Errno, pcm: &str) -> (AudioFault, String) {
        let pch = Card { id: "PCH".to_owned(), ..Card::default() };
        let cards = || Listing { cards: vec![pch], closed: vec![] };
        let holders = || vec![Holder { pid: 812, name: Some("arecord".to_owned()) }];
        let trouble = explain(errno.raw_os_error(), pcm, Direction::Capture, cards, holders);
        (trouble.fault(), trouble.to_string())
    }

    #[test]
    fn what_alsa_answers_is_told_in_words() {
        let headset = "plughw:CARD=Headset";
        let busy =
            "plughw:CARD=Headset is in use by arecord (812); it is taken as soon as it is free";
        assert_eq!(of(Errno::BUSY, headset), (AudioFault::Busy, busy.to_owned()));
        let gone = "there is no sound card Headset; there is: PCH";
        assert_eq!(of(Errno::NODEV, headset), (AudioFault::Missing, gone.to_owned()));
        let mute = "the sound card PCH has no capture; that have: none";
        assert_eq!(of(Errno::NOENT, "hw:CARD=PCH"), (AudioFault::Missing, mute.to_owned()));
        let (fault, text) = of(Errno::NOENT, "porch");
        assert_eq!(fault, AudioFault::Missing);
        assert!(text.starts_with("there is no device porch; intercomctl audio lists"), "{text}");
        let (fault, text) = of(Errno::ACCESS, headset);
        assert_eq!(fault, AudioFault::Broken);
        assert!(text.contains("group audio"), "{text}");
        let (fault, text) = of(Errno::CONNREFUSED, "pulse");
        assert_eq!(fault, AudioFault::Broken);
        assert!(text.starts_with("pulse cannot be opened: Connection refused"), "{text}");
    }

    #[test]
    fn holders_that_are_hidden_are_told_as_far_as_they_are_known() {
        let busy = |holders| Trouble::Busy { pcm: "hw:0".to_owned(), holders }.to_string();
        assert!(busy(vec![]).starts_with("hw:0 is in use by another program;"));
        let hidden = Holder { pid: 99, name: None };
        assert!(busy(vec![hidden]).starts_with("hw:0 is in use by process 99;"));
    }

    #[test]
    fn a_name_that_stands_for_nothing_and_one_that_works_are_told_apart() {
        assert_eq!(reach("null", Direction::Playback), Ok(()));
        assert_eq!(resolve("default"), Ok("default".to_owned()));
        assert_eq!(resolve("hw:USB=9-9.9").unwrap_err().fault(), AudioFault::Missing);
        let trouble = reach("no_such_pcm", Direction::Playback).unwrap_err();
        assert_eq!(trouble.fault(), AudioFault::Missing);
        let trouble = reach("plughw:CARD=nobody", Direction::Capture).unwrap_err();
        assert!(trouble.to_string().starts_with("there is no sound card nobody; "), "{trouble}");
        assert_eq!(reach("nul\0l", Direction::Capture).unwrap_err().fault(), AudioFault::Missing);
    }
}
