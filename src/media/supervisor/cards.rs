// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound devices that come and go while nobody uses them. The kernel makes and removes their files;
//! nothing here asks again and again.

use std::{
    future, io,
    mem::MaybeUninit,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
};

use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};
use tokio::io::{Interest, unix::AsyncFd};

/// Below the directory of all devices, and not there while there is no card.
const SOUND: &str = "snd";

#[derive(Debug)]
pub(super) struct Cards {
    devices: PathBuf,
    notices: Option<AsyncFd<OwnedFd>>,
}

impl Cards {
    /// In a place that cannot be watched nothing is noticed.
    pub(super) fn watch(devices: &Path) -> Self {
        let devices = devices.to_owned();
        let notices = start(&devices).inspect_err(|error| {
            tracing::debug!(%error, "nobody tells of sound cards that come and go");
        });
        let cards = Self { devices, notices: notices.ok() };
        cards.watch_sound();
        cards
    }

    /// Also when access to one was changed, as udev does after it has come.
    pub(super) async fn changed(&self) {
        while let Some(notices) = &self.notices {
            let Ok(mut ready) = notices.readable().await else { break };
            let changed = self.read();
            ready.clear_ready();
            if changed {
                return;
            }
        }
        future::pending().await
    }

    /// Everything that was noticed since the last time.
    fn read(&self) -> bool {
        let Some(notices) = &self.notices else { return false };
        let mut buffer = [MaybeUninit::uninit(); 1024];
        let mut reader = Reader::new(notices.get_ref(), &mut buffer);
        let mut changed = false;
        while let Ok(notice) = reader.next() {
            let name = notice.file_name().map(|name| name.to_bytes()).unwrap_or_default();
            if name == SOUND.as_bytes() {
                self.watch_sound();
                changed = true;
            }
            changed |= name.starts_with(b"pcm");
        }
        changed
    }

    fn watch_sound(&self) {
        let Some(notices) = &self.notices else { return };
        let of_interest = WatchFlags::CREATE | WatchFlags::DELETE | WatchFlags::ATTRIB;
        let sound = self.devices.join(SOUND);
        if let Err(error) = inotify::add_watch(notices.get_ref(), sound, of_interest) {
            // Its coming is told as well.
            tracing::debug!(%error, "there are no sound devices");
        }
    }
}

fn start(devices: &Path) -> io::Result<AsyncFd<OwnedFd>> {
    let notices = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
    inotify::add_watch(&notices, devices, WatchFlags::CREATE)?;
    readable(notices)
}

#[expect(deprecated, reason = "its successor is unsafe; this one keeps its file for life")]
fn readable(notices: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(notices, Interest::READABLE)
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, Permissions},
        os::unix::fs::PermissionsExt,
    };

    use super::*;

    #[tokio::test]
    async fn a_sound_device_that_comes_or_goes_is_noticed_and_another_is_not() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        let cards = Cards::watch(home.path());
        fs::write(at("video0"), "").unwrap();
        assert!(!cards.read());
        // The first card brings the directory.
        fs::create_dir(at("snd")).unwrap();
        assert!(cards.read());
        fs::write(at("snd/seq"), "").unwrap();
        assert!(!cards.read());
        fs::write(at("snd/pcmC0D0p"), "").unwrap();
        assert!(cards.read() && !cards.read());
        fs::set_permissions(at("snd/pcmC0D0p"), Permissions::from_mode(0o660)).unwrap();
        assert!(cards.read());
        // Whoever uses it is nobody's business.
        fs::write(at("snd/pcmC0D0p"), "sound").unwrap();
        assert!(!cards.read());
        // The last card takes the directory with it, and the next one brings another.
        fs::remove_dir_all(at("snd")).unwrap();
        assert!(cards.read());
        fs::create_dir(at("snd")).unwrap();
        cards.changed().await;
        fs::write(at("snd/pcmC1D0c"), "").unwrap();
        cards.changed().await;
    }

    #[tokio::test]
    async fn a_place_that_is_not_there_cannot_be_watched_and_does_no_harm() {
        let cards = Cards::watch(Path::new("/no/such/place"));
        assert!(!cards.read());
    }
}
