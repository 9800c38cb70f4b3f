// SPDX-License-Identifier: MIT OR Apache-2.0
//! A process that ends with us, and what the kernel knows of it.

use std::{
    fs,
    process::{Child, Command},
};

pub(crate) struct Process(pub(crate) Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{file}", self.0.id())).unwrap_or_default()
    }

    /// A line of /proc/PID/status, in kB or counts.
    fn status(&self, key: &str) -> u64 {
        number_after(&self.read("status"), key)
    }

    pub(crate) fn rss_kb(&self) -> u64 {
        self.status("VmRSS:")
    }

    pub(crate) fn anonymous_kb(&self) -> u64 {
        self.status("RssAnon:")
    }

    pub(crate) fn pss_kb(&self) -> u64 {
        number_after(&self.read("smaps_rollup"), "Pss:")
    }

    pub(crate) fn threads(&self) -> u64 {
        self.status("Threads:")
    }

    /// User and system time of all threads, in clock ticks of 10 ms.
    pub(crate) fn cpu_ticks(&self) -> u64 {
        let stat = self.read("stat");
        let after_name = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
        let fields: Vec<u64> =
            after_name.split_whitespace().skip(11).take(2).filter_map(|f| f.parse().ok()).collect();
        fields.iter().sum()
    }

    /// How often any of its threads went to sleep of its own accord, which is how often it woke.
    pub(crate) fn wakeups(&self) -> u64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.0.id())).into_iter().flatten();
        tasks
            .flatten()
            .filter_map(|task| fs::read_to_string(task.path().join("status")).ok())
            .map(|status| number_after(&status, "voluntary_ctxt_switches:"))
            .sum()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn number_after(text: &str, key: &str) -> u64 {
    text.lines()
        .find_map(|line| line.strip_prefix(key))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
