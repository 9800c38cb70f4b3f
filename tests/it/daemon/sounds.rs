// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is heard at the door, from a finger on the bell to the samples of the loudspeaker: every
//! sound, by its notes, at its event and at no other.
#![allow(clippy::print_stdout, reason = "whose test failed wants to know what was heard")]

use std::{
    fs::{self, File},
    io::Read,
    ops::Deref,
    path::PathBuf,
};

use zbus::Variant;

use super::{
    client::until,
    home::{Home, Tables},
    station::Station,
};
use crate::{melody::Listener, private_bus::PrivateBus, tone};

/// A simulated panel and simulated phones, and a real worker whose loudspeaker is a file.
struct Door {
    station: Station,
    tables: Tables,
    heard: Heard,
}

struct Heard {
    path: PathBuf,
    /// Whoever makes the first sound makes the file.
    file: Option<File>,
    samples: Vec<f32>,
    listener: Listener,
}

impl Heard {
    fn melodies(&mut self) -> Vec<String> {
        if self.file.is_none() {
            self.file = File::open(&self.path).ok();
        }
        let mut pcm = Vec::new();
        if let Some(file) = &mut self.file {
            file.read_to_end(&mut pcm).unwrap();
        }
        self.samples.extend(tone::samples(&pcm));
        self.listener.listen(&self.samples);
        self.listener.melodies()
    }
}

impl Deref for Door {
    type Target = Station;

    fn deref(&self) -> &Station {
        &self.station
    }
}

impl Door {
    async fn with(tables: Tables) -> Self {
        let bus = PrivateBus::start();
        let home = Home::new(bus.address());
        let path = home.path().join("heard");
        let audio = format!("capture = 'none'\nplayback = 'file:{}'", path.display());
        let link = "listen = 'http://127.0.0.1:0'\nannounce = false";
        let tables = tables.with("link", link).with("audio", &audio);
        home.configure(&tables);
        fs::create_dir(home.state()).unwrap();
        let station = Station::at(bus, home, tables.handsets()).await;
        let (samples, listener) = (Vec::new(), Listener::default());
        Self { station, tables, heard: Heard { path, file: None, samples, listener } }
    }

    /// All that was heard since the start is these, in this order.
    async fn hears(&mut self, names: &[&str]) {
        let mut last = Vec::new();
        until(&format!("{names:?}"), async || {
            let melodies = self.heard.melodies();
            if melodies != last {
                println!("heard so far: {melodies:?}");
                last.clone_from(&melodies);
            }
            melodies == names
        })
        .await;
    }
}

#[tokio::test]
async fn every_step_of_a_call_is_heard_at_the_door() {
    let mut door = Door::with(Tables::usual().with("buttons.second", "press = 'open:front'")).await;
    door.press("bell").await;
    door.hears(&["activated", "ringback"]).await;
    door.play("Accept", &"hall").await.unwrap();
    door.hears(&["activated", "ringback", "connected"]).await;
    door.press("second").await;
    door.hears(&["activated", "ringback", "connected", "door_open"]).await;
    door.call("doors/front", "Lock", &()).await.unwrap();
    door.press("second").await;
    door.hears(&["activated", "ringback", "connected", "door_open", "refused"]).await;
    door.play("Leg", &("hall", "no_user_media")).await.unwrap();
    door.hears(&["activated", "ringback", "connected", "door_open", "refused", "failed"]).await;
}

#[tokio::test]
async fn a_call_that_ends_soon_is_heard_to() {
    let tables = Tables::usual().with("call", "max_duration_s = 10\nwarn_before_s = 9");
    let mut door = Door::with(tables).await;
    door.press("bell").await;
    door.hears(&["activated", "ringback"]).await;
    door.play("Accept", &"hall").await.unwrap();
    door.hears(&["activated", "ringback", "connected", "warning"]).await;
}

#[tokio::test]
async fn a_phone_that_calls_rings_at_the_door_and_a_visitor_in_vain_hears_so() {
    let mut door = Door::with(Tables::usual()).await;
    door.set("", "DoNotDisturb", Variant::from(true)).await.unwrap();
    door.press("bell").await;
    door.hears(&["failed"]).await;
    door.set("", "DoNotDisturb", Variant::from(false)).await.unwrap();
    door.play("Dial", &("hall", "audio", false)).await.unwrap();
    door.hears(&["failed", "ring"]).await;
}

const ALL_DAY_SILENT: &str = "quieter = [{ from = '00:00', to = '12:00', volume = 0 }, \
                              { from = '12:00', to = '00:00', volume = 0 }]";

/// Everything is turned down that can be.
fn silenced() -> Tables {
    let listener = "rights = ['answer', 'monitor']\nscript = { connect_ms = 0 }";
    let mut tables = Tables::usual().with("simulator.handsets.hall", listener);
    for sound in ["activated", "connected", "door_open", "failed", "refused", "warning", "ring"] {
        tables = tables.with(&format!("sounds.{sound}"), "volume = 0");
    }
    tables.with("sounds", ALL_DAY_SILENT)
}

#[tokio::test]
async fn whoever_listens_in_is_heard_to_whatever_is_turned_down() {
    let mut door = Door::with(silenced()).await;
    door.set("", "Volume", Variant::from(0_u8)).await.unwrap();
    door.play("Dial", &("hall", "audio", true)).await.unwrap();
    door.becomes("calls/1", "Status", "ongoing").await;
    let (error, _) = door.call("calls/1", "Silence", &()).await.unwrap_err();
    assert_eq!(error, "WrongState");
    door.hears(&["monitored", "monitor"]).await;
}

#[tokio::test]
async fn the_clock_turns_a_tone_down_and_a_new_configuration_up_again() {
    let mut door = Door::with(Tables::usual().with("sounds", ALL_DAY_SILENT)).await;
    door.play("Dial", &("hall", "audio", false)).await.unwrap();
    let order = "command=Tone(Some(Ring))";
    until("the worker rings", async || door.log().contains(order)).await;
    assert!(door.heard.melodies().is_empty());
    let a_while = door.heard.samples.len() + 96_000;
    until("two seconds more", async || {
        assert!(door.heard.melodies().is_empty());
        door.heard.samples.len() > a_while
    })
    .await;
    door.station.home.configure(&door.tables.clone().with("sounds", ""));
    door.call("", "Reload", &()).await.unwrap();
    door.hears(&["ring"]).await;
}
