// SPDX-License-Identifier: MIT OR Apache-2.0
//! What sound and pictures need: the worker, GStreamer's plugins, sound cards, cameras.

use super::{finding::Finding, root::Root};
use crate::{
    config::Config,
    core::status::Media,
    media::{
        cards::{Direction, Listing},
        plugins,
        setup::{Audio, Capture, Playback, Setup, Video, VideoSource},
    },
};

const WORKERS: [&str; 2] = ["/usr/libexec/intercomd-media", "/usr/local/libexec/intercomd-media"];
const PACKAGES: &str = "on Debian: apt-get install gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
                        gstreamer1.0-plugins-bad gstreamer1.0-nice gstreamer1.0-alsa, and \
                        gstreamer1.0-libcamera for such a camera";

/// Of a station that calls nobody nothing of it is asked.
pub(super) fn check(root: &Root, config: &Config, cards: Option<&Listing>) -> Vec<Finding> {
    let contacts = &config.profile.contacts;
    if contacts.is_empty() {
        return Vec::new();
    }
    let Setup { audio, video, .. } = &config.media.setup;
    let source = video.as_ref().map(|Video { source, .. }| source);
    let mut findings = vec![worker(root), plugins(root, audio, source)];
    if audio.has_card() {
        findings.extend(cards.into_iter().flat_map(|cards| sound(audio, cards)));
    }
    findings.extend(source.map(|source| camera(root, source)));
    if source.is_none() && contacts.values().any(|contact| contact.media == Media::Video) {
        let advice = "set video.source, or media = \"audio\"";
        findings.push(Finding::info(
            "camera",
            "contacts want pictures, there is no camera",
            advice,
        ));
    }
    findings
}

fn worker(root: &Root) -> Finding {
    match root.first(&WORKERS) {
        Some(path) => Finding::ok("worker", path),
        None => {
            let what = format!("there is no {}, nor {}", WORKERS[0], WORKERS[1]);
            Finding::problem(
                "worker",
                what,
                "it is installed beside intercomd; no call has sound without",
            )
        }
    }
}

fn plugins(root: &Root, audio: &Audio, source: Option<&VideoSource>) -> Finding {
    let of_camera = source.and_then(|source| match source {
        VideoSource::Pattern => None,
        VideoSource::V4l2(_) => Some("libgstvideo4linux2.so"),
        VideoSource::Libcamera(_) => Some("libgstlibcamera.so"),
    });
    let of_card = audio.has_card().then_some("libgstalsa.so");
    let needed = plugins::NEEDED.iter().copied().chain(of_card).chain(of_camera);
    let places = plugins::places();
    let is_missing = |name: &&str| !places.iter().any(|place| root.has(place.join(name)));
    let missing: Vec<&str> = needed.filter(is_missing).collect();
    if missing.is_empty() {
        return Finding::ok("gstreamer", "all plugins that calls need");
    }
    Finding::problem("gstreamer", format!("there is no {}", missing.join(", ")), PACKAGES)
}

fn sound(audio: &Audio, cards: &Listing) -> Vec<Finding> {
    let advice = "intercomctl audio lists what there is, and what to write";
    if cards.cards.is_empty() && cards.closed.is_empty() {
        let advice = "plug one in, or set audio.capture and audio.playback";
        return vec![Finding::warning("sound", "there is no sound card", advice)];
    }
    let mut findings = Vec::new();
    if !cards.closed.is_empty() {
        let what = format!("this user may not open {}", cards.closed.join(", "));
        findings.push(Finding::warning("sound", what, "run the doctor as root"));
    }
    let lacks = [of_capture(audio), of_playback(audio)].into_iter().flatten().filter_map(
        |(key, name, direction)| Some(format!("{key}: {}", cards.lack(name, direction)?)),
    );
    findings.extend(lacks.map(|what| Finding::warning("sound", what, advice)));
    if findings.is_empty() {
        let ids: Vec<&str> = cards.cards.iter().map(|card| card.id.as_str()).collect();
        findings.push(Finding::ok("sound", ids.join(", ")));
    }
    findings
}

fn of_capture(audio: &Audio) -> Option<(&'static str, &str, Direction)> {
    match &audio.capture {
        Capture::Alsa(name) => Some(("audio.capture", name, Direction::Capture)),
        Capture::Silence
        | Capture::Tone(_)
        | Capture::Ticks
        | Capture::File(_)
        | Capture::Loudspeaker => None,
    }
}

fn of_playback(audio: &Audio) -> Option<(&'static str, &str, Direction)> {
    match &audio.playback {
        Playback::Alsa(name) => Some(("audio.playback", name, Direction::Playback)),
        Playback::Nowhere | Playback::File(_) => None,
    }
}

fn camera(root: &Root, source: &VideoSource) -> Finding {
    let advice = "plug it in, or set video.source";
    match source {
        VideoSource::Pattern => Finding::info("camera", "a test picture", ""),
        VideoSource::V4l2(path) if root.has(path) => {
            Finding::ok("camera", path.display().to_string())
        }
        VideoSource::V4l2(path) => {
            Finding::warning("camera", format!("there is no {}", path.display()), advice)
        }
        VideoSource::Libcamera(_) => {
            let cameras = root.names("/dev", |name| name.starts_with("video"));
            if cameras.is_empty() {
                return Finding::warning("camera", "there is no /dev/video*", advice);
            }
            Finding::ok("camera", cameras.join(", "))
        }
    }
}
