// SPDX-License-Identifier: MIT OR Apache-2.0
//! Key pairs on P-256: the station's, and the call and action keys of handsets.

use std::{fmt, str::FromStr};

use ring::{
    digest,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
        UnparsedPublicKey,
    },
};
use serde::{Deserialize, Serialize};

use super::bytes::fixed;

fixed! {
    /// Names a party: SHA-256 of its public key, by RFC 7638.
    Thumbprint: 32, open;
    /// SHA-256 of the public key in a TLS certificate.
    Pin: 32, open;
    Coordinate: 32, open;
}

/// A JWK with exactly these members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicKey {
    kty: Kty,
    crv: Crv,
    x: Coordinate,
    y: Coordinate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Kty {
    #[serde(rename = "EC")]
    Ec,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Crv {
    #[serde(rename = "P-256")]
    P256,
}

/// SEC 1: one byte that says "both coordinates follow".
const UNCOMPRESSED: u8 = 4;

impl PublicKey {
    fn from_point(point: &[u8]) -> Option<Self> {
        let (&UNCOMPRESSED, rest) = point.split_first()? else { return None };
        let (x, y) = rest.split_at_checked(32)?;
        let coordinate = |bytes: &[u8]| bytes.try_into().ok().map(Coordinate);
        Some(Self { kty: Kty::Ec, crv: Crv::P256, x: coordinate(x)?, y: coordinate(y)? })
    }

    /// Uncompressed, by SEC 1.
    pub(crate) fn point(&self) -> [u8; 65] {
        let mut point = [UNCOMPRESSED; 65];
        let coordinates = self.x.0.iter().chain(&self.y.0);
        point.iter_mut().skip(1).zip(coordinates).for_each(|(to, from)| *to = *from);
        point
    }

    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        let Self { kty: Kty::Ec, crv: Crv::P256, x, y } = self;
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        Thumbprint(sha256(&[canonical.as_bytes()]))
    }

    /// Of `r` and `s`, 32 bytes each; anything else is no signature.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.point())
            .verify(message, signature)
            .is_ok()
    }
}

pub struct KeyPair {
    pair: EcdsaKeyPair,
    public: PublicKey,
    random: SystemRandom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("not a private key on P-256")]
    Unreadable,
    #[error("no random numbers")]
    NoRandomness,
}

impl KeyPair {
    /// A new one as PKCS #8, for the disk.
    pub fn generate() -> Result<Vec<u8>, KeyFault> {
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map(|document| document.as_ref().to_vec())
            .map_err(|_| KeyFault::NoRandomness)
    }

    pub fn from_pkcs8(document: &[u8]) -> Result<Self, KeyFault> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document, &random);
        Self::new(pair.map_err(|_| KeyFault::Unreadable)?, random)
    }

    /// From the `d` of a JWK.
    pub fn from_jwk(d: &[u8; 32], public: &PublicKey) -> Result<Self, KeyFault> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            d,
            &public.point(),
            &random,
        );
        Self::new(pair.map_err(|_| KeyFault::Unreadable)?, random)
    }

    fn new(pair: EcdsaKeyPair, random: SystemRandom) -> Result<Self, KeyFault> {
        let public = PublicKey::from_point(pair.public_key().as_ref());
        Ok(Self { pair, public: public.ok_or(KeyFault::Unreadable)?, random })
    }

    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// # Panics
    /// Where the kernel has no random numbers, which it has once it has booted.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature = self.pair.sign(&self.random, message);
        signature.expect("the kernel gives random numbers").as_ref().to_vec()
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({})", self.public.thumbprint())
    }
}

pub(super) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    parts.iter().for_each(|part| context.update(part));
    let mut hash = [0; 32];
    hash.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_key_is_the_same_key() {
        let document = KeyPair::generate().unwrap();
        let (one, same) =
            (KeyPair::from_pkcs8(&document).unwrap(), KeyPair::from_pkcs8(&document).unwrap());
        assert_eq!(one.public(), same.public());
        assert!(same.public().verifies(b"said", &one.sign(b"said")));
        assert!(!same.public().verifies(b"sait", &one.sign(b"said")));
    }

    #[test]
    fn a_damaged_key_is_no_key() {
        let mut document = KeyPair::generate().unwrap();
        document.truncate(90);
        assert_eq!(KeyPair::from_pkcs8(&document).unwrap_err(), KeyFault::Unreadable);
    }

    #[test]
    fn a_private_key_does_not_print() {
        let pair = KeyPair::from_pkcs8(&KeyPair::generate().unwrap()).unwrap();
        assert_eq!(format!("{pair:?}"), format!("KeyPair({})", pair.public().thumbprint()));
    }
}
