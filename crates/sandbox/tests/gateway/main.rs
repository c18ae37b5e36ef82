//! The gateway as its users meet it: the real process, over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop, in its helpers too"
)]

mod auth;
mod cards;
mod disputes;
mod faults;
mod frames;
mod idempotency;
mod import;
mod lists;
mod parameters;
mod process;
mod receiver;
mod refunds;
mod setups;
mod support;
mod three_d_secure;
mod time;
mod webhooks;
