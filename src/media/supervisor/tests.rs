// SPDX-License-Identifier: MIT OR Apache-2.0
//! Real processes, played by shell scripts.

use std::{fs, path::Path, time::Duration};

use tempfile::TempDir;

use super::*;
use crate::{
    core::{
        LegId,
        status::{Media as Kind, Sound},
    },
    session::{Sdp, SessionNo, Signal},
};

/// Answers what it is asked; `act` sees the other lines. Everything is written down.
fn script(act: &str) -> String {
    format!(
        r#"
say() {{ printf '%s\n' "$1" >&0; }}
echo "born $$" >>"$0.log"
say '"ready"'
while IFS= read -r line; do
    case $line in
    '{{"ping":'*) number=${{line#'{{"ping":'}}; say "{{\"pong\":${{number%\}}}}}}" ;;
    *) echo "$line" >>"$0.log"; {act} ;;
    esac
done
echo "left $$" >>"$0.log"
"#
    )
}

const WELL: &str = r#"case $line in *'"stop"'*) echo "left $$" >>"$0.log"; exit ;; esac"#;

struct Stage {
    media: Media,
    axe: Axe,
    task: JoinHandle<()>,
    settings: watch::Sender<Settings>,
    in_call: watch::Sender<Option<CallId>>,
    home: TempDir,
}

fn stage(text: &str, prewarm: bool) -> Stage {
    let home = tempfile::tempdir().unwrap();
    let script = home.path().join("worker");
    fs::write(&script, text).unwrap();
    staged(Program::Script { shell: "/bin/sh".into(), script }, home, prewarm)
}

fn staged(program: Program, home: TempDir, prewarm: bool) -> Stage {
    let (settings, to_settings) = watch::channel(Settings { prewarm, ..Settings::default() });
    let (in_call, to_in_call) = watch::channel(None);
    let sight = Sight { settings: to_settings, in_call: to_in_call };
    let devices = home.path().join("dev");
    fs::create_dir(&devices).unwrap();
    let (media, axe, task) = with(program, Nest::none(), sight, &devices);
    Stage { media, axe, task, settings, in_call, home }
}

/// Nothing that is right takes so long.
async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, future).await.unwrap_or_else(|_| panic!("{what}: never"))
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    within(what, async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

fn is_there(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

impl Stage {
    /// The station's way: the order, then its state.
    async fn start_call(&self, call: u64) {
        let (call, media) = (CallId(call), Kind::Audio);
        self.ask(MediaCommand::Start { call, media }).await;
        self.in_call.send_replace(Some(call));
    }

    async fn stop_call(&self, call: u64) {
        self.ask(MediaCommand::Stop { call: CallId(call) }).await;
        self.in_call.send_replace(None);
    }

    async fn ask(&self, command: MediaCommand) {
        self.media.commands.send(command).await.unwrap();
    }

    async fn crash(&mut self) -> CallId {
        match within("a crash", self.media.events.recv()).await {
            Some(MediaEvent::WorkerCrashed { call }) => call,
            other => panic!("{other:?}"),
        }
    }

    fn log(&self) -> Vec<String> {
        let log = fs::read_to_string(self.home.path().join("worker.log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    fn pids(&self, word: &str) -> Vec<u32> {
        let log = self.log();
        let of = |line: &String| line.strip_prefix(word)?.trim().parse().ok();
        log.iter().filter_map(of).collect()
    }

    async fn hears(&self, words: &str) {
        until(words, || self.log().iter().any(|line| line.contains(words))).await;
    }

    async fn worker(&self, count: usize) -> u32 {
        until("a worker", || self.pids("born").len() == count).await;
        self.pids("born")[count - 1]
    }
}

#[tokio::test]
async fn a_worker_is_told_its_setup_first_and_is_gone_after_its_call() {
    let stage = stage(&script(WELL), false);
    stage.start_call(7).await;
    stage.hears("start").await;
    let pid = stage.worker(1).await;
    stage.stop_call(7).await;
    until("its end", || !is_there(pid)).await;
    let log = stage.log();
    let words: Vec<_> = log.iter().map(|line| line.split(':').next().unwrap()).collect();
    let [born, left] = [format!("born {pid}"), format!("left {pid}")];
    let told = ["{\"setup\"", "\"rehearse\"", "{\"do\"", "{\"do\""];
    assert_eq!(words, [[born.as_str()].as_slice(), &told, &[left.as_str()]].concat());
}

#[tokio::test]
async fn a_worker_that_crashes_is_reported_and_the_next_call_has_another() {
    let act = r#"case $line in *'"start":{"call":7'*) kill -SEGV $$ ;; esac"#;
    let mut stage = stage(&script(act), false);
    stage.start_call(7).await;
    assert_eq!(stage.crash().await, CallId(7));
    stage.start_call(8).await;
    stage.hears(r#""call":8"#).await;
    assert_eq!(stage.pids("born").len(), 2);
}

#[tokio::test]
async fn a_worker_that_hangs_is_killed_and_reported() {
    let mut stage = stage(&script("kill -STOP $$"), false);
    stage.start_call(7).await;
    let pid = stage.worker(1).await;
    assert_eq!(stage.crash().await, CallId(7));
    until("its end", || !is_there(pid)).await;
}

#[tokio::test]
async fn a_worker_that_talks_nonsense_is_killed_and_reported() {
    let act = r#"case $line in *start*) say '{"said":"the cake"}' ;; esac"#;
    let mut stage = stage(&script(act), false);
    stage.start_call(7).await;
    let pid = stage.worker(1).await;
    assert_eq!(stage.crash().await, CallId(7));
    until("its end", || !is_there(pid)).await;
}

#[tokio::test]
async fn a_worker_that_does_not_stop_is_killed_and_nobody_is_troubled() {
    let mut stage = stage(&script(":"), false);
    stage.start_call(7).await;
    stage.hears("start").await;
    let pid = stage.worker(1).await;
    stage.stop_call(7).await;
    until("its end", || !is_there(pid)).await;
    assert!(stage.media.events.try_recv().is_err());
}

#[tokio::test]
async fn a_call_that_starts_while_the_last_worker_leaves_has_the_next_one() {
    let stage = stage(&script(":"), false);
    stage.start_call(7).await;
    stage.hears(r#""start":{"call":7"#).await;
    let first = stage.worker(1).await;
    stage.stop_call(7).await;
    stage.start_call(8).await;
    let second = stage.worker(2).await;
    until("the end of the first", || !is_there(first)).await;
    stage.hears(r#""start":{"call":8"#).await;
    assert!(is_there(second));
}

#[tokio::test]
async fn a_call_whose_stop_never_came_has_no_worker_for_long() {
    let stage = stage(&script(WELL), false);
    stage.start_call(7).await;
    let pid = stage.worker(1).await;
    stage.in_call.send_replace(None);
    until("its end", || !is_there(pid)).await;
    assert_eq!(stage.pids("left"), [pid]);
}

#[tokio::test]
async fn a_worker_that_cannot_be_started_is_reported() {
    let home = tempfile::tempdir().unwrap();
    let (shell, script) = (home.path().join("no_shell"), home.path().join("worker"));
    let mut stage = staged(Program::Script { shell, script }, home, false);
    for call in [7, 8] {
        stage.start_call(call).await;
        assert_eq!(stage.crash().await, CallId(call));
    }
}

#[tokio::test]
async fn a_worker_kept_ready_takes_the_call_and_another_one_is_kept() {
    let stage = stage(&script(WELL), true);
    // The first one has tried the setup and gone.
    let kept = stage.worker(2).await;
    stage.start_call(7).await;
    stage.hears("start").await;
    assert_eq!(stage.pids("born").last(), Some(&kept));
    stage.stop_call(7).await;
    stage.worker(3).await;
    assert!(!is_there(kept));
}

#[tokio::test]
async fn a_new_setup_reaches_a_new_worker_kept_ready() {
    let stage = stage(&script(WELL), true);
    stage.hears("setup").await;
    let setup = Setup {
        audio: crate::media::setup::Audio { meter: true, ..Default::default() },
        ..Setup::default()
    };
    stage.settings.send_replace(Settings { setup: Arc::new(setup), prewarm: true });
    stage.hears(r#""meter":true"#).await;
    let pids = stage.pids("born");
    assert_eq!((pids.len(), stage.pids("left")), (2, vec![pids[0]]));
}

#[tokio::test]
async fn a_sound_card_that_is_plugged_in_is_tried_where_the_setup_has_one() {
    let stage = stage(&script(WELL), false);
    let audio = crate::media::setup::Audio {
        capture: crate::media::setup::Capture::Alsa("default".to_owned()),
        ..Default::default()
    };
    let setup = Arc::new(Setup { audio, ..Setup::default() });
    stage.settings.send_replace(Settings { setup, prewarm: false });
    stage.hears("default").await;
    let before = stage.pids("born").len();
    until("the first ones have left", || stage.pids("left").len() == before).await;
    fs::create_dir(stage.home.path().join("dev/snd")).unwrap();
    fs::write(stage.home.path().join("dev/snd/pcmC0D0p"), "").unwrap();
    stage.worker(before + 1).await;
    until("it tries", || {
        stage.log().iter().filter(|line| *line == "\"rehearse\"").count() > before
    })
    .await;
}

#[tokio::test]
async fn a_sound_without_a_call_is_heard() {
    let stage = stage(&script(WELL), false);
    stage.ask(MediaCommand::Play(Sound::Refused)).await;
    stage.hears(r#"{"do":{"play":"refused"}}"#).await;
}

#[tokio::test]
async fn a_blow_with_the_axe_is_a_crash() {
    let mut stage = stage(&script(WELL), false);
    stage.start_call(7).await;
    stage.hears("start").await;
    stage.axe.swing();
    assert_eq!(stage.crash().await, CallId(7));
}

#[tokio::test]
async fn no_worker_outlives_the_station() {
    let stage = stage(&script(":"), false);
    stage.start_call(7).await;
    let pid = stage.worker(1).await;
    drop(stage.media);
    within("the end of the supervisor", stage.task).await.unwrap();
    assert!(!is_there(pid));
}

#[tokio::test]
async fn a_worker_has_one_socket_and_nothing_else_of_ours() {
    let act = r#"case $line in *start*)
        for file in /proc/$$/fd/*; do readlink "$file"; done | grep -c socket: >>"$0.log"
        echo "secret $INTERCOMD_TEST" >>"$0.log" ;; esac"#;
    let _ours = UnixPairs::open(20);
    let stage = stage(&script(act), false);
    stage.start_call(7).await;
    stage.hears("secret").await;
    let stderr = fs::read_link("/proc/self/fd/2").unwrap();
    let sockets = 1 + usize::from(stderr.to_string_lossy().starts_with("socket:"));
    assert!(stage.log().contains(&sockets.to_string()), "{:?}", stage.log());
    assert!(stage.log().contains(&"secret ".to_owned()));
}

struct UnixPairs(#[allow(dead_code)] Vec<(tokio::net::UnixStream, tokio::net::UnixStream)>);

impl UnixPairs {
    fn open(count: usize) -> Self {
        Self((0..count).map(|_| tokio::net::UnixStream::pair().unwrap()).collect())
    }
}

#[tokio::test]
async fn a_worker_that_does_not_read_is_not_waited_for() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("worker");
    fs::write(&path, "kill -STOP $$").unwrap();
    let program = Program::Script { shell: "/bin/sh".into(), script: path };
    let recipe = Recipe { program, nest: Arc::new(Nest::none()), setup: Arc::default() };
    let (news_to_us, mut news) = mpsc::channel(NEWS);
    let process = Process::launch(WorkerNo(1), recipe, &news_to_us);
    let leg = LegId { call: CallId(7), handset: "hall".parse().unwrap() };
    let sdp = Sdp("x".repeat(30_000));
    let signal = Signal::Description(sdp);
    let command = MediaCommand::Signal { leg, session: SessionNo(1), signal };
    let line = crate::media::wire::ToWorker::Do(command);
    let mut loss = None;
    until("a full queue", || {
        loss = loss.take().or(process.tell(line.clone()).err());
        loss.is_some()
    })
    .await;
    assert!(matches!(loss, Some(Loss::Clogged)), "{loss:?}");
    drop(process);
    let end = within("the end", news.recv()).await.unwrap();
    assert!(matches!(end.what, What::Lost(Loss::Ended | Loss::Closed)), "{end:?}");
}

fn entries(path: &str) -> usize {
    fs::read_dir(path).map(Iterator::count).unwrap_or_default()
}

#[tokio::test]
async fn three_hundred_calls_leave_nothing_behind() {
    let stage = stage(&script(WELL), false);
    let mut before = (0, 0);
    for call in 1..=310 {
        stage.start_call(call).await;
        stage.hears(&format!(r#""start":{{"call":{call}"#)).await;
        if call % 2 == 0 {
            stage.stop_call(call).await;
        }
        if call == 10 {
            before = (entries("/proc/self/fd"), entries("/proc/self/task"));
        }
    }
    stage.stop_call(310).await;
    let pids = stage.pids("born");
    assert!(pids.len() >= 300, "{}", pids.len());
    until("the end of all", || !pids.iter().any(|pid| is_there(*pid))).await;
    // Tests beside this one open and close theirs.
    until("handles and threads as before", || {
        entries("/proc/self/fd") < before.0 + 100 && entries("/proc/self/task") < before.1 + 50
    })
    .await;
}

#[tokio::test]
async fn the_first_thing_known_of_a_worker_that_cannot_be_started_is_why() {
    let program = Program::Script { shell: "/no/such/shell".into(), script: "/".into() };
    let recipe = Recipe { program, nest: Arc::new(Nest::none()), setup: Arc::default() };
    let (news_to_us, mut news) = mpsc::channel(NEWS);
    for no in 0..50 {
        let process = Process::launch(WorkerNo(no), recipe.clone(), &news_to_us);
        let first = within("news", async {
            loop {
                let News { from, what } = news.recv().await.unwrap();
                if from == WorkerNo(no) {
                    return what;
                }
            }
        })
        .await;
        assert!(matches!(&first, What::Lost(Loss::NotStarted(_))), "{first:?}");
        drop(process);
    }
}
