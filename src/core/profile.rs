// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the core needs to know of the configuration: validated, without pins or files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    ids::{ButtonName, ContactName, DoorName, HandsetId, LightName},
    status::{Indication, Media, Pattern, words},
    time::Weekday,
};

/// How long phones ring unless the configuration says otherwise, also where it says zero or less.
pub const RING_TIMEOUT: Duration = Duration::from_secs(45);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub contacts: BTreeMap<ContactName, Contact>,
    pub buttons: BTreeMap<ButtonName, Button>,
    pub chords: Vec<Chord>,
    pub lights: BTreeMap<LightName, Light>,
    pub doors: BTreeMap<DoorName, Door>,
    pub call: CallRules,
    pub quiet: Vec<QuietHours>,
    pub quieter: Vec<Quieter>,
}

impl Profile {
    /// Whoever stands at the door can see that somebody listens in.
    #[must_use]
    pub fn shows_listeners(&self) -> bool {
        self.lights.values().any(|light| light.is_seen)
    }

    /// Something in it depends on the time of day.
    #[must_use]
    pub fn follows_the_clock(&self) -> bool {
        !self.quiet.is_empty() || !self.quieter.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub label: String,
    /// Rung one after the other; never empty.
    pub tiers: Vec<Tier>,
    pub media: Media,
    /// Rings although do-not-disturb is on.
    pub always: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    pub handsets: Whom,
    pub ring_for: Duration,
    /// The tiers before this one ring on.
    pub joins: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Every handset that may answer.
    Everyone,
    These(BTreeSet<HandsetId>),
}

/// What one handset may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    pub answer: bool,
    /// See the visitor before answering.
    pub preview: bool,
    /// Listen in without anybody at the station accepting; announced by tone and light.
    pub monitor: bool,
    pub admin: bool,
    pub doors: BTreeSet<DoorName>,
}

impl Rights {
    #[must_use]
    pub fn new(words: &BTreeSet<Right>, doors: BTreeSet<DoorName>) -> Self {
        Self {
            answer: words.contains(&Right::Answer),
            preview: words.contains(&Right::Preview),
            monitor: words.contains(&Right::Monitor),
            admin: words.contains(&Right::Admin),
            doors,
        }
    }

    #[must_use]
    pub fn words(&self) -> BTreeSet<Right> {
        let has = |right: &Right| match right {
            Right::Answer => self.answer,
            Right::Preview => self.preview,
            Right::Monitor => self.monitor,
            Right::Admin => self.admin,
        };
        Right::ALL.iter().copied().filter(has).collect()
    }
}

words! {
    /// What a handset may do at all. Doors are named one by one.
    pub enum Right {
        Answer = "answer",
        Preview = "preview",
        Monitor = "monitor",
        Admin = "admin",
    }
}

/// What the next handset may do. What is not said here, the configuration says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    pub rights: Option<BTreeSet<Right>>,
    pub doors: Option<BTreeSet<DoorName>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRules {
    /// From accept to media.
    pub connect_timeout: Duration,
    pub max_duration: Duration,
    /// How long before the end the warning sounds.
    pub warn_before: Duration,
    /// How long lost media may take to come back.
    pub grace: Duration,
    /// How long an ended call stays readable.
    pub linger: Duration,
    /// How long the failed indication shows.
    pub show_failure: Duration,
    /// A door opened by hand ends the ringing.
    pub answered_at_door: bool,
    /// How long an incoming call rings at the panel.
    pub ring_timeout: Duration,
}

impl Default for CallRules {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(15),
            max_duration: Duration::from_secs(30 * 60),
            warn_before: Duration::from_secs(10),
            grace: Duration::from_secs(10),
            linger: Duration::from_secs(10),
            show_failure: Duration::from_secs(4),
            answered_at_door: true,
            ring_timeout: RING_TIMEOUT,
        }
    }
}

/// At most `count` within `per`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub count: u32,
    pub per: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    pub press: Actions,
    pub hold: Option<HoldAction>,
    /// A shorter press is a glitch.
    pub min_press: Duration,
    pub rate: Rate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldAction {
    pub after: Duration,
    pub actions: Actions,
}

/// Two or more buttons held together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chord {
    /// Never fewer than two.
    pub buttons: BTreeSet<ButtonName>,
    pub after: Duration,
    pub actions: Actions,
}

/// What a gesture does depends on what the station is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actions {
    pub idle: Action,
    /// An outgoing call is not answered yet.
    pub calling: Action,
    /// A handset calls this panel.
    pub ringing: Action,
    /// Accepted, with or without media.
    pub ongoing: Action,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Nothing,
    Call(ContactName),
    Accept,
    Reject,
    HangUp,
    /// Ring the same phones once more.
    Nudge,
    Silence,
    OpenDoor(DoorName),
    OpenPairing,
    ToggleMute,
    ToggleDoNotDisturb,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Light {
    pub shows: BTreeMap<Indication, Pattern>,
    /// By whoever stands at the door, or it accompanies what is heard there.
    pub is_seen: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    pub label: String,
    pub pulse: Duration,
    /// How long `Hold` may keep the relay active.
    pub max_hold: Duration,
    /// Counts requests; the exit button is never limited.
    pub rate: Rate,
    pub has_contact: bool,
    /// The contact may stay open this long before it is an alarm.
    pub open_alarm_after: Option<Duration>,
    /// After the pulse the door may still be pulled open for this long without being forced.
    pub settle: Duration,
    pub forced_open_alarm: bool,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            label: String::new(),
            pulse: Duration::from_secs(3),
            max_hold: Duration::from_secs(60 * 60),
            rate: Rate { count: 10, per: Duration::from_secs(60) },
            has_contact: false,
            open_alarm_after: None,
            settle: Duration::from_secs(5),
            forced_open_alarm: true,
        }
    }
}

/// When the station's own sounds are not as loud as the volume says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quieter {
    pub hours: QuietHours,
    /// The share of the volume that they get, in percent.
    pub chimes: u8,
}

/// One span of the week. It may run past midnight and then belongs to the day on which it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietHours {
    pub days: BTreeSet<Weekday>,
    /// Seconds since midnight.
    pub from: u32,
    pub to: u32,
}
