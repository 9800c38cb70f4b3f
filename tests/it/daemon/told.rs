// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the service manager is told, and what the person at the demo's terminal.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixDatagram,
    path::Path,
    process::{Child, Stdio},
    sync::mpsc::{Receiver, sync_channel},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use super::{client::until, home::Home, process};

const PATIENCE: Duration = Duration::from_secs(20);

/// The next message that begins like this.
fn heard(socket: &UnixDatagram, begin: &str) -> String {
    let mut message = [0; 512];
    loop {
        let length = socket.recv(&mut message).unwrap_or_else(|error| panic!("{begin}: {error}"));
        let text = String::from_utf8_lossy(&message[..length]).into_owned();
        if text.starts_with(begin) {
            return text;
        }
    }
}

#[test]
fn the_service_manager_hears_of_readiness_life_reload_and_the_end() {
    let home = Home::new("unused");
    let config = home.path().join("alone.toml");
    std::fs::write(&config, "[bus]\naddress = 'none'\n[panel]\nbackend = 'sim'\n").unwrap();
    let path = home.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut command = process::command();
    command.arg("--config").arg(config).env("STATE_DIRECTORY", home.path());
    let mut daemon =
        command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "200000").spawn().unwrap();
    let signal = |signal| kill_process(Pid::from_child(&daemon), signal).unwrap();

    heard(&socket, "READY=1");
    for _ in 0..3 {
        heard(&socket, "WATCHDOG=1");
    }
    signal(Signal::HUP);
    assert!(heard(&socket, "RELOADING=1").contains("MONOTONIC_USEC="));
    heard(&socket, "READY=1");
    // A loop that stands still feeds nobody.
    signal(Signal::STOP);
    socket.set_nonblocking(true).unwrap();
    let mut rest = [0; 512];
    while socket.recv(&mut rest).is_ok() {}
    socket.set_nonblocking(false).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    assert!(socket.recv(&mut rest).is_err(), "fed by somebody else than the loop");
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    signal(Signal::CONT);
    signal(Signal::TERM);
    heard(&socket, "STOPPING=1");
    assert!(daemon.wait().unwrap().success());
}

fn lines(output: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = sync_channel(1000);
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

#[test]
fn the_demo_does_what_it_says_one_should_try() {
    let mut demo = process::command();
    demo.args(["demo", "--bus", "none"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut demo = demo.spawn().unwrap();
    let told = lines(demo.stdout.take().unwrap());
    let mut input = demo.stdin.take().unwrap();
    let wait_for = |what: &str| {
        loop {
            let line = told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("never told: {what}"));
            assert!(!line.contains('!'), "{line}");
            if line.contains(what) {
                return line;
            }
        }
    };
    let line = wait_for("Try: ");
    let steps: Vec<_> = line.trim_start_matches("Try: ").split("   then: ").collect();
    for (step, effect) in steps.iter().zip(["ringing", "ongoing", "relay on"]) {
        writeln!(input, "{step}").unwrap();
        wait_for(effect);
    }
    assert_eq!(steps.len(), 3);
    writeln!(input, "quit").unwrap();
    assert!(demo.wait().unwrap().success());
}

/// Returns once it speaks to whoever is at the terminal.
fn demo(temporary: &Path, more: &[&str]) -> Child {
    let mut demo = process::command();
    demo.args(["demo", "--bus", "none"]).args(more).env("TMPDIR", temporary);
    let mut demo = demo.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let told = lines(demo.stdout.take().unwrap());
    told.recv_timeout(PATIENCE).unwrap();
    demo
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_demo_whose_terminal_is_closed_ends_and_leaves_nothing_behind() {
    let home = Home::new("unused");
    let mut demo = demo(home.path(), &[]);
    kill_process(Pid::from_child(&demo), Signal::HUP).unwrap();
    assert!(demo.wait().unwrap().success());
    assert_eq!(names(home.path()), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_killed_demo_leaves_is_one_directory_and_gone_with_the_next_one() {
    let home = Home::new("unused");
    let mut killed = demo(home.path(), &[]);
    let own = |demo: &Child| [format!("intercomd-demo-{}", demo.id())];
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(names(home.path()), own(&killed));
    // A worker that was about to be started lets go a moment later.
    let left = File::open(home.path().join(&own(&killed)[0])).unwrap();
    until("nobody keeps it", async || left.try_lock().is_ok()).await;
    drop(left);
    let mut next = demo(home.path(), &[]);
    assert_eq!(names(home.path()), own(&next));
    next.stdin.take();
    kill_process(Pid::from_child(&next), Signal::TERM).unwrap();
    assert!(next.wait().unwrap().success());
    assert_eq!(names(home.path()), Vec::<String>::new());
}

#[test]
fn a_demo_with_a_file_of_its_own_keeps_its_state_where_the_file_says_or_nowhere() {
    let home = Home::new("unused");
    let (temporary, state) = (home.path().join("tmp"), home.path().join("state"));
    std::fs::create_dir(&temporary).unwrap();
    let file = home.path().join("own.toml");
    let of_its_own = format!("[store]\ndirectory = '{}'\n", state.display());
    for (store, kept) in [("", false), (of_its_own.as_str(), true)] {
        std::fs::write(&file, format!("[panel]\nbackend = 'sim'\n{store}")).unwrap();
        let mut demo = demo(&temporary, &["--config", file.to_str().unwrap()]);
        let own = temporary.join(format!("intercomd-demo-{}", demo.id()));
        assert_eq!(own.join("state.json").exists(), !kept);
        kill_process(Pid::from_child(&demo), Signal::TERM).unwrap();
        assert!(demo.wait().unwrap().success());
        assert_eq!(names(&temporary), Vec::<String>::new());
        assert_eq!(state.join("state.json").exists(), kept);
    }
}
