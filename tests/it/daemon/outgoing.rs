// SPDX-License-Identifier: MIT OR Apache-2.0
//! The visitor presses and phones ring.

use zbus::Variant;

use super::{
    client::{Properties, no_options, options, until},
    home::Tables,
    station::Station,
};

/// A phone that says nothing and connects nothing by itself, so that every step can be seen.
fn step_by_step() -> Tables {
    let script = "script = { on_ring = 'silent', connect_ms = 600000 }";
    Tables::usual().with("simulator.handsets.hall", script).without("simulator.handsets.kitchen")
}

#[tokio::test]
async fn every_step_of_a_call_is_seen_and_heard_at_the_panel() {
    let station = Station::with(step_by_step()).await;
    let shows = async |status: &str, pattern: &str, shows: &str| {
        assert_eq!(station.text("calls/1", "Status").await, status);
        assert_eq!(station.text("lights/call", "Pattern").await, pattern);
        assert_eq!(station.text("lights/call", "Shows").await, shows);
    };
    assert_eq!(station.text("lights/call", "Pattern").await, "off");

    station.press("bell").await;
    shows("initiated", "blink_fast", "activated").await;
    station.last_sound_becomes("activated").await;
    assert_eq!(station.text("", "Tone").await, "");

    station.play("Leg", &("hall", "rang")).await.unwrap();
    station.becomes("calls/1", "Status", "ringing").await;
    shows("ringing", "blink", "ringing").await;
    assert_eq!(station.text("", "Tone").await, "ringback");
    station.tone_becomes("ringback").await;

    station.play("Accept", &"hall").await.unwrap();
    shows("connecting", "blink", "ringing").await;
    assert_eq!(station.text("calls/1", "MediaState").await, "connecting");
    assert_eq!(station.text("calls/1", "AnsweredBy").await, "hall");
    station.tone_becomes("").await;
    station.gate_becomes("hall", "open").await;

    station.play("Leg", &("hall", "media_connected")).await.unwrap();
    station.becomes("calls/1", "Status", "ongoing").await;
    shows("ongoing", "on", "connected").await;
    station.last_sound_becomes("connected").await;
    station.output_becomes("lights.call", true).await;

    station.play("Hangup", &"hall").await.unwrap();
    shows("ended", "off", "idle").await;
    station.output_becomes("lights.call", false).await;
    until("all gates are gone", async || station.sound().await.3.is_empty()).await;
    assert_eq!(station.call_log().await, ["1 outgoing ended ended home hall"]);
}

#[tokio::test]
async fn every_status_is_signalled_before_its_property_changes_and_the_call_goes_after_ten_seconds()
{
    let station = Station::with(step_by_step()).await;
    let mut heard = station.listen().await;
    station.press("bell").await;
    station.play("Leg", &("hall", "rang")).await.unwrap();
    station.becomes("calls/1", "Status", "ringing").await;
    station.play("Accept", &"hall").await.unwrap();
    station.play("Leg", &("hall", "media_connected")).await.unwrap();
    station.becomes("calls/1", "Status", "ongoing").await;
    station.call("calls/1", "Hangup", &()).await.unwrap();
    assert_eq!(station.status("calls/1").await, ("ended".to_owned(), "ended".to_owned()));
    assert!(station.exists("calls/1").await, "an ended call stays readable");

    let mut heard = heard.up_to("removed calls/1").await;
    heard.retain(|line| line.contains("calls/1"));
    let status = |line: &String| {
        let changed = line.strip_prefix("calls/1 changed ");
        let changed = changed.and_then(|line| line.split(' ').find(|p| p.starts_with("Status=")));
        let signalled = line.strip_prefix("calls/1 StatusChanged ");
        signalled.or(changed).map(str::to_owned)
    };
    assert_eq!(heard.first().unwrap(), "added calls/1");
    assert_eq!(
        heard.iter().filter_map(status).collect::<Vec<_>>(),
        [
            "initiated ringing",
            "Status=ringing",
            "ringing connecting",
            "Status=connecting",
            "connecting ongoing",
            "Status=ongoing",
            "ongoing ended ended",
            "Status=ended",
        ]
    );
    assert_eq!(station.get("calls/1", "Status").await.unwrap_err().0, "UnknownObject");
    assert!(!station.exists("calls/1").await);

    let log = station.call("", "CallLog", &1_u32).await.unwrap();
    let logged: Vec<Properties> = log.body().deserialize().unwrap();
    let lasted = u64::try_from(logged[0]["lasted_ms"].clone()).unwrap();
    let talked = u64::try_from(logged[0]["talked_ms"].clone()).unwrap();
    assert!(talked <= lasted && logged[0].contains_key("started_at"), "{logged:?}");
}

#[tokio::test]
async fn a_call_that_all_phones_reject_is_rejected() {
    let station = Station::usual().await;
    let call = station.ring("home").await.unwrap();
    station.leg_becomes(&call, "kitchen", "ringing").await;
    station.leg_becomes(&call, "hall", "ringing").await;
    station.play("Reject", &"hall").await.unwrap();
    station.leg_becomes(&call, "hall", "rejected rejected").await;
    assert_eq!(station.text(&call, "Status").await, "ringing", "one may still answer");
    station.play("Reject", &"kitchen").await.unwrap();
    station.ends(&call, "rejected", "rejected").await;
    assert_eq!(station.text("lights/call", "Shows").await, "failed");
    station.last_sound_becomes("failed").await;
    assert_eq!(station.call_log().await, ["1 outgoing rejected rejected home -"]);
}

#[tokio::test]
async fn who_answers_after_another_rejected_is_in_the_call() {
    let station = Station::usual().await;
    let call = station.ring("home").await.unwrap();
    station.leg_becomes(&call, "kitchen", "ringing").await;
    station.leg_becomes(&call, "hall", "ringing").await;
    station.play("Reject", &"hall").await.unwrap();
    station.play("Accept", &"kitchen").await.unwrap();
    station.becomes(&call, "Status", "ongoing").await;
    assert_eq!(station.text(&call, "AnsweredBy").await, "kitchen");
    assert_eq!(station.leg(&call, "hall").await, "rejected rejected");
}

#[tokio::test]
async fn the_phones_that_did_not_answer_stop_as_elsewhere() {
    let station = Station::usual().await;
    let call = station.ring("home").await.unwrap();
    station.leg_becomes(&call, "kitchen", "ringing").await;
    station.play("Accept", &"hall").await.unwrap();
    assert_eq!(station.leg(&call, "kitchen").await, "elsewhere elsewhere");
    station.becomes(&call, "Status", "ongoing").await;
}

#[tokio::test]
async fn a_call_that_nobody_answers_ends_unanswered_and_its_legs_missed() {
    let tables = Tables::usual().with("contacts.home", "timeout_s = 1");
    let station = Station::with(tables).await;
    let call = station.ring("home").await.unwrap();
    station.ends(&call, "unanswered", "unanswered").await;
    for handset in ["hall", "kitchen"] {
        assert!(station.leg(&call, handset).await.starts_with("missed "), "{handset}");
    }
    assert_eq!(station.call_log().await, ["1 outgoing unanswered unanswered home -"]);
}

#[tokio::test]
async fn a_second_press_cancels_where_the_configuration_says_so() {
    let station = Station::usual().await;
    station.press("bell").await;
    station.becomes("calls/1", "Status", "ringing").await;
    station.press("bell").await;
    station.ends("calls/1", "cancelled", "cancelled").await;
    assert_eq!(station.leg("calls/1", "hall").await, "missed cancelled");
    assert_eq!(station.call_log().await.len(), 1, "a second press is no second call");
}

#[tokio::test]
async fn hangup_while_ringing_cancels() {
    let station = Station::usual().await;
    let call = station.ring("home").await.unwrap();
    station.call(&call, "Hangup", &()).await.unwrap();
    assert_eq!(station.status(&call).await, ("cancelled".to_owned(), "cancelled".to_owned()));
    let (error, text) = station.call(&call, "Hangup", &()).await.unwrap_err();
    assert_eq!((error.as_str(), text.as_str()), ("WrongState", "the call is cancelled"));
}

#[tokio::test]
async fn phones_that_are_all_busy_make_the_call_busy() {
    let busy = "script = { on_ring = 'busy', after_ms = 0 }";
    let tables = Tables::usual()
        .with("simulator.handsets.hall", busy)
        .with("simulator.handsets.kitchen", busy);
    let station = Station::with(tables).await;
    let call = station.ring("home").await.unwrap();
    station.ends(&call, "busy", "busy").await;
    assert_eq!(station.leg(&call, "hall").await, "busy busy");
}

#[tokio::test]
async fn phones_that_cannot_be_reached_make_the_call_fail() {
    let away = "script = { on_ring = 'unreachable', after_ms = 0 }";
    let tables = Tables::usual()
        .with("simulator.handsets.hall", away)
        .with("simulator.handsets.kitchen", away);
    let station = Station::with(tables).await;
    let call = station.ring("home").await.unwrap();
    station.ends(&call, "failed", "unreachable").await;
}

#[tokio::test]
async fn a_call_cannot_be_started_while_there_is_one() {
    let station = Station::usual().await;
    let call = station.ring("home").await.unwrap();
    let (error, text) = station.ring("home").await.unwrap_err();
    assert_eq!((error.as_str(), text.as_str()), ("Busy", "call 1 is in the way"));
    let (error, _) = station.call("contacts/home", "Call", &no_options()).await.unwrap_err();
    assert_eq!(error, "Busy");
    assert_eq!(station.text(&call, "Direction").await, "outgoing");
    assert_eq!(station.call_log().await.len(), 1);
}

#[tokio::test]
async fn tiers_ring_one_after_the_other() {
    let ring =
        "ring = [ { handsets = ['hall'], for_s = 1 }, { handsets = ['kitchen'], for_s = 30 } ]";
    let station = Station::with(Tables::usual().with("contacts.home", ring)).await;
    let call = station.ring("home").await.unwrap();
    station.leg_becomes(&call, "hall", "ringing").await;
    assert_eq!(station.leg(&call, "kitchen").await, "", "not yet");
    station.leg_becomes(&call, "kitchen", "ringing").await;
    assert_eq!(station.leg(&call, "hall").await, "missed missed");
    station.play("Accept", &"kitchen").await.unwrap();
    station.becomes(&call, "Status", "ongoing").await;
}

#[tokio::test]
async fn the_next_tier_rings_at_once_when_the_first_rejects() {
    let ring = "ring = [ { handsets = ['hall'], for_s = 600 }, { handsets = 'all', for_s = 600, joins = true } ]";
    let station = Station::with(Tables::usual().with("contacts.home", ring)).await;
    let call = station.ring("home").await.unwrap();
    station.leg_becomes(&call, "hall", "ringing").await;
    station.play("Reject", &"hall").await.unwrap();
    station.leg_becomes(&call, "kitchen", "ringing").await;
    assert_eq!(station.leg(&call, "hall").await, "rejected rejected");
}

#[tokio::test]
async fn a_nudge_rings_the_phones_again_but_not_all_the_time() {
    let station = Station::usual().await;
    let call = station.ring("home").await.unwrap();
    station.leg_becomes(&call, "hall", "ringing").await;
    station.call(&call, "Nudge", &()).await.unwrap();
    let (error, text) = station.call(&call, "Nudge", &()).await.unwrap_err();
    assert_eq!(error, "RateLimited");
    assert!(text.starts_with("too often; possible again in "), "{text}");
    assert_eq!(station.text(&call, "Status").await, "ringing");
}

#[tokio::test]
async fn a_call_asks_for_the_media_that_its_caller_names() {
    let station = Station::usual().await;
    for (named, media) in [(None, "video"), (Some("audio"), "audio"), (Some("video"), "video")] {
        let entries = match named {
            Some(named) => options([("media", Variant::from(named))]),
            None => no_options(),
        };
        station.call("", "Call", &("home", entries)).await.unwrap();
        let objects = station.objects().await;
        let newest = objects.keys().rfind(|object| object.starts_with("calls/")).unwrap();
        assert_eq!(station.text(newest, "Media").await, media);
        station.call("", "HangupAll", &()).await.unwrap();
    }
}
