// SPDX-License-Identifier: MIT OR Apache-2.0
//! What this station offers: one line for sound and, where there is something to see, one for
//! pictures. It is also the yardstick for the answer.

use intercomd::session::VideoCodec;

use super::trust::Fingerprint;

pub(super) const SOUND: u8 = 111;
const PICTURE: u8 = 96;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) kind: Kind,
    pub(crate) codec: Codec,
    pub(crate) payload: u8,
    /// Ours, not the peer's.
    pub(crate) direction: Direction,
    pub(crate) mid: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sound,
    Picture,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Sound => "audio",
            Self::Picture => "video",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Opus,
    Video(VideoCodec),
}

impl Codec {
    pub(crate) fn rtpmap(self) -> &'static str {
        match self {
            Self::Opus => "opus/48000/2",
            Self::Video(VideoCodec::Vp8) => "VP8/90000",
            Self::Video(VideoCodec::H264) => "H264/90000",
        }
    }

    pub(crate) fn fmtp(self) -> Option<&'static str> {
        match self {
            Self::Opus => Some("minptime=10;useinbandfec=1"),
            Self::Video(VideoCodec::Vp8) => None,
            Self::Video(VideoCodec::H264) => {
                Some("level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f")
            }
        }
    }

    /// From encoded frames to RTP.
    pub(crate) fn sending(self, payload: u8) -> String {
        let frames = "is-live=true format=time leaky-type=downstream";
        match self {
            Self::Opus => format!(
                "appsrc name=say {frames} max-buffers=10 \
                 caps=audio/x-opus,channel-mapping-family=0,channels=1,rate=48000 ! \
                 rtpopuspay name=say-rtp pt={payload} dtx=true"
            ),
            Self::Video(VideoCodec::Vp8) => format!(
                "appsrc name=show {frames} max-buffers=30 caps=video/x-vp8 ! \
                 rtpvp8pay name=show-rtp pt={payload} picture-id-mode=15-bit mtu=1200"
            ),
            // Without the last element the profile that was offered is lost on the way.
            Self::Video(VideoCodec::H264) => format!(
                "appsrc name=show {frames} max-buffers=30 \
                 caps=video/x-h264,stream-format=byte-stream,alignment=au,\
                 profile=constrained-baseline ! \
                 rtph264pay pt={payload} config-interval=-1 aggregate-mode=zero-latency \
                 mtu=1200 ! capssetter name=show-rtp join=true \
                 caps=application/x-rtp,profile-level-id=(string)42e01f"
            ),
        }
    }

    /// Of [`Self::sending`].
    pub(crate) fn last_element(self) -> &'static str {
        match self {
            Self::Opus => "say-rtp",
            Self::Video(_) => "show-rtp",
        }
    }

    /// As webrtcbin wants to be told.
    pub(crate) fn caps(self, payload: u8) -> String {
        match self {
            Self::Opus => format!(
                "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,\
                 encoding-params=(string)2,payload={payload},minptime=(string)10,\
                 useinbandfec=(string)1"
            ),
            Self::Video(VideoCodec::Vp8) => format!(
                "application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000,\
                 payload={payload},rtcp-fb-nack-pli=true,rtcp-fb-ccm-fir=true"
            ),
            Self::Video(VideoCodec::H264) => format!(
                "application/x-rtp,media=video,encoding-name=H264,clock-rate=90000,\
                 payload={payload},packetization-mode=(string)1,\
                 profile-level-id=(string)42e01f,level-asymmetry-allowed=(string)1,\
                 rtcp-fb-nack-pli=true,rtcp-fb-ccm-fir=true"
            ),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Both,
    Send,
    Receive,
    Neither,
}

impl Direction {
    pub(crate) const ALL: [Self; 4] = [Self::Both, Self::Send, Self::Receive, Self::Neither];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Both => "sendrecv",
            Self::Send => "sendonly",
            Self::Receive => "recvonly",
            Self::Neither => "inactive",
        }
    }
}

impl Line {
    /// A handset that sends no sound would be taken for one that is gone.
    pub(crate) fn allows(&self, peers: Direction) -> bool {
        match (self.kind, self.direction, peers) {
            (Kind::Sound, _, Direction::Both) => true,
            (Kind::Picture, Direction::Both, Direction::Both | Direction::Receive)
            | (Kind::Picture, Direction::Send, Direction::Receive) => true,
            (Kind::Sound | Kind::Picture, ..) => false,
        }
    }

    pub(crate) fn feedback(&self) -> String {
        let payload = self.payload;
        match self.kind {
            Kind::Sound => String::new(),
            Kind::Picture => {
                format!("a=rtcp-fb:{payload} nack pli\r\na=rtcp-fb:{payload} ccm fir\r\n")
            }
        }
    }
}

impl Offer {
    /// The names of the lines are webrtcbin's to give; see [`Self::named`].
    pub(crate) fn new(video: Option<VideoCodec>, with_camera: bool) -> Self {
        let sound = Line {
            kind: Kind::Sound,
            codec: Codec::Opus,
            payload: SOUND,
            direction: Direction::Both,
            mid: String::new(),
        };
        let picture = video.map(|codec| Line {
            kind: Kind::Picture,
            codec: Codec::Video(codec),
            payload: PICTURE,
            direction: if with_camera { Direction::Both } else { Direction::Send },
            mid: String::new(),
        });
        Self { lines: [sound].into_iter().chain(picture).collect() }
    }

    /// Learns the lines' names from the description that webrtcbin made. False if it made
    /// something else than what it was asked for.
    pub(crate) fn named(&mut self, sdp: &str) -> bool {
        let mids = sdp.lines().filter_map(|line| line.strip_prefix("a=mid:"));
        let mids = mids.map(str::to_owned).collect::<Vec<_>>();
        let media = sdp.lines().filter(|line| line.starts_with("m=")).count();
        let fits = mids.len() == self.lines.len() && media == mids.len();
        for (line, mid) in self.lines.iter_mut().zip(mids) {
            line.mid = mid;
        }
        fits
    }
}

/// webrtcbin 1.22 hashes certificate and key together where both were given to it, so the
/// fingerprint that it writes is nobody's.
pub(crate) fn with_fingerprint(sdp: &str, fingerprint: &Fingerprint) -> String {
    let lines = sdp.lines().map(|line| match line.starts_with("a=fingerprint:") {
        true => format!("a=fingerprint:{fingerprint}\r\n"),
        false => format!("{line}\r\n"),
    });
    lines.collect()
}
