// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who this station is: the key that signs, and the key that TLS shows. Handsets know it by both,
//! so neither is ever replaced without somebody's will.

use std::path::{Path, PathBuf};

use rcgen::KeyPair as PemPair;
use tokio_rustls::rustls::pki_types::{PrivatePkcs8KeyDer, pem, pem::PemObject};

use super::tls::{self, Tls, TlsError};
use crate::{
    config,
    link::keys::{KeyFault, KeyPair},
    store::{self, FileFault, Secret},
};

const STATION: &str = "station.pem";
const TLS: &str = "link.pem";

#[derive(Debug)]
pub(super) struct Identity {
    pub(super) key: KeyPair,
    /// `None`: plain HTTP on loopback.
    pub(super) tls: Option<Tls>,
    /// What will be gone after a restart, because the directory cannot be written.
    pub(super) unkept: Vec<FileFault>,
}

/// None of these is mended by waiting.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error(
        "{0}. Handsets know the station by this key: make it readable, or put a backup in its \
         place; if there is none, remove it together with handsets.json and pair all handsets anew"
    )]
    File(#[from] FileFault),
    #[error(
        "{} holds no usable key: {cause}. Handsets know the station by it: put a backup in its \
         place; if there is none, remove it together with handsets.json and pair all handsets anew",
        path.display()
    )]
    Damaged { path: PathBuf, cause: DamagedKey },
    #[error(
        "{} is gone, and handsets are paired that know the station by it: put a backup in its \
         place, or remove handsets.json and pair all handsets anew",
        .0.display()
    )]
    Lost(PathBuf),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("no key can be made: {0}")]
    Unmade(#[source] rcgen::Error),
}

#[derive(Debug, thiserror::Error)]
pub enum DamagedKey {
    #[error(transparent)]
    Pem(pem::Error),
    #[error(transparent)]
    Key(KeyFault),
    #[error("{0}")]
    Tls(Box<TlsError>),
}

impl Identity {
    /// `paired`: somebody knows the station already.
    pub(super) fn load(
        directory: &Path,
        paired: bool,
        link: &config::Link,
    ) -> Result<Self, IdentityError> {
        let mut unkept = Vec::new();
        let station = own_secret(directory, STATION, paired, new_key, &mut unkept)?;
        let key = signing_key(&station)?;
        let is_plain = link.listen.iter().all(|listen| listen.is_plain());
        let needs_own = !is_plain && link.certificate.is_none();
        // Made at the first start in any case: where it is missing later, it was lost.
        let own = if needs_own || !paired {
            let make = || tls::self_signed().map_err(IdentityError::Tls);
            Some(own_secret(directory, TLS, paired, make, &mut unkept)?)
        } else {
            None
        };
        let tls = match (&link.certificate, own) {
            _ if is_plain => None,
            (Some(files), _) => Some(Tls::from_files(files)?),
            (None, own) => own.map(own_certificate).transpose()?,
        };
        Ok(Self { key, tls, unkept })
    }
}

fn own_secret(
    directory: &Path,
    name: &str,
    paired: bool,
    make: impl FnOnce() -> Result<String, IdentityError>,
    unkept: &mut Vec<FileFault>,
) -> Result<Secret, IdentityError> {
    let make = || match paired {
        true => Err(IdentityError::Lost(directory.join(name))),
        false => make(),
    };
    let mut secret = store::secret(directory, name, make)?;
    unkept.extend(secret.unkept.take());
    Ok(secret)
}

fn own_certificate(secret: Secret) -> Result<Tls, IdentityError> {
    let damaged = |path, cause| {
        let cause = DamagedKey::Tls(Box::new(cause));
        IdentityError::Damaged { path, cause }
    };
    let Secret { path, text, .. } = secret;
    Tls::from_pem(path.clone(), &text).map_err(|cause| damaged(path, cause))
}

fn new_key() -> Result<String, IdentityError> {
    Ok(PemPair::generate().map_err(IdentityError::Unmade)?.serialize_pem())
}

fn signing_key(secret: &Secret) -> Result<KeyPair, IdentityError> {
    let damaged = |cause| IdentityError::Damaged { path: secret.path.clone(), cause };
    let key = PrivatePkcs8KeyDer::from_pem_slice(secret.text.as_bytes())
        .map_err(|error| damaged(DamagedKey::Pem(error)))?;
    KeyPair::from_pkcs8(key.secret_pkcs8_der()).map_err(|fault| damaged(DamagedKey::Key(fault)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn link(listen: &str) -> config::Link {
        config::parse(&format!("[link]\nlisten = '{listen}'")).unwrap().link
    }

    fn load(directory: &Path, paired: bool) -> Result<Identity, IdentityError> {
        Identity::load(directory, paired, &link("127.0.0.1:0"))
    }

    #[test]
    fn the_station_is_the_same_after_every_start() {
        let home = tempfile::tempdir().unwrap();
        let who = |identity: Identity| {
            (identity.key.public().thumbprint(), identity.tls.map(|tls| tls.pin))
        };
        let first = who(load(home.path(), false).unwrap());
        assert_eq!(who(load(home.path(), true).unwrap()), first);
        let plain = Identity::load(home.path(), true, &link("http://127.0.0.1:0")).unwrap();
        assert_eq!(who(plain), (first.0, None));
    }

    #[test]
    fn a_damaged_or_lost_key_is_never_replaced() {
        for name in [STATION, TLS] {
            let home = tempfile::tempdir().unwrap();
            load(home.path(), false).unwrap();
            fs::write(home.path().join(name), "nonsense").unwrap();
            let damaged = load(home.path(), false).unwrap_err();
            assert!(matches!(damaged, IdentityError::Damaged { .. }), "{damaged}");
            assert_eq!(fs::read_to_string(home.path().join(name)).unwrap(), "nonsense");
            fs::remove_file(home.path().join(name)).unwrap();
            let lost = load(home.path(), true).unwrap_err();
            assert!(matches!(lost, IdentityError::Lost(_)), "{lost}");
            assert!(load(home.path(), false).is_ok(), "nobody is paired");
        }
    }

    #[test]
    fn who_was_paired_without_tls_or_under_another_certificate_does_not_stand_in_the_way() {
        let home = tempfile::tempdir().unwrap();
        Identity::load(home.path(), false, &link("http://127.0.0.1:0")).unwrap();
        assert!(load(home.path(), true).unwrap().tls.is_some());
        fs::remove_file(home.path().join(TLS)).unwrap();
        assert!(Identity::load(home.path(), true, &link("http://127.0.0.1:0")).is_ok());
    }

    #[test]
    fn without_a_directory_the_keys_last_until_the_end_of_the_process() {
        let home = tempfile::tempdir().unwrap();
        let identity = load(&home.path().join("missing"), false).unwrap();
        assert_eq!(identity.unkept.len(), 2);
    }
}
