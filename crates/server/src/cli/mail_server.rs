//! The mail server that the settings name.

use std::fs;

use super::{End, args::ServeArgs, environment::secret};
use crate::{config::Secret, mail::smtp::Smtp};

/// The server of `SLUICE_MAIL_URL`, trusted by the authorities in `--mail-ca-file` if that is set; mail comes from the address
/// `from`. None when there is no such variable.
///
/// # Errors
/// When one of the settings cannot be meant.
pub fn mail_server(args: &ServeArgs, from: &str) -> Result<Option<Smtp>, End> {
    let Some(Secret(url)) = secret("SLUICE_MAIL_URL")? else { return Ok(None) };
    let roots = match &args.mail_ca_file {
        None => None,
        Some(path) => {
            let wrong = |why: &dyn std::fmt::Display| {
                End::Usage(format!("--mail-ca-file: {}: {why}", path.display()))
            };
            let pem = fs::read(path).map_err(|error| wrong(&error))?;
            if !pem.windows(BEGIN.len()).any(|part| part == BEGIN) {
                return Err(wrong(&"there is no certificate in it"));
            }
            Some(pem)
        }
    };
    let smtp = Smtp::trusting(&url, from, roots.as_deref());
    smtp.map(Some).map_err(|why| End::Usage(format!("SLUICE_MAIL_URL: {why}")))
}

/// How a certificate begins in PEM.
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
