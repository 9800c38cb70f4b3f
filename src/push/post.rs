// SPDX-License-Identifier: MIT OR Apache-2.0
//! One request to a push service, on a connection of its own. Redirects are not followed and
//! answers are not read: their head says enough.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::body::Body;
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    client::conn::http1,
    header::{
        AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderMap, RETRY_AFTER,
    },
};
use hyper_util::rt::TokioIo;
use jiff::{Timestamp, fmt::rfc2822};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{self, ClientConfig, pki_types::ServerName},
};

use super::{delivery::Outcome, letter::Letter, networks::Allowed};
use crate::link::{
    PushResult,
    push::{Endpoint, Host},
};

/// For each address of a service.
const CONNECTS_WITHIN: Duration = Duration::from_secs(4);
const ADDRESSES: usize = 4;
const LONGEST_HEAD: usize = 16 * 1024;

#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("its name leads nowhere: {0}")]
    Unresolved(#[source] io::Error),
    #[error("it is in no public network, or in one of the station's own")]
    NotPublic,
    #[error("it cannot be connected to: {0}")]
    Unconnected(#[source] io::Error),
    #[error("it is not trusted: {0}")]
    Untrusted(#[source] io::Error),
    #[error("it speaks no TLS that this station knows: {0}")]
    NoTls(#[source] io::Error),
    #[error("it does not speak HTTP: {0}")]
    NoHttp(#[source] hyper::Error),
}

impl Trouble {
    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Self::NotPublic => Outcome::Refused,
            Self::Unresolved(_)
            | Self::Unconnected(_)
            | Self::Untrusted(_)
            | Self::NoTls(_)
            | Self::NoHttp(_) => Outcome::Later(None),
        }
    }

    pub(super) fn result(&self) -> PushResult {
        match self {
            Self::NotPublic => PushResult::Refused,
            // Somebody is there to say so.
            Self::Unconnected(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                PushResult::Unavailable
            }
            Self::Unresolved(_) | Self::Unconnected(_) => PushResult::Unreachable,
            Self::Untrusted(_) => PushResult::Untrusted,
            Self::NoTls(_) | Self::NoHttp(_) => PushResult::Unavailable,
        }
    }

    fn of_handshake(error: io::Error) -> Self {
        let why = error.get_ref().and_then(|why| why.downcast_ref::<rustls::Error>());
        match why {
            Some(rustls::Error::InvalidCertificate(_)) => Self::Untrusted(error),
            _ => Self::NoTls(error),
        }
    }
}

/// What the head of an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<Duration>,
}

impl Answer {
    fn of(response: &Response<Incoming>, unix_ms: u64) -> Self {
        let retry_after = retry_after(response.headers(), unix_ms);
        Self { status: response.status(), retry_after }
    }

    pub(super) fn result(self) -> PushResult {
        match self.outcome() {
            Outcome::Taken => PushResult::Taken,
            Outcome::Gone => PushResult::Gone,
            Outcome::Refused => PushResult::Refused,
            Outcome::Later(_) => PushResult::Unavailable,
        }
    }

    pub(super) fn outcome(self) -> Outcome {
        match self.status {
            status if status.is_success() => Outcome::Taken,
            StatusCode::NOT_FOUND | StatusCode::GONE => Outcome::Gone,
            StatusCode::TOO_MANY_REQUESTS => Outcome::Later(self.retry_after),
            status if status.is_server_error() => Outcome::Later(self.retry_after),
            _ => Outcome::Refused,
        }
    }
}

/// Seconds, or a date.
fn retry_after(headers: &HeaderMap, unix_ms: u64) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at: Timestamp = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    let at_ms = u64::try_from(at.as_millisecond()).ok()?;
    Some(Duration::from_millis(at_ms.saturating_sub(unix_ms)))
}

pub(super) async fn post(
    stream: TcpStream,
    endpoint: &Endpoint,
    tls: Option<Arc<ClientConfig>>,
    letter: Letter,
    unix_ms: u64,
) -> Result<Answer, Trouble> {
    let request = request(endpoint, letter);
    let response = match tls {
        None => exchange(stream, request).await?,
        Some(config) => {
            let untrusted = |error| Trouble::Untrusted(io::Error::other(error));
            let name = name(&endpoint.host).map_err(untrusted)?;
            let stream = TlsConnector::from(config).connect(name, stream).await;
            exchange(stream.map_err(Trouble::of_handshake)?, request).await?
        }
    };
    Ok(Answer::of(&response, unix_ms))
}

fn name(
    host: &Host,
) -> Result<ServerName<'static>, tokio_rustls::rustls::pki_types::InvalidDnsNameError> {
    match host {
        Host::Name(name) => ServerName::try_from(name.clone()),
        Host::Address(address) => Ok(ServerName::IpAddress((*address).into())),
    }
}

/// To an address that was looked at: asking again for the name could lead elsewhere.
pub(super) async fn connect(endpoint: &Endpoint, allowed: &Allowed) -> Result<TcpStream, Trouble> {
    let mut found = resolve(endpoint).await.map_err(Trouble::Unresolved)?;
    found.retain(|address| allowed.contains(address.ip()));
    if found.is_empty() {
        return Err(Trouble::NotPublic);
    }
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    for address in found.into_iter().take(ADDRESSES) {
        match timeout(CONNECTS_WITHIN, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = error,
            Err(_) => {}
        }
    }
    Err(Trouble::Unconnected(last))
}

async fn resolve(endpoint: &Endpoint) -> io::Result<Vec<SocketAddr>> {
    match &endpoint.host {
        Host::Address(address) => Ok(vec![SocketAddr::new(*address, endpoint.port)]),
        Host::Name(name) => Ok(lookup_host((name.as_str(), endpoint.port)).await?.collect()),
    }
}

fn request(endpoint: &Endpoint, letter: Letter) -> Request<Body> {
    let Letter { authorization, ttl_s, topic, body } = letter;
    let origin = endpoint.origin();
    let host = origin.split_once("://").map_or(origin.as_str(), |(_, host)| host);
    Request::post(endpoint.path().clone())
        .header(HOST, host)
        .header(AUTHORIZATION, authorization)
        .header(CONTENT_TYPE, "application/octet-stream")
        .header(CONTENT_ENCODING, "aes128gcm")
        .header("ttl", ttl_s)
        .header("urgency", "high")
        .header("topic", topic)
        .header(CONNECTION, "close")
        .body(Body::from(body))
        .expect("all of it is visible ASCII")
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin,
    request: Request<Body>,
) -> Result<Response<Incoming>, Trouble> {
    let mut client = http1::Builder::new();
    let client = client.max_buf_size(LONGEST_HEAD);
    let (mut requests, connection) =
        client.handshake(TokioIo::new(stream)).await.map_err(Trouble::NoHttp)?;
    let (mut connection, mut answer) = (pin!(connection), pin!(requests.send_request(request)));
    let answer = tokio::select! {
        biased;
        answer = &mut answer => answer,
        // The answer may be the last that was said on it.
        _ = &mut connection => answer.await,
    };
    answer.map_err(Trouble::NoHttp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(status: u16) -> Outcome {
        let retry_after = Some(Duration::from_secs(7));
        Answer { status: StatusCode::from_u16(status).unwrap(), retry_after }.outcome()
    }

    #[test]
    fn what_a_service_says_is_understood() {
        for status in [200, 201, 202, 204] {
            assert_eq!(outcome(status), Outcome::Taken, "{status}");
        }
        for status in [404, 410] {
            assert_eq!(outcome(status), Outcome::Gone, "{status}");
        }
        for status in [429, 500, 502, 503, 507] {
            assert_eq!(outcome(status), Outcome::Later(Some(Duration::from_secs(7))), "{status}");
        }
        for status in [100, 301, 302, 307, 308, 400, 401, 403, 405, 413] {
            assert_eq!(outcome(status), Outcome::Refused, "{status}");
        }
    }

    #[test]
    fn a_pause_is_so_many_seconds_or_until_a_date() {
        // Sun, 06 Nov 1994 08:49:37 GMT
        let now = 784_111_777_000 - 30_000;
        let pause = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers, now).map(|pause| pause.as_secs())
        };
        assert_eq!(pause("120"), Some(120));
        assert_eq!(pause("Sun, 06 Nov 1994 08:49:37 GMT"), Some(30));
        assert_eq!(pause("Sun, 06 Nov 1994 08:48:37 GMT"), Some(0));
        for text in ["-1", "soon", "1.5", ""] {
            assert_eq!(pause(text), None, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
