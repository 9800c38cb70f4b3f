// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lines that we watch. The kernel debounces (in software where the chip cannot) and wakes us at
//! an edge; what counts is the level read after it.

use std::{
    future::poll_fn,
    io,
    task::{Context, Poll},
};

use gpiocdev::{
    Request,
    line::{Bias as KernelBias, EdgeDetection, Value},
};
use tokio::{
    io::{Interest, unix::AsyncFd},
    sync::mpsc::Sender,
    task::JoinHandle,
};

use super::{CONSUMER, refusal};
use crate::{
    core::event::Input,
    panel::{
        PanelEvent,
        fault::{Cause, Place},
        reported::Reported,
        wiring::{Bias, InputLine, Polarity},
    },
};

/// Edges read at once, to empty the queue; what they say is not looked at.
const EDGES: usize = 16;
/// A line that chatters without end is left for the next wake-up: the kernel wakes us at every
/// new edge, so none is needed of those that stay in its queue.
const READS: usize = 8;
const EDGE_WORDS: usize = 6;

#[derive(Debug)]
pub(super) struct Watched {
    line: AsyncFd<Request>,
    reported: Reported,
    lost: bool,
}

/// Must be called within a tokio runtime.
pub(super) fn request(input: Input, place: &Place, wired: &InputLine) -> Result<Watched, Cause> {
    let mut builder = Request::builder();
    builder.on_chip(&place.device).with_consumer(CONSUMER).with_line(place.offset).as_input();
    match wired.polarity {
        Polarity::ActiveHigh => builder.as_active_high(),
        Polarity::ActiveLow => builder.as_active_low(),
    };
    // A chip that has no pulls ignores this, and the kernel does not tell.
    builder.with_bias(match wired.bias {
        Bias::AsIs => None,
        Bias::None => Some(KernelBias::Disabled),
        Bias::PullUp => Some(KernelBias::PullUp),
        Bias::PullDown => Some(KernelBias::PullDown),
    });
    if !wired.debounce.is_zero() {
        builder.with_debounce_period(wired.debounce);
    }
    let cause = |error| refusal::of_line(error, place);
    let request = builder.with_edge_detection(EdgeDetection::BothEdges).request().map_err(cause)?;
    let active = request.lone_value().map_err(cause)? == Value::Active;
    let line = readable(request).map_err(Cause::Io)?;
    Ok(Watched { line, reported: Reported::new(input, active), lost: false })
}

#[expect(deprecated, reason = "its successor is unsafe; a request keeps its file for life")]
fn readable(request: Request) -> io::Result<AsyncFd<Request>> {
    AsyncFd::with_interest(request, Interest::READABLE)
}

impl Watched {
    /// The next news of this line; while there is none, the task is woken by it.
    fn poll_news(&mut self, cx: &mut Context<'_>) -> Poll<PanelEvent> {
        loop {
            let Poll::Ready(ready) = self.line.poll_read_ready(cx) else { return Poll::Pending };
            let read = ready.map_err(gpiocdev::Error::from).and_then(|mut guard| {
                let level = level_after_edges(self.line.get_ref());
                guard.clear_ready();
                level
            });
            let news = match read {
                Ok(active) => self.reported.read(active),
                Err(error) => {
                    self.lost = true;
                    Some(self.reported.lost(&error))
                }
            };
            if let Some(event) = news {
                return Poll::Ready(event);
            }
        }
    }
}

fn level_after_edges(request: &Request) -> gpiocdev::Result<bool> {
    let mut edges = [0; EDGES * EDGE_WORDS];
    for _ in 0..READS {
        if !request.has_edge_event()? {
            break;
        }
        request.read_edge_events_into_slice(&mut edges)?;
    }
    Ok(request.lone_value()? == Value::Active)
}

/// One task for all inputs.
#[derive(Debug)]
pub(in crate::panel) struct ChipInputs(JoinHandle<()>);

impl ChipInputs {
    pub(super) fn start(lines: Vec<Watched>, events: Sender<PanelEvent>) -> Self {
        Self(tokio::spawn(watch(lines, events)))
    }

    /// Returns when the lines are released.
    pub(in crate::panel) async fn close(mut self) {
        self.0.abort();
        // It was aborted or had ended; either way its lines are gone.
        drop((&mut self.0).await);
    }
}

impl Drop for ChipInputs {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn watch(mut lines: Vec<Watched>, events: Sender<PanelEvent>) {
    let mut news: Vec<_> = lines.iter().map(|line| line.reported.first()).collect();
    loop {
        for event in news.drain(..) {
            if events.send(event).await.is_err() {
                return;
            }
        }
        lines.retain(|line| !line.lost);
        news = poll_fn(|cx| {
            let news: Vec<_> = lines
                .iter_mut()
                .filter_map(|line| match line.poll_news(cx) {
                    Poll::Ready(event) => Some(event),
                    Poll::Pending => None,
                })
                .collect();
            if news.is_empty() { Poll::Pending } else { Poll::Ready(news) }
        })
        .await;
    }
}
