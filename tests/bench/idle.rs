// SPDX-License-Identifier: MIT OR Apache-2.0
//! Doing nothing, beside a softphone that does nothing, in the same half minute.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::{process::Process, stand::Stand};

/// A user agent that is registered nowhere, on loopback only.
const PEER_CONFIG: &str = "\
poll_method epoll
sip_listen 127.0.0.1:0
net_interface 127.0.0.1
module_path /usr/lib/baresip/modules
module opus.so
module g711.so
module alsa.so
module_tmp account.so
module_app menu.so
";

pub(crate) async fn report(lasting: Duration) {
    let stand = Stand::start().await;
    let home = TempDir::new().expect("a temporary directory");
    let peer = peer(home.path());
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before: Vec<_> = [Some(&stand.daemon), peer.as_ref()].map(load).into();
    tokio::time::sleep(lasting).await;
    let after: Vec<_> = [Some(&stand.daemon), peer.as_ref()].map(load).into();

    println!(
        "idle for {} s                RSS kB  anonymous  PSS  threads  CPU %  wake-ups/s",
        lasting.as_secs()
    );
    println!("  goal                       ≤ 8000     ≤ 3000             < 0.1  < 2");
    row("intercomd", Some(&stand.daemon), before[0], after[0], lasting);
    row("baresip", peer.as_ref(), before[1], after[1], lasting);
}

fn load(process: Option<&Process>) -> (u64, u64) {
    process.map(|process| (process.cpu_ticks(), process.wakeups())).unwrap_or_default()
}

fn row(
    name: &str,
    process: Option<&Process>,
    before: (u64, u64),
    after: (u64, u64),
    lasting: Duration,
) {
    let Some(process) = process.filter(|process| process.rss_kb() > 0) else {
        return println!("  {name:<26} is not installed or does not run here");
    };
    let seconds = lasting.as_secs_f64();
    println!(
        "  {name:<24} {:>8} {:>10} {:>6} {:>6}  {:>6.3} {:>8.2}",
        process.rss_kb(),
        process.anonymous_kb(),
        process.pss_kb(),
        process.threads(),
        (after.0 - before.0) as f64 / seconds,
        (after.1 - before.1) as f64 / seconds,
    );
}

fn peer(home: &Path) -> Option<Process> {
    fs::write(home.join("config"), PEER_CONFIG).ok()?;
    fs::write(home.join("accounts"), "<sip:peer@127.0.0.1>;regint=0\n").ok()?;
    fs::write(home.join("contacts"), "").ok()?;
    Command::new("baresip").arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    let mut command = Command::new("baresip");
    command.arg("-f").arg(home);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    Some(Process::start(&mut command))
}
