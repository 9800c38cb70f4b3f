// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the station answers besides done, and how it reaches the caller.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use intercomd::{
    core::{
        CallId, Moment, Reason, Status,
        effect::CallRecord,
        profile::{Grant, Right},
        status::Direction,
    },
    link::PairingLink,
    station::request::{Pairing, PairingRefused, RemovalRefused, Request, SelfTestReport},
    store::LoggedCall,
};
use zbus::{OwnedVariant, Variant};

use super::{ROOT, STATION, Stage, call, error};

type Options = BTreeMap<&'static str, Variant<'static>>;

#[tokio::test]
async fn pairing_returns_the_link_its_picture_and_its_end() {
    let mut stage = Stage::set().await;
    let options = Options::from([
        ("lifetime_s", 60_u32.into()),
        ("rights", vec!["answer"].into()),
        ("doors", vec!["front"].into()),
    ]);
    let open = call(&stage.client, ROOT, STATION, "OpenPairing", &options);
    let station = async {
        let Request::OpenPairing { lifetime, grant, reply } = stage.station.request().await else {
            panic!("not a pairing");
        };
        assert_eq!(lifetime, Duration::from_secs(60));
        let doors = Some(BTreeSet::from(["front".parse().unwrap()]));
        assert_eq!(grant, Grant { rights: Some(BTreeSet::from([Right::Answer])), doors });
        let pairing =
            Pairing { link: PairingLink("https://x/#t".into()), deadline: Moment::from_millis(2) };
        reply.send(Ok(pairing)).unwrap();
    };
    let body = tokio::join!(open, station).0.unwrap().body();
    let (link, picture, deadline): (String, String, u64) = body.deserialize().unwrap();
    assert_eq!(link, "https://x/#t");
    assert!(picture.contains("<svg"));
    assert_eq!(deadline, 2_000);

    let plain = Options::new();
    let open = call(&stage.client, ROOT, STATION, "OpenPairing", &plain);
    let station = async {
        let Request::OpenPairing { lifetime, grant, reply } = stage.station.request().await else {
            panic!("not a pairing");
        };
        assert_eq!((lifetime, grant), (Duration::from_secs(300), Grant::default()));
        reply.send(Err(PairingRefused::Unavailable)).unwrap();
    };
    let refusal = tokio::join!(open, station).0.unwrap_err();
    assert_eq!(refusal.0, error("DeviceUnavailable"));
}

#[tokio::test]
async fn a_handset_is_removed_or_the_caller_learns_why_not() {
    let mut stage = Stage::set().await;
    let path = "/org/intercomd1/handsets/phone_one";
    for (verdict, expected) in [
        (Ok(()), None),
        (Err(RemovalRefused::NotFound("phone_one".parse().unwrap())), Some("NotFound")),
        (Err(RemovalRefused::Configured("phone_one".parse().unwrap())), Some("DeviceUnavailable")),
    ] {
        let remove = call(&stage.client, path, "org.intercomd1.Handset", "Remove", &());
        let station = async {
            let Request::RemoveHandset { handset, reply } = stage.station.request().await else {
                panic!("not a removal");
            };
            assert_eq!(handset.as_str(), "phone_one");
            reply.send(verdict).unwrap();
        };
        let outcome = tokio::join!(remove, station).0;
        assert_eq!(outcome.err().map(|(name, _)| name), expected.map(error));
    }
}

#[tokio::test]
async fn a_refused_configuration_is_an_error_with_every_problem() {
    let mut stage = Stage::set().await;
    let reload = call(&stage.client, ROOT, STATION, "Reload", &());
    let station = async {
        let Request::Reload { reply } = stage.station.request().await else {
            panic!("not a reload");
        };
        reply.send(Err(vec!["line 1: a".into(), "line 2: b".into()])).unwrap();
    };
    let refusal = tokio::join!(reload, station).0.unwrap_err();
    assert_eq!(refusal, (error("Failed"), "line 1: a\nline 2: b".into()));
}

#[tokio::test]
async fn the_call_log_leaves_out_what_is_not_known() {
    let mut stage = Stage::set().await;
    let log = call(&stage.client, ROOT, STATION, "CallLog", &5_u32);
    let station = async {
        let Request::CallLog { limit, reply } = stage.station.request().await else {
            panic!("not a log");
        };
        assert_eq!(limit, 5);
        let record = CallRecord {
            id: CallId(2),
            direction: Direction::Outgoing,
            contact: Some("hall".parse().unwrap()),
            handset: None,
            status: Status::Unanswered,
            reason: Some(Reason::Unanswered),
            lasted_ms: 45_000,
            talked_ms: 0,
        };
        let known = LoggedCall { record: record.clone(), started_at_unix_ms: Some(1_700_000) };
        let record = CallRecord { id: CallId(1), contact: None, reason: None, ..record };
        let unknown = LoggedCall { record, started_at_unix_ms: None };
        reply.send(vec![known, unknown]).unwrap();
    };
    let body = tokio::join!(log, station).0.unwrap().body();
    let calls: Vec<BTreeMap<String, OwnedVariant>> = body.deserialize().unwrap();
    let keys = |n: usize| calls[n].keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        keys(0),
        ["contact", "direction", "id", "lasted_ms", "reason", "started_at", "status", "talked_ms"]
    );
    assert_eq!(keys(1), ["direction", "id", "lasted_ms", "status", "talked_ms"]);
    assert_eq!(calls[0]["started_at"], Variant::from(1_700_000_u64).try_into().unwrap());
    assert_eq!(calls[0]["status"], Variant::from("unanswered").try_into().unwrap());
}

#[tokio::test]
async fn a_self_test_tells_what_passed_failed_and_was_skipped() {
    let mut stage = Stage::set().await;
    let test = call(&stage.client, ROOT, STATION, "SelfTest", &());
    let report = SelfTestReport {
        passed: vec!["storage".into()],
        failed: BTreeMap::from([("audio".into(), "no card".into())]),
        skipped: BTreeMap::new(),
        measured: BTreeMap::from([("audio".into(), "-30 dB".into())]),
    };
    let station = async {
        let Request::SelfTest { reply } = stage.station.request().await else {
            panic!("not a test");
        };
        reply.send(report).unwrap();
    };
    let body = tokio::join!(test, station).0.unwrap().body();
    let mut results: BTreeMap<String, OwnedVariant> = body.deserialize().unwrap();
    let failed: std::collections::HashMap<String, String> =
        results.remove("failed").unwrap().try_into().unwrap();
    assert_eq!(failed["audio"], "no card");
    let measured: std::collections::HashMap<String, String> =
        results.remove("measured").unwrap().try_into().unwrap();
    assert_eq!(measured["audio"], "-30 dB");
    assert_eq!(results["skipped"].value_signature().to_string(), "a{ss}");
    assert_eq!(Vec::<String>::try_from(results.remove("passed").unwrap()).unwrap(), ["storage"]);
}
