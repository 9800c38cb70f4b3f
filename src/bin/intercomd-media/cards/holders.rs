// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who has a stream of a sound card open, as the kernel tells it to everybody.

use std::{
    fs,
    path::{Path, PathBuf},
};

use intercomd::media::cards::{Direction, Holder, Set, Stream};

/// One device of a card.
pub(crate) fn stream(root: &Path, card: &str, number: u32, direction: Direction) -> Stream {
    let pcm = root.join(format!("proc/asound/{card}/pcm{number}{}", letter(direction)));
    let set = below(&pcm, is_stream).iter().find_map(|stream| setting(stream));
    Stream { able: None, held_by: in_pcm(root, &pcm), set }
}

fn setting(stream: &Path) -> Option<Set> {
    let text = fs::read_to_string(stream.join("hw_params")).ok()?;
    // Of the rate there is a fraction too, in brackets.
    let number = |key| value(&text, key)?.split(' ').next()?.parse::<u32>().ok();
    let rate = number("rate").filter(|rate| *rate > 0)?;
    let time = |frames: u32| u64::from(frames) * 1_000_000 / u64::from(rate);
    let (period_us, buffer_us) = (time(number("period_size")?), time(number("buffer_size")?));
    Some(Set { rate, channels: number("channels")?, period_us, buffer_us })
}

fn is_stream(name: &str) -> bool {
    name.starts_with("sub")
}

/// Of every device of a card by its id or number, or of all cards.
pub(crate) fn of_card(root: &Path, card: Option<&str>, direction: Direction) -> Vec<Holder> {
    let cards = root.join("proc/asound");
    let cards = match card {
        Some(number) if number.parse::<u32>().is_ok() => vec![cards.join(format!("card{number}"))],
        Some(id) => vec![cards.join(id)],
        None => below(&cards, |name| name.starts_with("card") && name != "cards"),
    };
    let is_pcm = |name: &str| name.starts_with("pcm") && name.ends_with(letter(direction));
    let pcms = cards.iter().flat_map(|card| below(card, is_pcm));
    pcms.flat_map(|pcm| in_pcm(root, &pcm)).collect()
}

const fn letter(direction: Direction) -> char {
    match direction {
        Direction::Capture => 'c',
        Direction::Playback => 'p',
    }
}

fn in_pcm(root: &Path, pcm: &Path) -> Vec<Holder> {
    let streams = below(pcm, is_stream);
    let holder = |stream: PathBuf| {
        let status = fs::read_to_string(stream.join("status")).ok()?;
        Some(process(root, value(&status, "owner_pid")?.parse().ok()?))
    };
    streams.into_iter().filter_map(holder).collect()
}

/// The kernel notes the thread that opened the stream.
fn process(root: &Path, thread: u32) -> Holder {
    let text = |pid: u32, file: &str| {
        fs::read_to_string(root.join(format!("proc/{pid}/{file}"))).unwrap_or_default()
    };
    let pid = value(&text(thread, "status"), "Tgid").and_then(|pid| pid.parse().ok());
    let pid = pid.unwrap_or(thread);
    let name = text(pid, "comm").trim().to_owned();
    Holder { pid, name: (!name.is_empty()).then_some(name) }
}

fn value<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.find_map(|(found, value)| (found.trim() == key).then(|| value.trim()))
}

fn below(directory: &Path, accept: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let accepted = entries.filter(|entry| entry.file_name().to_str().is_some_and(&accept));
    let mut paths: Vec<PathBuf> = accepted.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const HELD: &str = "state: RUNNING\nowner_pid   : 813\ntrigger_time: 1.5\n";

    const SET: &str = "access: RW_INTERLEAVED\nchannels: 1\nrate: 48000 (48000/1)\nperiod_size: 480\nbuffer_size: 1920\n";

    fn machine() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let files = [
            ("proc/asound/card0/pcm0p/sub0/status", "closed\n"),
            ("proc/asound/card0/pcm0c/sub0/status", HELD),
            ("proc/asound/card0/pcm0c/sub0/hw_params", SET),
            ("proc/asound/card0/pcm0p/sub0/hw_params", "closed\n"),
            ("proc/asound/card1/pcm3p/sub0/status", "closed\n"),
            ("proc/asound/card1/pcm3p/sub1/status", HELD),
            ("proc/asound/card1/pcm0p/sub0/status", "state: PREPARED\nowner_pid   : 99\n"),
            ("proc/asound/cards", " 0 [PCH"),
            ("proc/813/status", "Name:\taudio-thread\nTgid:\t812\nPid:\t813\n"),
            ("proc/812/comm", "arecord\n"),
        ];
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        symlink("card1", root.path().join("proc/asound/Headset")).unwrap();
        root
    }

    fn arecord() -> Holder {
        Holder { pid: 812, name: Some("arecord".to_owned()) }
    }

    #[test]
    fn a_stream_that_is_open_tells_the_process_of_the_thread_that_opened_it() {
        let root = machine();
        let of = |card, number, direction| stream(root.path(), card, number, direction);
        let set = Set { rate: 48_000, channels: 1, period_us: 10_000, buffer_us: 40_000 };
        let held = |set| Stream { able: None, held_by: vec![arecord()], set };
        assert_eq!(of("card0", 0, Direction::Capture), held(Some(set)));
        assert_eq!(of("card0", 0, Direction::Playback), Stream::default());
        assert_eq!(of("Headset", 3, Direction::Playback), held(None));
        assert_eq!(of("Nobody", 0, Direction::Playback), Stream::default());
    }

    #[test]
    fn the_holders_of_a_card_are_those_of_all_its_devices() {
        let root = machine();
        let hidden = Holder { pid: 99, name: None };
        let of = |card| of_card(root.path(), card, Direction::Playback);
        assert_eq!(of(Some("Headset")), [hidden.clone(), arecord()]);
        assert_eq!(of(Some("1")), [hidden, arecord()]);
        assert_eq!(of(Some("0")), []);
        assert_eq!(of_card(root.path(), None, Direction::Capture), [arecord()]);
    }
}
