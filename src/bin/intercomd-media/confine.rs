// SPDX-License-Identifier: MIT OR Apache-2.0
//! What this process gives up before it hears from anybody outside the house: it decodes what
//! strangers' networks send.

use std::{
    env,
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use intercomd::media::setup::{Capture, Playback, Setup};
use landlock::{
    ABI, Access, AccessFs, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};

const FILES_MAX: u64 = 512;

/// A kernel that knows less of it confines less. The next that would matter refuses sockets by
/// path, those of sound servers and screens among them.
const KNOWN: ABI = ABI::V6;

/// Programs and libraries, what the machine is made of, and settings of GStreamer and ALSA.
const READ: &[&str] =
    &["/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/run/udev", "/var/lib/alsa"];
/// Sound, cameras with their codecs, and screens, by their names in /dev without a number: what the
/// service unit allows but for the lines of the doors.
const DEVICES: &[&str] = &[
    "snd",
    "video",
    "v4l-subdev",
    "media",
    "dma_heap",
    "dri",
    "null",
    "zero",
    "full",
    "random",
    "urandom",
];

pub(crate) fn enter(setup: &Setup) -> anyhow::Result<()> {
    be_like_others_without_memory().context("memory")?;
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

/// Not as precious as the daemon, whose score it has inherited. To be called while this process owns
/// its part of /proc: it does not once it cannot be dumped.
fn be_like_others_without_memory() -> io::Result<()> {
    const SCORE: &str = "/proc/self/oom_score_adj";
    if fs::read_to_string(SCORE)?.starts_with('-') { fs::write(SCORE, "0") } else { Ok(()) }
}

fn restrict(setup: &Setup) -> anyhow::Result<RulesetStatus> {
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(KNOWN))?
        .scope(Scope::from_all(KNOWN))?
        .create()?;
    let devices = AccessFs::ReadFile | AccessFs::ReadDir | AccessFs::WriteFile | AccessFs::IoctlDev;
    for path in reads(setup) {
        rules = allow(rules, &path, AccessFs::from_read(KNOWN))?;
    }
    for path in devices_in(Path::new("/dev")).context("devices")? {
        rules = allow(rules, &path, devices)?;
    }
    for path in writes(setup) {
        rules = allow(rules, &path, AccessFs::from_all(KNOWN))?;
    }
    Ok(rules.restrict_self()?.ruleset)
}

fn devices_in(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in directory.read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        let kind = name.to_string_lossy();
        if DEVICES.contains(&kind.trim_end_matches(|end: char| end.is_ascii_digit())) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn reads(setup: &Setup) -> Vec<PathBuf> {
    let fixed = READ.iter().map(PathBuf::from);
    let plugins = env::var_os("GST_PLUGIN_SYSTEM_PATH_1_0").unwrap_or_default();
    let plugins = env::split_paths(&plugins).collect::<Vec<_>>();
    let recording = match &setup.audio.capture {
        Capture::File(path) => Some(path.clone()),
        Capture::Silence
        | Capture::Alsa(_)
        | Capture::Tone(_)
        | Capture::Ticks
        | Capture::Loudspeaker => None,
    };
    let sounds = setup.sounds.files().map(Path::to_owned);
    let alsa = env::var_os("ALSA_CONFIG_PATH").map(PathBuf::from);
    // Often a link to where a resolver keeps it; relays have names.
    let resolver = Path::new("/etc/resolv.conf").canonicalize().ok();
    fixed.chain(plugins).chain(recording).chain(sounds).chain(alsa).chain(resolver).collect()
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
    let access = if path.is_dir() { access } else { access & AccessFs::from_file(KNOWN) };
    Ok(rules.add_rule(PathBeneath::new(beneath, access))?)
}

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        os::{
            linux::net::SocketAddrExt,
            unix::net::{SocketAddr, UnixListener, UnixStream},
        },
        process::{Command, Stdio},
        thread,
        time::Duration,
    };

    use intercomd::{core::status::Sound, media::sounds::Own};

    use super::*;

    /// A thread of its own is confined, not the tests. `None`: this kernel cannot.
    fn confined<T: Send + 'static>(
        setup: Setup,
        does: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let confined = thread::spawn(move || {
            (restrict(&setup).unwrap() != RulesetStatus::NotEnforced).then(does)
        });
        confined.join().unwrap()
    }

    fn kernel_scopes() -> bool {
        let strict = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
        strict.scope(Scope::from_all(KNOWN)).is_ok()
    }

    #[test]
    fn a_confined_worker_reads_libraries_and_its_recordings_and_writes_its_playback_only() {
        let directory = tempfile::tempdir().unwrap();
        let [secret, recording, chime, playback] =
            ["secret", "recording", "chime", "playback"].map(|name| directory.path().join(name));
        std::fs::write(&secret, "x").unwrap();
        std::fs::write(&recording, "x").unwrap();
        std::fs::write(&chime, "x").unwrap();
        let mut setup = Setup::default();
        setup.audio.capture = Capture::File(recording.clone());
        setup.audio.playback = Playback::File(playback.clone());
        let own = Own { file: Some(chime.clone()), volume: 100, lasts: Duration::ZERO };
        setup.sounds.once.insert(Sound::Activated, own);
        assert!(std::fs::read(&secret).is_ok());
        let knows_names = std::fs::read("/etc/resolv.conf").is_ok();
        confined(setup, move || {
            assert_eq!(std::fs::read("/etc/resolv.conf").is_ok(), knows_names);
            assert!(std::fs::read(&secret).is_err());
            assert!(std::fs::write(&secret, "y").is_err());
            assert!(std::fs::write(secret.with_extension("new"), "y").is_err());
            assert!(std::fs::write("/etc/intercomd-was-here", "y").is_err());
            assert!(std::fs::read("/etc/hostname").is_ok());
            assert!(std::fs::read(&recording).is_ok());
            assert!(std::fs::write(&recording, "y").is_err());
            assert!(std::fs::read(&chime).is_ok());
            assert!(std::fs::write(&chime, "y").is_err());
            assert!(std::fs::write(&playback, "y").is_ok());
        });
    }

    #[test]
    fn no_line_of_a_door_is_among_the_devices() {
        let directory = tempfile::tempdir().unwrap();
        let given = ["dri", "media0", "null", "snd", "v4l-subdev3", "video0", "video12"];
        let refused = ["gpiochip0", "gpiomem", "gpiomem0", "i2c-1", "mem", "mem0", "tty", "vda1"];
        for name in given.iter().chain(&refused) {
            std::fs::write(directory.path().join(name), "").unwrap();
        }
        let mut found = devices_in(directory.path()).unwrap();
        found.sort();
        assert_eq!(found, given.map(|name| directory.path().join(name)));
    }

    #[test]
    fn a_confined_worker_opens_its_devices_and_no_other() {
        // Like a GPIO chip for its group, everybody may open this one.
        let other = "/dev/ptmx";
        let open = |path: &str| OpenOptions::new().read(true).write(true).open(path);
        open(other).unwrap();
        confined(Setup::default(), move || {
            open("/dev/null").unwrap();
            let refused = open(other).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
            let refused = Path::new("/dev").read_dir().unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        });
    }

    #[test]
    fn a_confined_worker_neither_kills_nor_reads_its_daemon_and_reaches_no_abstract_socket() {
        if !kernel_scopes() {
            return;
        }
        let mut daemon = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let name = format!("intercomd-confine-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(name).unwrap();
        let _listener = UnixListener::bind_addr(&address).unwrap();
        UnixStream::connect_addr(&address).unwrap();
        let memory = format!("/proc/{}/mem", daemon.id());
        let (attempts, mut daemon) = confined(Setup::default(), move || {
            let killed = daemon.kill();
            let reached = UnixStream::connect_addr(&address).map(drop);
            let read = File::open(memory).map(drop);
            ([killed, reached, read], daemon)
        })
        .unwrap();
        assert!(daemon.try_wait().unwrap().is_none());
        daemon.kill().unwrap();
        daemon.wait().unwrap();
        for attempt in attempts {
            assert_eq!(attempt.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        }
    }
}
