// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may do what, with a polkit of the test's own.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use intercomd::{
    bus::{Authorization, Settings},
    core::{CallId, Command, Profile, Reply},
};
use tokio::sync::watch;
use zbus::{Connection, OwnedVariant, Proxy, Variant, interface, proxy::MethodFlags};

use super::{NAME, ROOT, STATION, Stage, call, error};
use crate::private_bus::PrivateBus;

/// Grants these actions and remembers all that it was asked for.
#[derive(Clone, Default)]
struct PlayedPolkit {
    grants: Vec<&'static str>,
    /// Until then it keeps its answers to itself.
    answers_when: Option<watch::Receiver<bool>>,
    asked: Arc<Mutex<Vec<String>>>,
    cancelled: Arc<Mutex<Vec<String>>>,
    may_ask_a_person: Arc<AtomicBool>,
}

type Subject = (String, HashMap<String, OwnedVariant>);

#[interface(name = "org.freedesktop.PolicyKit1.Authority")]
impl PlayedPolkit {
    async fn check_authorization(
        &self,
        subject: Subject,
        action: String,
        _details: HashMap<String, String>,
        flags: u32,
        _cancellation_id: String,
    ) -> (bool, bool, HashMap<String, String>) {
        assert_eq!(subject.0, "system-bus-name");
        self.may_ask_a_person.store(flags == 1, Ordering::Relaxed);
        let granted = self.grants.iter().any(|grant| *grant == action);
        self.asked.lock().unwrap().push(action);
        if let Some(mut ready) = self.answers_when.clone() {
            ready.wait_for(|ready| *ready).await.unwrap();
        }
        // Out args are a struct of their own in polkit.
        (granted, false, HashMap::new())
    }

    async fn cancel_check_authorization(&self, cancellation_id: String) {
        self.cancelled.lock().unwrap().push(cancellation_id);
    }
}

impl PlayedPolkit {
    async fn serve(&self, bus: &PrivateBus) -> Connection {
        zbus::connection::Builder::address(bus.address())
            .serve_at("/org/freedesktop/PolicyKit1/Authority", self.clone())
            .name("org.freedesktop.PolicyKit1")
            .build()
            .await
            .unwrap()
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

/// Nobody is exempt, not even the user who runs the tests.
fn strict(settings: &mut Settings) {
    settings.authorization = Authorization::Polkit { exempt: BTreeSet::new() };
}

#[tokio::test]
async fn polkit_is_asked_for_the_action_and_its_answer_holds() {
    let mut stage = Stage::with(strict).await;
    let polkit = PlayedPolkit { grants: vec!["org.intercomd1.call"], ..Default::default() };
    let _polkit = polkit.serve(&stage.bus).await;

    let hangup = call(&stage.client, ROOT, STATION, "HangupAll", &());
    let (reply, command) = tokio::join!(hangup, stage.station.answer(Ok(Reply::Done)));
    reply.unwrap();
    assert_eq!(command, Command::HangUpAll);
    assert_eq!(polkit.asked(), ["org.intercomd1.call"]);

    let refusal = call(&stage.client, ROOT, STATION, "ClosePairing", &()).await.unwrap_err();
    assert_eq!(refusal, (error("NotAuthorized"), "this needs org.intercomd1.pair".into()));
    assert_eq!(polkit.asked(), ["org.intercomd1.pair"]);
}

#[tokio::test]
async fn a_person_is_asked_only_if_the_caller_allows_it() {
    let mut stage = Stage::with(strict).await;
    let polkit = PlayedPolkit { grants: vec!["org.intercomd1.call"], ..Default::default() };
    let _polkit = polkit.serve(&stage.bus).await;
    let proxy = Proxy::new(&stage.client, NAME, ROOT, STATION).await.unwrap();
    for (flags, may_ask) in
        [(MethodFlags::empty(), false), (MethodFlags::ALLOW_INTERACTIVE_AUTH, true)]
    {
        let hangup = proxy.call_with_flags::<_, _, ()>("HangupAll", flags, &());
        let (reply, _) = tokio::join!(hangup, stage.station.answer(Ok(Reply::Done)));
        reply.unwrap();
        assert_eq!(polkit.may_ask_a_person.load(Ordering::Relaxed), may_ask);
    }
}

#[tokio::test]
async fn every_method_asks_for_its_own_right() {
    let stage = Stage::with(strict).await;
    let polkit = PlayedPolkit::default();
    let _polkit = polkit.serve(&stage.bus).await;
    let on_call = "/org/intercomd1/calls/7";
    let on_door = "/org/intercomd1/doors/front";
    let on_handset = "/org/intercomd1/handsets/phone_one";
    for (path, interface, method, action) in [
        (ROOT, STATION, "HangupAll", "call"),
        (ROOT, STATION, "ClosePairing", "pair"),
        (ROOT, STATION, "Reload", "configure"),
        (ROOT, STATION, "SelfTest", "call"),
        (on_call, "org.intercomd1.Call", "Hangup", "answer"),
        (on_call, "org.intercomd1.Call", "Nudge", "call"),
        (on_call, "org.intercomd1.Call", "Silence", "answer"),
        (on_call, "org.intercomd1.Call", "Hold", "answer"),
        (on_call, "org.intercomd1.Call", "Unhold", "answer"),
        (on_door, "org.intercomd1.Door", "Hold", "open-door"),
        (on_door, "org.intercomd1.Door", "Release", "open-door"),
        (on_door, "org.intercomd1.Door", "Lock", "open-door"),
        (on_door, "org.intercomd1.Door", "Unlock", "open-door"),
        (on_handset, "org.intercomd1.Handset", "Remove", "pair"),
    ] {
        let refusal = call(&stage.client, path, interface, method, &()).await.unwrap_err();
        assert_eq!(refusal.0, error("NotAuthorized"), "{interface}.{method}");
        assert_eq!(polkit.asked(), [format!("org.intercomd1.{action}")], "{interface}.{method}");
    }
    let options = HashMap::<&str, Variant<'_>>::new();
    for (path, interface, method, action) in [
        (on_call, "org.intercomd1.Call", "Accept", "answer"),
        (on_door, "org.intercomd1.Door", "Open", "open-door"),
        (ROOT, STATION, "OpenPairing", "pair"),
        ("/org/intercomd1/contacts/hall", "org.intercomd1.Contact", "Call", "call"),
    ] {
        let refusal = call(&stage.client, path, interface, method, &options).await.unwrap_err();
        assert_eq!(refusal.0, error("NotAuthorized"), "{interface}.{method}");
        assert_eq!(polkit.asked(), [format!("org.intercomd1.{action}")], "{interface}.{method}");
    }
}

#[tokio::test]
async fn hanging_up_needs_the_right_that_began_the_call() {
    let mut stage = Stage::with(strict).await;
    let polkit = PlayedPolkit::default();
    let _polkit = polkit.serve(&stage.bus).await;
    stage.station.publish(
        |snapshot| drop(snapshot.calls.insert(CallId(8), super::fixture::ringing_call())),
        vec![],
    );
    for (path, action) in [
        ("/org/intercomd1/calls/7", "org.intercomd1.answer"),
        ("/org/intercomd1/calls/8", "org.intercomd1.call"),
    ] {
        call(&stage.client, path, "org.intercomd1.Call", "Hangup", &()).await.unwrap_err();
        assert_eq!(polkit.asked(), [action]);
    }
}

#[tokio::test]
async fn writing_a_property_needs_a_right() {
    let stage = Stage::with(strict).await;
    let polkit = PlayedPolkit::default();
    let _polkit = polkit.serve(&stage.bus).await;
    for (path, interface, property, value, action) in [
        (ROOT, STATION, "DoNotDisturb", Variant::from(true), "org.intercomd1.configure"),
        (ROOT, STATION, "Volume", 3_u8.into(), "org.intercomd1.configure"),
        (ROOT, STATION, "MicrophoneGain", 3_i16.into(), "org.intercomd1.configure"),
        (
            "/org/intercomd1/calls/7",
            "org.intercomd1.Call",
            "Mute",
            true.into(),
            "org.intercomd1.answer",
        ),
    ] {
        let body = (interface, property, value);
        let properties = "org.freedesktop.DBus.Properties";
        let refusal = call(&stage.client, path, properties, "Set", &body).await.unwrap_err();
        assert_eq!(refusal.0, error("NotAuthorized"));
        assert_eq!(polkit.asked(), [action]);
    }
}

#[tokio::test]
async fn who_may_call_cannot_open_a_door_by_pressing_a_button() {
    let stage = Stage::with(strict).await;
    let polkit = PlayedPolkit {
        grants: vec!["org.intercomd1.call", "org.intercomd1.answer"],
        ..Default::default()
    };
    let _polkit = polkit.serve(&stage.bus).await;
    let (path, interface) = ("/org/intercomd1/buttons/bell", "org.intercomd1.Button");
    let refusal = call(&stage.client, path, interface, "Press", &()).await.unwrap_err();
    assert_eq!(refusal, (error("NotAuthorized"), "this needs org.intercomd1.open-door".into()));
}

#[tokio::test]
async fn a_button_that_comes_to_open_a_door_while_polkit_thinks_needs_the_new_right() {
    let mut stage = Stage::with(strict).await;
    stage.station.reconfigure(&Profile::default());
    let (answer, answers_when) = watch::channel(false);
    let polkit = PlayedPolkit {
        grants: vec!["org.intercomd1.call", "org.intercomd1.answer"],
        answers_when: Some(answers_when),
        ..Default::default()
    };
    let _polkit = polkit.serve(&stage.bus).await;
    let (path, interface) = ("/org/intercomd1/buttons/bell", "org.intercomd1.Button");
    let press = call(&stage.client, path, interface, "Press", &());
    let reconfigured = async {
        while polkit.asked.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        stage.station.reconfigure(&super::fixture::profile());
        answer.send_replace(true);
    };
    let refusal = tokio::join!(press, reconfigured).0.unwrap_err();
    assert_eq!(refusal, (error("NotAuthorized"), "this needs org.intercomd1.open-door".into()));
}

#[tokio::test]
async fn without_polkit_nobody_is_let_in_who_would_have_to_ask_it() {
    let stage = Stage::with(strict).await;
    let refusal = call(&stage.client, ROOT, STATION, "HangupAll", &()).await.unwrap_err();
    assert_eq!(refusal.0, error("NotAuthorized"));
}

#[tokio::test]
async fn a_polkit_that_hangs_is_a_timeout_and_is_told_to_stop() {
    let stage = Stage::with(|settings| {
        strict(settings);
        settings.patience = Duration::from_millis(50);
    })
    .await;
    let (_never, answers_when) = watch::channel(false);
    let polkit = PlayedPolkit { answers_when: Some(answers_when), ..Default::default() };
    let _polkit = polkit.serve(&stage.bus).await;
    let refusal = call(&stage.client, ROOT, STATION, "HangupAll", &()).await.unwrap_err();
    assert_eq!(refusal.0, error("Timeout"));
    let cancelled = async {
        while polkit.cancelled.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    crate::deadline::within_deadline("the cancellation", cancelled).await;
}

#[tokio::test]
async fn the_own_user_and_root_are_not_asked_about() {
    let mut stage = Stage::set().await;
    let polkit = PlayedPolkit::default();
    let _polkit = polkit.serve(&stage.bus).await;
    let hangup = call(&stage.client, ROOT, STATION, "HangupAll", &());
    let (reply, _) = tokio::join!(hangup, stage.station.answer(Ok(Reply::Done)));
    reply.unwrap();
    assert!(polkit.asked().is_empty());
}

#[tokio::test]
async fn where_the_bus_policy_decides_polkit_is_not_asked() {
    let mut stage = Stage::with(|settings| settings.authorization = Authorization::Policy).await;
    let polkit = PlayedPolkit::default();
    let _polkit = polkit.serve(&stage.bus).await;
    let hangup = call(&stage.client, ROOT, STATION, "HangupAll", &());
    let (reply, _) = tokio::join!(hangup, stage.station.answer(Ok(Reply::Done)));
    reply.unwrap();
    assert!(polkit.asked().is_empty());
}

#[tokio::test]
async fn reading_needs_no_right() {
    let stage = Stage::with(strict).await;
    let properties = "org.freedesktop.DBus.Properties";
    call(&stage.client, ROOT, properties, "GetAll", &STATION).await.unwrap();
}
