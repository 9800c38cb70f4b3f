// SPDX-License-Identifier: MIT OR Apache-2.0
//! Phones that sleep, woken through a push service.

use std::{collections::HashMap, sync::Arc};

use super::{
    house::{House, id, tables},
    phone::Phone,
    push_service::{Answer, CREATED, PushService, Sleeper, unix_s},
};
use crate::daemon::{
    client::until,
    home::Tables,
    process::{Daemon, command},
};
use intercomd::{
    config::{BusAddress, Clock, Endpoints, Push},
    core::{CallId, LegId, Moment, Reason, Status},
    link::{
        Settings,
        envelope::Mid,
        keys::{KeyPair, Thumbprint},
        message::{FromHandset, Pushed, field::Cid, from_station::Ended},
        push::{Fate, FromPushes, News, Order, Pushes},
    },
};
use rustix::{
    fs::{CWD, FileType, Mode, OFlags, mknodat, open},
    process::Signal,
};
use tokio::sync::watch;
use zbus::OwnedVariant;

const PUSH: &str = "private_endpoints = true\ncontact = 'mailto:owner@door.example'\n";

/// To whom this machine's clock is right.
fn trusting() -> Tables {
    tables().with("push", &format!("{PUSH}clock = 'trusted'"))
}

/// A house whose only phone is registered and asleep.
struct Night {
    house: House,
    service: PushService,
    phone: Phone,
    sleeper: Sleeper,
}

impl Night {
    async fn with(tables: Tables, answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut house = House::with(tables).await;
        let service = PushService::start(answers).await;
        let (phone, mut line) = house.let_in("Kitchen").await;
        let sleeper = Sleeper::at(&service.origin());
        line.ask(&FromHandset::PushRegister(sleeper.subscription())).await.unwrap();
        drop(line);
        Self { house, service, phone, sleeper }
    }

    async fn usual() -> Self {
        Self::with(trusting(), []).await
    }

    async fn pushed(&mut self) -> Pushed {
        let request = self.service.request().await;
        self.sleeper.read(&self.phone, &request)
    }

    async fn ring_comes(&mut self) -> intercomd::link::message::pushed::Ring {
        match self.pushed().await {
            Pushed::Ring(ring) => ring,
            other => panic!("{other:?}"),
        }
    }

    fn handset(&self) -> String {
        self.phone.id.as_ref().unwrap().to_string()
    }

    async fn last_push(&self) -> Option<String> {
        let object = format!("handsets/{}", self.handset());
        let push: HashMap<String, OwnedVariant> = self.house.property(&object, "Push").await;
        push.get("result").map(|result| result.downcast_ref::<&str>().unwrap().to_owned())
    }

    async fn is_out_of_reach(&self, call: &str) {
        let what = "the phone is out of reach";
        let handset = self.handset();
        until(what, async || self.house.leg(call, &handset).await == "failed unreachable").await;
    }
}

#[tokio::test]
async fn a_phone_that_sleeps_is_woken_and_answers() {
    let mut night = Night::usual().await;
    let before = unix_s();
    let object = night.house.ring("home").await.unwrap();
    let ring = night.ring_comes().await;
    assert_eq!(ring.cid, id(&object));
    assert_eq!(ring.contact.as_deref(), Some("home"));
    assert!((1..=45_000).contains(&ring.ring_ms), "{}", ring.ring_ms);
    assert!((before..=unix_s() + 45).contains(&ring.until), "{}", ring.until);

    let (mut line, state) = night.phone.resume(night.phone.connect().await).await;
    assert_eq!(state.call.unwrap().cid, ring.cid);
    assert_eq!(line.rings().await, ring.cid);
    night.house.leg_becomes(&object, &night.handset(), "ringing").await;
    line.ask(&FromHandset::Accept(Cid { cid: ring.cid })).await.unwrap();
    line.selected(ring.cid).await;
    line.ask(&FromHandset::HangUp(Cid { cid: ring.cid })).await.unwrap();
    line.ended(ring.cid).await;
    assert!(!night.service.has_more(), "whoever talked needs no push");
}

#[tokio::test]
async fn a_call_that_somebody_else_takes_is_over_by_a_push_of_the_same_topic() {
    let mut night = Night::usual().await;
    let (_hall, mut hall) = night.house.let_in("Hall").await;
    let object = night.house.ring("home").await.unwrap();
    let ring = night.service.request().await;
    let Pushed::Ring(rung) = night.sleeper.read(&night.phone, &ring) else { panic!() };
    let call = hall.rings().await;
    hall.ask(&FromHandset::Accept(Cid { cid: call })).await.unwrap();
    let end = night.service.request().await;
    assert_eq!(end.headers["topic"], ring.headers["topic"]);
    assert_eq!(end.body.len(), ring.body.len());
    let Pushed::Ended(ended) = night.sleeper.read(&night.phone, &end) else { panic!() };
    assert_eq!((ended.cid, rung.cid), (id(&object), id(&object)));
    assert_eq!((ended.status, ended.reason), (Status::Elsewhere, Reason::Elsewhere));
    assert_eq!(ended.answered_by.as_deref(), Some("Hall"));
}

#[tokio::test]
async fn a_visitor_who_leaves_silences_the_phone() {
    let mut night = Night::usual().await;
    let object = night.house.ring("home").await.unwrap();
    night.ring_comes().await;
    night.house.call(&object, "Hangup", &()).await.unwrap();
    let Pushed::Ended(ended) = night.pushed().await else { panic!() };
    assert_eq!((ended.status, ended.reason), (Status::Missed, Reason::Cancelled));
}

#[tokio::test]
async fn what_was_ordered_is_sent_when_nobody_orders_any_more() {
    let mut service = PushService::start([]).await;
    let key = KeyPair::from_pkcs8(&KeyPair::generate().unwrap()).unwrap();
    let (endpoints, clock) = (Endpoints::Anywhere, Clock::Trusted);
    let push = Push { enabled: true, endpoints, contact: None, clock };
    let (_settings, settings) = watch::channel(Settings { push, ..Settings::default() });
    let Pushes { orders, mut reports } =
        intercomd::push::start(Arc::new(key), settings, BusAddress::None);
    let (cid, status, reason) = (CallId(1), Status::Missed, Reason::Cancelled);
    let order = Order {
        leg: LegId { call: cid, handset: "kitchen".parse().unwrap() },
        to: Thumbprint([0; 32]),
        subscription: Sleeper::at(&service.origin()).subscription(),
        mid: Mid([0; 16]),
        news: News::Ended(Ended { cid, status, reason, answered_by: None }),
        until: Moment::from_millis(u64::MAX),
    };
    orders.send(order.clone()).await.unwrap();
    drop(orders);
    service.request().await;
    let mut last = None;
    while let Some(report) = reports.recv().await {
        last = Some(report);
    }
    assert_eq!(last, Some(FromPushes::Report(order.report(Fate::Taken))));
}

#[tokio::test]
async fn a_station_that_stops_silences_the_phone() {
    let mut night = Night::usual().await;
    night.house.ring("home").await.unwrap();
    let ring = night.ring_comes().await;
    night.house.0.daemon.signal(Signal::TERM);
    let Pushed::Ended(ended) = night.pushed().await else { panic!() };
    assert_eq!(ended.cid, ring.cid);
    assert!(night.house.0.daemon.ended().await.success());
}

#[tokio::test]
async fn a_station_stops_whatever_a_push_waits_for() {
    let mut house = House::with(trusting()).await;
    let (_phone, mut line) = house.let_in("Kitchen").await;
    let register = FromHandset::PushRegister(Sleeper::at("https://127.0.0.1:9").subscription());
    line.ask(&register).await.unwrap();
    drop(line);
    house.0.daemon.kill().await;
    // Whom it trusts comes by a pipe into which nobody writes.
    let pipe = house.home.path().join("certificates");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let mut again = command();
    again.arg("--config").arg(house.home.config()).env("SSL_CERT_FILE", &pipe);
    again.env("RUNTIME_DIRECTORY", house.home.path());
    house.0.daemon = Daemon::launch(again, &house.home);
    house.0.is_there().await;
    house.ring("home").await.unwrap();
    let mut writer = None;
    until("it is read", async || {
        writer = open(&pipe, OFlags::WRONLY | OFlags::NONBLOCK, Mode::empty()).ok();
        writer.is_some()
    })
    .await;
    house.0.daemon.signal(Signal::TERM);
    assert!(house.0.daemon.ended().await.success());
}

#[tokio::test]
async fn an_endpoint_may_be_a_query_and_nothing_else() {
    let mut night = Night::usual().await;
    night.sleeper.endpoint = format!("{}?up=1", night.service.origin());
    let mut line = night.phone.online().await;
    let register = FromHandset::PushRegister(night.sleeper.subscription());
    line.ask(&register).await.unwrap();
    drop(line);
    night.house.ring("home").await.unwrap();
    assert_eq!(night.service.request().await.line, "POST /?up=1 HTTP/1.1");
}

#[tokio::test]
async fn a_connected_phone_that_says_nothing_is_pushed_to() {
    let mut night = Night::usual().await;
    let mut line = night.phone.online().await;
    let object = night.house.ring("home").await.unwrap();
    assert_eq!(line.rung().await.cid, id(&object));
    assert_eq!(night.ring_comes().await.cid, id(&object));
}

#[tokio::test]
async fn a_service_in_trouble_is_asked_again() {
    let answers =
        [Some("503 Service Unavailable"), Some("429 Too Many Requests\r\nRetry-After: 1"), CREATED];
    let mut night = Night::with(trusting(), answers).await;
    let object = night.house.ring("home").await.unwrap();
    let rings = [night.ring_comes().await, night.ring_comes().await, night.ring_comes().await];
    assert!(rings[0].ring_ms > rings[1].ring_ms && rings[1].ring_ms > rings[2].ring_ms);
    // By the second, one clock may be a moment ahead of the other.
    assert!(rings.iter().all(|ring| ring.until.abs_diff(rings[0].until) <= 1), "{rings:?}");
    assert_eq!(night.house.leg(&object, &night.handset()).await, "initiated");
    until("it is told", async || night.house.log().contains("woken by a push")).await;
    assert!(night.house.log().contains("a push is tried again"));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_forgotten_over_a_restart_too() {
    let mut night = Night::with(trusting(), [Some("410 Gone")]).await;
    let object = night.house.ring("home").await.unwrap();
    night.ring_comes().await;
    night.is_out_of_reach(&object).await;
    assert_eq!(night.last_push().await.as_deref(), Some("gone"));
    let kept = std::fs::read_to_string(night.house.home.state().join("handsets.json")).unwrap();
    assert!(!kept.contains("pushes"), "{kept}");
    night.house.0.daemon.kill().await;
    night.house.0.start_again().await;
    let object = night.house.ring("home").await.unwrap();
    night.is_out_of_reach(&object).await;
    assert!(!night.service.has_more());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let mut elsewhere = PushService::start([]).await;
    let mut night = Night::usual().await;
    let to: &'static str =
        format!("307 Temporary Redirect\r\nLocation: {}/up/x", elsewhere.origin()).leak();
    night.service.will_answer(Some(to));
    let object = night.house.ring("home").await.unwrap();
    night.ring_comes().await;
    night.is_out_of_reach(&object).await;
    assert!(!elsewhere.has_more() && !night.service.has_more());
}

#[tokio::test]
async fn a_service_that_keeps_silent_holds_up_nobody() {
    let mut night = Night::with(trusting(), [None]).await;
    let (_hall, mut hall) = night.house.let_in("Hall").await;
    night.house.ring("home").await.unwrap();
    let call = hall.rings().await;
    night.ring_comes().await;
    hall.ask(&FromHandset::Accept(Cid { cid: call })).await.unwrap();
    hall.selected(call).await;
    // The end does not wait for the ring either.
    assert!(matches!(night.pushed().await, Pushed::Ended(_)));
}

#[tokio::test]
async fn a_registration_outlives_a_kill_and_calls_count_on() {
    let mut night = Night::usual().await;
    let object = night.house.ring("home").await.unwrap();
    let first = night.ring_comes().await.cid;
    assert_eq!(first, id(&object));
    night.house.0.daemon.kill().await;
    night.house.0.start_again().await;
    night.house.ring("home").await.unwrap();
    let CallId(second) = night.ring_comes().await.cid;
    assert!(second > first.0);
}

#[tokio::test]
async fn nothing_is_pushed_by_a_clock_that_nobody_vouches_for() {
    // Nobody on the bus of this station knows anything of clocks, but this machine may.
    if std::path::Path::new("/run/systemd/timesync/synchronized").exists() {
        return;
    }
    let mut night = Night::with(tables().with("push", PUSH), []).await;
    let has_problem =
        async |night: &Night| night.house.problems().await.contains(&"push".to_owned());
    night.house.ring("home").await.unwrap();
    until("it is told", async || has_problem(&night).await).await;
    until("the log says why", async || night.house.log().contains("whether the clock is right"))
        .await;
    assert_eq!(night.last_push().await.as_deref(), Some("no_clock"));
    assert!(!night.service.has_more());
    // That is no problem where nobody wants pushes.
    night.house.home.configure(&tables().with("push", "enabled = false"));
    night.house.call("", "Reload", &()).await.unwrap();
    until("it is over", async || !has_problem(&night).await).await;
    // From now on the owner does.
    night.house.home.configure(&trusting());
    night.house.call("", "Reload", &()).await.unwrap();
    night.house.call("", "HangupAll", &()).await.unwrap();
    night.house.ring("home").await.unwrap();
    // That the first call is over may come before.
    while !matches!(night.pushed().await, Pushed::Ring(_)) {}
    assert!(!has_problem(&night).await);
}

#[tokio::test]
async fn a_private_endpoint_is_for_owners_who_want_it() {
    let mut house = House::usual().await;
    let (_phone, mut line) = house.let_in("Kitchen").await;
    for origin in
        ["http://127.0.0.1:9", "https://127.0.0.1:9", "https://10.0.0.1", "https://nas.local"]
    {
        let register = FromHandset::PushRegister(Sleeper::at(origin).subscription());
        let refused = line.ask(&register).await.unwrap_err();
        assert_eq!(refused.code.word(), "bad_endpoint", "{origin}");
        assert!(refused.detail.contains("allowed"), "{}", refused.detail);
    }
    // A name may lead anywhere; that is looked at when something is sent.
    let register = FromHandset::PushRegister(Sleeper::at("https://push.example").subscription());
    line.ask(&register).await.unwrap();
}

#[tokio::test]
async fn the_log_knows_the_service_and_not_the_endpoint() {
    let mut night = Night::with(trusting(), [Some("500 Oops"), Some("403 Forbidden")]).await;
    let object = night.house.ring("home").await.unwrap();
    night.ring_comes().await;
    night.ring_comes().await;
    night.is_out_of_reach(&object).await;
    assert_eq!(night.last_push().await.as_deref(), Some("refused"));
    let problems = night.house.problems().await;
    assert!(!problems.contains(&"push".to_owned()), "it is one endpoint's: {problems:?}");
    let log = night.house.log();
    assert!(log.contains(&night.service.origin()), "{log}");
    assert!(log.contains("403"), "{log}");
    let path = night.sleeper.endpoint.rsplit('/').next().unwrap();
    let auth = intercomd::link::bytes::encode(&night.sleeper.keys.auth.0);
    for secret in [path, auth.as_str(), "vapid"] {
        assert!(!log.contains(secret), "the log holds {secret}: {log}");
    }
}
