// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a station decides, and nothing else: no I/O, no clock, no lock, no task.
//!
//! Facts come in through [`Station::handle`], which never fails; intents through
//! [`Station::command`], which answers; time through [`Station::handle_timeout`].
//! After each of them the caller drains [`Station::poll_effect`] until it is empty and
//! re-arms one timer from [`Station::poll_timeout`].

mod call;
mod door;
pub mod effect;
pub mod event;
mod gesture;
pub mod ids;
pub mod lights;
pub mod profile;
mod quiet;
mod rate;
pub mod snapshot;
mod station;
pub mod status;
pub mod time;

pub use effect::Effect;
pub use event::{Command, Durable, Event, Origin, Rejected, Reply};
pub use ids::{ButtonName, CallId, ContactName, DoorName, HandsetId, LegId, LightName};
pub use profile::Profile;
pub use snapshot::Snapshot;
pub use station::Station;
pub use status::{Reason, Status};
pub use time::Moment;
