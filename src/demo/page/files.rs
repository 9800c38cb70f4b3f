// SPDX-License-Identifier: MIT OR Apache-2.0
//! The page itself, as it was when the program was built.

use axum::{body::Body, response::IntoResponse};
use hyper::{Response, StatusCode, header};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// The handset page has the same hand.
const THEME: &str = include_str!("../../../web/theme.css");
const SVG: &str = "image/svg+xml";

macro_rules! files {
    ($($name:literal: $kind:expr,)*) => {
        const FILES: &[(&str, &str, &str)] =
            &[$(($name, $kind, include_str!(concat!("web/", $name)))),*];
    };
}

files! {
    "call.js": SCRIPT,
    "door.js": SCRIPT,
    "fingers.js": SCRIPT,
    "icon.svg": SVG,
    "log.js": SCRIPT,
    "meter.js": SCRIPT,
    "news.js": SCRIPT,
    "pairing.js": SCRIPT,
    "panel.css": CSS,
    "panel.html": HTML,
    "panel.js": SCRIPT,
    "phones.js": SCRIPT,
    "station.js": SCRIPT,
    "street.css": CSS,
    "unit.js": SCRIPT,
    "words.js": SCRIPT,
}

pub(super) fn serve(path: &str) -> Response<Body> {
    let name = match path.trim_start_matches('/') {
        "" => "panel.html",
        name => name,
    };
    if name == "theme.css" {
        return ([(header::CONTENT_TYPE, CSS)], THEME).into_response();
    }
    match FILES.iter().find(|(file, ..)| *file == name) {
        Some((_, kind, text)) => ([(header::CONTENT_TYPE, *kind)], *text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;

    #[test]
    fn every_file_of_the_page_is_served_and_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/page/web");
        let there: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let served: BTreeSet<String> = FILES.iter().map(|(name, ..)| (*name).to_owned()).collect();
        assert_eq!(served, there);
    }
}
