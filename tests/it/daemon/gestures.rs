// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fingers: short, long, several at once, too short, too many.

use super::{client::until, home::Tables, station::Station};

const CALLS_HOME: &str = "press = 'call:home'";

impl Station {
    async fn finger(&self, button: &str, down: bool) {
        self.play("SetInput", &(format!("buttons.{button}"), down)).await.unwrap();
    }

    async fn counts(&self, button: &str) -> (u64, u64, u64) {
        let object = format!("buttons/{button}");
        (
            self.property(&object, "Presses").await,
            self.property(&object, "Glitches").await,
            self.property(&object, "Ignored").await,
        )
    }

    async fn pairing_is_open(&self) -> bool {
        self.property::<u64>("", "PairingDeadline").await > 0
    }
}

#[tokio::test]
async fn a_press_that_is_too_short_is_counted_and_calls_nobody() {
    let bell = format!("{CALLS_HOME}\nmin_press_ms = 1000");
    let station = Station::with(Tables::usual().with("buttons.bell", &bell)).await;
    for _ in 0..3 {
        station.finger("bell", true).await;
        station.finger("bell", false).await;
    }
    until("they are counted", async || station.counts("bell").await == (0, 3, 0)).await;
    assert!(station.call_log().await.is_empty());
}

#[tokio::test]
async fn presses_beyond_the_limit_are_counted_and_do_nothing() {
    let bell = "press = { idle = 'call:home', calling = 'cancel', ringing = 'nothing', ongoing = 'nothing' }\n\
                max_presses = 2\nper_s = 3600";
    let station = Station::with(Tables::usual().with("buttons.bell", bell)).await;
    for _ in 0..4 {
        station.press("bell").await;
    }
    until("they are counted", async || station.counts("bell").await == (2, 0, 2)).await;
    assert_eq!(station.call_log().await, ["1 outgoing cancelled cancelled home -"]);
    let (error, _) = station.call("buttons/bell", "Press", &()).await.unwrap_err();
    assert_eq!(error, "RateLimited", "a program is told");
}

#[tokio::test]
async fn a_button_that_can_be_held_acts_once_held_or_when_it_is_released() {
    let hold = "after_ms = 300\naction = 'open_pairing'";
    let tables = Tables::usual().with("buttons.bell.hold", hold);
    let station = Station::with(tables).await;
    let mut heard = station.listen().await;
    station.finger("bell", true).await;
    heard.up_to("buttons/bell LongPress").await;
    until("the window opens", async || station.pairing_is_open().await).await;
    station.finger("bell", false).await;
    until("it is up", async || !station.property::<bool>("buttons/bell", "Pressed").await).await;
    assert!(station.call_log().await.is_empty(), "a hold is no press");

    station.press("bell").await;
    heard.up_to("buttons/bell ShortPress").await;
    station.becomes("calls/1", "Status", "ringing").await;
}

#[tokio::test]
async fn buttons_held_together_do_neither_what_one_does_nor_the_other() {
    let chord = "buttons = ['bell', 'second']\nafter_ms = 200\naction = 'open_pairing'";
    let station = Station::with(Tables::usual().with("[chords]", chord)).await;
    station.finger("bell", true).await;
    station.finger("second", true).await;
    until("the window opens", async || station.pairing_is_open().await).await;
    station.finger("second", false).await;
    station.finger("bell", false).await;
    until("both are up", async || {
        let up = async |button: &str| !station.property::<bool>(button, "Pressed").await;
        up("buttons/bell").await && up("buttons/second").await
    })
    .await;
    assert!(station.call_log().await.is_empty());
}

#[tokio::test]
async fn a_program_presses_like_a_finger_and_is_told_what_a_finger_only_hears() {
    let flat = format!("{CALLS_HOME}\nmax_presses = 1000\nper_s = 1").replace("home", "flat");
    let tables =
        Tables::usual().with("contacts.flat", "handsets = ['kitchen']").with("buttons.flat", &flat);
    let station = Station::with(tables).await;
    let mut heard = station.listen().await;
    let (error, text) = station.call("buttons/second", "Press", &()).await.unwrap_err();
    assert_eq!(
        (error.as_str(), text.as_str()),
        ("WrongState", "the button does nothing in this state")
    );
    station.call("buttons/bell", "Press", &()).await.unwrap();
    heard.up_to("buttons/bell ShortPress").await;
    station.becomes("calls/1", "Status", "ringing").await;

    let (error, text) = station.call("buttons/flat", "Press", &()).await.unwrap_err();
    assert_eq!((error.as_str(), text.as_str()), ("Busy", "call 1 is in the way"));
    station.press("flat").await;
    station.last_sound_becomes("refused").await;
    assert_eq!(station.text("calls/1", "Status").await, "ringing");
    let (error, _) = station.call("buttons/bell", "Hold", &()).await.unwrap_err();
    assert_eq!(error, "NotFound", "it has no hold action");
}
