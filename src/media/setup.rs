// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a media worker works with: validated configuration, as it goes to the worker.

use std::{collections::BTreeMap, fmt, net::IpAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::sounds::Sounds;
use crate::session::VideoCodec;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    pub audio: Audio,
    /// Without it the station has no camera and calls are for the ear.
    pub video: Option<Video>,
    pub screen: Screen,
    pub sounds: Sounds,
    pub ice: Ice,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audio {
    pub capture: Capture,
    pub playback: Playback,
    /// How the card's own mixer is set when the device is opened.
    pub capture_controls: Levels,
    pub playback_controls: Levels,
    pub echo: Echo,
    pub noise_suppression: NoiseSuppression,
    /// How much louder a distant visitor becomes at the most, in dB.
    pub gain_control: u8,
    pub coding: Coding,
    /// Report [`super::MediaEvent::Level`] four times a second.
    pub meter: bool,
}

/// Of what the station says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coding {
    /// Each packet tells of the one before it too.
    pub fec: bool,
    /// Hardly anything is sent while nothing is said.
    pub dtx: bool,
}

impl Default for Coding {
    fn default() -> Self {
        Self { fec: true, dtx: false }
    }
}

/// Controls by their names.
pub type Levels = BTreeMap<String, Control>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Of its range; a control that can be muted is not.
    Percent(u8),
    Switch(bool),
}

impl Audio {
    /// Sound comes from ALSA, or goes there.
    #[must_use]
    pub const fn has_card(&self) -> bool {
        matches!(self.capture, Capture::Alsa(_)) || matches!(self.playback, Playback::Alsa(_))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    #[default]
    Silence,
    /// An ALSA device by its PCM name.
    Alsa(String),
    /// For tests: a sine of so many Hz.
    Tone(u32),
    /// For the demo: a soft tick each second.
    Ticks,
    /// For tests: sound from a WAV file, again and again.
    File(PathBuf),
    /// For tests: what the loudspeaker gets, a little later and softer.
    Loudspeaker,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Playback {
    /// In time, to nobody.
    #[default]
    Nowhere,
    Alsa(String),
    /// For tests: 48 kHz mono 16 bit samples, appended as they would be heard.
    File(PathBuf),
}

/// What keeps a handset from hearing itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Echo {
    #[default]
    Off,
    /// Cancelled; one way at a time while that is not good enough.
    Auto,
    Cancel,
    HalfDuplex,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoiseSuppression {
    #[default]
    Off,
    Low,
    Moderate,
    High,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Video {
    pub source: VideoSource,
    pub width: u32,
    pub height: u32,
    pub fps: u32,
    pub kbps: u32,
    /// In the order of preference; never empty.
    pub codecs: Vec<VideoCodec>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoSource {
    /// For demo and tests: a picture that moves.
    Pattern,
    V4l2(PathBuf),
    /// By its libcamera name; empty: the first one.
    Libcamera(String),
}

/// Where the handset's picture goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    #[default]
    None,
    Kms,
    Wayland,
    /// For tests: decoded, counted, shown to nobody.
    Hidden,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ice {
    /// `host:port`.
    pub stun: Option<String>,
    pub turn: Vec<Turn>,
    /// Nothing but TURN: for networks where nothing else can work, and for tests.
    pub relay_only: bool,
    /// Of this machine; empty: all that it has, but not the loopback's.
    pub addresses: Vec<IpAddr>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// `host:port`.
    pub server: String,
    pub transport: Transport,
    pub user: String,
    pub password: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    Udp,
    Tcp,
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Turn({})", self.server)
    }
}
