// SPDX-License-Identifier: MIT OR Apache-2.0
//! An address to listen on. One that cannot be had is asked for again.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use tokio::{net::TcpListener, time::sleep};

use crate::config::Listen;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

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
