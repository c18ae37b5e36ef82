//! What only PostgreSQL has: row-level security, several servers on one database, lost connections, deadlocks.
//! `cargo xtask test --only postgres` starts a cluster and runs it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

#[path = "../support/database.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod database;
#[path = "../storage/ground.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod ground;
mod isolation;
mod servers;
mod trouble;
