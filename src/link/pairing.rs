// SPDX-License-Identifier: MIT OR Apache-2.0
//! What proves to each side of a pairing that the other one knows the code: PROTOCOL.md, section 4.

use std::{fmt, str::FromStr};

use ring::hmac;
use serde::{Deserialize, Serialize};

use super::{
    PairingLink,
    bytes::{self, fixed},
    keys::Thumbprint,
    message::field::{Mac, Srv},
};
use crate::core::HandsetId;

fixed! {
    /// Whoever has it can pair one handset.
    Token: 16, secret;
}

/// What the QR code holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    pub v: u8,
    /// Of the station.
    pub name: String,
    pub key: Thumbprint,
    pub pin: Srv,
    pub at: Vec<String>,
    pub token: Token,
}

const FRAGMENT: &str = "#pair=";

impl Invitation {
    /// A page to open in a browser. What follows `#` stays there. `None` when it would lead
    /// nowhere.
    #[must_use]
    pub fn link(&self) -> Option<PairingLink> {
        let scheme = if self.pin.0.is_some() { "https" } else { "http" };
        let host = self.at.first()?;
        let json = serde_json::to_vec(self).expect("the members of an invitation have names");
        Some(PairingLink(format!("{scheme}://{host}/{FRAGMENT}{}", bytes::encode(&json))))
    }

    #[must_use]
    pub fn read(link: &str) -> Option<Self> {
        let (_, fragment) = link.split_once(FRAGMENT)?;
        serde_json::from_slice(&bytes::decode(fragment)?).ok()
    }
}

/// What the handset proves.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    pub station: Thumbprint,
    pub call: Thumbprint,
    pub action: Thumbprint,
    pub srv: Srv,
}

impl Claim {
    fn text(&self) -> String {
        let Self { station, call, action, srv } = self;
        format!("icm1-pair\0{station}\0{call}\0{action}\0{srv}")
    }

    #[must_use]
    pub fn mac(&self, token: &Token) -> Mac {
        mac(token, &self.text())
    }

    /// Takes as long for a wrong one as for a right one.
    #[must_use]
    pub fn is_proved(&self, token: &Token, by: &Mac) -> bool {
        hmac::verify(&key(token), self.text().as_bytes(), &by.0).is_ok()
    }
}

/// What the station proves.
#[must_use]
pub fn confirmation(
    token: &Token,
    station: &Thumbprint,
    call: &Thumbprint,
    handset: &HandsetId,
) -> Mac {
    mac(token, &format!("icm1-paired\0{station}\0{call}\0{handset}"))
}

fn key(token: &Token) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &token.0)
}

fn mac(token: &Token, text: &str) -> Mac {
    let tag = hmac::sign(&key(token), text.as_bytes());
    let mut mac = [0; 32];
    mac.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
    Mac(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(pin: Srv) -> Invitation {
        Invitation {
            v: 1,
            name: "Front door".to_owned(),
            key: Thumbprint([1; 32]),
            pin,
            at: vec!["192.0.2.7:7443".to_owned(), "[2001:db8::7]:7443".to_owned()],
            token: Token([2; 16]),
        }
    }

    #[test]
    fn an_invitation_survives_its_link() {
        let invited = invitation(Srv(Some(super::super::keys::Pin([3; 32]))));
        let PairingLink(link) = invited.link().unwrap();
        assert!(link.starts_with("https://192.0.2.7:7443/#pair="));
        assert_eq!(Invitation::read(&link), Some(invited));
    }

    #[test]
    fn plain_http_has_no_pin() {
        let PairingLink(link) = invitation(Srv(None)).link().unwrap();
        assert!(link.starts_with("http://192.0.2.7:7443/#pair="));
    }

    #[test]
    fn without_an_address_there_is_no_link() {
        assert_eq!(Invitation { at: Vec::new(), ..invitation(Srv(None)) }.link(), None);
    }

    #[test]
    fn every_part_of_a_claim_is_proved() {
        let token = Token([2; 16]);
        let [station, call, action] = [1, 2, 3].map(|n| Thumbprint([n; 32]));
        let claim = Claim { station, call, action, srv: Srv(None) };
        let proof = claim.mac(&token);
        assert!(claim.is_proved(&token, &proof));
        assert!(!claim.is_proved(&Token([4; 16]), &proof));
        let swapped = Claim { call: action, action: call, ..claim };
        let elsewhere = Claim { station: call, ..claim };
        let seen = Claim { srv: Srv(Some(super::super::keys::Pin([0; 32]))), ..claim };
        for other in [swapped, elsewhere, seen] {
            assert!(!other.is_proved(&token, &proof), "{other:?}");
        }
    }

    #[test]
    fn a_token_does_not_print() {
        assert!(!format!("{:?}", invitation(Srv(None))).contains("AgIC"));
    }
}
