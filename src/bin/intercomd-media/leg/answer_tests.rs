// SPDX-License-Identifier: MIT OR Apache-2.0

use proptest::prelude::*;

use self::{
    description::{offer, sdp},
    replay::{corpus, replay},
};
use super::*;

#[path = "../../../../tests/fuzz/description.rs"]
mod description;
#[path = "../../../../tests/fuzz/replay.rs"]
mod replay;

const FINGERPRINT: &str = "sha-256 9C:A2:34:F6:C5:96:09:97:74:CC:19:DE:92:65:C0:85:B5:6A:11:28:0B:\
                           71:E9:10:71:30:81:B5:CE:8C:A8:C3";

/// As a browser writes it, with everything that we do not use.
fn good() -> String {
    let transport = format!(
        "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:AbCd\r\n\
         a=ice-pwd:0123456789012345678901/+\r\na=ice-options:trickle\r\n\
         a=fingerprint:{FINGERPRINT}\r\na=setup:active\r\n"
    );
    format!(
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n\
         a=group:BUNDLE audio0 video1\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS x\r\n\
         m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n{transport}a=mid:audio0\r\na=sendrecv\r\n\
         a=msid:x y\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n\
         a=fmtp:111 minptime=10;useinbandfec=1\r\na=ssrc:77 cname:peer\r\n\
         a=candidate:1 1 udp 5 192.0.2.7 51472 typ host\r\n\
         a=candidate:1 1 udp 5 cafe.local 51472 typ host\r\n\
         m=video 9 UDP/TLS/RTP/SAVPF 96\r\n{transport}a=mid:video1\r\na=recvonly\r\n\
         a=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n"
    )
}

fn refused(text: &str) -> Option<Refused> {
    Answer::read(text, &offer()).err()
}

#[test]
fn an_answer_is_written_anew_with_nothing_but_what_a_session_needs() {
    let answer = Answer::read(&good(), &offer()).unwrap();
    assert_eq!(answer.fingerprint.to_string(), FINGERPRINT);
    let candidates = answer.candidates.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(candidates, ["candidate:1 1 UDP 5 192.0.2.7 51472 typ host"]);
    let transport = format!(
        "a=ice-ufrag:AbCd\r\na=ice-pwd:0123456789012345678901/+\r\n\
         a=fingerprint:{FINGERPRINT}\r\na=setup:active\r\n"
    );
    let written = format!(
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE audio0 video1\r\n\
         a=ice-options:trickle\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n\
         a=mid:audio0\r\n{transport}a=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n\
         a=fmtp:111 minptime=10;useinbandfec=1\r\na=ssrc:77 cname:handset\r\n\
         m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:video1\r\n{transport}\
         a=recvonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n\
         a=rtcp-fb:96 ccm fir\r\n"
    );
    assert_eq!(answer.write(&offer()), written);
    let again = Answer::read(&written, &offer()).unwrap();
    assert_eq!(again.write(&offer()), written);
}

#[test]
fn what_is_said_once_for_the_whole_session_counts_for_each_line() {
    let line = format!("a=fingerprint:{FINGERPRINT}\r\n");
    let once = good().replace(&line, "").replacen("t=0 0\r\n", &format!("t=0 0\r\n{line}"), 1);
    assert_eq!(refused(&once), None);
}

#[test]
fn longer_hashes_beside_the_one_that_counts_do_no_harm() {
    let more = format!("a=fingerprint:sha-512 AA:BB\r\na=fingerprint:{FINGERPRINT}\r\n");
    let more = good().replace(&format!("a=fingerprint:{FINGERPRINT}\r\n"), &more);
    assert_eq!(refused(&more), None);
}

#[test]
fn an_answer_that_contradicts_the_offer_is_refused() {
    let two_fingerprints = good().replacen("9C:A2", "9C:A3", 1);
    let lines = good();
    let (session, media) = lines.split_once("m=audio").unwrap();
    let (audio, video) = media.split_once("m=video").unwrap();
    let swapped = format!("{session}m=video{video}m=audio{audio}");
    let third = format!("{}m=video{video}", good());
    for (text, why) in [
        (swapped, Refused::OtherLines),
        (third, Refused::OtherLines),
        (format!("{session}m=audio{audio}"), Refused::OtherLines),
        (good().replace("mid:audio0", "mid:video1"), Refused::OtherLines),
        (good().replace("m=video 9", "m=video 0"), Refused::OtherLines),
        (good().replace("SAVPF 96", "AVP 96").replace("TLS/RTP/AVP", "AVP"), Refused::OtherLines),
        (good().replace("m=audio 9 UDP/TLS", "m=audio 9 TCP/TLS"), Refused::OtherLines),
        (good().replace("BUNDLE audio0 video1", "BUNDLE audio0"), Refused::NotBundled),
        (good().replace("BUNDLE audio0 video1", "LS audio0 video1"), Refused::NotBundled),
        (good().replace("SAVPF 111", "SAVPF 112"), Refused::NoCodec),
        (good().replace("111 opus", "111 PCMU"), Refused::NoCodec),
        (good().replace("96 VP8", "96 H264"), Refused::NoCodec),
        (good().replace("sendrecv", "recvonly"), Refused::Direction),
        (good().replace("recvonly", "sendrecv"), Refused::Direction),
        (good().replace("sendrecv", "sendrecv\r\na=sendonly"), Refused::Direction),
        (good().replace("a=ice-ufrag:AbCd\r\n", ""), Refused::Ice),
        (good().replace("AbCd", "Ab d"), Refused::Ice),
        (good().replace("AbCd", "A"), Refused::Ice),
        (good().replacen("AbCd", "AbCe", 1), Refused::Ice),
        (good().replace("0123456789", ""), Refused::Ice),
        (two_fingerprints, Refused::Fingerprint),
        (good().replace("sha-256", "sha-1"), Refused::Fingerprint),
        (good().replace("9C:A2", "9C"), Refused::Fingerprint),
        (good().replace("setup:active", "setup:actpass"), Refused::Role),
        (good().replace("a=setup:active\r\n", ""), Refused::Role),
        (good().replace("ssrc:77", "ssrc:x"), Refused::Source),
        (good().replace("ssrc:77", "ssrc:0"), Refused::Source),
        (good().replace("a=mid:video1", "a=mid:video1\r\na=ssrc:77 x"), Refused::Source),
        (good().replace("v=0", "v=1"), Refused::NotSdp),
        (good().replace("s=-", "hello"), Refused::NotSdp),
        (good().replace("s=-", "s=\u{7}"), Refused::NotSdp),
        (good().replace("s=-", "x=-"), Refused::NotSdp),
        (String::new(), Refused::NotSdp),
        ("hello".to_owned(), Refused::NotSdp),
        (format!("{}{}", good(), "a=x\r\n".repeat(4000)), Refused::TooLong),
    ] {
        assert_eq!(refused(&text), Some(why), "{text}");
    }
}

#[test]
fn a_password_does_not_print() {
    let answer = Answer::read(&good(), &offer()).unwrap();
    assert_eq!(format!("{answer:?}"), "Answer");
}

proptest! {
    #[test]
    fn no_bytes_do_harm(bytes in any::<Vec<u8>>()) {
        let text = String::from_utf8_lossy(&bytes);
        drop(Answer::read(&text, &offer()));
        drop(Answer::read(&format!("v=0\r\n{text}"), &offer()));
    }

    /// Whatever was changed, what webrtcbin is given has the lines of the offer.
    #[test]
    fn a_damaged_answer_is_refused_or_comes_out_whole(
        at in 0usize..2000, cut in 0usize..40, put in "[\r\n a-z=:0-9]{0,20}"
    ) {
        let mut text = good();
        let at = at.min(text.len());
        text.replace_range(at..(at + cut).min(text.len()), &put);
        if let Ok(answer) = Answer::read(&text, &offer()) {
            let written = answer.write(&offer());
            let heads = written.lines().filter(|line| line.starts_with("m=")).collect::<Vec<_>>();
            prop_assert_eq!(
                heads,
                ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=video 9 UDP/TLS/RTP/SAVPF 96"]
            );
            prop_assert!(Answer::read(&written, &offer()).is_ok());
        }
    }
}

#[test]
fn anything_may_be_an_answer() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/corpus/sdp");
    let tally = replay(&corpus(directory.as_ref()), 100_000, sdp);
    assert_eq!(tally.seeds, tally.seeds_taken, "the corpus is good");
    assert!(tally.taken > 0 && tally.refused > 0, "{tally:?}");
}
