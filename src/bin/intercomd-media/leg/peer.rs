// SPDX-License-Identifier: MIT OR Apache-2.0
//! webrtcbin 1.22, set up for a door: quick to connect, nothing on the network that nobody asked
//! for, and a certificate of our own.

use std::{convert::Infallible, sync::mpsc};

use anyhow::Context;
use gstreamer as gst;
use gstreamer::{glib, prelude::*};
use gstreamer_webrtc as webrtc;
use intercomd::media::setup::{Ice, Transport, Turn};
use webrtc::{WebRTCPeerConnectionState as State, WebRTCSDPType, WebRTCSessionDescription};

use super::trust::Fingerprint;
use crate::fact::{SessionFact, SessionTeller};

type Reply<'a> = Result<Option<&'a gst::StructureRef>, gst::PromiseError>;

#[derive(Debug)]
pub(super) struct Peer {
    bin: gst::Element,
    /// One for each line of the offer, in its order.
    transceivers: Vec<webrtc::WebRTCRTPTransceiver>,
    /// Nothing is ever sent: each question has a copy of it until it is answered.
    asked: mpsc::SyncSender<Infallible>,
    answered: mpsc::Receiver<Infallible>,
}

impl Peer {
    pub(super) fn new(bin: gst::Element, ice: &Ice, pem: String) -> anyhow::Result<Self> {
        let (asked, answered) = mpsc::sync_channel(0);
        let this = Self { bin, transceivers: Vec::new(), asked, answered };
        this.set_up_network(ice);
        let bin = this.bin.downcast_ref::<gst::Bin>().context("webrtcbin is no bin")?;
        bin.connect_deep_element_added(move |_, _, element| {
            match element.factory().map(|factory| factory.name()).as_deref() {
                Some("dtlssrtpdec") => element.set_property("pem", &pem),
                // Otherwise the first packet waits for the whole latency.
                Some("rtpjitterbuffer") => element.set_property("faststart-min-packets", 1u32),
                Some("rtpsession") => element.set_property("probation", 1u32),
                _ => {}
            }
        });
        Ok(this)
    }

    fn set_up_network(&self, ice: &Ice) {
        let webrtc_ice = self.bin.property::<glib::Object>("ice-agent");
        webrtc_ice.set_property("ice-tcp", false);
        let agent = webrtc_ice.property::<glib::Object>("agent");
        // On by default: it announces itself in the house and delays candidates by 200 ms.
        agent.set_property("upnp", false);
        agent.set_property("stun-pacing-timer", 5u32);
        agent.set_property("keepalive-conncheck", true);
        for address in &ice.addresses {
            let address = address.to_string();
            webrtc_ice.emit_by_name::<bool>("add-local-ip-address", &[&address]);
        }
        if let Some(stun) = &ice.stun {
            self.bin.set_property("stun-server", format!("stun://{stun}"));
        }
        for turn in &ice.turn {
            if !self.bin.emit_by_name::<bool>("add-turn-server", &[&turn_uri(turn)]) {
                tracing::warn!(server = turn.server, "TURN server cannot be used");
            }
        }
        if ice.relay_only {
            self.bin.set_property_from_str("ice-transport-policy", "relay");
        }
    }

    pub(super) fn tell(&self, teller: &SessionTeller) {
        let candidates = teller.clone();
        self.bin.connect("on-ice-candidate", false, move |values| {
            let candidate = values.get(2).and_then(|value| value.get::<String>().ok());
            if let Some(line) = candidate.filter(|line| is_ours_to_tell(line)) {
                candidates.tell(SessionFact::Candidate(line));
            }
            None
        });
        let gathering = teller.clone();
        self.bin.connect_notify(Some("ice-gathering-state"), move |bin, _| {
            let state = bin.property::<webrtc::WebRTCICEGatheringState>("ice-gathering-state");
            if state == webrtc::WebRTCICEGatheringState::Complete {
                gathering.tell(SessionFact::NoMoreCandidates);
            }
        });
        let connection = teller.clone();
        self.bin.connect_notify(Some("connection-state"), move |bin, _| {
            let state = bin.property::<State>("connection-state");
            if state == State::Connected {
                connection.tell(SessionFact::Connected);
            } else if matches!(state, State::Failed | State::Disconnected) {
                connection.tell(SessionFact::Failed);
            }
        });
    }

    /// A line of the offer, fed by this pad.
    pub(super) fn add_line(
        &mut self,
        from: &gst::Pad,
        caps: &str,
        direction: &str,
    ) -> anyhow::Result<()> {
        let pad = self.bin.request_pad_simple("sink_%u").context("no room for a line")?;
        let transceiver = pad.property::<webrtc::WebRTCRTPTransceiver>("transceiver");
        transceiver.set_codec_preferences(Some(&caps.parse::<gst::Caps>()?));
        transceiver.set_property_from_str("direction", direction);
        from.link(&pad)?;
        self.transceivers.push(transceiver);
        Ok(())
    }

    pub(super) fn create_offer(&self, teller: &SessionTeller) {
        let teller = teller.clone();
        let promise = self.promise(move |reply| {
            teller.tell(SessionFact::Offered(read_offer(reply.ok().flatten())));
        });
        self.bin.emit_by_name::<()>("create-offer", &[&None::<gst::Structure>, &promise]);
    }

    pub(super) fn set_local(&self, offer: &str) -> anyhow::Result<()> {
        let description = description(WebRTCSDPType::Offer, offer)?;
        let promise = self.promise(|_| ());
        self.bin.emit_by_name::<()>("set-local-description", &[&description, &promise]);
        Ok(())
    }

    pub(super) fn set_remote(&self, answer: &str, teller: &SessionTeller) -> anyhow::Result<()> {
        let description = description(WebRTCSDPType::Answer, answer)?;
        let teller = teller.clone();
        let promise = self.promise(move |reply| {
            let result = match reply {
                Ok(Some(reply)) if reply.has_field("error") => Err(error_of(reply)),
                Ok(_) => Ok(()),
                Err(_) => Err("no reply".to_owned()),
            };
            teller.tell(SessionFact::Answered(result));
        });
        self.bin.emit_by_name::<()>("set-remote-description", &[&description, &promise]);
        Ok(())
    }

    fn promise(&self, answer: impl FnOnce(Reply<'_>) + Send + 'static) -> gst::Promise {
        let asked = self.asked.clone();
        gst::Promise::with_change_func(move |reply| {
            answer(reply);
            drop(asked);
        })
    }

    /// Everything shares the transport of the first line.
    pub(super) fn add_candidate(&self, line: &str) {
        self.bin.emit_by_name::<()>("add-ice-candidate", &[&0u32, &line]);
    }

    /// Of whoever is at the other end of each transport; none if there is one that did not show
    /// its certificate.
    pub(super) fn peers(&self) -> Option<Vec<Fingerprint>> {
        let lines = self.transceivers.iter().flat_map(|line| {
            let sender = line.sender().and_then(|sender| sender.transport());
            let receiver = line.receiver().and_then(|receiver| receiver.transport());
            [sender, receiver]
        });
        let certificate = |transport: Option<webrtc::WebRTCDTLSTransport>| {
            Fingerprint::of_pem(&transport?.remote_certificate()?)
        };
        lines.map(certificate).collect()
    }
}

impl Drop for Peer {
    /// Waits until nothing that was asked is left unanswered: webrtcbin 1.22 builds what an answer
    /// needs in a thread of its own, and a graph to which something is added while it stops does
    /// not stop.
    fn drop(&mut self) {
        self.asked = mpsc::sync_channel(0).0;
        let Err(mpsc::RecvError) = self.answered.recv();
    }
}

fn description(kind: WebRTCSDPType, text: &str) -> anyhow::Result<WebRTCSessionDescription> {
    let sdp = gstreamer_sdp::SDPMessage::parse_buffer(text.as_bytes())?;
    Ok(WebRTCSessionDescription::new(kind, sdp))
}

fn read_offer(reply: Option<&gst::StructureRef>) -> Result<String, String> {
    let reply = reply.ok_or("no reply")?;
    let offer = reply.get::<WebRTCSessionDescription>("offer").map_err(|_| error_of(reply))?;
    offer.sdp().as_text().map_err(|error| error.to_string())
}

fn error_of(reply: &gst::StructureRef) -> String {
    let error = reply.get::<glib::Error>("error");
    error.map_or_else(|_| "unknown".to_owned(), |error| error.to_string())
}

/// A name of mDNS is of no use to anybody here, and TCP was not asked for.
fn is_ours_to_tell(candidate: &str) -> bool {
    !candidate.contains(".local ") && !candidate.contains(" TCP ")
}

fn turn_uri(turn: &Turn) -> String {
    let Turn { server, transport, user, password } = turn;
    let (user, password) = (escaped(user), escaped(password));
    let over = match transport {
        Transport::Udp => "",
        Transport::Tcp => "?transport=tcp",
    };
    format!("turn://{user}:{password}@{server}{over}")
}

/// Percent-encoded wherever a URI gives a character a meaning.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode =
        |byte: u8| if plain(byte) { char::from(byte).into() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_turn_account_cannot_leave_their_place() {
        let turn = Turn {
            server: "turn.example:3478".to_owned(),
            transport: Transport::Tcp,
            user: "1700:door".to_owned(),
            password: "a/b@c?d=ä+".to_owned(),
        };
        let uri = "turn://1700%3Adoor:a%2Fb%40c%3Fd%3D%C3%A4%2B@turn.example:3478?transport=tcp";
        assert_eq!(turn_uri(&turn), uri);
    }

    #[test]
    fn names_of_mdns_and_tcp_are_not_told() {
        assert!(is_ours_to_tell("candidate:1 1 UDP 5 192.0.2.7 51472 typ host"));
        assert!(!is_ours_to_tell("candidate:1 1 UDP 5 a-b.local 51472 typ host"));
        assert!(!is_ours_to_tell("candidate:1 1 TCP 5 192.0.2.7 9 typ host tcptype active"));
    }
}
