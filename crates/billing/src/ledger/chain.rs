//! The hash chain over an agency's entries: changing, dropping or inserting one breaks every link after it.

use sha2::{Digest, Sha256};

use super::JournalEntry;

/// The link of an entry: SHA-256 over the link before it and the entry's canonical text.
pub type Link = [u8; 32];

/// What the first entry of an agency is chained to.
pub const GENESIS: Link = [0; 32];

/// The link of entry `number` (from 1, without gaps) that follows `previous`.
pub fn link(previous: &Link, number: u64, entry: &JournalEntry) -> Link {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(canonical(number, entry).as_bytes());
    hasher.finalize().into()
}

/// One line per fact, in a fixed order; the reference comes last because only it could contain anything.
fn canonical(number: u64, entry: &JournalEntry) -> String {
    use std::fmt::Write as _;

    let mut text = format!("{number}\n{}\n{}\n", entry.kind().name(), entry.at().millis());
    if let Some(sub_account) = entry.sub_account() {
        let _ = write!(text, "{sub_account}");
    }
    for posting in entry.postings() {
        let _ = write!(text, "\n{}", posting.book.name());
        if let Some(sub_account) = posting.book.sub_account() {
            let _ = write!(text, ":{sub_account}");
        }
        let _ = write!(text, "={} {}", posting.amount.micros(), posting.amount.currency());
    }
    let _ = write!(text, "\n{}", entry.reference());
    text
}
