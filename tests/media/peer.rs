// SPDX-License-Identifier: MIT OR Apache-2.0
//! A handset for tests: webrtcbin at the other end, which answers, says 440 Hz, hears and sees.

use std::{
    fmt::Write as _,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use gstreamer as gst;
use gstreamer::{glib, prelude::*};
use gstreamer_app::{AppSink, AppSinkCallbacks};
use gstreamer_sdp::SDPMessage;
use gstreamer_webrtc as webrtc;
use intercomd::session::{Candidate, Sdp, SessionNo, Signal};
use webrtc::{WebRTCSDPType, WebRTCSessionDescription};

use crate::{ear::Ear, eye::Eye};

/// What the handset says.
pub(crate) const HANDSET_HZ: f32 = 440.0;

/// How a handset behaves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manners {
    /// Does not answer at all.
    pub(crate) is_deaf: bool,
    /// What it does to its answer before it sends it.
    pub(crate) tamper: Option<fn(&str) -> String>,
    pub(crate) ear: Ear,
    pub(crate) eye: Eye,
    /// So many of its packets of sound, the last of them gets lost. Zero: none.
    pub(crate) loses_one_of: usize,
    /// Sends a picture of its own.
    pub(crate) camera: bool,
}

#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) session: SessionNo,
    pipeline: gst::Pipeline,
    webrtc: gst::Element,
    pub(crate) ear: Ear,
    pub(crate) eye: Eye,
    pub(crate) post: Post,
    pub(crate) answer: String,
}

/// Certificate with key, and the certificate's fingerprint as a description says it.
fn identity() -> (String, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::default().self_signed(&key).unwrap();
    let pem = format!("{}{}", certificate.pem(), key.serialize_pem());
    (pem, fingerprint(certificate.der()))
}

pub(crate) fn fingerprint(certificate: &[u8]) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, certificate);
    hash.as_ref().iter().fold(String::new(), |mut text, byte| {
        let colon = if text.is_empty() { "" } else { ":" };
        write!(text, "{colon}{byte:02X}").unwrap();
        text
    })
}

fn wait(webrtc: &gst::Element, signal: &str, argument: &dyn ToValue) -> Option<gst::Structure> {
    let promise = gst::Promise::new();
    let arguments = [argument.to_value(), promise.to_value()];
    webrtc.emit_by_name_with_values(signal, &arguments);
    assert_eq!(promise.wait(), gst::PromiseResult::Replied);
    promise.get_reply().map(|reply| reply.to_owned())
}

fn description(kind: WebRTCSDPType, text: &str) -> WebRTCSessionDescription {
    let sdp = SDPMessage::parse_buffer(text.as_bytes()).unwrap();
    WebRTCSessionDescription::new(kind, sdp)
}

/// What takes long the first time.
pub(crate) fn warm_up() {
    gst::init().unwrap();
    for element in ["webrtcbin", "dtlssrtpdec", "opusenc"] {
        gst::ElementFactory::make(element).build().unwrap();
    }
}

impl Peer {
    pub(crate) fn answer(
        session: SessionNo,
        offer: &str,
        manners: &Manners,
        tell: impl Fn(Signal) + Clone + Send + Sync + 'static,
    ) -> Self {
        warm_up();
        let (ear, eye) = (manners.ear.clone(), manners.eye.clone());
        let (pem, fingerprint) = identity();
        let pipeline = gst::Pipeline::new();
        let webrtc = webrtcbin(pem);
        pipeline.add(&webrtc).unwrap();
        let post = Post::default();
        receive(&pipeline, &webrtc, &ear, &eye, &post);
        let candidates = tell.clone();
        webrtc.connect("on-ice-candidate", false, move |values| {
            let line = values[2].get().unwrap();
            candidates(Signal::Candidate(Candidate { mline: 0, line }));
            None
        });
        pipeline.set_state(gst::State::Playing).unwrap();
        let remote = description(WebRTCSDPType::Offer, offer);
        wait(&webrtc, "set-remote-description", &remote);
        let voice = "audiotestsrc is-live=true freq=440 volume=0.3 ! \
                     opusenc complexity=0 inband-fec=true packet-loss-percentage=10 ! \
                     rtpopuspay pt=111";
        lose(&send(&pipeline, &webrtc, voice), manners.loses_one_of);
        if manners.camera {
            let camera = "videotestsrc is-live=true ! video/x-raw,width=320,height=240 ! \
                          vp8enc deadline=1 ! rtpvp8pay pt=96";
            send(&pipeline, &webrtc, camera);
        }
        let reply = wait(&webrtc, "create-answer", &None::<gst::Structure>).unwrap();
        let answer = reply.get::<WebRTCSessionDescription>("answer").unwrap();
        wait(&webrtc, "set-local-description", &answer);
        // webrtcbin hashes certificate and key together.
        let text = answer.sdp().as_text().unwrap();
        let lines = text.lines().map(|line| match line.starts_with("a=fingerprint:") {
            true => format!("a=fingerprint:sha-256 {fingerprint}\r\n"),
            false => format!("{line}\r\n"),
        });
        let answer = lines.collect::<String>();
        let said = manners.tamper.map_or_else(|| answer.clone(), |tamper| tamper(&answer));
        tell(Signal::Description(Sdp(said)));
        Self { session, pipeline, webrtc, ear, eye, post, answer }
    }

    pub(crate) fn candidate(&self, candidate: &Candidate) {
        if !candidate.line.is_empty() {
            let Candidate { mline, line } = candidate;
            self.webrtc.emit_by_name::<()>("add-ice-candidate", &[mline, line]);
        }
    }

    /// Of whoever is at the other end.
    pub(crate) fn workers_fingerprint(&self) -> String {
        let pad = self.webrtc.static_pad("sink_0").unwrap();
        let transceiver = pad.property::<webrtc::WebRTCRTPTransceiver>("transceiver");
        let transport = transceiver.sender().unwrap().transport().unwrap();
        let pem = transport.remote_certificate().unwrap();
        let body = pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
        fingerprint(&STANDARD.decode(body).unwrap())
    }

    /// Cannot decode what it was sent last.
    pub(crate) fn wants_key_frame(&self) {
        let pads = self.webrtc.src_pads();
        let video = pads.iter().find(|pad| media(pad) == "video").unwrap();
        let wish = gstreamer_video::UpstreamForceKeyUnitEvent::builder().all_headers(true).build();
        video.send_event(wish);
    }
}

impl Drop for Peer {
    /// Without a word, as a phone that is out of reach.
    fn drop(&mut self) {
        self.pipeline.set_state(gst::State::Null).ok();
    }
}

fn webrtcbin(pem: String) -> gst::Element {
    let webrtc = gst::ElementFactory::make("webrtcbin")
        .property_from_str("bundle-policy", "max-bundle")
        .property("latency", 40u32)
        .build()
        .unwrap();
    let ice = webrtc.property::<glib::Object>("ice-agent");
    ice.set_property("ice-tcp", false);
    ice.emit_by_name::<bool>("add-local-ip-address", &[&"127.0.0.1"]);
    let agent = ice.property::<glib::Object>("agent");
    agent.set_property("upnp", false);
    agent.set_property("stun-pacing-timer", 5u32);
    let bin = webrtc.downcast_ref::<gst::Bin>().unwrap();
    bin.connect_deep_element_added(move |_, _, element| {
        match element.factory().map(|factory| factory.name()).as_deref() {
            Some("dtlssrtpdec") => element.set_property("pem", &pem),
            Some("rtpjitterbuffer") => element.set_property("faststart-min-packets", 1u32),
            Some("rtpsession") => element.set_property("probation", 1u32),
            _ => {}
        }
    });
    webrtc
}

fn send(pipeline: &gst::Pipeline, webrtc: &gst::Element, description: &str) -> gst::Pad {
    let bin = gst::parse::bin_from_description(description, true).unwrap();
    pipeline.add(&bin).unwrap();
    let sink = webrtc.request_pad_simple("sink_%u").unwrap();
    let pad = bin.static_pad("src").unwrap();
    pad.link(&sink).unwrap();
    bin.sync_state_with_parent().unwrap();
    pad
}

/// On the way, that is: after they were numbered.
fn lose(pad: &gst::Pad, one_of: usize) {
    let sent = AtomicUsize::new(0);
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, _| {
        let number = sent.fetch_add(1, Ordering::Relaxed) + 1;
        match number.checked_rem(one_of) {
            Some(0) => gst::PadProbeReturn::Drop,
            Some(_) | None => gst::PadProbeReturn::Ok,
        }
    });
}

fn media(pad: &gst::Pad) -> String {
    let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
    caps.structure(0).unwrap().get("media").unwrap()
}

fn receive(pipeline: &gst::Pipeline, webrtc: &gst::Element, ear: &Ear, eye: &Eye, post: &Post) {
    let (weak, ear, eye, post) = (pipeline.downgrade(), ear.clone(), eye.clone(), post.clone());
    webrtc.connect_pad_added(move |_, pad| {
        let Some(pipeline) = weak.upgrade().filter(|_| pad.direction() == gst::PadDirection::Src)
        else {
            return;
        };
        let caps = pad.current_caps().unwrap();
        let name = caps.structure(0).unwrap().get::<String>("encoding-name").unwrap();
        let decode = match name.as_str() {
            "OPUS" => {
                "rtpopusdepay name=depay ! opusdec ! audioconvert ! audioresample ! \
                 audio/x-raw,format=S16LE,rate=48000,channels=1"
            }
            "VP8" => "rtpvp8depay name=depay ! vp8dec",
            "H264" => "rtph264depay name=depay ! h264parse ! openh264dec",
            other => panic!("{other}"),
        };
        let text = format!("{decode} ! appsink name=out sync=false async=false");
        let bin = gst::parse::bin_from_description(&text, true).unwrap();
        let sink = bin.by_name("out").unwrap().downcast::<AppSink>().unwrap();
        let (ear, eye, is_sound) = (ear.clone(), eye.clone(), name == "OPUS");
        if is_sound {
            post.take_from(pad);
        } else {
            count_keys(&bin.by_name("depay").unwrap(), &eye);
        }
        let callbacks = AppSinkCallbacks::builder().new_sample(move |sink| {
            let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            let data = sample.buffer().unwrap().map_readable().unwrap();
            if is_sound {
                ear.hear(&data)
            } else {
                eye.see(&data)
            }
            Ok(gst::FlowSuccess::Ok)
        });
        sink.set_callbacks(callbacks.build());
        pipeline.add(&bin).unwrap();
        bin.sync_state_with_parent().unwrap();
        pad.link(&bin.static_pad("sink").unwrap()).unwrap();
    });
}

/// When the packets of sound that came were sent, in samples.
#[derive(Clone, Debug, Default)]
pub(crate) struct Post(Arc<(Mutex<Vec<u32>>, Condvar)>);

impl Post {
    fn take_from(&self, pad: &gst::Pad) {
        let post = self.clone();
        pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
            let packet = info.buffer().unwrap().map_readable().unwrap();
            let sent = u32::from_be_bytes(packet[4..8].try_into().unwrap());
            post.0.0.lock().unwrap().push(sent);
            post.0.1.notify_all();
            gst::PadProbeReturn::Ok
        });
    }

    /// Of one that the sender took for it, after the first of all.
    pub(crate) fn of_a_second(&self) -> usize {
        let since_begin = |sent: &[u32]| sent[sent.len() - 1].wrapping_sub(sent[0]);
        let too_few = |sent: &mut Vec<u32>| sent.is_empty() || since_begin(sent) < 96_000;
        let patience = Duration::from_secs(20);
        let waited = self.0.1.wait_timeout_while(self.0.0.lock().unwrap(), patience, too_few);
        let (sent, timeout) = waited.unwrap();
        assert!(!timeout.timed_out(), "{} packets", sent.len());
        let is_in_second = |at: &&u32| at.wrapping_sub(sent[0]).wrapping_sub(48_000) < 48_000;
        sent.iter().filter(is_in_second).count()
    }
}

/// As they come, before they are decoded.
fn count_keys(depay: &gst::Element, eye: &Eye) {
    let eye = eye.clone();
    let pad = depay.static_pad("src").unwrap();
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        if !info.buffer().unwrap().flags().contains(gst::BufferFlags::DELTA_UNIT) {
            eye.key();
        }
        gst::PadProbeReturn::Ok
    });
}
