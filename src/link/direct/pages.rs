// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a connection may ask for: the pages of the browser handset, and the link itself.

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::Body,
    extract::{FromRequestParts, ws::WebSocketUpgrade},
    response::IntoResponse,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::Incoming,
    header::{self, HeaderValue},
    http::request::Parts,
};
use ring::digest::{SHA256, digest};

use super::{
    files::{self, File},
    names::Names,
    reception::Reception,
    socket,
};
use crate::{http::Site, link::envelope::LARGEST};

/// Of a WebSocket that speaks our protocol.
const PROTOCOL: &str = "icm1";
const LINK: &str = "/link";

/// For every answer. Nothing of a page comes from elsewhere, and no other page may frame it.
const USUAL: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
         media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(self), microphone=(self), geolocation=()"),
];

const STRANGE_NAME: &str = "This station does not answer to that name. Use its address, the name of the machine or one of \
     its certificate; any other belongs to `at` in [link] of the configuration.\n";
const FOREIGN_PAGE: &str = "Only the station's own page may do this.\n";

/// Everything behind a listener.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    pub(super) reception: Reception,
    pub(super) names: Arc<Names>,
}

impl Site for Pages {
    async fn answer(&self, peer: IpAddr, request: Request<Incoming>) -> Response<Body> {
        let (mut parts, _) = request.into_parts();
        let mut response = match parts.uri.path() {
            _ if !self.is_meant_by(&parts.headers) => {
                refusal(StatusCode::MISDIRECTED_REQUEST, STRANGE_NAME)
            }
            LINK => link(&self.reception, peer, &mut parts).await,
            path => static_file(&parts, path),
        };
        for (name, value) in USUAL {
            response.headers_mut().insert(*name, HeaderValue::from_static(value));
        }
        response
    }
}

impl Pages {
    fn is_meant_by(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        host.is_some_and(|host| self.names.include(host))
    }
}

async fn link(reception: &Reception, peer: IpAddr, parts: &mut Parts) -> Response<Body> {
    if !is_of_this_page(&parts.headers) {
        return refusal(StatusCode::FORBIDDEN, FOREIGN_PAGE);
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(parts, &()).await {
        Ok(upgrade) => upgrade.protocols([PROTOCOL]),
        Err(rejection) => return rejection.into_response(),
    };
    if upgrade.selected_protocol().is_none() {
        return status(StatusCode::BAD_REQUEST);
    }
    let Some(visit) = reception.welcome(peer) else {
        return status(StatusCode::TOO_MANY_REQUESTS);
    };
    upgrade.max_message_size(LARGEST).max_frame_size(LARGEST).on_upgrade(move |socket| async move {
        if let Some(guest) = visit.begin().await {
            socket::serve(guest, socket).await;
        }
    })
}

/// A browser says whose page opens the WebSocket. A foreign page must not speak to a station in
/// the name of whoever looks at it.
fn is_of_this_page(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    matches!((host, origin), (Some(host), Some((_, origin))) if host.eq_ignore_ascii_case(origin))
}

fn static_file(parts: &Parts, path: &str) -> Response<Body> {
    if parts.method != Method::GET && parts.method != Method::HEAD {
        let mut refusal = status(StatusCode::METHOD_NOT_ALLOWED);
        refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    let Some(file) = files::find(path) else { return status(StatusCode::NOT_FOUND) };
    let tag = tag(file);
    let is_known = parts.headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == tag);
    let mut response = if is_known {
        status(StatusCode::NOT_MODIFIED)
    } else {
        Response::new(Body::from(file.content))
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    // Asked again each time: after an update of the station the old page does not linger.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::ETAG, tag);
    response
}

fn tag(file: &File) -> HeaderValue {
    let hash = digest(&SHA256, file.content);
    let short = hash.as_ref().get(..12).unwrap_or_default();
    let quoted = format!("\"{}\"", URL_SAFE_NO_PAD.encode(short));
    HeaderValue::from_str(&quoted).unwrap_or(HeaderValue::from_static("\"\""))
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn refusal(why: StatusCode, words: &'static str) -> Response<Body> {
    (why, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str, origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        headers.extend(origin.map(|origin| (header::ORIGIN, HeaderValue::from_static(origin))));
        headers
    }

    #[test]
    fn a_foreign_page_opens_no_link() {
        let own = |host, origin| is_of_this_page(&headers(host, origin));
        assert!(own("door.example:7443", Some("https://door.example:7443")));
        assert!(own("[2001:db8::7]:7443", Some("https://[2001:DB8::7]:7443")));
        assert!(own("door.example:7443", None), "no browser");
        for foreign in [
            "https://evil.example",
            "https://door.example",
            "https://door.example:74430",
            "null",
            "https://evil.example/?door.example:7443",
        ] {
            assert!(!own("door.example:7443", Some(foreign)), "{foreign}");
        }
    }

    fn asked(method: Method, path: &str, known: Option<HeaderValue>) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(known) = known {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        static_file(&parts, path)
    }

    #[test]
    fn pages_are_read_and_nothing_else() {
        let page = asked(Method::GET, "/", None);
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(page.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        let again = asked(Method::GET, "/", Some(page.headers()[header::ETAG].clone()));
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(asked(Method::POST, "/", None).status(), StatusCode::METHOD_NOT_ALLOWED);
        for missing in ["/link.pem", "/../Cargo.toml", "//index.html", "/index.html/", "/%2e%2e"] {
            assert_eq!(asked(Method::GET, missing, None).status(), StatusCode::NOT_FOUND);
        }
    }
}
