// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[ice]`: how handsets in other networks find a way to the station.

use std::{
    io,
    net::{IpAddr, Ipv6Addr},
    path::Path,
};

use toml::de::DeValue;

use super::{
    Config, Problems, load,
    media::absolute,
    places::{Places, SecretFile},
    reader::{Entry, Table},
    value::plain,
};
use crate::media::setup::{Ice, Transport, Turn};

const SERVER: &str = "HOST:PORT, an IPv6 address in brackets";
const SECRET: &str = "text of 1 to 256 characters on one line";
const SECRET_MAX: usize = 256;
const TRANSPORTS: [Transport; 2] = [Transport::Udp, Transport::Tcp];

pub(super) fn read(table: &Table<'_>, places: &mut Places) -> Ice {
    let servers = table.key("turn").items("a list of tables").unwrap_or_default();
    let turn: Vec<Turn> = servers
        .iter()
        .enumerate()
        .map(|(index, entry)| read_turn(&entry.section(), index, places))
        .collect();
    let relay_only = table.key("relay_only");
    let only = relay_only.flag().unwrap_or(false);
    if only && turn.is_empty() {
        let what = "leaves no way to any handset".to_owned();
        relay_only.clash(what, "true only together with ice.turn");
    }
    let addresses = table.key("addresses").set("a list of IP addresses", |item| {
        item.take("an IP address", |value| value.as_str()?.parse::<IpAddr>().ok())
    });
    Ice {
        stun: table.key("stun").take(SERVER, server),
        turn,
        relay_only: only,
        addresses: addresses.unwrap_or_default().into_iter().collect(),
    }
}

fn read_turn(table: &Table<'_>, index: usize, places: &mut Places) -> Turn {
    let (address, user) = (table.key("server"), table.key("user"));
    let (password, file) = (table.key("password"), table.key("password_file"));
    address.required(SERVER);
    user.required(SECRET);
    match (password.is_set(), file.is_set()) {
        (false, false) => password.clash("is missing".to_owned(), "password or password_file"),
        (true, true) => {
            let what = format!("is there beside password{}", password.whence());
            file.clash(what, "one of the two");
        }
        (true, false) | (false, true) => {}
    }
    let path = file.take("an absolute path", |value| absolute(plain(value, 1024)?));
    if let Some(path) = path {
        let place = file.findings.problem(&file.spot, String::new(), "");
        places.secrets.push(SecretFile { path, place, turn: index });
    }
    Turn {
        server: address.take(SERVER, server).unwrap_or_default(),
        transport: table
            .key("transport")
            .word(&TRANSPORTS, transport_word)
            .unwrap_or(Transport::Udp),
        user: user
            .take(SECRET, |value| plain(value, SECRET_MAX))
            .map(str::to_owned)
            .unwrap_or_default(),
        password: secret(&password).unwrap_or_default(),
    }
}

/// Unlike other values it is not quoted in a message.
fn secret(entry: &Entry<'_>) -> Option<String> {
    let value = entry.take(SECRET, Some)?;
    let text = plain(value, SECRET_MAX).map(str::to_owned);
    if text.is_none() {
        entry.wrong("is not that".to_owned(), SECRET);
    }
    text
}

fn server(value: &DeValue<'_>) -> Option<String> {
    let text = plain(value, 256)?;
    let (host, port) = text.rsplit_once(':')?;
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        }
    };
    let port: Option<u16> = port.parse().ok().filter(|port| *port > 0);
    (is_host && port.is_some()).then(|| text.to_owned())
}

const fn transport_word(transport: Transport) -> &'static str {
    match transport {
        Transport::Udp => "udp",
        Transport::Tcp => "tcp",
    }
}

impl Config {
    /// Reads the files that hold secrets; the text of the configuration names them only.
    pub(super) fn with_secrets(mut self) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        for file in &self.places.secrets {
            match read_secret(&file.path) {
                Ok(secret) => {
                    if let Some(turn) = self.media.setup.ice.turn.get_mut(file.turn) {
                        turn.password = secret;
                    }
                }
                Err(error) => problems.push(file.problem(&error)),
            }
        }
        match Problems::of(problems) {
            None => Ok(self),
            Some(problems) => Err(problems),
        }
    }
}

/// A line end after it does not belong to it.
fn read_secret(path: &Path) -> io::Result<String> {
    let text = String::from_utf8(load(path)?).unwrap_or_default();
    let secret = text.trim_end_matches(['\r', '\n']);
    let length = secret.chars().count();
    if length == 0 || length > SECRET_MAX || secret.chars().any(char::is_control) {
        return Err(io::Error::other(format!("it does not hold {SECRET}")));
    }
    Ok(secret.to_owned())
}
