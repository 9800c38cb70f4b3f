// SPDX-License-Identifier: MIT OR Apache-2.0
//! What happens to sound during a call.

use zbus::Variant;

use super::{client::until, home::Tables, station::Station};

async fn in_a_call(tables: Tables) -> Station {
    let station = Station::with(tables).await;
    station.ring("home").await.unwrap();
    station.play("Accept", &"hall").await.unwrap();
    station.becomes("calls/1", "Status", "ongoing").await;
    station
}

#[tokio::test]
async fn holding_closes_the_gate_until_both_sides_have_let_go() {
    let station = in_a_call(Tables::usual()).await;
    station.gate_becomes("hall", "open").await;
    station.call("calls/1", "Hold", &()).await.unwrap();
    station.gate_becomes("hall", "closed").await;
    assert!(station.property::<bool>("calls/1", "Held").await);

    station.play("Hold", &"hall").await.unwrap();
    station.call("calls/1", "Unhold", &()).await.unwrap();
    assert!(station.property::<bool>("calls/1", "Held").await, "the phone still holds");
    station.gate_becomes("hall", "closed").await;
    station.play("Unhold", &"hall").await.unwrap();
    assert!(!station.property::<bool>("calls/1", "Held").await);
    station.gate_becomes("hall", "open").await;
}

#[tokio::test]
async fn mute_is_for_the_microphone_of_the_station_and_follows_bus_and_button() {
    let station = in_a_call(Tables::usual()).await;
    station.set("calls/1", "Mute", Variant::from(true)).await.unwrap();
    station.gate_becomes("hall", "muted").await;
    station.press("second").await;
    station.gate_becomes("hall", "open").await;
    assert!(!station.property::<bool>("calls/1", "Mute").await);

    station.set("calls/1", "Mute", Variant::from(true)).await.unwrap();
    station.call("calls/1", "Hangup", &()).await.unwrap();
    let (error, _) = station.set("calls/1", "Mute", Variant::from(false)).await.unwrap_err();
    assert_eq!(error, "WrongState");
    let call = station.ring("home").await.unwrap();
    assert!(!station.property::<bool>(&call, "Mute").await, "each call begins unmuted");
}

#[tokio::test]
async fn a_losing_phone_and_a_ringing_one_have_their_gates_closed() {
    let station = in_a_call(Tables::usual()).await;
    station.gate_becomes("hall", "open").await;
    let gates = station.sound().await.3;
    assert!(gates.get("kitchen").is_none_or(|gate| gate == "closed"), "{gates:?}");
}

#[tokio::test]
async fn media_that_comes_back_within_the_grace_period_goes_on() {
    let station = in_a_call(Tables::usual().with("call", "grace_s = 120")).await;
    station.play("Leg", &("hall", "media_lost")).await.unwrap();
    station.becomes("calls/1", "MediaState", "lost").await;
    assert_eq!(station.text("calls/1", "Status").await, "ongoing");
    station.play("Leg", &("hall", "media_connected")).await.unwrap();
    station.becomes("calls/1", "MediaState", "connected").await;
    assert_eq!(station.text("calls/1", "Status").await, "ongoing");
}

#[tokio::test]
async fn media_that_stays_away_fails_the_call() {
    let tables = Tables::usual().with("call", "grace_s = 1\nshow_failure_ms = 60000");
    let station = in_a_call(tables).await;
    station.play("Leg", &("hall", "media_lost")).await.unwrap();
    station.ends("calls/1", "failed", "media_timeout").await;
    assert_eq!(station.text("lights/call", "Pattern").await, "triple_flash");
    station.last_sound_becomes("failed").await;
    assert_eq!(station.call_log().await, ["1 outgoing failed media_timeout home hall"]);
}

#[tokio::test]
async fn media_that_never_comes_fails_the_call() {
    let deaf = "script = { connect_ms = 600000 }";
    let tables =
        Tables::usual().with("call", "connect_timeout_s = 1").with("simulator.handsets.hall", deaf);
    let station = Station::with(tables).await;
    let call = station.ring("home").await.unwrap();
    station.play("Accept", &"hall").await.unwrap();
    assert_eq!(station.text(&call, "Status").await, "connecting");
    station.ends(&call, "failed", "ice_timeout").await;
}

#[tokio::test]
async fn what_media_reports_is_the_reason_of_the_failure() {
    let station = in_a_call(Tables::usual()).await;
    station.play("Leg", &("hall", "no_user_media")).await.unwrap();
    station.ends("calls/1", "failed", "no_user_media").await;
}

#[tokio::test]
async fn a_crash_of_the_worker_ends_one_call_and_the_next_one_works() {
    let station = in_a_call(Tables::usual()).await;
    station.play("CrashWorker", &()).await.unwrap();
    station.ends("calls/1", "failed", "worker_crashed").await;
    let call = station.ring("home").await.unwrap();
    station.play("Accept", &"hall").await.unwrap();
    station.becomes(&call, "Status", "ongoing").await;
    assert_eq!(call, "calls/2");
}

#[tokio::test]
async fn a_session_that_closes_ends_the_call_and_one_that_times_out_fails_it() {
    let station = in_a_call(Tables::usual()).await;
    station.play("Leg", &("hall", "session_closed")).await.unwrap();
    station.ends("calls/1", "ended", "ended").await;
    let call = station.ring("home").await.unwrap();
    station.play("Accept", &"hall").await.unwrap();
    station.becomes(&call, "Status", "ongoing").await;
    station.play("Leg", &("hall", "session_timed_out")).await.unwrap();
    station.ends(&call, "failed", "session_timeout").await;
}

#[tokio::test]
async fn a_call_is_warned_of_before_its_longest_duration_ends_it() {
    let tables = Tables::usual().with("call", "max_duration_s = 10\nwarn_before_s = 9");
    let station = Station::with(tables).await;
    let mut heard = station.listen().await;
    station.ring("home").await.unwrap();
    station.play("Accept", &"hall").await.unwrap();
    heard.up_to("calls/1 EndingSoon 9").await;
    station.last_sound_becomes("warning").await;
    assert_eq!(station.text("calls/1", "Status").await, "ongoing");
    heard.up_to("calls/1 StatusChanged ongoing ended max_duration").await;
}

#[tokio::test]
async fn a_lost_sound_card_is_shown_and_comes_back() {
    let tables = Tables::usual().with("lights.sound", "shows = { no_audio = 'flash' }");
    let station = Station::with(tables).await;
    let available = async |wanted: bool| {
        until("AudioAvailable follows", async || {
            station.property::<bool>("", "AudioAvailable").await == wanted
        })
        .await;
    };
    available(true).await;
    station.play("SetAudio", &false).await.unwrap();
    available(false).await;
    assert_eq!(station.text("lights/sound", "Pattern").await, "flash");
    station.play("SetAudio", &true).await.unwrap();
    available(true).await;
    assert_eq!(station.text("lights/sound", "Pattern").await, "off");
}
