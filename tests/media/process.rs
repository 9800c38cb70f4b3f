// SPDX-License-Identifier: MIT OR Apache-2.0
//! The worker as a program among others.

use std::{
    fs,
    process::{Command, Stdio},
};

use intercomd::{
    core::{event::LegFact, status::Gate},
    media::{MediaCommand, plugins, wire::ToWorker},
    session::VideoCodec::Vp8,
};

use crate::{
    door::{Door, leg, setup, video, wants},
    peer::{HANDSET_HZ, Manners},
};

fn libraries(program: &str) -> String {
    let ldd = Command::new("ldd").arg(program).output().unwrap();
    assert!(ldd.status.success());
    String::from_utf8(ldd.stdout).unwrap()
}

#[test]
fn the_daemon_and_its_client_need_neither_gstreamer_nor_alsa() {
    let worker = libraries(env!("CARGO_BIN_EXE_intercomd-media"));
    assert!(worker.contains("libgstreamer-1.0") && worker.contains("libasound"), "{worker}");
    for program in [env!("CARGO_BIN_EXE_intercomd"), env!("CARGO_BIN_EXE_intercomctl")] {
        let libraries = libraries(program);
        assert!(libraries.contains("libc.so"));
        for foreign in ["libgst", "libglib", "libasound"] {
            assert!(!libraries.contains(foreign), "{libraries}");
        }
    }
}

#[test]
fn a_worker_ends_with_its_daemon_also_in_the_middle_of_a_call() {
    let mut door = Door::in_call(setup());
    println!("start → ready: {} ms", door.ready_after.as_millis());
    door.connected("anna", wants(&[]), true);
    door.hang_up();
    assert!(door.worker.wait().unwrap().success());
}

#[test]
fn a_line_that_cannot_be_read_ends_the_worker_and_is_not_quoted() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut door = Door::logging(setup(), "debug", Stdio::from(log.reopen().unwrap()));
    door.tell_raw(b"{\"do\":{\"secretword\":7}}\n");
    door.until_gone();
    assert!(!door.worker.wait().unwrap().success());
    let log = fs::read_to_string(log.path()).unwrap();
    assert!(log.contains("cannot be read") && !log.contains("secretword"), "{log}");
}

#[test]
fn a_line_without_end_is_skipped() {
    let mut door = Door::with(setup());
    for _ in 0..64 {
        door.tell_raw(&vec![b'x'; 64 * 1024]);
    }
    door.tell_raw(b"\n");
    door.settle();
}

#[test]
fn a_second_setup_ends_the_worker() {
    let mut door = Door::with(setup());
    door.tell(&ToWorker::Setup(Box::new(setup())));
    door.until_gone();
    assert!(!door.worker.wait().unwrap().success());
}

#[test]
fn a_worker_has_given_up_what_it_does_not_need() {
    let door = Door::with(setup());
    let of = |name: &str| fs::read_to_string(format!("/proc/{}/{name}", door.worker.id())).unwrap();
    assert!(of("status").lines().any(|line| line == "NoNewPrivs:\t1"));
    let limits = of("limits");
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(limit("Max core file size"), ["0", "0"]);
    assert_eq!(limit("Max open files"), ["512", "512"]);
}

#[test]
fn the_log_of_a_whole_call_at_debug_tells_no_secrets() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut setup = setup();
    setup.video = Some(video(Vp8));
    let mut door = Door::logging(setup, "debug", Stdio::from(log.reopen().unwrap()));
    let media = intercomd::core::status::Media::Video;
    let anna = leg("anna");
    door.order(MediaCommand::Start { call: anna.call, media });
    door.open(&anna, wants(&[Vp8]), true, Manners::default());
    let (_, offer) = door.until_offer(&anna);
    door.until_fact(&anna, LegFact::MediaConnected);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    let answer = door.peer(&anna).answer.clone();
    let eve = leg("eve");
    let tamper = Some((|answer: &str| answer.replace("a=mid:", "a=mit:")) as fn(&str) -> String);
    door.open(&eve, wants(&[Vp8]), true, Manners { tamper, ..Manners::default() });
    door.until_fact(&eve, LegFact::MediaFailed(intercomd::core::status::Reason::BadDescription));
    door.order(MediaCommand::Stop { call: anna.call });
    door.settle();
    let log = fs::read_to_string(log.path()).unwrap();
    assert!(log.contains("OpenLeg"), "{log}");
    let secret = ["ice-ufrag:", "ice-pwd:", "fingerprint:sha-256 "];
    for line in offer.lines().chain(answer.lines()) {
        for name in secret {
            if let Some((_, value)) = line.split_once(name) {
                assert!(!log.contains(value), "{name}");
            }
        }
    }
    for word in ["a=", "m=audio", "candidate:", "127.0.0.1", "typ host"] {
        assert!(!log.contains(word), "{word} in {log}");
    }
}

#[test]
fn the_plugins_that_are_said_to_be_needed_are_enough_for_a_call() {
    let installed = Command::new("pkg-config")
        .args(["--variable=pluginsdir", "gstreamer-1.0"])
        .output()
        .unwrap();
    let installed = std::path::PathBuf::from(String::from_utf8(installed.stdout).unwrap().trim());
    let directory = tempfile::tempdir().unwrap();
    for plugin in plugins::NEEDED {
        std::os::unix::fs::symlink(installed.join(plugin), directory.path().join(plugin)).unwrap();
        assert!(installed.join(plugin).exists(), "{plugin}");
    }
    let registry = directory.path().join("registry.bin");
    let mut door = Door::with_env(
        setup(),
        &[("GST_PLUGIN_SYSTEM_PATH_1_0", directory.path()), ("GST_REGISTRY", &registry)],
    );
    println!("first start → ready: {} ms", door.ready_after.as_millis());
    let anna = leg("anna");
    door.order(MediaCommand::Start {
        call: anna.call,
        media: intercomd::core::status::Media::Audio,
    });
    let anna = door.connected("anna", wants(&[]), true);
    door.gate(&anna, Gate::Open);
    door.ear.hears(HANDSET_HZ);
    assert!(registry.exists());
}
