// SPDX-License-Identifier: MIT OR Apache-2.0
//! A daemon on a bus of its own, and a client of it.
#![allow(clippy::print_stderr, reason = "the log of a station helps whose test failed")]

use std::{collections::BTreeMap, ops::Deref};

use zbus::fdo::DBusProxy;

use super::{
    client::{Client, NAME, Properties, SIMULATOR, until},
    heard::Heard,
    home::{Home, Tables},
    process::Daemon,
};
use crate::private_bus::PrivateBus;

/// What would be heard at the panel: tone, number of sounds, the last one, gates by handset.
pub(crate) type Sound = (String, u64, String, BTreeMap<String, String>);

#[derive(Debug)]
pub(crate) struct Station {
    pub(crate) daemon: Daemon,
    pub(crate) client: Client,
    pub(crate) home: Home,
    pub(crate) bus: PrivateBus,
    /// Who is there after a start.
    pub(crate) handsets: usize,
}

impl Deref for Station {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Station {
    pub(crate) async fn usual() -> Self {
        Self::with(Tables::usual()).await
    }

    pub(crate) async fn with(tables: Tables) -> Self {
        let bus = PrivateBus::start();
        let home = Home::new(bus.address());
        home.configure(&tables);
        std::fs::create_dir(home.state()).unwrap();
        Self::at(bus, home, tables.handsets()).await
    }

    pub(crate) async fn at(bus: PrivateBus, home: Home, handsets: usize) -> Self {
        let mut station = Self::around(Daemon::start(&home), bus, home, handsets).await;
        station.is_there().await;
        station
    }

    pub(crate) async fn around(
        daemon: Daemon,
        bus: PrivateBus,
        home: Home,
        handsets: usize,
    ) -> Self {
        let client = Client(bus.connect().await);
        Self { daemon, client, home, bus, handsets }
    }

    /// On the bus with its surroundings, and the phones are known.
    pub(crate) async fn is_there(&mut self) {
        let Self { daemon, client, handsets, .. } = self;
        let bus = DBusProxy::new(&client.0).await.unwrap();
        until("the daemon is on the bus", async || {
            assert!(!daemon.has_ended(), "the daemon ended");
            let mut owned = true;
            for name in [NAME, SIMULATOR] {
                owned &= bus.name_has_owner(name.try_into().unwrap()).await.unwrap();
            }
            owned
        })
        .await;
        until("the phones are paired", async || {
            let objects = client.objects().await;
            objects.keys().filter(|object| object.starts_with("handsets/")).count() == *handsets
        })
        .await;
    }

    /// On the same bus with the same state.
    pub(crate) async fn start_again(&mut self) {
        self.daemon = Daemon::start(&self.home);
        self.is_there().await;
    }

    pub(crate) async fn another_client(&self) -> Client {
        Client(self.bus.connect().await)
    }

    pub(crate) async fn listen(&self) -> Heard {
        Heard::by(&self.bus.connect().await).await
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.home.log()).unwrap_or_default()
    }

    /// A finger on the bell.
    pub(crate) async fn press(&self, button: &str) {
        self.play("Press", &(format!("buttons.{button}"), 60_u32)).await.unwrap();
    }

    pub(crate) async fn status(&self, call: &str) -> (String, String) {
        (self.text(call, "Status").await, self.text(call, "Reason").await)
    }

    /// The call is over in this way.
    pub(crate) async fn ends(&self, call: &str, status: &str, reason: &str) {
        self.becomes(call, "Status", status).await;
        assert_eq!(self.text(call, "Reason").await, reason);
    }

    pub(crate) async fn legs(&self, call: &str) -> BTreeMap<String, String> {
        let legs: std::collections::HashMap<String, Properties> = self.property(call, "Legs").await;
        let word =
            |leg: &Properties, key: &str| String::try_from(leg.get(key).unwrap().clone()).unwrap();
        let one = |(handset, leg): (String, Properties)| {
            let words = format!("{} {}", word(&leg, "status"), word(&leg, "reason"));
            (handset, words.trim_end().to_owned())
        };
        legs.into_iter().map(one).collect()
    }

    pub(crate) async fn leg(&self, call: &str, handset: &str) -> String {
        self.legs(call).await.remove(handset).unwrap_or_default()
    }

    pub(crate) async fn leg_becomes(&self, call: &str, handset: &str, words: &str) {
        let what = format!("the leg of {handset} becomes {words}");
        until(&what, async || self.leg(call, handset).await == words).await;
    }

    pub(crate) async fn sound(&self) -> Sound {
        self.play("Heard", &()).await.unwrap().body().deserialize().unwrap()
    }

    pub(crate) async fn gate_becomes(&self, handset: &str, gate: &str) {
        let what = format!("the gate of {handset} becomes {gate}");
        until(&what, async || self.sound().await.3.get(handset).is_some_and(|g| g == gate)).await;
    }

    pub(crate) async fn tone_becomes(&self, tone: &str) {
        until(&format!("the tone becomes {tone}"), async || self.sound().await.0 == tone).await;
    }

    pub(crate) async fn last_sound_becomes(&self, sound: &str) {
        until(&format!("{sound} sounds"), async || self.sound().await.2 == sound).await;
    }

    pub(crate) async fn outputs(&self) -> BTreeMap<String, bool> {
        self.play("Outputs", &()).await.unwrap().body().deserialize().unwrap()
    }

    pub(crate) async fn output(&self, name: &str) -> bool {
        *self.outputs().await.get(name).unwrap()
    }

    pub(crate) async fn output_becomes(&self, name: &str, active: bool) {
        until(&format!("{name} becomes {active}"), async || self.output(name).await == active)
            .await;
    }

    /// The newest first, as `id direction status reason contact handset`.
    pub(crate) async fn call_log(&self) -> Vec<String> {
        let reply = self.call("", "CallLog", &0_u32).await.unwrap();
        let calls: Vec<Properties> = reply.body().deserialize().unwrap();
        calls.into_iter().map(logged).collect()
    }

    pub(crate) async fn problems(&self) -> Vec<String> {
        self.property("", "Problems").await
    }
}

fn logged(mut call: Properties) -> String {
    let id = u64::try_from(call.remove("id").unwrap()).unwrap();
    let mut line = id.to_string();
    for key in ["direction", "status", "reason", "contact", "handset"] {
        let word = call.remove(key).map(|word| String::try_from(word).unwrap());
        line = format!("{line} {}", word.as_deref().unwrap_or("-"));
    }
    line
}

impl Drop for Station {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let last = log.lines().count().saturating_sub(60);
            let tail: Vec<_> = log.lines().skip(last).collect();
            eprintln!("the station's last words:\n{}", tail.join("\n"));
        }
    }
}
