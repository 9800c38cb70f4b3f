// SPDX-License-Identifier: MIT OR Apache-2.0
//! A microphone or a loudspeaker that may go, as when its plug is pulled, and come back.

use std::time::Duration;

use intercomd::{core::Moment, media::AudioFault};

use crate::{
    cards::Trouble,
    graph::{self, Graph},
};

/// A card that is plugged in is there some moments before it may be opened: it is tried more than once.
const AGAIN_AFTER: Duration = Duration::from_millis(200);

/// `T` is what a graph is made for: the device, or silence, which takes its place so that nothing else has to know.
#[derive(Debug)]
pub(super) struct Device<T> {
    name: &'static str,
    wanted: T,
    silence: T,
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Unused,
    Used {
        graph: Graph,
    },
    /// Left as it was, and to be replaced.
    Left,
    /// The trouble was told.
    Gone {
        _silence: Option<Graph>,
        again_at: Moment,
        trouble: Trouble,
    },
}

impl From<graph::Error> for Trouble {
    fn from(error: graph::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl<T> Device<T> {
    pub(super) fn new(name: &'static str, wanted: T, silence: T) -> Self {
        Self { name, wanted, silence, state: State::Unused }
    }

    /// If it is not in use yet. `open` makes a graph that has the device and does nothing with it yet.
    pub(super) fn start(&mut self, now: Moment, open: impl Fn(&T) -> Result<Graph, Trouble>) {
        if !matches!(self.state, State::Unused) {
            return;
        }
        match open(&self.wanted).and_then(|graph| Ok(graph.play().map(|()| graph)?)) {
            Ok(graph) => self.state = State::Used { graph },
            Err(trouble) => {
                tracing::warn!(device = self.name, %trouble, "sound device cannot be used");
                self.lose(now, trouble, open);
            }
        }
    }

    pub(super) fn stop(&mut self) {
        self.state = State::Unused;
    }

    /// To be called before it is told that it broke, if it would not even stop.
    pub(super) fn leave(&mut self) {
        self.state = match std::mem::take(&mut self.state) {
            State::Used { graph } => {
                graph.leave();
                State::Left
            }
            other @ (State::Unused | State::Left | State::Gone { .. }) => other,
        };
    }

    pub(super) fn broke(
        &mut self,
        now: Moment,
        why: String,
        open: impl Fn(&T) -> Result<Graph, Trouble>,
    ) {
        match self.state {
            State::Used { .. } | State::Left => self.state = State::Unused,
            State::Unused | State::Gone { .. } => return,
        }
        // Whoever tries to open it again learns more.
        let trouble = open(&self.wanted).err().unwrap_or(Trouble::Broken(why));
        tracing::warn!(device = self.name, %trouble, "sound device is gone");
        self.lose(now, trouble, open);
    }

    pub(super) fn fault(&self) -> Option<AudioFault> {
        match &self.state {
            State::Gone { trouble, .. } => Some(trouble.fault()),
            State::Unused | State::Used { .. } | State::Left => None,
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Moment> {
        match self.state {
            State::Gone { again_at, .. } => Some(again_at),
            State::Unused | State::Used { .. } | State::Left => None,
        }
    }

    /// What is gone may have come back. Silence ends before sound begins, or frames of both would mix.
    pub(super) fn handle_timeout(
        &mut self,
        now: Moment,
        open: impl Fn(&T) -> Result<Graph, Trouble>,
    ) {
        let State::Gone { again_at, trouble, .. } = &mut self.state else { return };
        if now < *again_at {
            return;
        }
        *again_at = now + AGAIN_AFTER;
        let graph = match open(&self.wanted) {
            Ok(graph) => graph,
            Err(other) => {
                if *trouble != other {
                    tracing::warn!(device = self.name, trouble = %other, "sound device is still gone");
                    *trouble = other;
                }
                return;
            }
        };
        let trouble = trouble.clone();
        self.state = State::Unused;
        match graph.play() {
            Ok(()) => {
                tracing::info!(device = self.name, "sound device is back");
                self.state = State::Used { graph };
            }
            Err(_) => self.lose(now, trouble, open),
        }
    }

    fn lose(&mut self, now: Moment, trouble: Trouble, open: impl Fn(&T) -> Result<Graph, Trouble>) {
        self.state = State::Unused;
        let silence = open(&self.silence).ok().filter(|graph| graph.play().is_ok());
        self.state = State::Gone { _silence: silence, again_at: now + AGAIN_AFTER, trouble };
    }
}

#[cfg(test)]
mod tests {
    use std::{
        cell::RefCell,
        io::Write,
        sync::{Arc, Mutex},
    };

    use super::*;
    use crate::graph::Time;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Log {
        fn lines(&self) -> Vec<String> {
            let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            text.lines().map(|line| line.trim().to_owned()).collect()
        }
    }

    fn busy() -> Trouble {
        Trouble::Busy { pcm: "hw:0".to_owned(), holders: vec![] }
    }

    fn missing() -> Trouble {
        Trouble::Missing("there is no sound card Headset".to_owned())
    }

    fn graph() -> Graph {
        gstreamer::init().unwrap();
        Graph::build(&Time::start(), "fakesrc num-buffers=1 ! fakesink", |_| {}).unwrap()
    }

    #[test]
    fn a_reason_is_told_once_however_often_the_device_is_tried() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .without_time()
            .with_target(false)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let answer = RefCell::new(Some(busy()));
        let open = |wanted: &bool| match answer.borrow().clone() {
            Some(trouble) if *wanted => Err(trouble),
            Some(_) | None => Ok(graph()),
        };
        let at = Moment::from_millis;
        tracing::subscriber::with_default(subscriber, || {
            let mut device = Device::new("microphone", true, false);
            device.start(at(0), open);
            assert_eq!(device.fault(), Some(AudioFault::Busy));
            (1..10).for_each(|round| device.handle_timeout(at(500 * round), open));
            answer.replace(Some(missing()));
            (10..20).for_each(|round| device.handle_timeout(at(500 * round), open));
            assert_eq!(device.fault(), Some(AudioFault::Missing));
            answer.replace(None);
            device.handle_timeout(at(10_000), open);
            assert_eq!((device.fault(), device.poll_timeout()), (None, None));
            answer.replace(Some(busy()));
            device.broke(at(11_000), "read error".to_owned(), open);
            assert_eq!(device.fault(), Some(AudioFault::Busy));
        });
        let busy = "device=\"microphone\" trouble=hw:0 is in use by another program; it is taken as soon as it is free";
        let expected = [
            format!("WARN sound device cannot be used {busy}"),
            "WARN sound device is still gone device=\"microphone\" trouble=there is no sound card Headset".to_owned(),
            "INFO sound device is back device=\"microphone\"".to_owned(),
            format!("WARN sound device is gone {busy}"),
        ];
        assert_eq!(log.lines(), expected);
    }
}
