//! A fingerprint of a state: the same log leads to the same one on the server and in the browser.

use sha2::{Digest, Sha256};

use super::Funding;

/// SHA-256 over the JSON of the state, in hex. Maps in it are ordered, so equal states have equal fingerprints.
pub fn fingerprint(funding: &Funding) -> String {
    let json = serde_json::to_vec(funding).unwrap_or_default();
    Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect()
}
