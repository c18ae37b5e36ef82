//! Encrypted connections. libpq's `require` takes any certificate; here an encrypted connection is one to the right server. The
//! server may know us by a certificate, too, in place of a password: its files are read anew for each connection, so that it
//! may be short-lived and replaced while we run.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore, SignatureScheme,
    client::ResolvesClientCert,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    sign::CertifiedKey,
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What an address says about encryption, and the rest of it.
pub(super) struct Asked {
    /// Whether it must be, or must not; nothing when it does not say.
    pub(super) encrypted: Option<bool>,
    /// The file with the authority's certificate.
    pub(super) root: Option<String>,
    /// The files with a certificate of ours and its key.
    pub(super) own: Option<Own>,
    /// The address without all that.
    pub(super) rest: String,
}

impl Asked {
    pub(super) fn of(address: &str) -> Result<Self, String> {
        let (rest, options) = address.split_once('?').unwrap_or((address, ""));
        let mut asked = Self { encrypted: None, root: None, own: None, rest: rest.to_owned() };
        let (mut certificate, mut key) = (None, None);
        let mut left = Vec::new();
        for option in options.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", "disable")) => asked.encrypted = Some(false),
                Some(("sslmode", "require" | "verify-full")) => asked.encrypted = Some(true),
                Some(("sslmode", "prefer")) => asked.encrypted = None,
                Some(("sslmode", other)) => {
                    return Err(format!(
                        "sslmode={other}: expected disable, prefer, require or verify-full"
                    ));
                }
                Some(("sslrootcert", path)) => asked.root = Some(decoded(path)?),
                Some(("sslcert", path)) => certificate = Some(decoded(path)?),
                Some(("sslkey", path)) => key = Some(decoded(path)?),
                _ => left.push(option),
            }
        }
        if !left.is_empty() {
            asked.rest = format!("{rest}?{}", left.join("&"));
        }
        asked.own = match (certificate, key) {
            (Some(certificate), Some(key)) => Some(Own { certificate, key }),
            (None, None) => None,
            _ => return Err("sslcert and sslkey belong together".to_owned()),
        };
        Ok(asked)
    }
}

fn decoded(path: &str) -> Result<String, String> {
    let path = percent_encoding::percent_decode_str(path).decode_utf8();
    path.map(std::borrow::Cow::into_owned).map_err(|error| error.to_string())
}

/// The files with a certificate of ours and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Own {
    certificate: String,
    key: String,
}

impl Own {
    fn read(&self, provider: &CryptoProvider) -> Result<CertifiedKey, String> {
        let wrong = |name: &str, path: &str, error: &dyn std::fmt::Display| {
            format!("{name}={path}: {error}")
        };
        let of_certificate =
            |error: &dyn std::fmt::Display| wrong("sslcert", &self.certificate, error);
        let chain = CertificateDer::pem_file_iter(Path::new(&self.certificate));
        let chain = chain.map_err(|error| of_certificate(&error))?.collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| of_certificate(&error))?;
        let of_key = |error: &dyn std::fmt::Display| wrong("sslkey", &self.key, error);
        let key = PrivateKeyDer::from_pem_file(Path::new(&self.key));
        let key = key.map_err(|error| of_key(&error))?;
        CertifiedKey::from_der(chain, key, provider).map_err(|error| of_certificate(&error))
    }
}

/// Shows a certificate of ours, as its files are at that moment.
#[derive(Debug)]
struct FromFiles {
    own: Own,
    provider: Arc<CryptoProvider>,
}

impl ResolvesClientCert for FromFiles {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        match self.own.read(&self.provider) {
            Ok(key) => Some(Arc::new(key)),
            Err(why) => {
                // Without it the server says no, and not why.
                tracing::error!(%why, "the certificate for the database cannot be shown");
                None
            }
        }
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Connects to servers whose certificate one of the authorities vouches for: the one in this file, else the public ones. Shows
/// a certificate of our own, if there is one, which must be good now already.
pub(super) fn connector(root: Option<&str>, own: Option<Own>) -> Result<MakeRustlsConnect, String> {
    let mut roots = RootCertStore::empty();
    match root {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let wrong = |error: &dyn std::fmt::Display| format!("sslrootcert={path}: {error}");
            let certificates = CertificateDer::pem_file_iter(Path::new(path));
            for certificate in certificates.map_err(|error| wrong(&error))? {
                let certificate = certificate.map_err(|error| wrong(&error))?;
                roots.add(certificate).map_err(|error| wrong(&error))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    let config = config.map_err(|error| error.to_string())?.with_root_certificates(roots);
    let config = match own {
        None => config.with_no_client_auth(),
        Some(own) => {
            own.read(&provider)?;
            config.with_client_cert_resolver(Arc::new(FromFiles { own, provider }))
        }
    };
    Ok(MakeRustlsConnect::new(config))
}
