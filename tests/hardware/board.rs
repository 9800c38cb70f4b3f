// SPDX-License-Identifier: MIT OR Apache-2.0
//! A board made of the kernel's gpio-sim, with both sides of every line in our hands.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use intercomd::station::clock;

const CONFIGFS: &str = "/sys/kernel/config/gpio-sim";
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

/// It vanishes when it is dropped, so it outlives the panels that use it.
pub(crate) struct Board {
    config: PathBuf,
    sysfs: PathBuf,
    chip: String,
    lines: Vec<&'static str>,
}

impl Board {
    /// A chip labelled `label`. A line named `HOG` belongs to somebody called `hogger`.
    pub(crate) fn new(label: &str, lines: &[&'static str]) -> Self {
        Self::in_slot(label, label, lines)
    }

    /// `slot` tells chips with the same label apart.
    pub(crate) fn in_slot(slot: &str, label: &str, lines: &[&'static str]) -> Self {
        let config = Path::new(CONFIGFS).join(slot);
        let bank = config.join("bank0");
        fs::create_dir_all(&bank).unwrap();
        fs::write(bank.join("num_lines"), lines.len().to_string()).unwrap();
        fs::write(bank.join("label"), label).unwrap();
        for (offset, name) in lines.iter().enumerate() {
            let line = bank.join(format!("line{offset}"));
            fs::create_dir(&line).unwrap();
            fs::write(line.join("name"), name).unwrap();
            if *name == "HOG" {
                let hog = line.join("hog");
                fs::create_dir(&hog).unwrap();
                fs::write(hog.join("name"), "hogger").unwrap();
                fs::write(hog.join("direction"), "input").unwrap();
            }
        }
        fs::write(config.join("live"), "1").unwrap();
        let device = read(&config.join("dev_name"));
        let chip = read(&bank.join("chip_name"));
        let sysfs = Path::new("/sys/devices/platform").join(device).join(&chip);
        Self { config, sysfs, chip, lines: lines.to_vec() }
    }

    pub(crate) fn chip(&self) -> &str {
        &self.chip
    }

    pub(crate) fn device(&self) -> PathBuf {
        Path::new("/dev").join(&self.chip)
    }

    fn attribute(&self, line: &str, name: &str) -> PathBuf {
        let offset = self.lines.iter().position(|known| *known == line).unwrap();
        self.sysfs.join(format!("sim_gpio{offset}")).join(name)
    }

    /// What a hand, a contact or a resistor does to an input.
    pub(crate) fn pull(&self, line: &str, up: bool) {
        let pull = if up { "pull-up" } else { "pull-down" };
        fs::write(self.attribute(line, "pull"), pull).unwrap();
    }

    /// What a voltmeter says.
    pub(crate) fn is_high(&self, line: &str) -> bool {
        read(&self.attribute(line, "value")) == "1"
    }

    pub(crate) fn wait(&self, line: &str, high: bool) {
        until(&format!("{line} is {}", if high { "high" } else { "low" }), || {
            self.is_high(line) == high
        });
    }

    /// As if its cable was pulled.
    pub(crate) fn unplug(&self) {
        fs::write(self.config.join("live"), "0").unwrap();
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        // An unplugged board refuses to be unplugged again.
        drop(fs::write(self.config.join("live"), "0"));
        let bank = self.config.join("bank0");
        for (offset, name) in self.lines.iter().enumerate() {
            let line = bank.join(format!("line{offset}"));
            if *name == "HOG" {
                fs::remove_dir(line.join("hog")).unwrap();
            }
            fs::remove_dir(line).unwrap();
        }
        fs::remove_dir(bank).unwrap();
        fs::remove_dir(&self.config).unwrap();
    }
}

pub(crate) fn until(what: &str, condition: impl Fn() -> bool) {
    let start = clock::now();
    while !condition() {
        assert!(clock::now().since(start) < DEADLINE, "not in time: {what}");
        std::thread::yield_now();
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap().trim().to_owned()
}
