// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whom the machine trusts, as its distribution keeps it.

use std::{env, io, path::PathBuf, sync::Arc};

use tokio_rustls::rustls::{
    ClientConfig, RootCertStore,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, pem::PemObject},
    version::TLS13,
};

/// Of Debian and OpenEmbedded, Fedora, Alpine.
const BUNDLES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
/// Other programs take it instead, too.
const BUNDLE_VARIABLE: &str = "SSL_CERT_FILE";

/// Reads a file of a hundred certificates: not to be done where somebody waits.
pub(super) fn tls() -> io::Result<Arc<ClientConfig>> {
    let named = env::var_os(BUNDLE_VARIABLE).map(PathBuf::from);
    let usual = || BUNDLES.iter().map(PathBuf::from).find(|path| path.exists());
    let Some(path) = named.or_else(usual) else {
        let why = "there are no certificates to trust; install ca-certificates";
        return Err(io::Error::new(io::ErrorKind::NotFound, why));
    };
    let unreadable = |error| io::Error::other(format!("{}: {error}", path.display()));
    let certificates = CertificateDer::pem_file_iter(&path).map_err(unreadable)?;
    let mut roots = RootCertStore::empty();
    // One that cannot be read vouches for nobody.
    let (taken, _) = roots.add_parsable_certificates(certificates.filter_map(Result::ok));
    if taken == 0 {
        return Err(io::Error::other(format!("{} holds no certificate", path.display())));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13])
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
