// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whom the machine trusts, as its distribution keeps it, and how push services are spoken with.

use std::{
    env, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio_rustls::rustls::{
    self, ClientConfig, RootCertStore,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, pem::PemObject},
    version::{TLS12, TLS13},
};

/// Of Debian and OpenEmbedded, Fedora, Alpine.
pub const BUNDLES: [&str; 3] =
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
    config(trusted(&path).map_err(unreadable)?).map_err(io::Error::other)
}

/// The certificates of a file, of which there is one at least.
pub fn trusted(path: &Path) -> io::Result<RootCertStore> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(io::Error::other)?;
    let mut roots = RootCertStore::empty();
    // One that cannot be read vouches for nobody.
    let (taken, _) = roots.add_parsable_certificates(certificates.filter_map(Result::ok));
    if taken == 0 {
        return Err(io::Error::other("it holds no certificate"));
    }
    Ok(roots)
}

/// Other people's services may stand behind a proxy that is too old for TLS 1.3.
fn config(roots: RootCertStore) -> Result<Arc<ClientConfig>, rustls::Error> {
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener as Socket;

    use rcgen::{CertificateParams, KeyPair};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{ServerConfig, SupportedProtocolVersion, pki_types::PrivateKeyDer},
    };

    use super::*;
    use crate::{
        config::Endpoints,
        link::{PushResult, push::Endpoint},
        push::{
            letter::Letter,
            post::{Trouble, post},
        },
    };

    /// A push service at loopback that speaks this version only, and whoever vouches for it.
    struct Service {
        endpoint: Endpoint,
        stream: TcpStream,
        roots: RootCertStore,
    }

    async fn service(version: &'static SupportedProtocolVersion) -> Service {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(certificate.der().clone()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let socket = Socket::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(socket).unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await?;
            let mut stream = TlsAcceptor::from(Arc::new(config)).accept(stream).await?;
            let _ = stream.read(&mut [0; 4096]).await?;
            stream.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n").await?;
            stream.shutdown().await
        });
        let endpoint = Endpoint::parse(&format!("https://{at}/up"), Endpoints::Anywhere).unwrap();
        Service { endpoint, stream: TcpStream::connect(at).await.unwrap(), roots }
    }

    async fn posted(
        stream: TcpStream,
        endpoint: &Endpoint,
        roots: RootCertStore,
    ) -> Result<PushResult, Trouble> {
        let text = String::new;
        let letter = Letter { authorization: text(), ttl_s: 1, topic: text(), body: Vec::new() };
        let answer = post(stream, endpoint, Some(config(roots).unwrap()), letter, 0).await?;
        Ok(answer.result())
    }

    #[tokio::test]
    async fn a_push_service_may_speak_either_version_of_tls() {
        for version in [&TLS12, &TLS13] {
            let Service { endpoint, stream, roots } = service(version).await;
            let result = posted(stream, &endpoint, roots).await;
            assert_eq!(result.unwrap(), PushResult::Taken, "{version:?}");
        }
    }

    #[tokio::test]
    async fn who_is_not_trusted_is_told_from_who_speaks_no_tls() {
        let Service { endpoint, stream, .. } = service(&TLS13).await;
        let Service { roots: others, .. } = service(&TLS13).await;
        let untrusted = posted(stream, &endpoint, others.clone()).await.unwrap_err();
        assert_eq!(untrusted.result(), PushResult::Untrusted, "{untrusted}");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut other, _) = listener.accept().await.unwrap();
        other.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        let no_tls = posted(stream, &endpoint, others).await.unwrap_err();
        assert_eq!(no_tls.result(), PushResult::Unavailable, "{no_tls}");
        assert!(no_tls.to_string().starts_with("it speaks no TLS"), "{no_tls}");
    }
}
