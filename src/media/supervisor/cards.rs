// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sound devices that come and go, or that another program has let go of, while no worker has them.
//! The kernel tells of their files; nothing here asks again and again.

use std::{
    future, io,
    mem::MaybeUninit,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use tokio::io::{Interest, unix::AsyncFd};

/// Below the directory of all devices, and not there while there is no card.
const SOUND: &str = "snd";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    LetGo,
    /// Or access to one was changed, as udev does after it has come.
    CameOrWent,
}

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

    pub(super) async fn changed(&self) -> Change {
        while let Some(notices) = &self.notices {
            let Ok(mut ready) = notices.readable().await else { break };
            let changed = self.read();
            ready.clear_ready();
            if let Some(change) = changed {
                return change;
            }
        }
        future::pending().await
    }

    /// What matters most of all that was noticed since the last time.
    fn read(&self) -> Option<Change> {
        let notices = self.notices.as_ref()?;
        let mut buffer = [MaybeUninit::uninit(); 1024];
        let mut reader = Reader::new(notices.get_ref(), &mut buffer);
        let mut most = None;
        while let Ok(notice) = reader.next() {
            let name = notice.file_name().map(|name| name.to_bytes()).unwrap_or_default();
            if name == SOUND.as_bytes() {
                self.watch_sound();
                most = Some(Change::CameOrWent);
            }
            if name.starts_with(b"pcm") {
                let closed =
                    notice.events().intersects(ReadFlags::CLOSE_WRITE | ReadFlags::CLOSE_NOWRITE);
                let change = if closed { Change::LetGo } else { Change::CameOrWent };
                most = most.max(Some(change));
            }
        }
        most
    }

    fn watch_sound(&self) {
        let Some(notices) = &self.notices else { return };
        let of_interest =
            WatchFlags::CREATE | WatchFlags::DELETE | WatchFlags::ATTRIB | WatchFlags::CLOSE;
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
        io::Write,
        os::unix::fs::PermissionsExt,
    };

    use super::*;

    #[tokio::test]
    async fn a_sound_device_that_comes_goes_or_is_let_go_of_is_noticed_and_another_is_not() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        let came_or_went = Some(Change::CameOrWent);
        let cards = Cards::watch(home.path());
        fs::write(at("video0"), "").unwrap();
        assert_eq!(cards.read(), None);
        // The first card brings the directory.
        fs::create_dir(at("snd")).unwrap();
        assert_eq!(cards.read(), came_or_went);
        fs::write(at("snd/seq"), "").unwrap();
        assert_eq!(cards.read(), None);
        fs::write(at("snd/pcmC0D0p"), "").unwrap();
        assert_eq!((cards.read(), cards.read()), (came_or_went, None));
        fs::set_permissions(at("snd/pcmC0D0p"), Permissions::from_mode(0o660)).unwrap();
        assert_eq!(cards.read(), came_or_went);
        // Whoever uses it is nobody's business until it has done so.
        let mut user = fs::File::create(at("snd/pcmC0D0p")).unwrap();
        user.write_all(b"sound").unwrap();
        assert_eq!(cards.read(), None);
        drop(user);
        assert_eq!((cards.read(), cards.read()), (Some(Change::LetGo), None));
        // The last card takes the directory with it, and the next one brings another.
        fs::remove_dir_all(at("snd")).unwrap();
        assert_eq!(cards.read(), came_or_went);
        fs::create_dir(at("snd")).unwrap();
        assert_eq!(cards.changed().await, Change::CameOrWent);
        fs::write(at("snd/pcmC1D0c"), "").unwrap();
        assert_eq!(cards.changed().await, Change::CameOrWent);
    }

    #[tokio::test]
    async fn a_place_that_is_not_there_cannot_be_watched_and_does_no_harm() {
        let cards = Cards::watch(Path::new("/no/such/place"));
        assert_eq!(cards.read(), None);
    }
}
