//! Encrypted connections. libpq's `require` takes any certificate; here an encrypted connection is one to the right server.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What an address says about encryption, and the rest of it.
pub(super) struct Asked {
    /// Whether it must be, or must not; nothing when it does not say.
    pub(super) encrypted: Option<bool>,
    /// The file with the authority's certificate.
    pub(super) root: Option<String>,
    /// The address without all that.
    pub(super) rest: String,
}

impl Asked {
    pub(super) fn of(address: &str) -> Result<Self, String> {
        let (rest, options) = address.split_once('?').unwrap_or((address, ""));
        let mut asked = Self { encrypted: None, root: None, rest: rest.to_owned() };
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
                Some(("sslrootcert", path)) => {
                    let path = percent_encoding::percent_decode_str(path).decode_utf8();
                    asked.root = Some(path.map_err(|error| error.to_string())?.into_owned());
                }
                _ => left.push(option),
            }
        }
        if !left.is_empty() {
            asked.rest = format!("{rest}?{}", left.join("&"));
        }
        Ok(asked)
    }
}

/// Connects to servers whose certificate one of the authorities vouches for: the one in this file, else the public ones.
pub(super) fn connector(root: Option<&str>) -> Result<MakeRustlsConnect, String> {
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
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| error.to_string())?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}
