// SPDX-License-Identifier: MIT OR Apache-2.0
//! Coming, going, and being left alone: the name, the connection, the station, the client.

use std::time::Duration;

use intercomd::{
    bus::{Address, Error, keep_serving},
    core::{Command, Rejected, Reply, Status},
};

use zbus::fdo::DBusProxy;

use super::{NAME, PlayedStation, ROOT, STATION, Stage, call, error, fixture, settings};
use crate::{deadline::within_deadline, private_bus::PrivateBus};

#[tokio::test]
async fn a_second_station_is_told_that_the_name_is_taken() {
    let stage = Stage::set().await;
    let second = PlayedStation::new(fixture::snapshot());
    let refused = second.serve(settings(&stage.bus)).await.unwrap_err();
    assert!(matches!(refused, Error::NameTaken), "{refused:?}");
    assert!(!refused.is_retryable());
}

#[tokio::test]
async fn without_a_bus_serving_fails_and_may_be_tried_again() {
    let bus = PrivateBus::start();
    let mut settings = settings(&bus);
    settings.address = Address::At("unix:path=/nowhere/at/all".into());
    let station = PlayedStation::new(fixture::snapshot());
    let refused = station.serve(settings).await.unwrap_err();
    assert!(matches!(refused, Error::Unreachable(_)), "{refused:?}");
    assert!(refused.is_retryable());
}

#[tokio::test]
async fn when_the_bus_dies_the_station_notices_and_can_be_served_on_another() {
    let mut stage = Stage::set().await;
    stage.bus.stop();
    within_deadline("the loss", stage.served.lost()).await;
    drop(stage.served);

    let other = PrivateBus::start();
    let _served = stage.station.serve(settings(&other)).await.unwrap();
    let client = other.connect().await;
    let hangup = call(&client, ROOT, STATION, "HangupAll", &());
    let (reply, command) = tokio::join!(hangup, stage.station.answer(Ok(Reply::Done)));
    reply.unwrap();
    assert_eq!(command, Command::HangUpAll);
}

#[tokio::test]
async fn a_bus_that_starts_late_or_is_restarted_gets_the_station_back() {
    let mut bus = PrivateBus::start();
    let settings = settings(&bus);
    bus.stop();
    let mut station = PlayedStation::new(fixture::snapshot());
    let (settle, settled) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(keep_serving(
        settings,
        station.sender.clone(),
        station.state.subscribe(),
        settle,
    ));
    within_deadline("the first attempt", settled).await.unwrap();

    for _ in 0..2 {
        bus.start_again();
        let client = bus.connect().await;
        appears(&client).await;
        let hangup = call(&client, ROOT, STATION, "HangupAll", &());
        let (reply, _) = tokio::join!(hangup, station.answer(Ok(Reply::Done)));
        reply.unwrap();
    }
    drop(station);
    within_deadline("the end of serving", serving).await.unwrap().unwrap();
}

/// Until the station owns its name.
async fn appears(client: &zbus::Connection) {
    let bus = DBusProxy::new(client).await.unwrap();
    let appears = async {
        while !bus.name_has_owner(NAME.try_into().unwrap()).await.unwrap() {
            tokio::task::yield_now().await;
        }
    };
    within_deadline("the station on the bus", appears).await;
}

#[tokio::test]
async fn a_closed_station_gives_its_name_back() {
    let stage = Stage::set().await;
    stage.served.close().await;
    // The bus takes back the name when it sees the end of the connection.
    let again = async {
        loop {
            match stage.station.serve(settings(&stage.bus)).await {
                Ok(served) => return served,
                Err(Error::NameTaken) => tokio::task::yield_now().await,
                Err(other) => panic!("{other}"),
            }
        }
    };
    within_deadline("the name", again).await;
}

#[tokio::test]
async fn a_dropped_station_leaves_the_bus_although_a_call_waits() {
    let mut stage = Stage::with(|settings| settings.patience = Duration::from_secs(600)).await;
    let client = stage.client.clone();
    let waiting = tokio::spawn(async move { call(&client, ROOT, STATION, "HangupAll", &()).await });
    let (_, _reply) = stage.station.command().await;
    drop(stage.served);
    let refusal = within_deadline("the end of the call", waiting).await.unwrap().unwrap_err();
    assert_eq!(refusal.0, "org.freedesktop.DBus.Error.NoReply");
}

#[tokio::test]
async fn a_station_that_does_not_answer_is_a_timeout_and_the_next_call_works() {
    let mut stage = Stage::with(|settings| settings.patience = Duration::from_millis(50)).await;
    let refusal = call(&stage.client, ROOT, STATION, "HangupAll", &()).await.unwrap_err();
    assert_eq!(refusal.0, error("Timeout"));

    let (_, late) = stage.station.command().await;
    assert!(late.is_closed());
    let hangup = call(&stage.client, ROOT, STATION, "HangupAll", &());
    let (reply, _) = tokio::join!(hangup, stage.station.answer(Ok(Reply::Done)));
    reply.unwrap();
}

#[tokio::test]
async fn a_station_that_stops_is_told_as_a_failure() {
    let mut stage = Stage::set().await;
    let hangup = call(&stage.client, ROOT, STATION, "HangupAll", &());
    let station = async { drop(stage.station.command().await) };
    let refusal = tokio::join!(hangup, station).0.unwrap_err();
    assert_eq!(refusal, (error("Failed"), "the station is stopping".into()));
}

#[tokio::test]
async fn a_client_that_vanishes_in_the_middle_hurts_nobody() {
    let mut stage = Stage::set().await;
    let vanishing = stage.bus.connect().await;
    let client = vanishing.clone();
    let waiting = tokio::spawn(async move { call(&client, ROOT, STATION, "HangupAll", &()).await });
    let (_, reply) = stage.station.command().await;
    waiting.abort();
    within_deadline("closing", vanishing.close()).await.unwrap();
    reply.send(Ok(Reply::Done)).unwrap();

    let hangup = call(&stage.client, ROOT, STATION, "HangupAll", &());
    let (reply, _) = tokio::join!(hangup, stage.station.answer(Ok(Reply::Done)));
    reply.unwrap();
}

#[tokio::test]
async fn a_slow_call_keeps_no_other_client_waiting() {
    let mut stage = Stage::set().await;
    let slow = stage.client.clone();
    let slow = tokio::spawn(async move { call(&slow, ROOT, STATION, "HangupAll", &()).await });
    let (_, slow_reply) = stage.station.command().await;

    let other = stage.bus.connect().await;
    let quick = call(&other, ROOT, STATION, "ClosePairing", &());
    let (reply, command) = tokio::join!(quick, stage.station.answer(Ok(Reply::Done)));
    reply.unwrap();
    assert_eq!(command, Command::ClosePairing);
    assert!(!slow.is_finished());
    slow_reply.send(Err(Rejected::WrongState { status: Status::Ended })).unwrap();
    within_deadline("the slow call", slow).await.unwrap().unwrap_err();
}
