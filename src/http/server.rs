// SPDX-License-Identifier: MIT OR Apache-2.0
//! Takes connections, with TLS or without, and reads what they ask for.

use std::{convert::Infallible, net::IpAddr, time::Duration};

use axum::body::Body;
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use super::admission::{Admission, Limits};

/// A browser opens half a dozen connections for a page, and several browsers may be behind one
/// address.
const CONNECTIONS: Limits = Limits { from_one_address: 24, in_all: 64 };
/// For the TLS handshake, and then for the head of each request.
const PATIENCE: Duration = Duration::from_secs(5);
/// A page is read by then. A WebSocket is no matter of HTTP any more.
const PAGE: Duration = Duration::from_secs(60);
const LONGEST_HEAD: usize = 16 * 1024;
/// After a connection that could not be taken.
const PAUSE: Duration = Duration::from_secs(1);

/// What there is to ask for.
pub trait Site: Clone + Send + Sync + 'static {
    fn answer(
        &self,
        peer: IpAddr,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Body>> + Send;
}

/// Serves one site on any number of addresses, whose connections are counted together.
#[derive(Clone)]
pub struct Server<S> {
    site: S,
    tls: Option<TlsAcceptor>,
    admission: Admission,
}

impl<S: Site> Server<S> {
    #[must_use]
    pub fn new(site: S, tls: Option<TlsAcceptor>) -> Self {
        Self { site, tls, admission: Admission::new(CONNECTIONS) }
    }

    /// Without end.
    pub async fn serve(self, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let peer = peer.ip().to_canonical();
                    // Too many: whoever is turned away tries again.
                    let Some(seat) = self.admission.admit(peer) else { continue };
                    let server = self.clone();
                    tokio::spawn(async move {
                        server.attend(stream, peer).await;
                        drop(seat);
                    });
                }
                // Out of descriptors, mostly: there will be some again.
                Err(error) => {
                    tracing::debug!(%error, "a connection was lost before it began");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    async fn attend(self, stream: TcpStream, peer: IpAddr) {
        // Messages are small and wait for nothing.
        drop(stream.set_nodelay(true));
        let Some(tls) = &self.tls else { return self.speak(stream, peer).await };
        match timeout(PATIENCE, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.speak(stream, peer).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS"),
            Err(_) => tracing::debug!(%peer, "no TLS in time"),
        }
    }

    async fn speak<T>(&self, stream: T, peer: IpAddr)
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|request| async move {
            Ok::<_, Infallible>(self.site.answer(peer, request).await)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .max_buf_size(LONGEST_HEAD)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        match timeout(PAGE, connection).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no sound HTTP"),
            Err(_) => tracing::debug!(%peer, "a page that takes too long"),
        }
    }
}

impl<S> std::fmt::Debug for Server<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("admission", &self.admission).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[derive(Clone)]
    struct Words;

    impl Site for Words {
        async fn answer(&self, _: IpAddr, _: Request<Incoming>) -> Response<Body> {
            Response::new(Body::from("words"))
        }
    }

    const DEADLINE: Duration = Duration::from_secs(30);

    async fn heard(stream: &mut TcpStream, said: &str) -> String {
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // Whoever is turned away may be so without a farewell.
        drop(timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("an end"));
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn so_many_connections_are_served_and_none_of_them_for_ever() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(Server::new(Words, None).serve(listener));
        let mut connections = Vec::new();
        for _ in 0..=CONNECTIONS.from_one_address {
            connections.push(TcpStream::connect(address).await.unwrap());
        }
        let question = "GET / HTTP/1.1\r\nHost: door\r\n\r\n";
        let [half, whole, .., one_too_many] = &mut connections[..] else { panic!("no limit") };
        let (half, whole, one_too_many) = tokio::join!(
            heard(half, "GET / HTTP/1.1\r\n"),
            heard(whole, question),
            heard(one_too_many, "")
        );
        assert_eq!((half.as_str(), one_too_many.as_str()), ("", ""));
        assert!(whole.ends_with("words"), "{whole}");
        let room = async {
            loop {
                let mut next = TcpStream::connect(address).await.unwrap();
                if heard(&mut next, question).await.ends_with("words") {
                    return;
                }
            }
        };
        timeout(DEADLINE, room).await.expect("whoever is gone makes room");
    }
}
