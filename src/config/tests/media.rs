// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a right file means for sound, pictures and the way to handsets.

use std::fs;

use super::{in_use, shipped};
use crate::{
    config::{Config, Media, Problems, Source, parse},
    media::setup::{
        Audio, Capture, Coding, Control, Echo, Levels, NoiseSuppression, Playback, Screen, Setup,
        Transport, Turn, Video, VideoSource,
    },
    session::VideoCodec,
};

fn media(text: &str) -> Media {
    parse(text).unwrap_or_else(|problems| panic!("{problems}")).media
}

fn usual_video() -> Video {
    Video {
        source: VideoSource::Pattern,
        width: 640,
        height: 480,
        fps: 15,
        kbps: 800,
        codecs: vec![VideoCodec::Vp8, VideoCodec::H264],
    }
}

#[test]
fn without_a_word_there_is_sound_of_the_usual_card_and_no_camera() {
    let alsa = || "default".to_owned();
    let audio = Audio {
        capture: Capture::Alsa(alsa()),
        playback: Playback::Alsa(alsa()),
        echo: Echo::Auto,
        noise_suppression: NoiseSuppression::Moderate,
        gain_control: 18,
        coding: Coding { fec: true, dtx: false },
        ..Audio::default()
    };
    let setup = Setup { audio, ..Setup::default() };
    assert_eq!(media(""), Media { setup, prewarm: false, loop_test: None });
}

#[test]
fn a_camera_needs_no_more_than_its_source_and_the_reference_tells_the_rest() {
    let video = |text: &str| media(text).setup.video;
    assert_eq!(video("video.source = \"pattern\""), Some(usual_video()));
    let none = "source = \"none\"";
    let reference = in_use(&shipped());
    assert!(reference.contains(none));
    assert_eq!(video(&reference.replace(none, "source = \"pattern\"")), Some(usual_video()));
}

#[test]
fn sound_comes_from_cards_tests_and_files() {
    let capture = |word: &str| media(&format!("audio.capture = \"{word}\"")).setup.audio.capture;
    assert_eq!(capture("none"), Capture::Silence);
    assert_eq!(capture("ticks"), Capture::Ticks);
    assert_eq!(capture("tone:440"), Capture::Tone(440));
    assert_eq!(capture("file:/tmp/a:b.wav"), Capture::File("/tmp/a:b.wav".into()));
    let card = "plughw:CARD=Headset,DEV=0";
    assert_eq!(capture(&format!("alsa:{card}")), Capture::Alsa(card.to_owned()));
    let playback = |word: &str| media(&format!("audio.playback = \"{word}\"")).setup.audio.playback;
    assert_eq!(playback("none"), Playback::Nowhere);
    assert_eq!(playback("file:/tmp/heard"), Playback::File("/tmp/heard".into()));
}

#[test]
fn sound_that_no_microphone_heard_is_left_alone_unless_somebody_says_otherwise() {
    let of = |text: &str| {
        let audio = media(&format!("[audio]\n{text}")).setup.audio;
        (audio.echo, audio.noise_suppression, audio.gain_control)
    };
    let nothing = (Echo::Off, NoiseSuppression::Off, 0);
    assert_eq!(of("capture = 'ticks'"), nothing);
    assert_eq!(of("capture = 'tone:440'\nplayback = 'none'\necho = 'auto'"), nothing);
    let heard = (Echo::Off, NoiseSuppression::Moderate, 18);
    assert_eq!(of("playback = 'file:/tmp/heard'"), heard);
    let asked = "echo = 'cancel'\nnoise_suppression = 'high'\ngain_control = 30";
    let all = (Echo::Cancel, NoiseSuppression::High, 30);
    assert_eq!(of(&format!("capture = 'ticks'\n{asked}")), all);
    let off = "echo = 'off'\nnoise_suppression = 'off'\ngain_control = false";
    assert_eq!(of(off), nothing);
    let half = (Echo::HalfDuplex, NoiseSuppression::Low, 18);
    assert_eq!(of("echo = 'half_duplex'\nnoise_suppression = 'low'\ngain_control = true"), half);
}

#[test]
fn what_makes_up_for_lost_packets_and_what_saves_packets_is_a_choice() {
    let coding = |text: &str| media(&format!("[audio]\n{text}")).setup.audio.coding;
    assert_eq!(coding("fec = false\ndtx = true"), Coding { fec: false, dtx: true });
}

#[test]
fn the_loop_is_tested_at_a_time_of_the_day_and_by_a_wire_in_tests() {
    let noon = media("[audio]\nloop_test = \"12:00\"\ncapture = \"loudspeaker\"");
    assert_eq!((noon.loop_test, noon.setup.audio.capture), (Some(43_200), Capture::Loudspeaker));
}

#[test]
fn pictures_come_from_cameras_and_go_to_screens() {
    let source = |word: &str| {
        media(&format!("video.source = \"{word}\"")).setup.video.map(|video| video.source)
    };
    assert_eq!(source("v4l2:/dev/video2"), Some(VideoSource::V4l2("/dev/video2".into())));
    assert_eq!(source("libcamera"), Some(VideoSource::Libcamera(String::new())));
    let name = "/base/soc/i2c0mux/i2c@1/imx708@1a";
    assert_eq!(source(&format!("libcamera:{name}")), Some(VideoSource::Libcamera(name.to_owned())));
    assert_eq!(source("none"), None);
    assert_eq!(media("video.screen = \"wayland\"").setup.screen, Screen::Wayland);
    let first = "video = { source = \"pattern\", codecs = [\"h264\"] }";
    assert_eq!(media(first).setup.video.unwrap().codecs, [VideoCodec::H264]);
}

const TURN: &str = "[[ice.turn]]\nserver = \"turn.example.org:3478\"\nuser = \"door\"\n";

fn with_password_file(content: &[u8]) -> (Result<Config, Problems>, String) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("password");
    fs::write(&path, content).unwrap();
    let text = format!("{TURN}password_file = \"{}\"\n", path.display());
    (Source { path: "door.toml".into(), text }.parse(), path.display().to_string())
}

#[test]
fn the_password_of_a_relay_stands_in_the_file_or_in_one_of_its_own() {
    let turn = Turn {
        server: "turn.example.org:3478".to_owned(),
        transport: Transport::Udp,
        user: "door".to_owned(),
        password: "hunter2".to_owned(),
    };
    let written = media(&format!("{TURN}password = \"hunter2\"")).setup.ice.turn;
    assert_eq!(written, std::slice::from_ref(&turn));
    let (config, _) = with_password_file(b"hunter2\n");
    assert_eq!(config.unwrap().media.setup.ice.turn, [turn]);
}

#[test]
fn a_password_file_that_is_not_there_or_holds_none_is_reported_where_it_is_named() {
    let said = |content: &[u8]| {
        let (config, path) = with_password_file(content);
        config.unwrap_err().to_string().replace(&path, "FILE")
    };
    let begins = "door.toml:4:17: ice.turn[0].password_file: FILE cannot be read: ";
    for content in [b"".as_slice(), b"\n", b"two\nlines\n", b"\xff\xfe", &[b'x'; 300]] {
        let said = said(content);
        assert!(said.starts_with(begins) && said.contains("it does not hold text of 1"), "{said}");
    }
    let text = format!("{TURN}password_file = \"/no/such/file\"");
    let source = Source { path: "door.toml".into(), text: text.clone() };
    let said = source.parse().unwrap_err().to_string();
    assert!(said.contains("/no/such/file cannot be read: No such file"), "{said}");
    // Whoever has only the text does not look.
    assert!(parse(&text).is_ok());
}

#[test]
fn no_password_is_ever_printed() {
    let config = parse(&format!("{TURN}password = \"hunter2\"")).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    for wrong in ["\"hunter2\\n\"", "[\"hunter2\"]", "{ text = \"hunter2\" }"] {
        let problems = parse(&format!("{TURN}password = {wrong}")).unwrap_err();
        assert!(!problems.to_string().contains("hunter2"), "{problems}");
    }
}

#[test]
fn controls_of_a_card_are_percentages_and_switches_by_any_name() {
    let audio = media(
        "[audio.capture_controls]\nMic = 70\n\"Auto Gain Control\" = false\n\
         [audio.playback_controls]\nSpeaker = 100",
    )
    .setup
    .audio;
    let mic = ("Mic".to_owned(), Control::Percent(70));
    let gain = ("Auto Gain Control".to_owned(), Control::Switch(false));
    assert_eq!(audio.capture_controls, Levels::from([mic, gain]));
    assert_eq!(
        audio.playback_controls,
        Levels::from([("Speaker".to_owned(), Control::Percent(100))])
    );
}
