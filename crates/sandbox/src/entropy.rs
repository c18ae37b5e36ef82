//! Where ids and secrets get their randomness: a seam, so that a seed makes the same ids again.

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Fills buffers with bytes nobody can guess, or, from a seed, with bytes everybody can repeat.
pub trait Entropy: Send {
    /// Overwrites all of `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the sandbox asks for chance"
    )]
    fn fill(&mut self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Without randomness two payments could share an id; going on would be worse.
            eprintln!("sluice-sandbox: no randomness from the system: {error}");
            std::process::exit(1);
        }
    }
}

/// A repeatable stream: SHA-256 over the seed and a counter.
#[derive(Debug, Clone)]
pub struct SeededEntropy {
    seed: u64,
    block: u64,
}

impl SeededEntropy {
    /// The stream of this seed, from its start.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, block: 0 }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(self.seed.to_be_bytes());
            hash.update(self.block.to_be_bytes());
            self.block += 1;
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
    }
}

/// `length` characters out of 62.
pub(crate) fn base62(entropy: &mut dyn Entropy, length: usize) -> String {
    let mut bytes = vec![0; length];
    entropy.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}
