// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[push]`: how phones that sleep are woken.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{reader::Table, value::plain};
use crate::core::status::words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    pub enabled: bool,
    pub endpoints: Endpoints,
    /// A URL under which push services find the owner.
    pub contact: Option<String>,
    pub clock: Clock,
}

/// Where pushes may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoints {
    /// By https to where everybody may go.
    Public,
    /// To this network and this machine, too, and by http.
    Anywhere,
}

words! {
    /// When the clock is taken to be right.
    pub enum Clock {
        /// A time service has set it.
        Synchronized = "synchronized",
        Trusted = "trusted",
    }
}

impl Default for Push {
    fn default() -> Self {
        let (endpoints, clock) = (Endpoints::Public, Clock::Synchronized);
        Self { enabled: true, endpoints, contact: None, clock }
    }
}

const CONTACT: &str = "an e-mail address as in \"mailto:owner@door.example\", or a page as in \
     \"https://door.example/\"";

pub(super) fn read(table: &Table<'_>) -> Push {
    let usual = Push::default();
    let private = table.key("private_endpoints").flag().unwrap_or(false);
    Push {
        enabled: table.key("enabled").flag().unwrap_or(usual.enabled),
        endpoints: if private { Endpoints::Anywhere } else { usual.endpoints },
        contact: table.key("contact").take(CONTACT, |value| {
            plain(value, 200).filter(|text| is_contact(text)).map(str::to_owned)
        }),
        clock: table.key("clock").word(Clock::ALL, Clock::word).unwrap_or(usual.clock),
    }
}

fn is_contact(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    let mail = || text.strip_prefix("mailto:")?.split_once('@');
    let has_host = |page: &str| page.starts_with(|c: char| c.is_ascii_alphanumeric());
    let page = || text.strip_prefix("https://");
    is_plain
        && (mail().is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
            || page().is_some_and(has_host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_an_e_mail_address_or_a_page() {
        for text in ["mailto:owner@door.example", "https://door.example/", "https://door.example"] {
            assert!(is_contact(text), "{text}");
        }
        for text in [
            "owner@door.example",
            "mailto:",
            "mailto:owner",
            "mailto:@",
            "http://a",
            "https://",
            "https://ä",
        ] {
            assert!(!is_contact(text), "{text}");
        }
    }
}
