//! The agency's own balance: paying onto it with a new card and with the one on file, the auto-recharge that its clients' usage sets
//! off, with everything that a card's bank may say, disputes. Against the real sandbox, on a real database; after each test our
//! books and the gateway's agree.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

mod cards;
mod disputes;
#[path = "../support/held.rs"]
mod held;
#[path = "../support/metering.rs"]
mod metering;
#[path = "../support/office.rs"]
mod office;
mod races;
mod recharge;
#[path = "../support/sandbox.rs"]
mod sandbox;
mod scene;
mod top_ups;
