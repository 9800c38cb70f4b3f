// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a handset is woken, and for whom that is encrypted.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::link::bytes::{self, NotBytes, fixed};

fixed! {
    /// Shared by the handset and the station alone.
    Auth: 16, secret;
}

/// As a handset registers it. Whoever knows an endpoint may disturb its phone, so it does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    pub endpoint: EndpointText,
    pub p256dh: Point,
    pub auth: Auth,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subscription")
    }
}

const LONGEST: usize = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("longer than {LONGEST} bytes")]
pub struct TooLong;

/// Whether it is an endpoint is another question.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EndpointText(String);

impl EndpointText {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EndpointText {
    type Error = TooLong;
    fn try_from(text: String) -> Result<Self, TooLong> {
        if text.len() <= LONGEST { Ok(Self(text)) } else { Err(TooLong) }
    }
}

impl From<EndpointText> for String {
    fn from(text: EndpointText) -> Self {
        text.0
    }
}

impl fmt::Debug for EndpointText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EndpointText")
    }
}

/// SEC 1: one byte that says "both coordinates follow".
const UNCOMPRESSED: u8 = 4;

/// A public key on P-256 as Web Push writes it; whether it is on the curve shows when it is used.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Point(pub [u8; 65]);

impl TryFrom<String> for Point {
    type Error = NotBytes;
    fn try_from(text: String) -> Result<Self, NotBytes> {
        let point: [u8; 65] = bytes::decode_array(&text).ok_or(NotBytes)?;
        if point.starts_with(&[UNCOMPRESSED]) { Ok(Self(point)) } else { Err(NotBytes) }
    }
}

impl From<Point> for String {
    fn from(point: Point) -> Self {
        bytes::encode(&point.0)
    }
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bytes::encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(endpoint: &str) -> String {
        let p256dh = bytes::encode(&[4; 65]);
        let auth = bytes::encode(&[9; 16]);
        format!(r#"{{"endpoint":"{endpoint}","p256dh":"{p256dh}","auth":"{auth}"}}"#)
    }

    #[test]
    fn a_registration_does_not_print() {
        let subscription: Subscription =
            serde_json::from_str(&text("https://push.example/secret")).unwrap();
        assert_eq!(format!("{subscription:?}"), "Subscription");
        assert_eq!(format!("{:?}", subscription.endpoint), "EndpointText");
        assert_eq!(format!("{:?}", subscription.auth), "Auth");
    }

    #[test]
    fn an_endpoint_has_1000_bytes_at_most_and_a_key_is_uncompressed() {
        let read = |text: &str| serde_json::from_str::<Subscription>(text).is_ok();
        assert!(read(&text(&"x".repeat(1000))));
        assert!(!read(&text(&"x".repeat(1001))));
        assert!(!read(&text(&"ü".repeat(501))));
        let compressed = bytes::encode(&[2; 65]);
        assert!(!read(&text("x").replace(&bytes::encode(&[4; 65]), &compressed)));
    }
}
