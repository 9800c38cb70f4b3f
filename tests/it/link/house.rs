// SPDX-License-Identifier: MIT OR Apache-2.0
//! A station with real handsets.

use std::{collections::BTreeMap, ops::Deref};

use intercomd::{
    core::CallId,
    link::message::{
        FromHandset, FromStation,
        field::Cid,
        from_station::{Ended, Ring},
    },
};
use zbus::Variant;

use super::phone::{Line, Phone};
use crate::daemon::{
    client::{no_options, until},
    home::Tables,
    station::Station,
};

pub(crate) struct House(pub(crate) Station);

impl Deref for House {
    type Target = Station;

    fn deref(&self) -> &Station {
        &self.0
    }
}

/// Two doors, a bell, no simulated phones and no sound. Whoever is let in may open the front door.
pub(crate) fn tables() -> Tables {
    Tables::usual()
        .without("simulator.handsets.hall")
        .without("simulator.handsets.kitchen")
        .with("link", "listen = '127.0.0.1:0'\nannounce = false")
        .with("link.pairing", "doors = ['front']")
        .with("doors.cellar", "relay = {}")
        .with("audio", "capture = 'none'\nplayback = 'none'")
        .with("call", "show_failure_ms = 0\nconnect_timeout_s = 120")
}

impl House {
    pub(crate) async fn usual() -> Self {
        Self::with(tables()).await
    }

    pub(crate) async fn with(tables: Tables) -> Self {
        Self(Station::with(tables).await)
    }

    pub(crate) async fn pairing_link(&self) -> String {
        let reply = self.call("", "OpenPairing", &no_options()).await.unwrap();
        let (link, _, _): (String, String, u64) = reply.body().deserialize().unwrap();
        link
    }

    /// A link with options of its own.
    pub(crate) async fn link_with<const N: usize>(
        &self,
        options: [(&'static str, Variant<'static>); N],
    ) -> String {
        let options = crate::daemon::client::options(options);
        let reply = self.call("", "OpenPairing", &options).await.unwrap();
        let (link, _, _): (String, String, u64) = reply.body().deserialize().unwrap();
        link
    }

    /// Paired and connected.
    pub(crate) async fn let_in(&mut self, label: &str) -> (Phone, Line) {
        let link = self.pairing_link().await;
        self.let_in_by(label, &link).await
    }

    pub(crate) async fn let_in_by(&mut self, label: &str, link: &str) -> (Phone, Line) {
        let mut phone = Phone::new(label, link);
        let mut socket = phone.connect().await;
        phone.pair(&mut socket).await;
        self.0.handsets += 1;
        let (line, _) = phone.resume(socket).await;
        (phone, line)
    }

    pub(crate) async fn refused(&self) -> BTreeMap<String, u64> {
        let refused: std::collections::HashMap<String, u64> = self.property("", "Refused").await;
        refused.into_iter().collect()
    }

    pub(crate) async fn counts(&self, code: &str, times: u64) {
        let what = format!("{code} is counted {times} times");
        until(&what, async || self.refused().await.get(code).is_some_and(|n| *n >= times)).await;
    }

    /// Nothing but a right opens a door, whatever else happens.
    pub(crate) async fn doors_are_shut(&self) {
        for door in ["front", "cellar"] {
            assert!(!self.output(&format!("doors.{door}.relay")).await, "{door} is open");
            let state = self.text(&format!("doors/{door}"), "State").await;
            assert!(state != "open" && state != "held", "{door} is {state}");
        }
    }
}

pub(crate) fn id(call: &str) -> CallId {
    CallId(call.strip_prefix("calls/").unwrap().parse().unwrap())
}

impl Line {
    pub(crate) async fn rung(&mut self) -> Ring {
        self.find(|_, message| match message {
            FromStation::Ring(ring) => Some(ring.clone()),
            _ => None,
        })
        .await
    }

    /// The handset rings, as a phone does that hears of a call.
    pub(crate) async fn rings(&mut self) -> CallId {
        let Ring { cid, .. } = self.rung().await;
        self.say(&FromHandset::Ringing(Cid { cid })).await;
        cid
    }

    pub(crate) async fn selected(&mut self, call: CallId) {
        self.find(|_, message| {
            matches!(message, FromStation::Selected(Cid { cid }) if *cid == call).then_some(())
        })
        .await;
    }

    pub(crate) async fn ended(&mut self, call: CallId) -> Ended {
        self.find(|_, message| match message {
            FromStation::Ended(ended) if ended.cid == call => Some(ended.clone()),
            _ => None,
        })
        .await
    }
}
