//! `sluice openapi`

use std::io::Write as _;

use super::End;
use crate::http::openapi;

/// Prints the document of the API.
///
/// # Errors
/// When nobody reads it to its end.
pub fn run() -> Result<(), End> {
    let mut out = std::io::stdout().lock();
    out.write_all(openapi::text().as_bytes()).map_err(End::failed)
}
