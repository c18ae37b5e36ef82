//! What only PostgreSQL has: row-level security, several servers on one database, lost connections, deadlocks, and what is
//! copied there.
//! `cargo xtask test --only postgres` starts a cluster and runs it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

mod certificates;
mod copy;
mod copy_refused;
#[path = "../storage/ground.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod ground;
mod isolation;
#[path = "../support/metering.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod metering;
#[path = "../support/office.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod office;
#[path = "../support/sandbox.rs"]
mod sandbox;
mod servers;
mod trouble;

use office::database;
