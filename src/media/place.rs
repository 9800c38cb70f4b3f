// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the worker's executable is.

use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

const NAME: &str = "intercomd-media";
/// Where it is instead, for tests and for those who build their own.
const VARIABLE: &str = "INTERCOMD_MEDIA";

/// What is executed for a worker.
#[derive(Clone, Debug, Default)]
pub(crate) enum Program {
    /// Where `make install` or `cargo build` put it, looked for at each start.
    #[default]
    Installed,
    #[cfg(test)]
    Script { shell: PathBuf, script: PathBuf },
}

#[derive(Debug, thiserror::Error)]
#[error("no executable {NAME}; looked for {}", Listed(.0))]
pub(crate) struct NotFound(Vec<PathBuf>);

struct Listed<'a>(&'a [PathBuf]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<_> = self.0.iter().map(|path| path.display().to_string()).collect();
        f.write_str(&paths.join(", "))
    }
}

impl Program {
    pub(crate) fn find(&self) -> Result<(PathBuf, Vec<OsString>), NotFound> {
        match self {
            Self::Installed => {
                let places = places(std::env::var_os(VARIABLE), std::env::current_exe().ok());
                let found = places.iter().find(|place| place.is_file()).cloned();
                found.map(|path| (path, Vec::new())).ok_or(NotFound(places))
            }
            #[cfg(test)]
            Self::Script { shell, script } => Ok((shell.clone(), vec![script.into()])),
        }
    }
}

fn places(told: Option<OsString>, own: Option<PathBuf>) -> Vec<PathBuf> {
    if let Some(told) = told.filter(|told| !told.is_empty()) {
        return vec![PathBuf::from(told)];
    }
    let beside = own.as_deref().and_then(Path::parent).unwrap_or(Path::new("/usr/bin"));
    let prefix = beside.parent().unwrap_or(Path::new("/usr"));
    // The second is where cargo puts it.
    vec![prefix.join("libexec").join(NAME), beside.join(NAME)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_in_libexec_of_the_same_prefix_or_beside_the_daemon() {
        let own = || Some(PathBuf::from("/usr/local/bin/intercomd"));
        let usual = ["/usr/local/libexec/intercomd-media", "/usr/local/bin/intercomd-media"];
        assert_eq!(places(None, own()), usual.map(PathBuf::from));
        assert_eq!(places(Some(OsString::new()), own()), usual.map(PathBuf::from));
        assert_eq!(places(Some("/opt/w".into()), own()), [PathBuf::from("/opt/w")]);
    }

    #[test]
    fn whoever_does_not_find_it_says_where_it_looked() {
        let not_found = NotFound(places(None, Some("/opt/door/bin/intercomd".into())));
        let said = not_found.to_string();
        assert!(said.contains("/opt/door/libexec/intercomd-media, /opt/door/bin/"), "{said}");
    }
}
