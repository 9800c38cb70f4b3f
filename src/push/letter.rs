// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is sent for an order: headers and an encrypted envelope.

use std::time::Duration;

use ring::hmac;

use super::{
    body::{self, NoBody},
    vapid,
};
use crate::{
    core::Moment,
    link::{
        bytes,
        envelope::{Envelope, seal},
        keys::KeyPair,
        message::{Pushed, pushed::Ring},
        push::{Endpoint, News, Order},
    },
};

/// No push service has to keep one for longer.
const TTL_MOST: u64 = 45;

/// A request, but for where it goes.
pub(super) struct Letter {
    pub(super) authorization: String,
    pub(super) ttl_s: u64,
    pub(super) topic: String,
    pub(super) body: Vec<u8>,
}

/// Now, by both clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) moment: Moment,
    pub(super) unix_ms: u64,
}

impl Letter {
    pub(super) fn write(
        order: &Order,
        key: &KeyPair,
        endpoint: &Endpoint,
        contact: Option<&str>,
        now: Now,
    ) -> Result<Self, NoBody> {
        let left = order.until.since(now.moment);
        let envelope = seal(key, &envelope(order, key, left, now));
        Ok(Self {
            authorization: vapid::authorization(
                key,
                &endpoint.origin(),
                contact,
                now.unix_ms / 1000,
            ),
            ttl_s: left.as_secs().min(TTL_MOST),
            topic: topic(order),
            body: body::encrypt(envelope.as_bytes(), &order.subscription)?,
        })
    }
}

fn envelope(order: &Order, key: &KeyPair, left: Duration, now: Now) -> Envelope {
    let ring_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
    let said = match order.news.clone() {
        News::Ring { contact, media } => Pushed::Ring(Ring {
            cid: order.leg.call,
            contact,
            ring_ms,
            media,
            until: now.unix_ms.saturating_add(ring_ms) / 1000,
        }),
        News::Ended(ended) => Pushed::Ended(ended),
    };
    Envelope {
        mid: order.mid,
        from: key.public().thumbprint(),
        to: order.to,
        sx: String::new(),
        seq: 0,
        ack: 0,
        re: None,
        t: said.word().to_owned(),
        b: said.body(),
    }
}

/// The same for all that is said of a call, and of no use to whoever does not know the secret.
fn topic(order: &Order) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &order.subscription.auth.0);
    let text = format!("icm1-topic\0{}", order.leg.call);
    let tag = hmac::sign(&key, text.as_bytes());
    bytes::encode(tag.as_ref().get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Endpoints,
        core::{CallId, LegId, Reason, Status, status::Media},
        link::{
            envelope::Mid,
            keys::Thumbprint,
            message::from_station::Ended,
            push::{Auth, Point, Subscription},
        },
    };

    fn order(call: u64, news: News) -> Order {
        let endpoint = "https://push.example/a".to_owned().try_into().unwrap();
        let p256dh = *KeyPair::from_pkcs8(&KeyPair::generate().unwrap()).unwrap().public();
        let p256dh = Point(p256dh.point());
        Order {
            leg: LegId { call: CallId(call), handset: "kitchen".parse().unwrap() },
            to: Thumbprint([1; 32]),
            subscription: Subscription { endpoint, p256dh, auth: Auth([7; 16]) },
            mid: Mid([2; 16]),
            news,
            until: Moment::from_millis(100_000),
        }
    }

    fn ring() -> News {
        News::Ring { contact: Some("Flat 1".to_owned()), media: Media::Video }
    }

    fn ended() -> News {
        let (status, reason) = (Status::Elsewhere, Reason::Elsewhere);
        News::Ended(Ended { cid: CallId(7), status, reason, answered_by: None })
    }

    fn key() -> KeyPair {
        KeyPair::from_pkcs8(&KeyPair::generate().unwrap()).unwrap()
    }

    fn at(moment_ms: u64) -> Now {
        Now { moment: Moment::from_millis(moment_ms), unix_ms: 1_700_000_000_900 }
    }

    #[test]
    fn a_ring_says_how_long_and_until_when() {
        let (key, now) = (key(), at(69_500));
        let left = Duration::from_millis(30_500);
        let envelope = envelope(&order(7, ring()), &key, left, now);
        assert_eq!((envelope.seq, envelope.ack, envelope.sx.as_str()), (0, 0, ""));
        let expected = Ring {
            cid: CallId(7),
            contact: Some("Flat 1".to_owned()),
            ring_ms: 30_500,
            media: Media::Video,
            until: 1_700_000_031,
        };
        assert_eq!(Pushed::read(&envelope.t, envelope.b), Ok(Pushed::Ring(expected)));
    }

    #[test]
    fn a_push_lasts_as_long_as_its_ring_and_45_s_at_most() {
        let endpoint = Endpoint::parse("https://push.example/a", Endpoints::Public).unwrap();
        let ttl = |ms: u64| {
            let letter = Letter::write(&order(7, ring()), &key(), &endpoint, None, at(ms));
            letter.unwrap().ttl_s
        };
        assert_eq!([ttl(0), ttl(69_500), ttl(99_500), ttl(200_000)], [45, 30, 0, 0]);
    }

    #[test]
    fn the_end_takes_the_place_of_its_ring_and_of_no_other() {
        let [ring, end, next] = [order(7, ring()), order(7, ended()), order(8, ring())];
        assert_eq!(topic(&ring), topic(&end));
        assert_ne!(topic(&ring), topic(&next));
        let mut other = order(7, ended());
        other.subscription.auth = Auth([8; 16]);
        assert_ne!(topic(&ring), topic(&other));
        assert_eq!(topic(&ring).len(), 22);
    }

    #[test]
    fn a_ring_and_its_end_are_of_one_length() {
        let endpoint = Endpoint::parse("https://push.example/a", Endpoints::Public).unwrap();
        let size = |order: &Order| {
            Letter::write(order, &key(), &endpoint, None, at(0)).unwrap().body.len()
        };
        assert_eq!(size(&order(7, ring())), size(&order(7, ended())));
    }
}
