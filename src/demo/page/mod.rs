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
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    body::Body,
    extract::{FromRequestParts, ws::WebSocketUpgrade},
    response::IntoResponse,
};
use hyper::{
    Method, Request, Response, StatusCode, body::Incoming, header::HeaderValue,
    http::request::Parts,
};
use tokio::net::TcpListener;

use self::{guard::Doorkeeper, visit::Visit};
use super::Scene;
use crate::http::{
    Server, Site,
    admission::{Admission, Limits},
};

/// Taken ports are passed over downwards: handsets are served on the one above.
const PORTS: [u16; 10] = [7479, 7478, 7477, 7476, 7475, 7474, 7473, 7472, 7471, 7470];
/// A finger's message is some dozen bytes.
const MESSAGE_MAX: usize = 4096;

/// A board has few hands; each open page has a task and a picture of the whole station.
const VISITS: Limits = Limits { from_one_address: 16, in_all: 16 };

#[derive(Clone, Debug)]
struct Panel {
    scene: Scene,
    doorkeeper: Doorkeeper,
    visits: Admission,
}

/// Serves until the station ends. Returns where.
pub(super) async fn open(scene: Scene) -> io::Result<String> {
    let listener = bind().await?;
    let address = listener.local_addr()?;
    let doorkeeper = Doorkeeper::at(address.port());
    let panel = Panel { scene, doorkeeper, visits: Admission::new(VISITS) };
    tokio::spawn(Server::new(panel, None).serve(listener));
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

impl Site for Panel {
    async fn answer(&self, peer: IpAddr, request: Request<Incoming>) -> Response<Body> {
        let (mut parts, _) = request.into_parts();
        let mut response = match parts.uri.path() {
            _ if !self.doorkeeper.knows(&parts.headers) => {
                tracing::debug!("the panel page was asked for by somebody else's name");
                StatusCode::FORBIDDEN.into_response()
            }
            _ if parts.method != Method::GET => StatusCode::METHOD_NOT_ALLOWED.into_response(),
            "/live" => self.live(peer, &mut parts).await,
            path => files::serve(path),
        };
        for (name, value) in guard::HEADERS {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

impl Panel {
    async fn live(&self, peer: IpAddr, parts: &mut Parts) -> Response<Body> {
        let upgrade = match WebSocketUpgrade::from_request_parts(parts, &()).await {
            Ok(upgrade) => upgrade.max_message_size(MESSAGE_MAX).max_frame_size(MESSAGE_MAX),
            Err(rejection) => return rejection.into_response(),
        };
        let Some(seat) = self.visits.admit(peer) else {
            return StatusCode::TOO_MANY_REQUESTS.into_response();
        };
        let scene = self.scene.clone();
        upgrade.on_upgrade(move |socket| async move {
            Visit::new(scene, socket).run().await;
            drop(seat);
        })
    }
}

#[cfg(test)]
mod tests;
