// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[audio]`, `[video]` and `[media]`: what is heard and seen, and by what.

use std::path::{Path, PathBuf};

use toml::de::DeValue;

use super::{
    ice,
    places::Places,
    reader::{Entry, Table},
    spelling::listed,
    value::{integer, plain},
};
use crate::{
    media::{
        setup::{
            Audio, Capture, Coding, Control, Echo, Levels, NoiseSuppression, Playback, Screen,
            Setup, Video, VideoSource,
        },
        sounds::Sounds,
    },
    session::VideoCodec,
};

/// Everything that a media worker is given, and when it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    pub setup: Setup,
    /// A worker is kept ready, so that a call need not wait for one to start.
    pub prewarm: bool,
    /// When the loop is tested each day, in seconds since local midnight.
    pub loop_test: Option<u32>,
}

const CAPTURE: &str = "alsa:NAME, none, ticks, tone:HZ (20 to 20000), file:/PATH or loudspeaker";
const PLAYBACK: &str = "alsa:NAME, none or file:/PATH";
const SOURCE: &str = "none, pattern, v4l2:/PATH, libcamera or libcamera:NAME";
const ECHOES: [Echo; 4] = [Echo::Auto, Echo::Cancel, Echo::HalfDuplex, Echo::Off];
const NOISES: [NoiseSuppression; 4] = [
    NoiseSuppression::Off,
    NoiseSuppression::Low,
    NoiseSuppression::Moderate,
    NoiseSuppression::High,
];
const GAINS: &str = "true, false or 1 to 30";
const USUAL_GAIN: u8 = 18;
const SCREENS: [Screen; 4] = [Screen::None, Screen::Kms, Screen::Wayland, Screen::Hidden];

pub(super) fn read(root: &Table<'_>, sounds: Sounds, places: &mut Places) -> Media {
    let video = root.section("video");
    let screen = video.key("screen").word(&SCREENS, screen_word);
    let audio = root.section("audio");
    let setup = Setup {
        audio: read_audio(&audio),
        video: read_video(&video),
        screen: screen.unwrap_or_default(),
        sounds,
        ice: ice::read(&root.section("ice"), places),
    };
    let prewarm = root.section("media").key("prewarm").flag();
    let loop_test = audio.key("loop_test").time_of_day();
    Media { setup, prewarm: prewarm.unwrap_or(false), loop_test }
}

fn read_audio(table: &Table<'_>) -> Audio {
    let (capture, playback) = (table.key("capture"), table.key("playback"));
    for entry in [&capture, &playback] {
        warn_of_number(entry);
    }
    let usual = || "default".to_owned();
    let capture = capture.take(CAPTURE, capture_of).unwrap_or_else(|| Capture::Alsa(usual()));
    let playback = playback.take(PLAYBACK, playback_of).unwrap_or_else(|| Playback::Alsa(usual()));
    // What a test or the demo says is to be heard as it is, unless somebody asks for more.
    let microphone = matches!(capture, Capture::Alsa(_));
    let noise = if microphone { NoiseSuppression::Moderate } else { NoiseSuppression::Off };
    Audio {
        capture_controls: controls(&table.key("capture_controls")),
        playback_controls: controls(&table.key("playback_controls")),
        echo: read_echo(table, microphone && matches!(playback, Playback::Alsa(_))),
        noise_suppression: table
            .key("noise_suppression")
            .word(&NOISES, noise_word)
            .unwrap_or(noise),
        gain_control: read_gain(&table.key("gain_control"), microphone),
        coding: read_coding(table),
        meter: table.key("meter").flag().unwrap_or(false),
        capture,
        playback,
    }
}

fn read_coding(table: &Table<'_>) -> Coding {
    let usual = Coding::default();
    let fec = table.key("fec").flag().unwrap_or(usual.fec);
    let dtx = table.key("dtx").flag().unwrap_or(usual.dtx);
    Coding { fec, dtx }
}

/// There is no echo but between a loudspeaker and a microphone.
fn read_echo(table: &Table<'_>, room: bool) -> Echo {
    match table.key("echo").word(&ECHOES, echo_word).unwrap_or(Echo::Auto) {
        Echo::Auto if !room => Echo::Off,
        echo @ (Echo::Auto | Echo::Cancel | Echo::HalfDuplex | Echo::Off) => echo,
    }
}

fn read_gain(entry: &Entry<'_>, microphone: bool) -> u8 {
    let gain = |on| if on { USUAL_GAIN } else { 0 };
    let read = entry.take(GAINS, |value| {
        let most = || u8::try_from(integer(value)?).ok().filter(|db| (1..=30).contains(db));
        value.as_bool().map(gain).or_else(most)
    });
    read.unwrap_or_else(|| gain(microphone))
}

fn controls(entry: &Entry<'_>) -> Levels {
    let allowed = "0 to 100, true or false";
    let named = entry.keys(&format!("a table, each key {allowed}"));
    let level = |(name, entry): (String, Entry<'_>)| {
        if name.is_empty() || name.chars().any(char::is_control) {
            entry.wrong("has a key that no control has for a name".to_owned(), "text on one line");
        }
        let control = entry.take(allowed, |value| {
            let percent = || u8::try_from(integer(value)?).ok().filter(|percent| *percent <= 100);
            let switch = value.as_bool().map(Control::Switch);
            switch.or_else(|| percent().map(Control::Percent))
        });
        Some((name, control?))
    };
    named.into_iter().filter_map(level).collect()
}

fn capture_of(value: &DeValue<'_>) -> Option<Capture> {
    let text = plain(value, 256)?;
    Some(match text.split_once(':') {
        None if text == "none" => Capture::Silence,
        None if text == "ticks" => Capture::Ticks,
        None if text == "loudspeaker" => Capture::Loudspeaker,
        Some(("alsa", name)) if !name.is_empty() => Capture::Alsa(name.to_owned()),
        Some(("tone", hz)) => {
            Capture::Tone(hz.parse().ok().filter(|hz| (20..=20_000).contains(hz))?)
        }
        Some(("file", path)) => Capture::File(absolute(path)?),
        Some(_) | None => return None,
    })
}

fn playback_of(value: &DeValue<'_>) -> Option<Playback> {
    let text = plain(value, 256)?;
    Some(match text.split_once(':') {
        None if text == "none" => Playback::Nowhere,
        Some(("alsa", name)) if !name.is_empty() => Playback::Alsa(name.to_owned()),
        Some(("file", path)) => Playback::File(absolute(path)?),
        Some(_) | None => return None,
    })
}

/// Cards are numbered in the order in which they are found.
fn warn_of_number(entry: &Entry<'_>) {
    let Some(text) = entry.value.and_then(DeValue::as_str) else { return };
    let Some((plugin, card)) = text.strip_prefix("alsa:").and_then(|name| name.split_once(':'))
    else {
        return;
    };
    if plugin.ends_with("hw") && card.starts_with(|c: char| c.is_ascii_digit()) {
        let what = "may be another card after the next start".to_owned();
        let allowed = format!("a card by its name, as in alsa:{plugin}:CARD=Headset");
        entry.findings.warn(&entry.spot, what, &allowed);
    }
}

fn read_video(table: &Table<'_>) -> Option<Video> {
    let source = table.key("source").take(SOURCE, source_of).flatten();
    let (width, height) = (table.key("width"), table.key("height"));
    let video = |source| Video {
        source,
        width: even(&width, 160, 1920).unwrap_or(640),
        height: even(&height, 120, 1080).unwrap_or(480),
        fps: table.key("fps").whole(1..=30).unwrap_or(15),
        kbps: table.key("kbps").whole(100..=8000).unwrap_or(800),
        codecs: codecs(&table.key("codecs")),
    };
    // Also without a source, for the problems in it.
    let read = video(VideoSource::Pattern);
    source.map(|source| Video { source, ..read })
}

/// The inner `None` is a station without a camera.
fn source_of(value: &DeValue<'_>) -> Option<Option<VideoSource>> {
    let text = plain(value, 256)?;
    Some(Some(match text.split_once(':') {
        None if text == "none" => return Some(None),
        None if text == "pattern" => VideoSource::Pattern,
        None if text == "libcamera" => VideoSource::Libcamera(String::new()),
        Some(("v4l2", path)) => VideoSource::V4l2(absolute(path)?),
        Some(("libcamera", name)) if !name.is_empty() => VideoSource::Libcamera(name.to_owned()),
        Some(_) | None => return None,
    }))
}

/// Pictures are coded with one colour for each two by two pixels.
fn even(entry: &Entry<'_>, least: u32, most: u32) -> Option<u32> {
    entry.take(&format!("{least} to {most}, an even number"), |value| {
        let number = u32::try_from(integer(value)?).ok()?;
        ((least..=most).contains(&number) && number % 2 == 0).then_some(number)
    })
}

fn codecs(entry: &Entry<'_>) -> Vec<VideoCodec> {
    let allowed = format!("a list of {}", listed(VideoCodec::ALL));
    let mut codecs = Vec::new();
    for item in entry.items(&allowed).unwrap_or_default() {
        let Some(codec) = item.word(VideoCodec::ALL, VideoCodec::word) else { continue };
        if codecs.contains(&codec) {
            item.wrong(format!("{codec} is in the list already"), "each one once");
        }
        codecs.push(codec);
    }
    if codecs.is_empty() {
        if entry.is_set() {
            entry.clash("names no codec".to_owned(), &allowed);
        }
        codecs = VideoCodec::ALL.to_vec();
    }
    codecs
}

const fn echo_word(echo: Echo) -> &'static str {
    match echo {
        Echo::Auto => "auto",
        Echo::Cancel => "cancel",
        Echo::HalfDuplex => "half_duplex",
        Echo::Off => "off",
    }
}

const fn noise_word(level: NoiseSuppression) -> &'static str {
    match level {
        NoiseSuppression::Off => "off",
        NoiseSuppression::Low => "low",
        NoiseSuppression::Moderate => "moderate",
        NoiseSuppression::High => "high",
    }
}

const fn screen_word(screen: Screen) -> &'static str {
    match screen {
        Screen::None => "none",
        Screen::Kms => "kms",
        Screen::Wayland => "wayland",
        Screen::Hidden => "hidden",
    }
}

pub(super) fn absolute(path: &str) -> Option<PathBuf> {
    Some(Path::new(path)).filter(|path| path.is_absolute()).map(Path::to_owned)
}
