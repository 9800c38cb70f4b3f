// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the door sees. Without a camera, or with one that breaks, the call goes on for the ear.

mod camera;
mod encoder;
mod screen;

use std::{collections::BTreeMap, sync::Arc};

use intercomd::{
    core::Moment,
    media::setup,
    session::{VideoCodec, Wants},
};

pub(crate) use self::screen::{Screen, View, caps as screen_caps};
use self::{
    camera::{Camera, RawOutlet},
    encoder::Encoder,
};
use crate::{fact::Teller, fan_out::FanOut, graph::Time, leg::PictureOutlet};

#[derive(Debug)]
pub(crate) struct Picture {
    setup: Option<setup::Video>,
    time: Time,
    teller: Teller,
    raw: Arc<FanOut<RawOutlet>>,
    camera: Option<Camera>,
    encoders: BTreeMap<VideoCodec, Encoder>,
}

impl Picture {
    pub(crate) fn new(setup: Option<setup::Video>, time: Time, teller: Teller) -> Self {
        let (raw, camera, encoders) = (Arc::default(), None, BTreeMap::new());
        Self { setup, time, teller, raw, camera, encoders }
    }

    pub(crate) fn start(&mut self) {
        let Some(video) = self.setup.as_ref().filter(|_| self.camera.is_none()) else { return };
        match Camera::start(video, &self.time, Arc::clone(&self.raw), &self.teller) {
            Ok(camera) => self.camera = Some(camera),
            Err(error) => tracing::warn!(%error, "the camera cannot be used"),
        }
    }

    pub(crate) fn stop(&mut self) {
        self.camera = None;
        self.encoders.clear();
    }

    /// What a leg with these wishes is shown.
    pub(crate) fn codec_for(&mut self, wants: &Wants) -> Option<VideoCodec> {
        self.camera.as_ref()?;
        let codecs = self.setup.as_ref()?.codecs.clone();
        let wanted = codecs.into_iter().filter(|codec| wants.video.contains(codec));
        wanted.into_iter().find(|codec| self.encodes(*codec))
    }

    fn encodes(&mut self, codec: VideoCodec) -> bool {
        self.encoders.contains_key(&codec) || self.encode(codec, 0, &Arc::default())
    }

    fn encode(
        &mut self,
        codec: VideoCodec,
        first: usize,
        outlets: &Arc<FanOut<PictureOutlet>>,
    ) -> bool {
        let Some(video) = &self.setup else { return false };
        match Encoder::start(codec, first, video, &self.time, outlets, &self.teller) {
            Ok(encoder) => {
                self.raw.join(encoder.raw());
                self.encoders.insert(codec, encoder);
                true
            }
            Err(error) => {
                tracing::warn!(codec = codec.word(), %error, "nothing can encode pictures");
                false
            }
        }
    }

    pub(crate) fn join(&self, codec: VideoCodec, outlet: &Arc<PictureOutlet>) {
        if let Some(encoder) = self.encoders.get(&codec) {
            encoder.outlets().join(outlet);
        }
    }

    pub(crate) fn want_key(&mut self, codec: VideoCodec, now: Moment) {
        if let Some(encoder) = self.encoders.get_mut(&codec) {
            encoder.want_key(now);
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Moment> {
        self.encoders.values().filter_map(Encoder::poll_timeout).min()
    }

    pub(crate) fn handle_timeout(&mut self, now: Moment) {
        self.encoders.values_mut().for_each(|encoder| encoder.handle_timeout(now));
    }

    pub(crate) fn camera_broke(&mut self, why: &str) {
        if self.camera.take().is_some() {
            tracing::warn!(why, "the camera is gone");
        }
    }

    /// Its viewers go on with the next one, if there is one.
    pub(crate) fn encoder_broke(&mut self, codec: VideoCodec, why: &str) {
        if let Some(broken) = self.encoders.remove(&codec) {
            tracing::warn!(codec = codec.word(), why, "an encoder broke");
            self.encode(codec, broken.choice + 1, broken.outlets());
        }
    }
}
