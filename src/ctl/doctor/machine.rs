// SPDX-License-Identifier: MIT OR Apache-2.0
//! A machine where all is well, to plant faults in.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use tempfile::TempDir;

use super::{Finding, Grade, Live, Reached, Root, examine, read_config};
use crate::{
    core::event::Input,
    media::{
        cards::{Card, Device, Listing, Stream},
        plugins,
    },
    panel::{
        fault::{self, Cause, Function, Place},
        wiring::Line,
    },
};

pub(super) const CONFIG: &str = "/etc/intercomd/intercomd.toml";
pub(super) const SERVICE: &str = "/lib/systemd/system/intercomd.service";
pub(super) const WANTED: &str = "/etc/systemd/system/multi-user.target.wants/intercomd.service";
pub(super) const MODEL: &str = "/proc/device-tree/model";
pub(super) const WIRED: &str = r#"
[buttons.bell]
line = "BELL"
press = "call:home"
[doors.front]
relay = { line = "RELAY" }
[contacts.home]
handsets = "all"
media = "video"
[video]
source = "v4l2:/dev/video0"
"#;

pub(super) struct Machine {
    directory: TempDir,
    pub(super) live: Live,
}

impl Machine {
    pub(super) fn healthy() -> Self {
        let directory = TempDir::new().unwrap();
        let owner = directory.path().metadata().unwrap();
        let (uid, gid) = (owner.uid(), owner.gid());
        let live = Live {
            reached: Reached::Station { problems: Vec::new(), handsets: BTreeMap::new() },
            probed: Ok(vec![bell(Ok(place(None)))]),
            tried: Vec::new(),
            cards: Some(Listing { cards: vec![usb()], closed: Vec::new() }),
            is_synchronized: Some(true),
        };
        let machine = Self { directory, live };
        let passwd = format!("root:x:0:0::/root:/bin/sh\nintercomd:x:{uid}:9001::/:/bin/false\n");
        let files = [
            (CONFIG, WIRED),
            ("/etc/passwd", &passwd),
            (
                "/etc/group",
                &format!("gpio:x:{gid}:\naudio:x:9002:\nvideo:x:9003:\nintercom:x:9004:\n"),
            ),
            ("/dev/gpiochip0", ""),
            ("/dev/video0", ""),
            ("/usr/libexec/intercomd-media", ""),
            ("/dev/watchdog", ""),
            (MODEL, "Raspberry Pi 4 Model B Rev 1.4\0"),
            ("/proc/cmdline", "quiet pinctrl_bcm2835.persist_gpio_outputs=n root=/dev/mmcblk0p2"),
            ("/usr/share/dbus-1/system.d/org.intercomd1.conf", ""),
            ("/usr/lib/polkit-1/polkitd", ""),
            ("/usr/share/polkit-1/actions/org.intercomd1.policy", ""),
            (
                SERVICE,
                "SupplementaryGroups=gpio audio video\nWatchdogSec=10\nProtectSystem=strict\n",
            ),
            (WANTED, ""),
            ("/run/systemd/system/.keep", ""),
            ("/run/systemd/units/invocation:intercomd.service", ""),
            ("/etc/systemd/system.conf", "#RuntimeWatchdogSec=off\nRuntimeWatchdogSec=15\n"),
            ("/run/systemd/timesync/synchronized", ""),
            ("/var/lib/intercomd/state.json", "{}"),
        ];
        for (path, text) in files {
            machine.write(path, text);
        }
        for plugin in plugins::NEEDED.iter().chain(&["libgstalsa.so", "libgstvideo4linux2.so"]) {
            machine.write(&format!("/usr/lib/gstreamer-1.0/{plugin}"), "");
        }
        #[cfg(feature = "push")]
        machine.write("/etc/ssl/certs/ca-certificates.crt", &authority());
        machine.mode("/dev/gpiochip0", 0o660);
        machine.mode("/var/lib/intercomd", 0o700);
        machine
    }

    pub(super) fn root(&self) -> Root {
        Root(self.directory.path().to_owned())
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.root().at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.root().text(path).unwrap();
        assert!(text.contains(old), "{old} is not in {path}");
        self.write(path, &text.replace(old, new));
    }

    pub(super) fn remove(&self, path: &str) {
        let path = self.root().at(path);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
    }

    pub(super) fn mode(&self, path: &str, mode: u32) {
        fs::set_permissions(self.root().at(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        let root = self.root();
        examine(&root, &read_config(&root, Path::new(CONFIG)), &self.live)
    }

    /// Everything that is not well, without advice.
    pub(super) fn faults(&self) -> Vec<String> {
        let findings = self.findings().into_iter().filter(|finding| finding.grade > Grade::Info);
        findings
            .map(|finding| format!("{} {}: {}", finding.grade.word(), finding.check, finding.what))
            .collect()
    }

    pub(super) fn assert_one_fault(&self, start: &str) {
        let faults = self.faults();
        assert!(faults.len() == 1 && faults[0].starts_with(start), "{start:?} is not {faults:#?}");
    }
}

#[cfg(feature = "push")]
fn authority() -> String {
    use rcgen::{CertificateParams, KeyPair};

    let authority = CertificateParams::new(vec!["authority.example".to_owned()]).unwrap();
    authority.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}

fn usb() -> Card {
    let both = Device {
        capture: Some(Stream::default()),
        playback: Some(Stream::default()),
        ..Device::default()
    };
    Card { id: "USB".to_owned(), devices: vec![both], ..Card::default() }
}

pub(super) fn bell(found: Result<Place, Cause>) -> fault::Finding {
    let function = Function::Input(Input::Button("bell".parse().unwrap()));
    fault::Finding { function, line: Line::Named("BELL".into()), found }
}

pub(super) fn place(used_by: Option<&str>) -> Place {
    Place {
        device: "/dev/gpiochip0".into(),
        chip: "pinctrl-bcm2711".into(),
        offset: 17,
        name: "BELL".into(),
        used_by: used_by.map(str::to_owned),
    }
}
