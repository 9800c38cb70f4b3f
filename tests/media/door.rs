// SPDX-License-Identifier: MIT OR Apache-2.0
//! The daemon's side of a worker, and the handsets that belong to it.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    time::Duration,
};

use intercomd::{
    core::{
        CallId, LegId,
        event::LegFact,
        status::{Gate, Media},
    },
    media::{
        MediaCommand, MediaEvent,
        setup::{Audio, Capture, Ice, Playback, Setup, Video, VideoSource},
        wire::{FromWorker, ToWorker},
    },
    session::{SessionNo, Signal, VideoCodec, Wants},
    station::clock,
};
use tempfile::TempDir;

use crate::{
    ear::Ear,
    peer::{Manners, Peer},
};

const PATIENCE: Duration = Duration::from_secs(30);
pub(crate) const CALL: CallId = CallId(7);
/// What the door says.
pub(crate) const DOOR_HZ: f32 = 1000.0;

#[derive(Debug)]
pub(crate) enum News {
    Worker(FromWorker),
    /// The worker closed its end.
    Gone,
    Peer {
        leg: LegId,
        session: SessionNo,
        signal: Signal,
    },
}

#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) worker: Child,
    socket: UnixStream,
    news: Receiver<News>,
    sender: SyncSender<News>,
    pub(crate) manners: BTreeMap<LegId, Manners>,
    pub(crate) peers: BTreeMap<LegId, Peer>,
    /// What is heard at the door.
    pub(crate) ear: Ear,
    /// From nothing to a worker that may be told what to do.
    pub(crate) ready_after: Duration,
    _directory: TempDir,
}

pub(crate) fn leg(handset: &str) -> LegId {
    LegId { call: CALL, handset: handset.parse().unwrap() }
}

pub(crate) fn video(codec: VideoCodec) -> Video {
    let source = VideoSource::Pattern;
    Video { source, width: 320, height: 240, fps: 15, kbps: 400, codecs: vec![codec] }
}

pub(crate) fn wants(codecs: &[VideoCodec]) -> Wants {
    Wants { video: codecs.to_vec(), camera: false }
}

/// For tests on this machine alone.
pub(crate) fn setup() -> Setup {
    let ice = Ice { addresses: vec!["127.0.0.1".parse().unwrap()], ..Ice::default() };
    let capture = Capture::Tone(DOOR_HZ as u32);
    Setup { audio: Audio { capture, ..Audio::default() }, ice, ..Setup::default() }
}

impl Door {
    pub(crate) fn with(setup: Setup) -> Self {
        Self::with_env(setup, &[])
    }

    pub(crate) fn with_env(setup: Setup, env: &[(&str, &Path)]) -> Self {
        Self::start(setup, "warn", Stdio::inherit(), env)
    }

    pub(crate) fn logging(setup: Setup, level: &str, log: Stdio) -> Self {
        Self::start(setup, level, log, &[])
    }

    /// Playback goes where the test can hear it.
    pub(crate) fn start(mut setup: Setup, level: &str, log: Stdio, env: &[(&str, &Path)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let ear = Ear::default();
        if setup.audio.playback == Playback::Nowhere {
            setup.audio.playback = Playback::File(listen(directory.path().join("heard"), &ear));
        }
        let began = clock::now();
        let (ours, theirs) = UnixStream::pair().unwrap();
        let worker = Command::new(env!("CARGO_BIN_EXE_intercomd-media"))
            .env("INTERCOMD_LOG", level)
            .envs(env.iter().copied())
            .stderr(log)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .spawn()
            .unwrap();
        let (sender, news) = sync_channel(10_000);
        read_lines(ours.try_clone().unwrap(), sender.clone());
        let (manners, peers) = (BTreeMap::new(), BTreeMap::new());
        let mut door = Self {
            worker,
            socket: ours,
            news,
            sender,
            manners,
            peers,
            ear,
            ready_after: Duration::ZERO,
            _directory: directory,
        };
        door.tell(&ToWorker::Setup(Box::new(setup)));
        door.until("ready", |news| matches!(news, News::Worker(FromWorker::Ready)).then_some(()));
        door.ready_after = clock::now().since(began);
        door
    }

    /// In a call already.
    pub(crate) fn in_call(setup: Setup) -> Self {
        let media = if setup.video.is_some() { Media::Video } else { Media::Audio };
        let mut door = Self::with(setup);
        door.order(MediaCommand::Start { call: CALL, media });
        door
    }

    pub(crate) fn tell(&mut self, message: &ToWorker) {
        let mut line = serde_json::to_vec(message).unwrap();
        line.push(b'\n');
        self.socket.write_all(&line).unwrap();
    }

    pub(crate) fn tell_raw(&mut self, bytes: &[u8]) {
        self.socket.write_all(bytes).unwrap();
    }

    pub(crate) fn order(&mut self, command: MediaCommand) {
        self.tell(&ToWorker::Do(command));
    }

    pub(crate) fn gate(&mut self, leg: &LegId, gate: Gate) {
        self.order(MediaCommand::Gate { leg: leg.clone(), gate });
    }

    pub(crate) fn signal(&mut self, leg: &LegId, session: SessionNo, signal: Signal) {
        self.order(MediaCommand::Signal { leg: leg.clone(), session, signal });
    }

    pub(crate) fn open(&mut self, leg: &LegId, wants: Wants, preview: bool, manners: Manners) {
        self.manners.insert(leg.clone(), manners);
        self.order(MediaCommand::OpenLeg { leg: leg.clone(), wants, preview });
    }

    /// A leg that has come as far as it can before somebody answers.
    pub(crate) fn connected(&mut self, handset: &str, wants: Wants, preview: bool) -> LegId {
        let id = leg(handset);
        self.open(&id, wants, preview, Manners::default());
        self.until_fact(&id, LegFact::MediaConnected);
        id
    }

    pub(crate) fn peer(&self, leg: &LegId) -> &Peer {
        &self.peers[leg]
    }

    /// Passes on what worker and handsets say to each other until `found` finds something.
    pub(crate) fn until<T>(&mut self, what: &str, mut found: impl FnMut(&News) -> Option<T>) -> T {
        let deadline = clock::now() + PATIENCE;
        loop {
            let left = deadline.since(clock::now());
            let news = self.news.recv_timeout(left);
            let news = news.unwrap_or_else(|_| panic!("waited in vain: {what}"));
            let answer = found(&news);
            self.pass_on(news);
            if let Some(answer) = answer {
                return answer;
            }
        }
    }

    pub(crate) fn until_event<T>(
        &mut self,
        what: &str,
        mut found: impl FnMut(&MediaEvent) -> Option<T>,
    ) -> T {
        self.until(what, |news| {
            let News::Worker(FromWorker::Said(event)) = news else { return None };
            found(event)
        })
    }

    /// The next fact about that leg is this one.
    pub(crate) fn until_fact(&mut self, leg: &LegId, expected: LegFact) {
        let next = self.until_event(&format!("{expected:?}"), |event| {
            let MediaEvent::Leg { leg: of, fact } = event else { return None };
            (of == leg).then_some(*fact)
        });
        assert_eq!(next, expected);
    }

    pub(crate) fn until_offer(&mut self, of: &LegId) -> (SessionNo, String) {
        self.until_event("offer", |event| {
            let MediaEvent::Signal { leg, session, signal } = event else { return None };
            let Signal::Description(sdp) = signal else { return None };
            (leg == of).then(|| (*session, sdp.0.clone()))
        })
    }

    /// The worker has done everything that it was told before.
    pub(crate) fn settle(&mut self) {
        let number = self.worker.id();
        self.tell(&ToWorker::Ping(number));
        self.until("pong", |news| {
            matches!(news, News::Worker(FromWorker::Pong(n)) if *n == number).then_some(())
        });
    }

    pub(crate) fn until_gone(&mut self) {
        self.until("the worker's end", |news| matches!(news, News::Gone).then_some(()));
    }

    /// The daemon dies.
    pub(crate) fn hang_up(&mut self) {
        self.socket.shutdown(std::net::Shutdown::Both).unwrap();
    }

    fn pass_on(&mut self, news: News) {
        match news {
            News::Worker(FromWorker::Said(MediaEvent::Signal { leg, session, signal })) => {
                self.tell_peer(leg, session, &signal);
            }
            News::Peer { leg, session, signal } => self.signal(&leg, session, signal),
            News::Worker(_) | News::Gone => {}
        }
    }

    fn tell_peer(&mut self, leg: LegId, session: SessionNo, signal: &Signal) {
        let Some(manners) = self.manners.get(&leg) else { return };
        match signal {
            Signal::Description(_) if manners.is_deaf => {}
            Signal::Description(offer) => {
                let sender = self.sender.clone();
                let id = leg.clone();
                let tell = move |signal| {
                    // The test may be over.
                    drop(sender.try_send(News::Peer { leg: id.clone(), session, signal }));
                };
                let old = self.peers.insert(leg, Peer::answer(session, &offer.0, manners, tell));
                drop(old);
            }
            Signal::Candidate(candidate) => {
                if let Some(peer) = self.peers.get(&leg).filter(|peer| peer.session == session) {
                    peer.candidate(candidate);
                }
            }
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.peers.clear();
        drop(self.worker.kill());
        drop(self.worker.wait());
    }
}

fn read_lines(socket: UnixStream, sender: SyncSender<News>) {
    std::thread::spawn(move || {
        for line in BufReader::new(socket).lines().map_while(Result::ok) {
            let message = serde_json::from_str(&line).unwrap();
            if sender.send(News::Worker(message)).is_err() {
                return;
            }
        }
        drop(sender.send(News::Gone));
    });
}

/// A pipe in place of a file, so that nobody has to ask whether it has grown.
fn listen(path: PathBuf, ear: &Ear) -> PathBuf {
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    // For writing too: it is opened at once and does not end while the worker is not there.
    let mut pipe = std::fs::File::options().read(true).write(true).open(&path).unwrap();
    let ear = ear.clone();
    std::thread::spawn(move || {
        let mut block = [0; 960];
        while pipe.read_exact(&mut block).is_ok() {
            ear.hear(&block);
        }
    });
    path
}
