//! What every database must do, through the traits of `server::storage`: the same suite on SQLite and on PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

mod accounts;
mod books;
mod brands;
#[path = "../support/database.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod database;
mod embed;
#[allow(dead_code, reason = "other suites use the rest")]
mod ground;
mod jobs;
mod people;
mod second_factors;
mod standing;
mod statements;
mod top_ups;
mod transactions;
