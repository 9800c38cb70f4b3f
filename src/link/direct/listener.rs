// SPDX-License-Identifier: MIT OR Apache-2.0
//! Takes connections on one address. An address that cannot be had is asked for again.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use super::{
    admission::{Admission, Limits},
    http::Pages,
    tls::Tls,
};
use crate::config::Listen;

/// A browser opens half a dozen connections for a page, and several browsers may be behind one
/// address.
pub(super) const CONNECTIONS: Limits = Limits { from_one_address: 24, in_all: 64 };
/// For the TLS handshake, and then for the head of each request.
const PATIENCE: Duration = Duration::from_secs(5);
/// A page is read by then. A WebSocket is no matter of HTTP any more.
const PAGE: Duration = Duration::from_secs(60);
const LONGEST_HEAD: usize = 16 * 1024;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) tls: Option<Tls>,
    pub(super) pages: Pages,
    pub(super) admission: Admission,
}

pub(super) async fn bind(listen: Listen) -> io::Result<TcpListener> {
    let address = listen.address();
    match TcpListener::bind(address).await {
        // Every address of a machine that knows no IPv6.
        Err(error) if is_any_v6(address) && !is_in_use(&error) => {
            let any = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
            TcpListener::bind(any).await.map_err(|_| error)
        }
        bound => bound,
    }
}

fn is_any_v6(address: SocketAddr) -> bool {
    address.is_ipv6() && address.ip().is_unspecified()
}

fn is_in_use(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrInUse
}

/// Until it can be had.
pub(super) async fn bind_at_last(listen: Listen) -> TcpListener {
    let mut pause = FIRST_PAUSE;
    loop {
        sleep(pause).await;
        match bind(listen).await {
            Ok(listener) => {
                tracing::info!(%listen, "handsets can connect");
                return listener;
            }
            Err(error) => tracing::debug!(%listen, %error, "cannot be listened on yet"),
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

pub(super) async fn accept(listener: TcpListener, door: Door) {
    let door = Arc::new(door);
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let peer = peer.ip().to_canonical();
                // Too many: whoever is turned away tries again.
                let Some(seat) = door.admission.admit(peer) else { continue };
                let door = Arc::clone(&door);
                tokio::spawn(async move {
                    serve(&door, stream, peer).await;
                    drop(seat);
                });
            }
            // Out of descriptors, mostly: there will be some again.
            Err(error) => {
                tracing::debug!(%error, "a connection was lost before it began");
                sleep(FIRST_PAUSE).await;
            }
        }
    }
}

async fn serve(door: &Door, stream: TcpStream, peer: IpAddr) {
    // Messages are small and wait for nothing.
    drop(stream.set_nodelay(true));
    let pages = door.pages.clone();
    match &door.tls {
        None => speak(stream, peer, pages).await,
        Some(tls) => match timeout(PATIENCE, tls.acceptor.accept(stream)).await {
            Ok(Ok(stream)) => speak(stream, peer, pages).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS"),
            Err(_) => tracing::debug!(%peer, "no TLS in time"),
        },
    }
}

async fn speak<S>(stream: S, peer: IpAddr, pages: Pages)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let pages = pages.clone();
        async move { Ok::<_, std::convert::Infallible>(pages.answer(peer, request).await) }
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
