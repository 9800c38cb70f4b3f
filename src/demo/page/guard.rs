// SPDX-License-Identifier: MIT OR Apache-2.0
//! The page can press buttons, so no other page that the browser happens to show may speak to
//! it: neither directly (`Origin`) nor by a name that somebody lets point here (`Host`).

use hyper::{
    HeaderMap,
    header::{self, HeaderName},
};

/// For every answer.
pub(super) const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

#[derive(Clone, Debug)]
pub(super) struct Doorkeeper {
    hosts: [String; 2],
}

impl Doorkeeper {
    pub(super) fn at(port: u16) -> Self {
        Self { hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")] }
    }

    pub(super) fn knows(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let origin = text(header::ORIGIN);
        // What is no text is no origin of ours.
        let garbled = headers.contains_key(header::ORIGIN) && origin.is_none();
        !garbled && self.admits(text(header::HOST), origin)
    }

    /// Browsers always send `Origin` where it matters: with every WebSocket and every foreign POST.
    fn admits(&self, host: Option<&str>, origin: Option<&str>) -> bool {
        let Some(host) = host else { return false };
        let own = |origin: &str| origin.strip_prefix("http://") == Some(host);
        self.hosts.iter().any(|own| own == host) && origin.is_none_or(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(host: Option<&str>, origin: Option<&str>) -> bool {
        Doorkeeper::at(7479).admits(host, origin)
    }

    #[test]
    fn the_page_itself_is_let_in_by_either_of_its_names() {
        assert!(admits(Some("127.0.0.1:7479"), None));
        assert!(admits(Some("127.0.0.1:7479"), Some("http://127.0.0.1:7479")));
        assert!(admits(Some("localhost:7479"), Some("http://localhost:7479")));
    }

    #[test]
    fn another_page_is_not() {
        assert!(!admits(Some("127.0.0.1:7479"), Some("http://elsewhere.example")));
        assert!(!admits(Some("127.0.0.1:7479"), Some("http://127.0.0.1:7480")));
        assert!(!admits(Some("127.0.0.1:7479"), Some("https://127.0.0.1:7479")));
        assert!(!admits(Some("127.0.0.1:7479"), Some("null")));
        assert!(!admits(Some("127.0.0.1:7479"), Some("http://localhost:7479")));
    }

    #[test]
    fn a_name_that_was_made_to_point_here_is_not() {
        assert!(!admits(Some("rebound.example:7479"), Some("http://rebound.example:7479")));
        assert!(!admits(Some("127.0.0.1:80"), None));
        assert!(!admits(None, None));
    }
}
