// SPDX-License-Identifier: MIT OR Apache-2.0
//! The simulated panel in a browser: the board, the door and the phones of the demo, to look at
//! and to touch. It listens on this machine alone, and only where a person plays.

mod files;
mod guard;
mod view;
mod visit;
mod wish;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use axum::{
    Router,
    extract::{State, WebSocketUpgrade},
    middleware,
    response::Response,
    routing::get,
};
use tokio::net::TcpListener;

use self::{guard::Doorkeeper, visit::Visit};
use super::Scene;

/// Taken ports are passed over downwards: handsets are served on the one above.
const PORTS: [u16; 10] = [7479, 7478, 7477, 7476, 7475, 7474, 7473, 7472, 7471, 7470];
/// A finger's message is some dozen bytes.
const MESSAGE_MAX: usize = 4096;

/// Serves until the station ends. Returns where.
pub(super) async fn open(scene: Scene) -> io::Result<String> {
    let listener = bind().await?;
    let address = listener.local_addr()?;
    let doorkeeper = Doorkeeper::at(address.port());
    let pages = Router::new()
        .route("/live", get(live))
        .fallback(get(files::serve))
        .layer(middleware::from_fn_with_state(doorkeeper, guard::admit))
        .with_state(scene);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, pages).await {
            tracing::error!(%error, "the panel page is gone");
        }
    });
    Ok(format!("http://{address}/"))
}

async fn bind() -> io::Result<TcpListener> {
    for port in PORTS {
        match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            outcome => return outcome,
        }
    }
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
}

async fn live(State(scene): State<Scene>, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.max_message_size(MESSAGE_MAX).max_frame_size(MESSAGE_MAX);
    upgrade.on_upgrade(|socket| Visit::new(scene, socket).run())
}

#[cfg(test)]
mod tests;
