// SPDX-License-Identifier: MIT OR Apache-2.0
//! A phone calls the station.

use zbus::Variant;

use super::{
    client::{no_options, until},
    home::Tables,
    station::Station,
};

#[tokio::test]
async fn a_call_from_a_phone_rings_at_the_panel_and_is_accepted_over_the_bus() {
    let station = Station::usual().await;
    station.play("Dial", &("hall", "audio", false)).await.unwrap();
    assert_eq!(station.text("calls/1", "Status").await, "ringing");
    assert_eq!(station.text("calls/1", "Direction").await, "incoming");
    assert_eq!(station.text("calls/1", "Handset").await, "hall");
    assert_eq!(station.text("calls/1", "Media").await, "audio");
    assert_eq!(station.text("", "Tone").await, "ring");
    assert_eq!(station.text("lights/call", "Pattern").await, "blink");

    station.call("calls/1", "Accept", &no_options()).await.unwrap();
    station.becomes("calls/1", "Status", "ongoing").await;
    assert_eq!(station.text("", "Tone").await, "");
    station.gate_becomes("hall", "open").await;
    station.call("calls/1", "Hangup", &()).await.unwrap();
    assert_eq!(station.call_log().await, ["1 incoming ended ended - hall"]);
}

#[tokio::test]
async fn the_button_that_calls_also_accepts_and_hangs_up() {
    let station = Station::usual().await;
    station.play("Dial", &("hall", "audio", false)).await.unwrap();
    station.press("bell").await;
    station.becomes("calls/1", "Status", "ongoing").await;
    station.press("bell").await;
    station.ends("calls/1", "ended", "ended").await;
}

#[tokio::test]
async fn a_button_rejects_what_a_phone_dialled() {
    let station = Station::usual().await;
    station.play("Dial", &("hall", "audio", false)).await.unwrap();
    station.press("second").await;
    station.ends("calls/1", "rejected", "rejected").await;
    assert_eq!(station.leg("calls/1", "hall").await, "rejected rejected");
}

#[tokio::test]
async fn a_silenced_call_can_still_be_answered() {
    let station = Station::usual().await;
    station.play("Dial", &("hall", "audio", false)).await.unwrap();
    station.tone_becomes("ring").await;
    station.call("calls/1", "Silence", &()).await.unwrap();
    assert!(station.property::<bool>("calls/1", "Silenced").await);
    station.tone_becomes("").await;
    station.call("calls/1", "Accept", &no_options()).await.unwrap();
    station.becomes("calls/1", "Status", "ongoing").await;
}

#[tokio::test]
async fn a_call_that_nobody_at_the_station_answers_is_missed() {
    let station = Station::with(Tables::usual().with("call", "ring_timeout_s = 1")).await;
    station.play("Dial", &("hall", "audio", false)).await.unwrap();
    station.ends("calls/1", "missed", "missed").await;
    assert_eq!(station.leg("calls/1", "hall").await, "unanswered missed");
    assert_eq!(station.call_log().await, ["1 incoming missed missed - hall"]);
}

#[tokio::test]
async fn a_phone_that_gives_up_leaves_a_missed_call() {
    let station = Station::usual().await;
    station.play("Dial", &("hall", "audio", false)).await.unwrap();
    station.play("Hangup", &"hall").await.unwrap();
    station.ends("calls/1", "missed", "cancelled").await;
    assert_eq!(station.leg("calls/1", "hall").await, "cancelled cancelled");
}

#[tokio::test]
async fn a_phone_that_dials_into_a_call_finds_the_station_busy_and_is_logged_as_missed() {
    let station = Station::usual().await;
    let call = station.ring("home").await.unwrap();
    station.play("Accept", &"hall").await.unwrap();
    station.becomes(&call, "Status", "ongoing").await;

    station.play("Dial", &("kitchen", "audio", false)).await.unwrap();
    assert_eq!(station.status("calls/2").await, ("missed".to_owned(), "busy".to_owned()));
    assert_eq!(station.leg("calls/2", "kitchen").await, "busy busy");
    assert_eq!(station.text(&call, "Status").await, "ongoing");
    assert_eq!(
        station.call_log().await,
        ["2 incoming missed busy - kitchen", "1 outgoing ongoing - home hall"]
    );
}

#[tokio::test]
async fn a_phone_that_dials_while_it_is_rung_accepts() {
    let station = Station::usual().await;
    let call = station.ring("home").await.unwrap();
    station.leg_becomes(&call, "hall", "ringing").await;
    station.play("Dial", &("hall", "audio", false)).await.unwrap();
    station.becomes(&call, "Status", "ongoing").await;
    assert_eq!(station.text(&call, "AnsweredBy").await, "hall");
    assert_eq!(station.leg(&call, "kitchen").await, "elsewhere elsewhere");
    assert_eq!(station.call_log().await.len(), 1, "one conversation is one call");
}

#[tokio::test]
async fn who_listens_in_is_announced_by_tone_and_light() {
    let listener = "rights = ['answer', 'monitor']\nscript = { connect_ms = 0 }";
    let tables = Tables::usual().with("simulator.handsets.hall", listener);
    let station = Station::with(tables).await;
    station.play("Dial", &("hall", "audio", true)).await.unwrap();
    station.becomes("calls/1", "Status", "ongoing").await;
    assert!(station.property::<bool>("calls/1", "Monitor").await);
    assert_eq!(station.text("", "Tone").await, "monitor");
    station.tone_becomes("monitor").await;
    for light in ["lights/call", "lights/door"] {
        assert_eq!(station.text(light, "Shows").await, "monitored");
        assert_eq!(station.text(light, "Pattern").await, "double_flash");
    }
    let (error, _) = station.call("calls/1", "Silence", &()).await.unwrap_err();
    assert_eq!(error, "WrongState", "the tone cannot be silenced");
    assert_eq!(station.text("", "Tone").await, "monitor");

    station.play("Hangup", &"hall").await.unwrap();
    assert_eq!(station.text("", "Tone").await, "");
    assert_eq!(station.text("lights/door", "Pattern").await, "off");
}

#[tokio::test]
async fn listening_in_is_a_right_of_its_own() {
    let station = Station::usual().await;
    let (error, text) = station.play("Dial", &("hall", "audio", true)).await.unwrap_err();
    assert_eq!(error, "NotAuthorized", "{text}");
    assert!(station.call_log().await.is_empty());
}

#[tokio::test]
async fn do_not_disturb_lets_nobody_ring_but_is_logged() {
    let tables = Tables::usual().with("contacts.always", "handsets = 'all'\nalways = true");
    let station = Station::with(tables).await;
    station.set("", "DoNotDisturb", Variant::from(true)).await.unwrap();
    assert!(station.property::<bool>("", "Quiet").await);

    station.press("bell").await;
    station.ends("calls/1", "rejected", "do_not_disturb").await;
    station.play("Dial", &("hall", "audio", false)).await.unwrap();
    station.ends("calls/2", "missed", "do_not_disturb").await;
    assert_eq!(station.leg("calls/2", "hall").await, "rejected do_not_disturb");
    let call = station.ring("always").await.unwrap();
    station.leg_becomes(&call, "hall", "ringing").await;
    assert_eq!(
        station.call_log().await,
        [
            "3 outgoing ringing - always -",
            "2 incoming missed do_not_disturb - hall",
            "1 outgoing rejected do_not_disturb home -"
        ]
    );
}

#[tokio::test]
async fn the_clock_can_keep_the_phones_quiet_too() {
    let always = "hours = [ { from = '00:00', to = '12:00' }, { from = '12:00', to = '00:00' } ]";
    let station = Station::with(Tables::usual().with("do_not_disturb", always)).await;
    let quiet = async || station.property::<bool>("", "Quiet").await;
    until("the hours are quiet", quiet).await;
    assert!(!station.property::<bool>("", "DoNotDisturb").await, "nobody set it");
    station.press("bell").await;
    station.ends("calls/1", "rejected", "do_not_disturb").await;
}

#[tokio::test]
async fn do_not_disturb_volume_and_gain_outlive_a_restart() {
    let mut station = Station::usual().await;
    station.set("", "DoNotDisturb", Variant::from(true)).await.unwrap();
    station.set("", "Volume", Variant::from(35_u8)).await.unwrap();
    station.set("", "MicrophoneGain", Variant::from(-7_i16)).await.unwrap();
    station.daemon.signal(rustix::process::Signal::TERM);
    assert!(station.daemon.ended().await.success());
    station.start_again().await;
    assert!(station.property::<bool>("", "DoNotDisturb").await);
    assert_eq!(station.property::<u8>("", "Volume").await, 35);
    assert_eq!(station.property::<i16>("", "MicrophoneGain").await, -7);
}
