//! The same commands lead to the same states on the server and in the browser: twenty thousand transitions, drawn by a
//! generator of our own, hash to one number natively and in wasm. `cargo xtask test` runs this file as both.

#![allow(clippy::unwrap_used, reason = "this is a test")]

#[allow(dead_code, reason = "other tests use the rest of it")]
mod world;

use billing::funding::hash::fingerprint;
use sha2::{Digest, Sha256};
use world::{World, step::Step};

/// How many transitions are hashed.
const TRANSITIONS: u64 = 20_000;
/// What their states hash to. It changes with the rules, with the form of the state on the wire, and with the world of these
/// tests; then the failing test says the new one. It must never differ between the server and the browser.
const EXPECTED: &str = "9338b47bc56ccd1ec94af5e8719bf9bf8c452464e4e762c7d897d6e1a7227a77";

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn the_same_log_has_the_same_state_hash_natively_and_in_wasm() {
    let mut chance = XorShift(0x5151_6c75_6963_6531);
    let mut hasher = Sha256::new();
    let mut transitions = 0;
    while transitions < TRANSITIONS {
        let mut world = World::new();
        for _ in 0..100 {
            let before = world.tally.transitions;
            world.step(chance.step()).unwrap();
            if world.tally.transitions > before {
                for account in &world.accounts {
                    hasher.update(fingerprint(&account.funding));
                }
            }
        }
        transitions += world.tally.transitions;
    }
    let hash: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, EXPECTED);
}

/// Marsaglia's xorshift64: the same numbers everywhere, without asking anybody for chance.
struct XorShift(u64);

impl XorShift {
    fn step(&mut self) -> Step {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let bytes = self.0.to_be_bytes();
        [bytes[0], bytes[1], bytes[2], bytes[3]]
    }
}
