// SPDX-License-Identifier: MIT OR Apache-2.0
//! The third target. It is in a file of its own because what it feeds is part of the worker.

use intercomd::session::VideoCodec;

use crate::leg::{answer::Answer, offer::Offer};

/// As webrtcbin names the lines of a station with a picture.
pub(crate) fn offer() -> Offer {
    let mut offer = Offer::new(Some(VideoCodec::Vp8), false);
    assert!(offer.named("m=audio\r\na=mid:audio0\r\nm=video\r\na=mid:video1\r\n"));
    offer
}

/// Whatever a handset sends: what is written for GStreamer is ours alone.
pub(crate) fn sdp(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let Ok(answer) = Answer::read(text, &offer()) else { return false };
    let written = answer.write(&offer());
    assert!(written.split_terminator("\r\n").all(|line| !line.contains(char::is_control)));
    let again = Answer::read(&written, &offer()).unwrap();
    assert_eq!(again.write(&offer()), written);
    true
}
