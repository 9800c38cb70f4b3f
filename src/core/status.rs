// SPDX-License-Identifier: MIT OR Apache-2.0
//! The words for what a call is doing and why it ended: the same on D-Bus, in the log, on the
//! wire and on the phone.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An enum whose variants have one lower-case word each, everywhere.
macro_rules! words {
    ($(#[$doc:meta])* $vis:vis enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        $vis enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl FromStr for $name {
            type Err = $crate::core::status::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.word() == text)
                    .ok_or($crate::core::status::UnknownWord)
            }
        }
    };
}

pub(crate) use words;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown word")]
pub struct UnknownWord;

words! {
    /// Of a call as the station sees it, or of a leg as its handset sees it.
    pub enum Status {
        /// Created, not yet known to ring anywhere.
        Initiated = "initiated",
        Ringing = "ringing",
        /// Accepted, media not yet flowing.
        Connecting = "connecting",
        Ongoing = "ongoing",
        Ended = "ended",
        Busy = "busy",
        Rejected = "rejected",
        Cancelled = "cancelled",
        /// Nobody answered, as the caller sees it.
        Unanswered = "unanswered",
        /// Nobody answered or the caller gave up, as the callee sees it.
        Missed = "missed",
        /// Another handset answered, or the visitor was let in.
        Elsewhere = "elsewhere",
        Failed = "failed",
    }
}

impl Status {
    pub const fn is_terminal(self) -> bool {
        match self {
            Self::Initiated | Self::Ringing | Self::Connecting | Self::Ongoing => false,
            Self::Ended
            | Self::Busy
            | Self::Rejected
            | Self::Cancelled
            | Self::Unanswered
            | Self::Missed
            | Self::Elsewhere
            | Self::Failed => true,
        }
    }
}

words! {
    /// Why a call or a leg ended. The statuses are reasons of their own; the others say more.
    pub enum Reason {
        Ended = "ended",
        Busy = "busy",
        Rejected = "rejected",
        Cancelled = "cancelled",
        Unanswered = "unanswered",
        Missed = "missed",
        Elsewhere = "elsewhere",
        /// Failed, and whoever reported it did not know more.
        Failed = "failed",
        /// Somebody opened the door by hand while the phones rang.
        AnsweredAtDoor = "answered_at_door",
        DoNotDisturb = "do_not_disturb",
        MaxDuration = "max_duration",
        IceFailed = "ice_failed",
        IceTimeout = "ice_timeout",
        /// A session description could not be read, or did not fit.
        BadDescription = "bad_description",
        /// The peer's certificate is not the one that the handset signed for.
        Untrusted = "untrusted",
        /// Media stopped and did not come back within the grace period.
        MediaTimeout = "media_timeout",
        /// The handset has no microphone to offer, or may not use it.
        NoUserMedia = "no_user_media",
        OutOfResources = "out_of_resources",
        /// Listening in was asked for and this station cannot give notice of it.
        Privacy = "privacy",
        /// The signalling to the handset was lost and did not come back.
        TransportLost = "transport_lost",
        SessionTimeout = "session_timeout",
        WorkerCrashed = "worker_crashed",
        /// The contact has nobody paired who may answer.
        NoHandset = "no_handset",
        /// No handset could be reached.
        Unreachable = "unreachable",
        /// The handset was unpaired.
        Revoked = "revoked",
        /// The daemon or the board stopped in the middle of it.
        Interrupted = "interrupted",
    }
}

words! {
    pub enum Direction {
        /// The station calls handsets.
        Outgoing = "outgoing",
        /// A handset calls the station.
        Incoming = "incoming",
    }
}

words! {
    pub enum Media {
        Audio = "audio",
        Video = "video",
    }
}

words! {
    pub enum MediaState {
        /// Nothing is set up yet.
        None = "none",
        Connecting = "connecting",
        Connected = "connected",
        /// Was connected; the grace period runs.
        Lost = "lost",
    }
}

words! {
    /// What of a leg's audio the worker lets through.
    pub enum Gate {
        Closed = "closed",
        /// The handset is heard at the station; the station's microphone is not sent.
        Muted = "muted",
        Open = "open",
    }
}

words! {
    /// What a relay does.
    pub enum DoorState {
        Closed = "closed",
        /// The relay pulses.
        Open = "open",
        Held = "held",
        Locked = "locked",
    }
}

words! {
    /// The names of BACnet's door alarms.
    pub enum DoorAlarm {
        Normal = "normal",
        OpenTooLong = "open_too_long",
        ForcedOpen = "forced_open",
        Tamper = "tamper",
        Fault = "fault",
        LockedDown = "locked_down",
    }
}

words! {
    pub enum DoorContact {
        /// There is no contact, or it has not been read yet.
        Unknown = "unknown",
        Closed = "closed",
        Open = "open",
    }
}

words! {
    /// What the visitor should know. Several hold at once; a light shows the first of its own.
    /// Declared in order of precedence.
    pub enum Indication {
        /// Somebody listens in. No configuration can hide it.
        Monitored = "monitored",
        DoorOpen = "door_open",
        Failed = "failed",
        Connected = "connected",
        Ringing = "ringing",
        /// The press was taken.
        Activated = "activated",
        NoAudio = "no_audio",
        NotPaired = "not_paired",
        Quiet = "quiet",
        Idle = "idle",
    }
}

words! {
    pub enum Pattern {
        Off = "off",
        On = "on",
        BlinkSlow = "blink_slow",
        Blink = "blink",
        BlinkFast = "blink_fast",
        /// A short flash every two seconds.
        Flash = "flash",
        DoubleFlash = "double_flash",
        TripleFlash = "triple_flash",
    }
}

words! {
    /// Heard once.
    pub enum Sound {
        Activated = "activated",
        Connected = "connected",
        DoorOpen = "door_open",
        Failed = "failed",
        /// The press was understood and not granted.
        Refused = "refused",
        /// The call ends soon.
        Warning = "warning",
        /// Somebody begins to listen in. No configuration can silence it.
        Monitored = "monitored",
    }
}

words! {
    /// Heard for as long as the state lasts.
    pub enum Tone {
        /// A handset calls this panel.
        Ring = "ring",
        /// The handsets ring.
        Ringback = "ringback",
        /// Somebody listens in. No configuration can silence it.
        Monitor = "monitor",
    }
}

words! {
    /// What is wrong with the device while it goes on working.
    pub enum Problem {
        /// The state cannot be kept.
        Storage = "storage",
        /// What was locked is not known any more, so all doors are, until somebody unlocks one.
        LocksLost = "locks_lost",
        /// The last configuration read was refused; the one before it runs.
        Configuration = "configuration",
        Panel = "panel",
        /// Handsets cannot connect.
        Link = "link",
        /// Something keeps the station from pushing to any phone that sleeps.
        Push = "push",
        /// Another program holds a sound device.
        SoundBusy = "sound_busy",
        SoundMissing = "sound_missing",
        /// A sound device may not be opened, or does not do what it should.
        SoundBroken = "sound_broken",
        /// The microphone did not hear the loudspeaker in the last loop test.
        SoundUnheard = "sound_unheard",
    }
}
