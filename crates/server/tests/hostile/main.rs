//! A real `sluice` process, real sockets, and callers who mean harm: others keep being served. What is counted is answers,
//! never time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

mod bodies;
#[path = "../support/database.rs"]
mod database;
mod forged_tokens;
mod half_open;
mod log;
#[path = "../support/process.rs"]
mod process;
mod proxies;
mod sign_ins;
mod wire;
