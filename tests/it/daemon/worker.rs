// SPDX-License-Identifier: MIT OR Apache-2.0
//! Real media workers: of a station in which nothing is simulated, and beside a simulated panel.

use std::{collections::HashMap, fs, path::PathBuf};

use rustix::process::{Pid, Signal, kill_process};
use zbus::OwnedVariant;

use super::{
    client::{Client, NAME, until},
    home::{Home, Tables},
    process::{Daemon, command},
    station::Station,
};
use crate::private_bus::PrivateBus;

struct Door {
    daemon: Daemon,
    client: Client,
    home: Home,
    _bus: PrivateBus,
}

impl Door {
    async fn with(audio: impl Fn(&Home) -> String, executable: &str) -> Self {
        let bus = PrivateBus::start();
        let home = Home::new(bus.address());
        home.configure(&Tables::real().with("audio", &audio(&home)));
        fs::create_dir(home.state()).unwrap();
        let mut line = command();
        line.arg("--config").arg(home.config());
        line.env("CACHE_DIRECTORY", home.path()).env("INTERCOMD_MEDIA", executable);
        let daemon = Daemon::launch(line, &home);
        let client = Client(bus.connect().await);
        let door = Self { daemon, client, home, _bus: bus };
        let owner = zbus::fdo::DBusProxy::new(&door.client.0).await.unwrap();
        until("the daemon is on the bus", async || {
            owner.name_has_owner(NAME.try_into().unwrap()).await.unwrap()
        })
        .await;
        door
    }

    async fn that_is_heard() -> Self {
        let audio = |home: &Home| {
            let heard = heard(home).display().to_string();
            format!("capture = 'none'\nplayback = 'file:{heard}'")
        };
        Self::with(audio, env!("CARGO_BIN_EXE_intercomd-media")).await
    }

    async fn audio_becomes(&self, available: bool) {
        until("AudioAvailable follows", async || {
            self.client.property::<bool>("", "AudioAvailable").await == available
        })
        .await;
    }

    async fn log_tells(&self, words: &str) {
        let log = || fs::read_to_string(self.home.log()).unwrap_or_default();
        until(words, async || log().contains(words)).await;
    }

    /// Nobody is paired, so this is a short call with a sound at its end.
    async fn ring(&self) {
        let call = self.client.ring("home").await.unwrap();
        assert_eq!(self.client.text(&call, "Reason").await, "no_handset");
    }

    fn children(&self) -> Vec<i32> {
        children(&self.daemon)
    }

    /// What the loudspeaker got, from that byte on.
    fn is_loud_after(&self, start: usize) -> bool {
        let bytes = fs::read(heard(&self.home)).unwrap_or_default();
        let samples = bytes.get(start..).unwrap_or_default().chunks_exact(2);
        let loud = |pair: &[u8]| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs() > 1000;
        samples.filter(|pair| loud(pair)).count() > 4800
    }

    async fn chimes(&self) {
        let start = fs::metadata(heard(&self.home)).map_or(0, |file| file.len());
        // Whole samples from here on.
        let start = usize::try_from(start).unwrap() & !1;
        self.ring().await;
        until("a chime is heard", async || self.is_loud_after(start)).await;
    }
}

/// Whatever the daemon has started and not buried.
fn children(daemon: &Daemon) -> Vec<i32> {
    let tasks = format!("/proc/{}/task", daemon.pid().as_raw_nonzero());
    let children = fs::read_dir(tasks).unwrap().filter_map(|task| {
        // A thread may be gone by now.
        fs::read_to_string(task.ok()?.path().join("children")).ok()
    });
    let pids =
        |list: String| list.split(' ').filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>();
    children.flat_map(pids).collect()
}

fn heard(home: &Home) -> PathBuf {
    home.path().join("heard")
}

#[tokio::test]
async fn a_sound_is_made_by_a_worker_that_is_gone_when_it_is_quiet() {
    let door = Door::that_is_heard().await;
    door.audio_becomes(true).await;
    door.chimes().await;
    until("no worker", async || door.children().is_empty()).await;
    assert!(door.home.path().join("media/registry.bin").is_file());
    door.chimes().await;
}

#[tokio::test]
async fn a_killed_worker_is_buried_and_the_next_sound_has_another() {
    let door = Door::that_is_heard().await;
    door.chimes().await;
    for pid in door.children() {
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    }
    until("no worker", async || door.children().is_empty()).await;
    door.log_tells("media worker lost").await;
    door.chimes().await;
}

#[tokio::test]
async fn a_station_without_a_sound_card_says_so_and_goes_on() {
    let audio = |_: &Home| "capture = 'alsa:none_such'\nplayback = 'alsa:none_such'".to_owned();
    let door = Door::with(audio, env!("CARGO_BIN_EXE_intercomd-media")).await;
    door.log_tells("sound device cannot be used").await;
    door.log_tells("there is no device none_such; intercomctl audio lists").await;
    door.ring().await;
    until("no worker", async || door.children().is_empty()).await;
    assert!(!door.client.property::<bool>("", "AudioAvailable").await);
    assert_eq!(door.client.property::<Vec<String>>("", "Problems").await, ["sound_missing"]);
}

#[tokio::test]
async fn a_worker_that_is_not_installed_is_missed_by_name_and_nothing_else_is() {
    let audio = |_: &Home| String::new();
    let door = Door::with(audio, "/no/such/worker").await;
    door.log_tells("no executable intercomd-media; looked for /no/such/worker").await;
    door.ring().await;
    assert!(!door.client.property::<bool>("", "AudioAvailable").await);
}

type Words = HashMap<String, String>;

/// The passed, the failed, the skipped, the measured.
struct SelfTest {
    passed: Vec<String>,
    failed: Words,
    skipped: Words,
    measured: Words,
}

impl Door {
    async fn self_test(&self) -> SelfTest {
        let reply = self.client.call("", "SelfTest", &()).await.unwrap();
        let mut results: HashMap<String, OwnedVariant> = reply.body().deserialize().unwrap();
        let mut take = |key: &str| results.remove(key).unwrap();
        let words = |value: OwnedVariant| Words::try_from(value).unwrap();
        SelfTest {
            passed: take("passed").try_into().unwrap(),
            failed: words(take("failed")),
            skipped: words(take("skipped")),
            measured: words(take("measured")),
        }
    }

    async fn loop_test(&self) -> HashMap<String, OwnedVariant> {
        self.client.property("", "LoopTest").await
    }

    async fn problems(&self) -> Vec<String> {
        self.client.property("", "Problems").await
    }
}

fn hears(capture: &str) -> impl Fn(&Home) -> String {
    let capture = capture.to_owned();
    move |home| format!("capture = '{capture}'\nplayback = 'file:{}'", heard(home).display())
}

#[tokio::test]
async fn a_self_test_plays_a_chirp_and_publishes_what_the_microphone_heard_of_it() {
    let door = Door::with(hears("loudspeaker"), env!("CARGO_BIN_EXE_intercomd-media")).await;
    assert!(door.loop_test().await.is_empty());
    let test = door.self_test().await;
    assert!(
        test.passed.contains(&"sound".to_owned()) && test.failed.is_empty(),
        "{:?}",
        test.failed
    );
    assert!(test.measured["sound"].contains("echo return loss 20 dB"), "{:?}", test.measured);
    let mut published = door.loop_test().await;
    assert!(published.contains_key("at"));
    let mut take = |key: &str| published.remove(key).unwrap();
    assert_eq!(String::try_from(take("result")).unwrap(), "heard");
    assert_eq!(i32::try_from(take("level_db")).unwrap(), -37);
    assert_eq!(i32::try_from(take("return_loss_db")).unwrap(), 20);
    let delay = u32::try_from(take("delay_ms")).unwrap();
    assert!((80..700).contains(&delay), "{delay}");
    assert!(door.is_loud_after(0));
    assert!(door.problems().await.is_empty());
    until("no worker", async || door.children().is_empty()).await;
}

#[tokio::test]
async fn a_microphone_that_does_not_hear_the_loudspeaker_is_a_problem_until_it_does() {
    let door = Door::with(hears("tone:440"), env!("CARGO_BIN_EXE_intercomd-media")).await;
    let test = door.self_test().await;
    assert!(test.failed["sound"].contains("but not the loudspeaker"), "{:?}", test.failed);
    assert_eq!(door.problems().await, ["sound_unheard"]);
    door.log_tells("loop test result=the microphone works").await;
    let audio = hears("loudspeaker")(&door.home);
    door.home.configure(&Tables::real().with("audio", &audio));
    door.client.call("", "Reload", &()).await.unwrap();
    assert!(door.problems().await.is_empty(), "of other devices");
    assert!(door.self_test().await.failed.is_empty());
    assert!(door.problems().await.is_empty());
}

#[tokio::test]
async fn a_card_that_is_not_there_fails_the_self_test_and_says_what_to_do() {
    let audio = |_: &Home| "capture = 'alsa:none_such'\nplayback = 'alsa:none_such'".to_owned();
    let door = Door::with(audio, env!("CARGO_BIN_EXE_intercomd-media")).await;
    let test = door.self_test().await;
    assert!(test.failed["sound"].contains("plug it in, or name another in [audio]"));
}

#[tokio::test]
async fn a_call_ends_the_chirp_of_a_self_test() {
    let door = Door::with(hears("tone:440"), env!("CARGO_BIN_EXE_intercomd-media")).await;
    until("no worker", async || door.children().is_empty()).await;
    let calls = async {
        until("a worker for the test", async || !door.children().is_empty()).await;
        door.ring().await;
    };
    let (test, ()) = tokio::join!(door.self_test(), calls);
    assert!(test.skipped["sound"].contains("came between"), "{:?}", test.failed);
    assert!(door.loop_test().await.is_empty());
}

impl Station {
    /// A simulated panel and simulated phones, and real sound and pictures.
    async fn with_a_worker() -> Self {
        let tables = Tables::usual()
            .with("link", "listen = 'http://127.0.0.1:0'\nannounce = false")
            .with("audio", "capture = 'tone:440'\nplayback = 'none'\nmeter = true")
            .with("video", "source = 'pattern'");
        Self::with(tables).await
    }

    fn workers(&self) -> Vec<i32> {
        children(&self.daemon)
    }

    async fn worker(&self) -> i32 {
        until("one worker", async || self.workers().len() == 1).await;
        *self.workers().first().expect("there was one")
    }

    async fn call_answered_by_hall(&self) -> String {
        let call = self.ring("home").await.unwrap();
        self.play("Accept", &"hall").await.unwrap();
        self.becomes(&call, "Status", "ongoing").await;
        self.gate_becomes("hall", "open").await;
        call
    }
}

#[tokio::test]
async fn a_real_worker_that_is_killed_fails_its_call_and_the_next_one_has_another() {
    let station = Station::with_a_worker().await;
    let call = station.call_answered_by_hall().await;
    let first = station.worker().await;
    assert!(!station.property::<bool>(&call, "Encrypted").await, "a simulated phone has no media");
    station.play("CrashWorker", &()).await.unwrap();
    station.ends(&call, "failed", "worker_crashed").await;
    station.last_sound_becomes("failed").await;

    let call = station.call_answered_by_hall().await;
    until("another worker", async || station.worker().await != first).await;
    station.call(&call, "Hangup", &()).await.unwrap();
    until("no worker", async || station.workers().is_empty()).await;
    assert_eq!(station.status(&call).await.0, "ended");
}

#[tokio::test]
async fn a_worker_that_hangs_fails_its_call() {
    let station = Station::with_a_worker().await;
    let call = station.call_answered_by_hall().await;
    // A worker that is not ready yet has longer to answer.
    until("the worker is in the call", async || station.log().contains("command=Start")).await;
    kill_process(Pid::from_raw(station.worker().await).unwrap(), Signal::STOP).unwrap();
    station.ends(&call, "failed", "worker_crashed").await;
    assert!(station.log().contains("media worker does not answer"));
}

/// What a daemon that leaks has more of after each call.
#[derive(Debug)]
struct Held {
    handles: usize,
    threads: usize,
    /// In kB, and its own: what it shares depends on who else is running.
    memory: usize,
}

impl Held {
    /// An allocator may keep a page or two that it did not have; 300 calls that leak keep more.
    fn is_no_more_than(&self, before: &Self) -> bool {
        self.handles <= before.handles
            && self.threads <= before.threads
            && self.memory <= before.memory + 512
    }
}

impl Station {
    fn held(&self) -> Held {
        let proc = PathBuf::from(format!("/proc/{}", self.daemon.pid().as_raw_nonzero()));
        let count = |what: &str| fs::read_dir(proc.join(what)).unwrap().count();
        let rollup = fs::read_to_string(proc.join("smaps_rollup")).unwrap();
        let own = rollup.lines().find_map(|line| line.strip_prefix("Anonymous:")).unwrap();
        let memory = own.trim_end_matches("kB").trim().parse().unwrap();
        Held { handles: count("fd"), threads: count("task"), memory }
    }

    /// Each ends when its worker is in it, and the next one does not wait for that worker.
    async fn calls(&self, numbers: std::ops::Range<usize>) {
        for number in numbers {
            let call = self.ring("home").await.unwrap();
            until("a worker in each call", async || {
                self.log().matches("command=Start").count() > number
            })
            .await;
            self.call(&call, "Hangup", &()).await.unwrap();
        }
        until("no worker", async || self.workers().is_empty()).await;
    }
}

#[tokio::test]
async fn three_hundred_calls_leave_no_handle_no_thread_no_process_and_no_memory() {
    let station = Station::with_a_worker().await;
    station.calls(0..20).await;
    let before = station.held();
    station.calls(20..320).await;
    until("no more than before", async || {
        let after = station.held();
        println!("{before:?} before, {after:?} after");
        after.is_no_more_than(&before)
    })
    .await;
}
