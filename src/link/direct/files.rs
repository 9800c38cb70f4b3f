// SPDX-License-Identifier: MIT OR Apache-2.0
//! The browser handset, in the binary: a station has no other files to serve.

#[derive(Debug)]
pub(super) struct File {
    name: &'static str,
    /// Its media type.
    pub(super) kind: &'static str,
    pub(super) content: &'static [u8],
}

const HTML: &str = "text/html; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const MANIFEST: &str = "application/manifest+json";

macro_rules! files {
    ($($name:literal: $kind:expr,)*) => {
        const FILES: &[File] = &[$(File {
            name: $name,
            kind: $kind,
            content: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/web/", $name)),
        },)*];
    };
}

files! {
    "base64url.js": JS,
    "calls.js": JS,
    "clock.js": JS,
    "connection.js": JS,
    "context.js": JS,
    "conversation.js": JS,
    "door.js": JS,
    "doors-view.js": JS,
    "elements.js": JS,
    "envelope.js": JS,
    "focus.js": JS,
    "greeting.js": JS,
    "handset-page.js": JS,
    "handset.css": CSS,
    "handset.js": JS,
    "icon.svg": SVG,
    "index.html": HTML,
    "json.js": JS,
    "keys.js": JS,
    "main.js": JS,
    "manifest.webmanifest": MANIFEST,
    "media.js": JS,
    "messages.js": JS,
    "microphone.js": JS,
    "notices-worker.js": JS,
    "notices.js": JS,
    "pairing-page.js": JS,
    "pairing.js": JS,
    "proofs.js": JS,
    "quality.js": JS,
    "refusals.js": JS,
    "ring.js": JS,
    "screen.js": JS,
    "session.js": JS,
    "settings.js": JS,
    "shape.js": JS,
    "tabs.js": JS,
    "theme.css": CSS,
    "vault.js": JS,
    "view.js": JS,
    "words.js": JS,
}

/// By the path of a request; the page itself is at `/`.
pub(super) fn find(path: &str) -> Option<&'static File> {
    let name = match path.strip_prefix('/')? {
        "" => "index.html",
        name => name,
    };
    FILES.iter().find(|file| file.name == name)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn every_file_of_the_handset_is_served_and_nothing_else() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
        let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
        let files = files.filter(|entry| entry.file_type().unwrap().is_file());
        let there: BTreeSet<String> =
            files.map(|entry| entry.file_name().into_string().unwrap()).collect();
        let served: BTreeSet<String> = FILES.iter().map(|file| file.name.to_owned()).collect();
        assert_eq!(served, there);
    }

    #[test]
    fn a_file_is_what_its_name_says() {
        for file in FILES {
            let kind = match file.name.rsplit_once('.').unwrap().1 {
                "html" => HTML,
                "js" => JS,
                "css" => CSS,
                "svg" => SVG,
                "webmanifest" => MANIFEST,
                other => panic!("{other}"),
            };
            assert_eq!(file.kind, kind, "{}", file.name);
        }
        assert_eq!(find("/").map(|file| file.kind), Some(HTML));
    }
}
