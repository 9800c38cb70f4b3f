// SPDX-License-Identifier: MIT OR Apache-2.0
//! WebSockets to a station, over TLS with a pinned key or over plain loopback.

use std::{io, pin::Pin, sync::Arc};

use futures_util::{SinkExt, StreamExt};
use intercomd::link::keys;
use ring::digest::{SHA256, digest};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        self, ClientConfig, DigitallySignedStruct, SignatureScheme, SupportedProtocolVersion,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::{CryptoProvider, ring::default_provider, verify_tls13_signature},
        pki_types::{CertificateDer, ServerName, UnixTime},
        server::ParsedCertificate,
        version::TLS13,
    },
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        handshake::client::Response,
        http::{HeaderName, HeaderValue},
    },
};

use crate::deadline::within_deadline;

pub(crate) trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

pub(crate) type Carrier = Pin<Box<dyn Bytes>>;

pub(crate) struct Socket {
    stream: WebSocketStream<Carrier>,
    /// Of the close frame: whoever waits for the end may look away in between.
    reason: String,
}

#[derive(Debug)]
pub(crate) enum Spoken {
    Frame(String),
    Closed(String),
}

/// TCP, and TLS where there is a pin.
pub(crate) async fn carrier(address: &str, pin: Option<keys::Pin>) -> io::Result<Carrier> {
    let stream = TcpStream::connect(address).await?;
    let Some(pin) = pin else { return Ok(Box::pin(stream)) };
    Ok(Box::pin(tls(stream, pin, &[&TLS13]).await?))
}

pub(crate) async fn tls(
    stream: TcpStream,
    pin: keys::Pin,
    versions: &[&'static SupportedProtocolVersion],
) -> io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let provider = Arc::new(default_provider());
    let verifier = Arc::new(Pinned { pin, provider: provider.clone() });
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    let name = ServerName::try_from("door.example").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

impl Socket {
    pub(crate) async fn open(
        address: &str,
        pin: Option<keys::Pin>,
    ) -> Result<Self, tungstenite::Error> {
        Self::open_with(address, pin, &[("sec-websocket-protocol", "icm1")]).await.map(|(s, _)| s)
    }

    pub(crate) async fn open_with(
        address: &str,
        pin: Option<keys::Pin>,
        headers: &[(&'static str, &str)],
    ) -> Result<(Self, Response), tungstenite::Error> {
        let carrier = carrier(address, pin).await?;
        let scheme = if pin.is_some() { "wss" } else { "ws" };
        let mut request = format!("{scheme}://{address}/link").into_client_request()?;
        for (name, value) in headers {
            let name = HeaderName::from_static(name);
            request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        let opened = within_deadline("a WebSocket", client_async(request, carrier)).await;
        opened.map(|(stream, response)| (Self { stream, reason: String::new() }, response))
    }

    pub(crate) async fn say(&mut self, frame: &str) {
        self.send(Message::text(frame)).await;
    }

    pub(crate) async fn send(&mut self, message: Message) {
        // The other side may have hung up.
        drop(self.stream.send(message).await);
    }

    /// The next text frame or the end, with the reason of the close frame.
    pub(crate) async fn next(&mut self) -> Spoken {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Spoken::Frame(text.as_str().to_owned()),
                Some(Ok(Message::Close(Some(frame)))) => {
                    self.reason = frame.reason.as_str().to_owned();
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Spoken::Closed(std::mem::take(&mut self.reason)),
            }
        }
    }

    pub(crate) async fn frame(&mut self) -> String {
        match within_deadline("a frame of the station", self.next()).await {
            Spoken::Frame(frame) => frame,
            Spoken::Closed(why) => panic!("the station closed the connection: {why}"),
        }
    }

    pub(crate) async fn closed(&mut self) -> String {
        let end = async {
            loop {
                if let Spoken::Closed(why) = self.next().await {
                    return why;
                }
            }
        };
        within_deadline("the end of a connection", end).await
    }
}

/// Exactly one key, whatever the certificate says besides.
#[derive(Debug)]
struct Pinned {
    pin: keys::Pin,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let spki = ParsedCertificate::try_from(end_entity)?.subject_public_key_info();
        if digest(&SHA256, &spki).as_ref() == self.pin.0 {
            return Ok(ServerCertVerified::assertion());
        }
        Err(rustls::Error::General("another key than the pinned one".to_owned()))
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.3 only".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
