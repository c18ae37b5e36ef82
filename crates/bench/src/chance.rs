//! Identities in random order, none of them twice, at a few nanoseconds each.

use std::sync::atomic::{AtomicU64, Ordering};

use server::deps::{Entropy as _, SystemEntropy};

/// Letters of an identity.
pub const ID_LETTERS: usize = 32;

/// Where identities come from: a counter behind a bijection that looks random (Steele, Lea, Flood 2014: SplitMix64).
pub struct Ids {
    next: AtomicU64,
    salt: u64,
}

impl Ids {
    /// Others than those of any other run.
    pub fn new() -> Self {
        let mut salt = [0; 8];
        SystemEntropy.fill(&mut salt);
        Self { next: AtomicU64::new(0), salt: u64::from_le_bytes(salt) }
    }

    /// The next identity in hexadecimal, and a random number beside it.
    pub fn next(&self, id: &mut [u8; ID_LETTERS]) -> u64 {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (high, low) = (mix(number ^ self.salt), mix(number.wrapping_add(self.salt)));
        let whole = u128::from(high) << 64 | u128::from(low);
        for (pair, byte) in id.chunks_exact_mut(2).zip(whole.to_be_bytes()) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        mix(low)
    }
}

fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
