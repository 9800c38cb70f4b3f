// SPDX-License-Identifier: MIT OR Apache-2.0
//! The service as systemd knows it, read from files: what runs here must not depend on systemd
//! answering.

use super::{finding::Finding, root::Root};

const UNIT: &str = "intercomd.service";
/// The first one that has it wins.
const PLACES: [&str; 5] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) path: String,
    text: String,
}

impl Unit {
    pub(super) fn find(root: &Root) -> Option<Self> {
        let paths = PLACES.map(|place| format!("{place}/{UNIT}"));
        let path = paths.into_iter().find(|path| root.has(path))?;
        let drop_ins = PLACES.iter().rev().flat_map(|place| {
            let directory = format!("{place}/{UNIT}.d");
            let names = root.names(&directory, |name| name.ends_with(".conf"));
            names.into_iter().map(move |name| format!("{directory}/{name}"))
        });
        let files = [path.clone()].into_iter().chain(drop_ins);
        let texts: Vec<String> = files.filter_map(|file| root.text(file).ok()).collect();
        Some(Self { path, text: texts.join("\n") })
    }

    /// The last setting of a key.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        setting(&self.text, key)
    }

    /// All settings of a key, split at spaces. An empty one forgets those before it.
    pub(super) fn words(&self, key: &str) -> Vec<&str> {
        let mut words = Vec::new();
        for value in settings(&self.text, key) {
            if value.is_empty() {
                words.clear();
            }
            words.extend(value.split_whitespace());
        }
        words
    }
}

fn settings<'t>(text: &'t str, key: &str) -> impl Iterator<Item = &'t str> {
    text.lines().filter_map(move |line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim())
    })
}

fn setting<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    settings(text, key).last()
}

pub(super) fn check(root: &Root, unit: Option<&Unit>) -> Vec<Finding> {
    let Some(unit) = unit else {
        let what = format!("{UNIT} is not installed");
        return vec![Finding::problem("service", what, "install the package, or: make install")];
    };
    if root.at(&unit.path).read_link().is_ok_and(|target| target.ends_with("dev/null")) {
        let what = format!("{UNIT} is masked");
        return vec![Finding::problem("service", what, &format!("run: systemctl unmask {UNIT}"))];
    }
    vec![
        Finding::ok("service", format!("installed as {}", unit.path)),
        enabled(root),
        active(root),
        software_watchdog(unit),
        hardware_watchdog(root),
    ]
}

fn enabled(root: &Root) -> Finding {
    let places = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];
    let is_wanted = places.iter().any(|place| {
        let targets =
            root.names(place, |name| name.ends_with(".wants") || name.ends_with(".requires"));
        targets.iter().any(|target| root.has(format!("{place}/{target}/{UNIT}")))
    });
    if is_wanted {
        return Finding::ok("service", "starts at boot");
    }
    let advice = "run: systemctl enable --now intercomd";
    Finding::warning("service", "does not start at boot", advice)
}

fn active(root: &Root) -> Finding {
    if !root.has("/run/systemd/system") {
        return Finding::info("service", "systemd does not run here", "");
    }
    if root.has(format!("/run/systemd/units/invocation:{UNIT}")) {
        return Finding::ok("service", "runs");
    }
    let advice = "run: systemctl start intercomd; its last words: journalctl -u intercomd";
    Finding::warning("service", "does not run", advice)
}

fn software_watchdog(unit: &Unit) -> Finding {
    match unit.value("WatchdogSec").filter(|value| !is_off(value)) {
        Some(time) => {
            Finding::ok("watchdog", format!("systemd restarts a daemon that hangs ({time})"))
        }
        None => {
            let what = "nobody restarts a daemon that hangs";
            Finding::warning("watchdog", what, "set WatchdogSec=10 in the service")
        }
    }
}

fn hardware_watchdog(root: &Root) -> Finding {
    if root.first(&["/dev/watchdog", "/dev/watchdog0"]).is_none() {
        return Finding::info("watchdog", "this board has none of its own", "");
    }
    let directories = ["/usr/lib/systemd/system.conf.d", "/etc/systemd/system.conf.d"];
    let drop_ins = directories.iter().flat_map(|directory| {
        let names = root.names(directory, |name| name.ends_with(".conf"));
        names.into_iter().map(move |name| format!("{directory}/{name}"))
    });
    let files = ["/etc/systemd/system.conf".to_owned()].into_iter().chain(drop_ins);
    let texts: Vec<String> = files.filter_map(|file| root.text(file).ok()).collect();
    match setting(&texts.join("\n"), "RuntimeWatchdogSec").filter(|value| !is_off(value)) {
        Some(time) => Finding::ok("watchdog", format!("the board reboots if it hangs ({time})")),
        None => {
            let advice = "set RuntimeWatchdogSec=15 in /etc/systemd/system.conf.d/watchdog.conf";
            Finding::warning("watchdog", "the board's own is not in use", advice)
        }
    }
}

fn is_off(value: &str) -> bool {
    matches!(value, "" | "0" | "off" | "infinity")
}
