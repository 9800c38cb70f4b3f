// SPDX-License-Identifier: MIT OR Apache-2.0
//! What went wrong once, in the core or in the field, each case told by itself.

use intercomd::core::{
    CallId, Command, Durable, Effect, HandsetId, LegId, Moment, Origin, Reason, Rejected, Status,
    effect::{Drive, Signal},
    event::{CallVerb, DialKind, DoorVerb, Input, LegFact},
    profile::{Action, CallRules, Chord, Rights},
    status::{DoorState, Indication},
};

use crate::scene::{Scene, always, bell, contact, every_right, hold, name, one_button_door, secs, tier};
