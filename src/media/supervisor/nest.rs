// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a worker finds when it starts. GStreamer reads every plugin that it can see when it
//! starts without a registry of them, and there are hundreds; from a directory with the few
//! that a call needs it starts ten times as fast.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::{ffi::OsStrExt, fs::DirBuilderExt, fs::symlink},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use tracing::{Level, level_filters::LevelFilter};

use crate::{
    config::LogLevel,
    media::{
        plugins,
        setup::{Screen, Setup},
    },
};

/// A directory for what GStreamer remembers, made when the first worker is launched.
#[derive(Debug)]
pub(super) struct Nest {
    wanted: Option<PathBuf>,
    made: OnceLock<Option<PathBuf>>,
}

impl Nest {
    /// Where the service manager keeps such things for us, or else in this directory of ours.
    pub(super) fn find(directory: &Path) -> Self {
        let given = ["CACHE_DIRECTORY", "RUNTIME_DIRECTORY"].into_iter().find_map(first_of);
        let place = given.unwrap_or_else(|| directory.to_owned()).join("media");
        Self { wanted: Some(place), made: OnceLock::new() }
    }

    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self { wanted: None, made: OnceLock::new() }
    }

    /// Everything that a worker gets from our environment and of its own. Nothing else of ours
    /// reaches it.
    pub(super) fn environment(&self, setup: &Setup) -> BTreeMap<OsString, OsString> {
        let mut all = BTreeMap::new();
        let mut set = |key: &str, value: &OsStr| all.insert(key.into(), value.to_owned());
        // Set-up and tear-down of encoders fragments glibc's usual arenas: 200 MB after 200 calls.
        set("MALLOC_ARENA_MAX", "2".as_ref());
        set("MALLOC_MMAP_THRESHOLD_", "131072".as_ref());
        // Machine code made while running needs memory that our service unit forbids.
        set("ORC_CODE", "backup".as_ref());
        set("INTERCOMD_LOG", log_level().as_ref());
        for key in passed_on(setup) {
            if let Some(value) = env::var_os(key) {
                set(key, &value);
            }
        }
        if let Some(place) = self.made.get_or_init(|| self.make()) {
            set("GST_PLUGIN_SYSTEM_PATH_1_0", place.join("plugins").as_ref());
            set("GST_REGISTRY", place.join("registry.bin").as_ref());
            // A helper process to read two dozen known files would only cost time.
            set("GST_REGISTRY_FORK", "no".as_ref());
        }
        all
    }

    /// Without one a worker takes GStreamer's own ways: slower, and no less right.
    fn make(&self) -> Option<PathBuf> {
        let place = self.wanted.as_ref()?;
        match furnish(place, &plugins::places()) {
            Ok(()) => Some(place.clone()),
            Err(error) => {
                tracing::warn!(%error, path = %place.display(), "no place to keep what media workers need");
                None
            }
        }
    }
}

/// As much as we say ourselves.
fn log_level() -> &'static str {
    let level = LevelFilter::current().into_level().unwrap_or(Level::ERROR);
    let level = match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        Level::DEBUG | Level::TRACE => LogLevel::Debug,
    };
    level.word()
}

fn first_of(variable: &str) -> Option<PathBuf> {
    let list = env::var_os(variable)?;
    let first = list.as_bytes().split(|byte| *byte == b':').next()?;
    (!first.is_empty()).then(|| PathBuf::from(OsStr::from_bytes(first)))
}

/// Sound servers and displays are found by these.
fn passed_on(setup: &Setup) -> Vec<&'static str> {
    let mut keys = vec!["HOME", "LANG", "RUST_LOG"];
    if setup.audio.has_card() {
        keys.extend(["ALSA_CONFIG_PATH", "ALSA_CONFIG_DIR", "PULSE_SERVER", "XDG_RUNTIME_DIR"]);
    }
    if setup.screen == Screen::Wayland {
        keys.extend(["WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"]);
    }
    keys
}

/// What of the plugins that a worker uses this machine has, and where.
fn used(from: &[PathBuf]) -> BTreeMap<OsString, PathBuf> {
    let find = |name: &str| from.iter().map(|lib| lib.join(name)).find(|plugin| plugin.exists());
    for name in plugins::NEEDED.iter().filter(|name| find(name).is_none()) {
        tracing::error!(name, "GStreamer lacks a plugin that every call needs");
    }
    let all = plugins::NEEDED.iter().chain(plugins::OPTIONAL);
    all.filter_map(|name| Some((OsString::from(name), find(name)?))).collect()
}

/// Exactly the plugins that are needed and that this machine has.
fn furnish(place: &Path, from: &[PathBuf]) -> io::Result<()> {
    let plugins = place.join("plugins");
    fs::DirBuilder::new().mode(0o700).recursive(true).create(&plugins)?;
    let mut missing = used(from);
    if missing.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "GStreamer has no plugins"));
    }
    for entry in fs::read_dir(&plugins)? {
        let entry = entry?;
        let wanted = missing.get(&entry.file_name());
        if wanted.is_some() && fs::read_link(entry.path()).ok().as_ref() == wanted {
            missing.remove(&entry.file_name());
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    for (name, plugin) in missing {
        symlink(plugin, plugins.join(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names(path: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(path).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn the_plugins_that_are_there_and_needed_are_in_the_directory_and_no_others() {
        let home = tempfile::tempdir().unwrap();
        let lib = home.path().join("lib");
        fs::create_dir(&lib).unwrap();
        let here = &plugins::NEEDED[..2];
        for name in here.iter().chain(&["libgstother.so"]) {
            fs::write(lib.join(name), "").unwrap();
        }
        let place = home.path().join("kept");
        let plugins = home.path().join("kept/plugins");
        for _ in 0..2 {
            furnish(&place, std::slice::from_ref(&lib)).unwrap();
            assert_eq!(names(&plugins), here.iter().map(|name| (*name).to_owned()).collect());
            // What another version left, and a link that leads nowhere now.
            symlink("/nowhere", plugins.join("libgstold.so")).unwrap();
            fs::remove_file(plugins.join(here[0])).unwrap();
            symlink("/nowhere", plugins.join(here[0])).unwrap();
        }
        furnish(&place, &[lib]).unwrap();
        assert!(fs::read(plugins.join(here[0])).is_ok());
    }

    #[test]
    fn a_machine_without_plugins_is_told_apart() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("kept");
        let error = furnish(&place, &[home.path().to_owned()]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn little_of_our_environment_reaches_a_worker() {
        let silent = Nest::none().environment(&Setup::default());
        let keys: BTreeSet<_> = silent.keys().filter_map(|key| key.to_str()).collect();
        for key in &keys {
            assert!(
                ["HOME", "LANG", "RUST_LOG", "INTERCOMD_LOG", "ORC_CODE"].contains(key)
                    || key.starts_with("MALLOC_"),
                "{key}"
            );
        }
        assert!(keys.contains("MALLOC_ARENA_MAX"));
    }
}
