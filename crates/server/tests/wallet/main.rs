//! A customer's wallet: paying with the card on file, saving and removing cards, the auto-recharge with everything that a card's
//! bank may say, links by mail. Against the real sandbox, on a real database; after each test our books and the gateway's agree.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

mod cards;
mod declines;
#[path = "../support/held.rs"]
mod held;
mod links;
#[path = "../support/metering.rs"]
mod metering;
#[path = "../support/office.rs"]
mod office;
mod races;
mod recharge;
mod returns;
#[path = "../support/sandbox.rs"]
mod sandbox;
mod scene;
mod top_ups;
