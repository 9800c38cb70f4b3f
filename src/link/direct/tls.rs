// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS 1.3 with a certificate whose key handsets pin. Names and dates in it matter to browsers only.

use std::{fs, io, path::PathBuf, sync::Arc};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        client::verify_server_name,
        crypto::ring::default_provider,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem, pem::PemObject},
        server::{NoServerSessionStorage, ParsedCertificate},
        sign::CertifiedKey,
        version::TLS13,
    },
};

use super::validity;
use crate::{
    config::Certificate,
    link::keys::{Pin, sha256},
};

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{} cannot be read: {error}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
    #[error("{} holds no usable {what}: {error}", path.display())]
    Damaged {
        path: PathBuf,
        what: &'static str,
        #[source]
        error: pem::Error,
    },
    #[error("the key in {} and the certificate do not belong together: {error}", path.display())]
    Mismatch {
        path: PathBuf,
        #[source]
        error: rustls::Error,
    },
    #[error("TLS cannot be set up: {0}")]
    Setup(#[source] rustls::Error),
    #[error("no certificate can be made: {0}")]
    Unmade(#[source] rcgen::Error),
}

/// What a listener speaks TLS with.
#[derive(Clone)]
pub(super) struct Tls {
    pub(super) acceptor: TlsAcceptor,
    /// Of the key, as pairing links say it.
    pub(super) pin: Pin,
    /// For browsers, in seconds since 1970.
    pub(super) not_after: Option<i64>,
    certificate: CertificateDer<'static>,
}

/// Key and certificate in PEM, in one file so that there is never one without the other.
pub(super) fn self_signed() -> Result<String, TlsError> {
    let key = KeyPair::generate().map_err(TlsError::Unmade)?;
    let names = vec!["intercomd".to_owned(), "intercomd.local".to_owned()];
    let mut params = CertificateParams::new(names).map_err(TlsError::Unmade)?;
    // A board may have no clock, and nobody would renew it.
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    let certificate = params.self_signed(&key).map_err(TlsError::Unmade)?;
    Ok(format!("{}{}", key.serialize_pem(), certificate.pem()))
}

impl Tls {
    /// Both are in one text.
    pub(super) fn from_pem(path: PathBuf, text: &str) -> Result<Self, TlsError> {
        Self::of(&path.clone(), text, path, text)
    }

    pub(super) fn from_files(files: &Certificate) -> Result<Self, TlsError> {
        let read = |path: &PathBuf| {
            let unreadable = |error| TlsError::Unreadable { path: path.clone(), error };
            fs::read_to_string(path).map_err(unreadable)
        };
        let (certificate, key) = (read(&files.certificate)?, read(&files.key)?);
        Self::of(&files.certificate, &certificate, files.key.clone(), &key)
    }

    fn of(
        certificate_path: &PathBuf,
        certificate: &str,
        path: PathBuf,
        key: &str,
    ) -> Result<Self, TlsError> {
        let damaged = |path: &PathBuf, what| {
            let path = path.clone();
            move |error| TlsError::Damaged { path, what, error }
        };
        let chain = CertificateDer::pem_slice_iter(certificate.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .and_then(
                |chain| if chain.is_empty() { Err(pem::Error::NoItemsFound) } else { Ok(chain) },
            )
            .map_err(damaged(certificate_path, "certificate"))?;
        let key =
            PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(damaged(&path, "private key"))?;
        let provider = Arc::new(default_provider());
        let certified = CertifiedKey::from_der(chain.clone(), key.clone_key(), &provider)
            .map_err(|error| TlsError::Mismatch { path: path.clone(), error })?;
        let spki = certified.key.public_key().ok_or(TlsError::Setup(rustls::Error::General(
            "a key that does not tell its public half".to_owned(),
        )))?;
        let leaf = certified.end_entity_cert().map_err(TlsError::Setup)?.clone().into_owned();
        let not_after = validity::not_after(&leaf);
        let pin = Pin(sha256(&[spki.as_ref()]));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(TlsError::Setup)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // A handset stays connected for days: remembering sessions costs memory and spares nothing.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self { acceptor, pin, not_after, certificate: leaf })
    }

    /// Whether this is one of the certificate's names.
    pub(super) fn is_for(&self, name: &str) -> bool {
        let Ok(name) = ServerName::try_from(name) else { return false };
        ParsedCertificate::try_from(&self.certificate)
            .is_ok_and(|certificate| verify_server_name(&certificate, &name).is_ok())
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("pin", &self.pin).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_is_of_the_key_and_lasts() {
        let made = self_signed().unwrap();
        let pin = || Tls::from_pem("link.pem".into(), &made).unwrap().pin;
        assert_eq!(pin(), pin());
        let der = KeyPair::from_pem(&made).unwrap();
        let spki = rcgen::PublicKeyData::subject_public_key_info(&der);
        assert_eq!(pin(), Pin(sha256(&[&spki])));
        let other = Tls::from_pem("link.pem".into(), &self_signed().unwrap()).unwrap().pin;
        assert_ne!(other, pin());
    }

    #[test]
    fn halves_of_different_pairs_and_damaged_files_are_told_apart() {
        let (one, two) = (self_signed().unwrap(), self_signed().unwrap());
        let certificate = |text: &str| text[text.find("-----BEGIN CERT").unwrap()..].to_owned();
        let key = |text: &str| text[..text.find("-----BEGIN CERT").unwrap()].to_owned();
        let home = tempfile::tempdir().unwrap();
        let files = Certificate {
            certificate: home.path().join("door.pem"),
            key: home.path().join("door.key"),
        };
        let outcome = |cert: &str, key: &str| {
            fs::write(&files.certificate, cert).unwrap();
            fs::write(&files.key, key).unwrap();
            Tls::from_files(&files)
        };
        assert!(outcome(&certificate(&one), &key(&one)).is_ok());
        let mixed = outcome(&certificate(&one), &key(&two));
        assert!(matches!(mixed, Err(TlsError::Mismatch { .. })), "{mixed:?}");
        let empty = outcome("", &key(&two));
        assert!(matches!(empty, Err(TlsError::Damaged { what: "certificate", .. })));
        let no_key = outcome(&certificate(&one), &certificate(&one));
        assert!(matches!(no_key, Err(TlsError::Damaged { what: "private key", .. })));
        fs::remove_file(&files.key).unwrap();
        assert!(matches!(Tls::from_files(&files), Err(TlsError::Unreadable { .. })));
    }
}
