//! Mail over a real SMTP server (aiosmtpd), read by a parser that is not ours: TLS and login ([`tls`]), every kind of letter
//! ([`kinds`]), links that work ([`links`]), a server that falls silent
//! ([`stalls`]), and what the agency sees of it all ([`states`]). How one letter becomes bytes is in `smtp.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test that cannot go on has failed; the support files serve several suites"
)]

#[path = "../support/database.rs"]
mod database;
mod desk;
mod kinds;
mod links;
#[path = "../support/process.rs"]
mod process;
#[path = "../support/python.rs"]
mod python;
mod sink;
mod stalls;
mod states;
mod tls;
