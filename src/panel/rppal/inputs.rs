// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lines that we watch. rppal waits for an edge in a thread for each line; the thread only says
//! so, and the level is read here.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ::rppal::gpio::{InputPin, Level, Pin, Trigger};
use tokio::{
    sync::{Notify, mpsc::Sender},
    task::JoinHandle,
};

use super::cause;
use crate::{
    core::{Moment, event::Input},
    panel::{
        PanelEvent,
        fault::Cause,
        reported::Reported,
        wiring::{Bias, Electrical, InputLine, Polarity},
    },
    station::clock,
};

#[derive(Debug)]
pub(in crate::panel) struct BcmInputs {
    woken: Arc<Notify>,
    task: Option<JoinHandle<()>>,
}

#[derive(Debug)]
pub(super) struct Watched {
    pin: InputPin,
    polarity: Polarity,
    debounce: Duration,
    flags: Arc<Flags>,
    reported: Reported,
    /// Registers know nothing of the kernel's debouncing: a level read in the middle of a
    /// glitch is put right by reading once more.
    again: Option<Moment>,
}

#[derive(Debug, Default)]
struct Flags {
    edge: AtomicBool,
    ended: AtomicBool,
}

/// In rppal's thread. It is dropped with the thread, also when that gives up.
struct Bell {
    flags: Arc<Flags>,
    woken: Arc<Notify>,
}

impl Bell {
    fn ring(&self) {
        self.flags.edge.store(true, Ordering::Release);
        self.woken.notify_one();
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        self.flags.ended.store(true, Ordering::Release);
        self.woken.notify_one();
    }
}

impl Watched {
    fn level(&self) -> bool {
        self.polarity.is_active(match self.pin.read() {
            Level::Low => Electrical::Low,
            Level::High => Electrical::High,
        })
    }

    fn news(&mut self, now: Moment) -> Option<PanelEvent> {
        let edge = self.flags.edge.swap(false, Ordering::AcqRel);
        let due = self.again.is_some_and(|again| again <= now);
        if !edge && !due {
            return None;
        }
        self.again = edge.then(|| now + self.debounce);
        let active = self.level();
        self.reported.read(active)
    }
}

impl BcmInputs {
    pub(super) fn new() -> Self {
        Self { woken: Arc::new(Notify::new()), task: None }
    }

    pub(super) fn watch(
        &self,
        input: Input,
        pin: Pin,
        wired: &InputLine,
    ) -> Result<Watched, Cause> {
        let mut pin = match wired.bias {
            // Registers cannot be asked for the present bias, only told one.
            Bias::AsIs | Bias::None => pin.into_input(),
            Bias::PullUp => pin.into_input_pullup(),
            Bias::PullDown => pin.into_input_pulldown(),
        };
        let debounce = (!wired.debounce.is_zero()).then_some(wired.debounce);
        // An asynchronous interrupt that cannot be had fails in its own thread, where nobody
        // hears it; so the same line is asked for once in this one.
        pin.set_interrupt(Trigger::Both, debounce).map_err(cause)?;
        let flags = Arc::new(Flags::default());
        let bell = Bell { flags: Arc::clone(&flags), woken: Arc::clone(&self.woken) };
        pin.set_async_interrupt(Trigger::Both, debounce, move |_| bell.ring()).map_err(cause)?;
        let mut watched = Watched {
            pin,
            polarity: wired.polarity,
            debounce: wired.debounce,
            flags,
            reported: Reported::new(input, false),
            again: None,
        };
        let active = watched.level();
        watched.reported.read(active);
        Ok(watched)
    }

    pub(super) fn start(&mut self, lines: Vec<Watched>, events: Sender<PanelEvent>) {
        self.task = Some(tokio::spawn(watch(lines, Arc::clone(&self.woken), events)));
    }

    /// Returns when the lines are released.
    pub(in crate::panel) async fn close(mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            // It was aborted or had ended; either way its lines are gone.
            drop(task.await);
        }
    }
}

impl Drop for BcmInputs {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

async fn watch(mut lines: Vec<Watched>, woken: Arc<Notify>, events: Sender<PanelEvent>) {
    let mut news: Vec<_> = lines.iter().map(|line| line.reported.first()).collect();
    loop {
        for event in news.drain(..) {
            if events.send(event).await.is_err() {
                return;
            }
        }
        let again = lines.iter().filter_map(|line| line.again).min();
        tokio::select! {
            () = woken.notified() => {}
            () = reached(again) => {}
        }
        let now = clock::now();
        news.extend(lines.iter_mut().filter_map(|line| line.news(now)));
        lines.retain(|line| {
            let ended = line.flags.ended.load(Ordering::Acquire);
            if ended {
                news.push(line.reported.lost(&Ended));
            }
            !ended
        });
    }
}

async fn reached(moment: Option<Moment>) {
    match moment {
        Some(moment) => tokio::time::sleep(moment.since(clock::now())).await,
        None => pending().await,
    }
}

#[derive(Debug, thiserror::Error)]
#[error("its interrupt ended")]
struct Ended;
