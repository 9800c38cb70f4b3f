// SPDX-License-Identifier: MIT OR Apache-2.0
//! Certificates and their fingerprints: ours, made for this worker's life, and the peer's, which
//! GStreamer 1.22 does not check.

use std::fmt;

use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use ring::digest;

/// SHA-256 of a certificate. It is no secret, but it tells sessions apart, so it does not print.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint([u8; digest::SHA256_OUTPUT_LEN]);

impl Fingerprint {
    fn of(certificate: &[u8]) -> Self {
        let mut bytes = [0; digest::SHA256_OUTPUT_LEN];
        bytes.copy_from_slice(digest::digest(&digest::SHA256, certificate).as_ref());
        Self(bytes)
    }

    /// Of the first certificate in a PEM text.
    pub(crate) fn of_pem(pem: &str) -> Option<Self> {
        let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
        let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
        let body = body.split_ascii_whitespace().collect::<String>();
        Some(Self::of(&STANDARD.decode(body).ok()?))
    }

    /// As a description says it.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let (name, hex) = value.split_once(' ')?;
        let mut bytes = [0; digest::SHA256_OUTPUT_LEN];
        let mut pairs = hex.trim().split(':');
        for byte in &mut bytes {
            let pair = pairs.next().filter(|pair| is_pair(pair))?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        (name.eq_ignore_ascii_case("sha-256") && pairs.next().is_none()).then_some(Self(bytes))
    }
}

fn is_pair(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.0.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>();
        write!(f, "sha-256 {}", pairs.join(":"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint")
    }
}

/// With an elliptic key: GStreamer's own RSA certificate needs more datagrams for a handshake,
/// and each that is lost costs a second.
pub(crate) struct Identity {
    /// Certificate and key.
    pub(crate) pem: String,
    pub(crate) fingerprint: Fingerprint,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

impl Identity {
    pub(crate) fn make() -> anyhow::Result<Self> {
        let key = KeyPair::generate().context("no key")?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "intercomd");
        let certificate = params.self_signed(&key).context("no certificate")?;
        let fingerprint = Fingerprint::of(certificate.der());
        let pem = format!("{}{}", certificate.pem(), key.serialize_pem());
        Ok(Self { pem, fingerprint })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_certificate_has_one_fingerprint_however_it_is_written() {
        let identity = Identity::make().unwrap();
        assert_eq!(Fingerprint::of_pem(&identity.pem), Some(identity.fingerprint.clone()));
        let written = identity.fingerprint.to_string();
        assert_eq!(Fingerprint::read(&written), Some(identity.fingerprint.clone()));
        let small = written.to_lowercase();
        assert_eq!(Fingerprint::read(&small), Some(identity.fingerprint));
        assert_ne!(Identity::make().unwrap().fingerprint.to_string(), written);
    }

    #[test]
    fn only_whole_sha256_fingerprints_are_read() {
        let good = Identity::make().unwrap().fingerprint.to_string();
        let bad = [
            "",
            "sha-256",
            "sha-256 ",
            "sha-256 AA:BB",
            &good.replace("sha-256", "sha-1"),
            &format!("{good}:00"),
            good.rsplit_once(':').unwrap().0,
            &good.replacen(':', ":+", 1),
            &good.replacen(':', "", 1),
        ];
        for value in bad {
            assert_eq!(Fingerprint::read(value), None, "{value}");
        }
    }

    #[test]
    fn neither_key_nor_fingerprint_prints() {
        let identity = Identity::make().unwrap();
        assert_eq!(format!("{identity:?} {:?}", identity.fingerprint), "Identity Fingerprint");
    }

    proptest! {
        #[test]
        fn no_text_does_harm(text in "\\PC{0,120}") {
            if let Some(fingerprint) = Fingerprint::read(&text) {
                prop_assert_eq!(fingerprint.to_string().to_lowercase(), text.trim().to_lowercase());
            }
            let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
            prop_assert!(Fingerprint::of_pem(&text).is_none());
            Fingerprint::of_pem(&format!("{begin}{text}{end}"));
        }
    }
}
