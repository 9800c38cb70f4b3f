// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pipelines that share one clock and one origin, so that a timestamp means the same in all of
//! them. Each part of the worker has its own: an error in one stops no other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gstreamer as gst;
use gstreamer::{glib, prelude::*};
use gstreamer_app::{AppSink, AppSrc};

#[derive(Clone, Debug)]
pub(crate) struct Time {
    clock: gst::Clock,
    origin: gst::ClockTime,
}

impl Time {
    pub(crate) fn start() -> Self {
        let clock = gst::SystemClock::obtain();
        let origin = clock.time();
        Self { clock, origin }
    }

    pub(crate) fn clock(&self) -> &gst::Clock {
        &self.clock
    }
}

/// A pipeline that stops when it is let go of.
#[derive(Debug)]
pub(crate) struct Graph {
    pipeline: gst::Pipeline,
    stage: Arc<Mutex<Stage>>,
}

/// An error while it starts is the answer to starting; later ones are told; afterwards nobody
/// wants to know.
#[derive(Debug)]
enum Stage {
    Starting { broken: Option<String> },
    Running,
    Over,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot be built: {0}")]
    Build(#[from] glib::Error),
    #[error("{0} is not part of it")]
    Missing(&'static str),
    #[error("{0}")]
    Element(#[from] glib::BoolError),
    #[error("does not start: {0}")]
    Start(String),
}

impl Graph {
    /// From a description in the language of gst-launch. Nothing that somebody configured may
    /// be part of the text; it is set as a property afterwards.
    pub(crate) fn build(
        time: &Time,
        description: &str,
        on_error: impl Fn(String) + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let made = gst::parse::launch(description)?;
        let pipeline = made.downcast::<gst::Pipeline>().map_err(|_| Error::Missing("pipeline"))?;
        pipeline.use_clock(Some(&time.clock));
        pipeline.set_start_time(gst::ClockTime::NONE);
        pipeline.set_base_time(time.origin);
        let stage = Arc::new(Mutex::new(Stage::Starting { broken: None }));
        watch(&pipeline, Arc::clone(&stage), on_error);
        Ok(Self { pipeline, stage })
    }

    pub(crate) fn pipeline(&self) -> &gst::Pipeline {
        &self.pipeline
    }

    pub(crate) fn element(&self, name: &'static str) -> Result<gst::Element, Error> {
        self.pipeline.by_name(name).ok_or(Error::Missing(name))
    }

    pub(crate) fn source(&self, name: &'static str) -> Result<AppSrc, Error> {
        self.element(name)?.downcast().map_err(|_| Error::Missing(name))
    }

    /// `take` runs on a streaming thread.
    pub(crate) fn on_buffer(
        &self,
        name: &'static str,
        mut take: impl FnMut(gst::Sample) + Send + 'static,
    ) -> Result<(), Error> {
        let sink = self.element(name)?.downcast::<AppSink>().map_err(|_| Error::Missing(name))?;
        let callbacks = gstreamer_app::AppSinkCallbacks::builder().new_sample(move |sink| {
            take(sink.pull_sample().map_err(|_| gst::FlowError::Eos)?);
            Ok(gst::FlowSuccess::Ok)
        });
        sink.set_callbacks(callbacks.build());
        Ok(())
    }

    /// Opens the devices.
    pub(crate) fn open(&self) -> Result<(), Error> {
        self.reach(gst::State::Ready, Stage::Starting { broken: None })
    }

    pub(crate) fn play(&self) -> Result<(), Error> {
        self.reach(gst::State::Playing, Stage::Running)
    }

    /// As it is, for ever: a thread of it does not come back, and whoever stops it would wait for that.
    pub(crate) fn leave(self) {
        *lock(&self.stage) = Stage::Over;
        std::mem::forget(self);
    }

    fn reach(&self, state: gst::State, next: Stage) -> Result<(), Error> {
        let reached = self.pipeline.set_state(state);
        let mut stage = lock(&self.stage);
        let broken = match std::mem::replace(&mut *stage, next) {
            Stage::Starting { broken } => broken,
            Stage::Running | Stage::Over => None,
        };
        match (broken, reached) {
            (Some(why), _) => Err(Error::Start(why)),
            (None, Err(error)) => Err(Error::Start(error.to_string())),
            (None, Ok(_)) => Ok(()),
        }
    }
}

fn lock(stage: &Mutex<Stage>) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

fn watch(
    pipeline: &gst::Pipeline,
    stage: Arc<Mutex<Stage>>,
    on_error: impl Fn(String) + Send + Sync + 'static,
) {
    let Some(bus) = pipeline.bus() else { return };
    let weak = pipeline.downgrade();
    bus.set_sync_handler(move |_, message| {
        if let gst::MessageView::Error(error) = message.view() {
            let source = error.src().map(|source| source.name().to_string()).unwrap_or_default();
            let why = format!("{source}: {}", error.error());
            match &mut *lock(&stage) {
                Stage::Starting { broken } => *broken = broken.take().or(Some(why)),
                Stage::Running => on_error(why),
                Stage::Over => {}
            }
        }
        if let (gst::MessageView::Latency(_), Some(pipeline)) = (message.view(), weak.upgrade()) {
            // Otherwise sinks go on with the latency that they began with.
            pipeline.call_async(|pipeline| drop(pipeline.recalculate_latency()));
        }
        gst::BusSyncReply::Drop
    });
}

impl Drop for Graph {
    fn drop(&mut self) {
        *lock(&self.stage) = Stage::Over;
        if self.pipeline.set_state(gst::State::Null).is_err() {
            tracing::warn!("a graph did not stop");
            // It would crash if it were taken apart; this process is not for long.
            std::mem::forget(self.pipeline.clone());
        }
        if let Some(bus) = self.pipeline.bus() {
            bus.unset_sync_handler();
        }
    }
}
