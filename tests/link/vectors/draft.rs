// SPDX-License-Identifier: MIT OR Apache-2.0
//! Frames made by hand, right or wrong in any detail.

use std::collections::HashMap;

use intercomd::link::{bytes, keys::Thumbprint};
use serde_json::Value;

use crate::{
    peer::{pair, public, thumbprint},
    phone::payload,
};

/// Signs. A signature differs each time, so that one already in the file is used again.
pub(crate) struct Scribe {
    used: HashMap<String, Vec<String>>,
    /// Those that are members of bodies.
    inside: Vec<String>,
}

impl Scribe {
    pub(crate) fn new(file: &str) -> Self {
        let mut used = HashMap::<_, Vec<_>>::new();
        let frames = file.split('"').filter(|word| word.contains('.'));
        let inside =
            frames.filter_map(|frame| Some(payload(frame)["b"]["sig"].as_str()?.to_owned()));
        let inside = inside.collect();
        for (said, signature) in file.split('"').filter_map(|word| word.rsplit_once('.')) {
            used.entry(said.to_owned()).or_default().push(signature.to_owned());
        }
        Self { used, inside }
    }

    /// `header.payload.signature`
    pub(crate) fn sign(&self, key: &str, header: &str, payload: &[u8]) -> String {
        let said = format!("{}.{}", bytes::encode(header.as_bytes()), bytes::encode(payload));
        let is_right = |signature: &&String| {
            let signature = bytes::decode(signature).unwrap_or_default();
            public(key).verifies(said.as_bytes(), &signature)
        };
        let used = self.used.get(&said).and_then(|used| used.iter().find(is_right));
        let new = || bytes::encode(&pair(key).sign(said.as_bytes()));
        let signature = used.cloned().unwrap_or_else(new);
        format!("{said}.{signature}")
    }

    pub(crate) fn seal(&self, draft: &Draft) -> String {
        self.sign(&draft.key, &header(&draft.kid), draft.text().as_bytes())
    }

    /// A signature alone, base64url.
    pub(crate) fn sign_text(&self, key: &str, text: &str) -> String {
        let is_right = |signature: &&String| {
            bytes::decode(signature).is_some_and(|by| public(key).verifies(text.as_bytes(), &by))
        };
        let new = || bytes::encode(&pair(key).sign(text.as_bytes()));
        self.inside.iter().find(is_right).cloned().unwrap_or_else(new)
    }
}

pub(crate) fn header(kid: &Thumbprint) -> String {
    format!(r#"{{"alg":"ES256","typ":"icm+jws","kid":"{kid}"}}"#)
}

/// The members of a payload as text, in their order.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) key: String,
    kid: Thumbprint,
    members: Vec<(String, String)>,
}

impl Draft {
    pub(crate) fn new(from: &str, to: &str, t: &str, b: &Value) -> Self {
        let quoted = |text: &str| format!("{text:?}");
        let members = [
            ("v", "1".to_owned()),
            ("mid", quoted("AAECAwQFBgcICQoLDA0ODw")),
            ("from", quoted(&thumbprint(from).to_string())),
            ("to", quoted(&thumbprint(to).to_string())),
            ("sx", quoted("")),
            ("seq", "0".to_owned()),
            ("ack", "0".to_owned()),
            ("t", quoted(t)),
            ("b", b.to_string()),
        ];
        let members = members.map(|(name, value)| (name.to_owned(), value)).into();
        Self { key: from.to_owned(), kid: thumbprint(from), members }
    }

    /// JSON text in place of what was there.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        match self.members.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value,
            None => self.members.push((name.to_owned(), value)),
        }
        self
    }

    /// At the end, even if it is there already.
    pub(crate) fn and(mut self, name: &str, value: &str) -> Self {
        self.members.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.members.retain(|(other, _)| other != name);
        self
    }

    pub(crate) fn signed_by(mut self, key: &str) -> Self {
        self.key = key.to_owned();
        self.kid = thumbprint(key);
        self
    }

    /// The header says otherwise.
    pub(crate) fn wrongly_signed_by(mut self, key: &str) -> Self {
        self.key = key.to_owned();
        self
    }

    /// In the header.
    pub(crate) fn named(mut self, kid: Thumbprint) -> Self {
        self.kid = kid;
        self
    }

    pub(crate) fn reversed(mut self) -> Self {
        self.members.reverse();
        self
    }

    pub(crate) fn text(&self) -> String {
        let member = |(name, value): &(String, String)| format!("\"{name}\":{value}");
        let members: Vec<_> = self.members.iter().map(member).collect();
        format!("{{{}}}", members.join(","))
    }
}
