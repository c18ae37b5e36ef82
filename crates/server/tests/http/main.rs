//! The HTTP contract through the real router on a real database; payments against the real sandbox process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it fails"
)]

mod accounts;
mod balance;
mod branding;
mod canary;
mod changes;
mod commands;
mod customers;
#[path = "../support/database.rs"]
#[allow(dead_code, reason = "other suites use the rest")]
mod database;
mod demo;
mod embed;
mod endpoints;
mod errors;
mod limits;
mod matrix;
mod money_back;
mod passwords;
mod people;
mod preview;
mod providers;
mod receipts;
mod roles;
#[path = "../support/sandbox.rs"]
mod sandbox;
mod second_factor;
mod security;
mod sessions;
mod statements;
mod support;
mod top_ups;
mod trail;
mod usage;
mod wallet;
mod world;
