// SPDX-License-Identifier: MIT OR Apache-2.0
//! A handset's answer. GStreamer 1.22 aborts on descriptions that contradict its own, so none
//! of a peer's text reaches it: the few values that a session needs are taken out, checked
//! against the offer, and written down anew.

use std::fmt::Write as _;

use super::{
    candidate::Candidate,
    offer::{Direction, Line, Offer},
    trust::Fingerprint,
};

/// A browser's answer to two lines is some 3 kB.
const SIZE_MAX: usize = 16 * 1024;
const CANDIDATES_MAX: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("larger than {SIZE_MAX} bytes")]
    TooLong,
    #[error("no session description")]
    NotSdp,
    #[error("its media lines are not those of the offer")]
    OtherLines,
    #[error("media lines without a common transport")]
    NotBundled,
    #[error("no codec of the offer")]
    NoCodec,
    #[error("a direction that was not offered")]
    Direction,
    #[error("no usable ICE credentials")]
    Ice,
    #[error("no usable SHA-256 fingerprint")]
    Fingerprint,
    #[error("no usable DTLS role")]
    Role,
    #[error("unusable source identifiers")]
    Source,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    ufrag: String,
    password: String,
    pub(crate) fingerprint: Fingerprint,
    role: &'static str,
    lines: Vec<Answered>,
    pub(crate) candidates: Vec<Candidate>,
}

/// It holds the ICE password.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Answered {
    direction: Direction,
    source: Option<u32>,
}

/// One section of the text: what is before the first media line, or one media line's.
struct Section<'a> {
    head: &'a str,
    attributes: Vec<&'a str>,
}

impl<'a> Section<'a> {
    fn value(&self, name: &str) -> Option<&'a str> {
        self.values(name).next()
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let of_name = move |line: &&'a str| line.strip_prefix(name)?.strip_prefix(':');
        self.attributes.iter().filter_map(of_name)
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.contains(&name)
    }
}

fn sections(text: &str) -> Result<Vec<Section<'_>>, Refused> {
    if text.len() > SIZE_MAX {
        return Err(Refused::TooLong);
    }
    let mut sections = vec![Section { head: "", attributes: Vec::new() }];
    for line in text.lines() {
        let (kind, value) = line.split_once('=').ok_or(Refused::NotSdp)?;
        if value.chars().any(char::is_control) {
            return Err(Refused::NotSdp);
        }
        match (kind, sections.last_mut()) {
            ("m", _) => sections.push(Section { head: value, attributes: Vec::new() }),
            ("a", Some(section)) => section.attributes.push(value),
            ("v" | "o" | "s" | "i" | "u" | "e" | "p" | "c" | "b" | "t" | "r" | "z" | "k", _) => {}
            _ => return Err(Refused::NotSdp),
        }
    }
    if text.starts_with("v=0") { Ok(sections) } else { Err(Refused::NotSdp) }
}

impl Answer {
    pub(crate) fn read(text: &str, offer: &Offer) -> Result<Self, Refused> {
        let sections = sections(text)?;
        let (session, media) = sections.split_first().ok_or(Refused::NotSdp)?;
        if media.len() != offer.lines.len() {
            return Err(Refused::OtherLines);
        }
        bundled(session, offer)?;
        let lines = offer.lines.iter().zip(media);
        let lines = lines.map(|(line, section)| answered(line, section));
        let lines = lines.collect::<Result<Vec<_>, _>>()?;
        distinct(&lines)?;
        let common = |name, why: Refused| common(session, media, name, why);
        let ufrag = common("ice-ufrag", Refused::Ice)?;
        let password = common("ice-pwd", Refused::Ice)?;
        if !is_ice(ufrag, 4) || !is_ice(password, 22) {
            return Err(Refused::Ice);
        }
        Ok(Self {
            ufrag: ufrag.to_owned(),
            password: password.to_owned(),
            fingerprint: Fingerprint::read(common("fingerprint", Refused::Fingerprint)?)
                .ok_or(Refused::Fingerprint)?,
            role: role(common("setup", Refused::Role)?).ok_or(Refused::Role)?,
            lines,
            candidates: candidates(&sections),
        })
    }

    /// What webrtcbin is given.
    pub(crate) fn write(&self, offer: &Offer) -> String {
        let mids = offer.lines.iter().map(|line| line.mid.as_str()).collect::<Vec<_>>().join(" ");
        let mut sdp = format!(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {mids}\r\n\
             a=ice-options:trickle\r\n"
        );
        for (line, answered) in offer.lines.iter().zip(&self.lines) {
            self.write_line(&mut sdp, line, *answered);
        }
        sdp
    }

    fn write_line(&self, sdp: &mut String, line: &Line, answered: Answered) {
        let Line { kind, mid, payload, .. } = line;
        let (rtpmap, fmtp) = (line.codec.rtpmap(), line.codec.fmtp());
        let Self { ufrag, password, fingerprint, role, .. } = self;
        let direction = answered.direction.word();
        let source = answered.source.map(|source| format!("a=ssrc:{source} cname:handset\r\n"));
        let written = write!(
            sdp,
            "m={kind} 9 UDP/TLS/RTP/SAVPF {payload}\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\n\
             a=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\na=fingerprint:{fingerprint}\r\n\
             a=setup:{role}\r\na={direction}\r\na=rtcp-mux\r\n\
             a=rtpmap:{payload} {rtpmap}\r\n{feedback}{fmtp}{source}",
            kind = kind.word(),
            feedback = line.feedback(),
            fmtp = fmtp.map(|fmtp| format!("a=fmtp:{payload} {fmtp}\r\n")).unwrap_or_default(),
            source = source.unwrap_or_default(),
        );
        written.expect("a string takes everything");
    }
}

/// One transport for all: the certificate of one is then the certificate of all.
fn bundled(session: &Section<'_>, offer: &Offer) -> Result<(), Refused> {
    let group = session.value("group").and_then(|group| group.strip_prefix("BUNDLE "));
    let group = group.ok_or(Refused::NotBundled)?.split(' ').filter(|mid| !mid.is_empty());
    let offered = offer.lines.iter().map(|line| line.mid.as_str());
    if group.eq(offered) { Ok(()) } else { Err(Refused::NotBundled) }
}

fn answered(line: &Line, section: &Section<'_>) -> Result<Answered, Refused> {
    let mut words = section.head.split(' ');
    let (kind, port) = (words.next(), words.next().and_then(|port| port.parse::<u16>().ok()));
    let secure = words.next() == Some("UDP/TLS/RTP/SAVPF");
    let same = kind == Some(line.kind.word()) && section.value("mid") == Some(&line.mid);
    if !secure || !same || port.is_none_or(|port| port == 0) {
        return Err(Refused::OtherLines);
    }
    let payload = line.payload.to_string();
    let maps = |map: &str| {
        map.split_once(' ').map(|(number, codec)| (number.to_owned(), codec.to_owned()))
    };
    let named = section.values("rtpmap").filter_map(maps).find(|(number, _)| *number == payload);
    let codec = named.map(|(_, codec)| codec).ok_or(Refused::NoCodec)?;
    if !words.any(|word| word == payload) || !codec.eq_ignore_ascii_case(line.codec.rtpmap()) {
        return Err(Refused::NoCodec);
    }
    let direction = direction(section).filter(|direction| line.allows(*direction));
    let direction = direction.ok_or(Refused::Direction)?;
    let source = section.value("ssrc").map(source).transpose()?;
    Ok(Answered { direction, source })
}

fn direction(section: &Section<'_>) -> Option<Direction> {
    let said = Direction::ALL.into_iter().filter(|direction| section.has(direction.word()));
    let said = said.collect::<Vec<_>>();
    match said.as_slice() {
        [] => Some(Direction::Both),
        [one] => Some(*one),
        [_, ..] => None,
    }
}

fn source(value: &str) -> Result<u32, Refused> {
    let number = value.split(' ').next().and_then(|word| word.parse().ok());
    number.filter(|number| *number != 0).ok_or(Refused::Source)
}

fn distinct(lines: &[Answered]) -> Result<(), Refused> {
    let mut sources = lines.iter().filter_map(|line| line.source).collect::<Vec<_>>();
    let count = sources.len();
    sources.sort_unstable();
    sources.dedup();
    if sources.len() == count { Ok(()) } else { Err(Refused::Source) }
}

/// The value that all lines share, said for the whole session, for the first line or for each.
fn common<'a>(
    session: &Section<'a>,
    media: &[Section<'a>],
    name: &str,
    why: Refused,
) -> Result<&'a str, Refused> {
    let said = media.iter().chain([session]).flat_map(|section| section.values(name));
    // Some peers offer longer hashes beside the one that everybody knows.
    let mut said = said.filter(|value| name != "fingerprint" || is_sha256(value));
    let first = said.next().ok_or(why.clone())?;
    if said.all(|other| other == first) { Ok(first) } else { Err(why) }
}

fn is_sha256(value: &str) -> bool {
    value.get(..8).is_some_and(|name| name.eq_ignore_ascii_case("sha-256 "))
}

fn is_ice(text: &str, least: usize) -> bool {
    let of_ice = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    (least..=256).contains(&text.len()) && text.chars().all(of_ice)
}

fn role(word: &str) -> Option<&'static str> {
    ["active", "passive"].into_iter().find(|role| *role == word)
}

fn candidates(sections: &[Section<'_>]) -> Vec<Candidate> {
    let lines = sections.iter().flat_map(|section| &section.attributes);
    let lines = lines.filter(|line| line.starts_with("candidate:"));
    lines.take(CANDIDATES_MAX).filter_map(|line| Candidate::read(line)).collect()
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
