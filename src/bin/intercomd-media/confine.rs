// SPDX-License-Identifier: MIT OR Apache-2.0
//! What this process gives up before it hears from anybody outside the house: it decodes what
//! strangers' networks send.

use std::{
    env,
    fs::OpenOptions,
    path::{Path, PathBuf},
};

use anyhow::Context;
use intercomd::media::setup::{Capture, Playback, Setup};
use landlock::{
    ABI, Access, AccessFs, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetStatus,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};

const FILES_MAX: u64 = 512;

/// Programs and libraries, what the machine is made of, and settings of GStreamer and ALSA.
const READ: &[&str] =
    &["/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/run/udev", "/var/lib/alsa"];
/// Sound, cameras, screens, and what drivers of these need.
const DEVICES: &[&str] = &["/dev"];

pub(crate) fn enter(setup: &Setup) -> anyhow::Result<()> {
    // A worker without its daemon is nobody's.
    set_parent_process_death_signal(Some(Signal::KILL)).context("parent")?;
    // Memory holds voices and keys.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).context("core")?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable).context("dumpable")?;
    let files = Rlimit { current: Some(FILES_MAX), maximum: Some(FILES_MAX) };
    setrlimit(Resource::Nofile, files).context("files")?;
    match restrict(setup)? {
        RulesetStatus::FullyEnforced => tracing::debug!("confined"),
        RulesetStatus::PartiallyEnforced => tracing::debug!("confined as far as this kernel can"),
        RulesetStatus::NotEnforced => tracing::debug!("this kernel cannot confine"),
    }
    Ok(())
}

fn restrict(setup: &Setup) -> anyhow::Result<RulesetStatus> {
    let abi = ABI::V5;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .create()?;
    let devices = AccessFs::ReadFile | AccessFs::ReadDir | AccessFs::WriteFile | AccessFs::IoctlDev;
    for path in reads(setup) {
        rules = allow(rules, &path, AccessFs::from_read(abi))?;
    }
    for path in DEVICES {
        rules = allow(rules, Path::new(path), devices)?;
    }
    for path in writes(setup) {
        rules = allow(rules, &path, AccessFs::from_all(abi))?;
    }
    Ok(rules.restrict_self()?.ruleset)
}

fn reads(setup: &Setup) -> Vec<PathBuf> {
    let fixed = READ.iter().map(PathBuf::from);
    let plugins = env::var_os("GST_PLUGIN_SYSTEM_PATH_1_0").unwrap_or_default();
    let plugins = env::split_paths(&plugins).collect::<Vec<_>>();
    let recording = match &setup.audio.capture {
        Capture::File(path) => Some(path.clone()),
        Capture::Silence | Capture::Alsa(_) | Capture::Tone(_) | Capture::Ticks => None,
    };
    let alsa = env::var_os("ALSA_CONFIG_PATH").map(PathBuf::from);
    fixed.chain(plugins).chain(recording).chain(alsa).collect()
}

/// The plugin registry is replaced, so its directory counts.
fn writes(setup: &Setup) -> Vec<PathBuf> {
    let registry = env::var_os("GST_REGISTRY").map(PathBuf::from);
    let registry = registry.and_then(|path| path.parent().map(Path::to_owned));
    let heard = match &setup.audio.playback {
        Playback::File(path) => Some(path.clone()),
        Playback::Nowhere | Playback::Alsa(_) => None,
    };
    if let Some(path) = &heard {
        // A rule needs something to be about.
        drop(OpenOptions::new().create(true).append(true).open(path));
    }
    registry.into_iter().chain(heard).collect()
}

/// What is not there needs no rule.
fn allow(
    rules: RulesetCreated,
    path: &Path,
    access: landlock::BitFlags<AccessFs>,
) -> anyhow::Result<RulesetCreated> {
    let Ok(beneath) = PathFd::new(path) else { return Ok(rules) };
    let access = if path.is_dir() { access } else { access & AccessFs::from_file(ABI::V5) };
    Ok(rules.add_rule(PathBeneath::new(beneath, access))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A thread of its own is confined, not the tests.
    #[test]
    fn a_confined_worker_reads_libraries_and_its_recording_and_writes_its_playback_only() {
        let directory = tempfile::tempdir().unwrap();
        let [secret, recording, playback] =
            ["secret", "recording", "playback"].map(|name| directory.path().join(name));
        std::fs::write(&secret, "x").unwrap();
        std::fs::write(&recording, "x").unwrap();
        let mut setup = Setup::default();
        setup.audio.capture = Capture::File(recording.clone());
        setup.audio.playback = Playback::File(playback.clone());
        let confined = std::thread::spawn(move || {
            assert!(std::fs::read(&secret).is_ok());
            if restrict(&setup).unwrap() == RulesetStatus::NotEnforced {
                return;
            }
            assert!(std::fs::read(&secret).is_err());
            assert!(std::fs::write(&secret, "y").is_err());
            assert!(std::fs::write(secret.with_extension("new"), "y").is_err());
            assert!(std::fs::write("/etc/intercomd-was-here", "y").is_err());
            assert!(std::fs::read("/etc/hostname").is_ok());
            assert!(std::fs::read(&recording).is_ok());
            assert!(std::fs::write(&recording, "y").is_err());
            assert!(std::fs::write(&playback, "y").is_ok());
        });
        confined.join().unwrap();
    }
}
