//! The gateway's client against two servers that speak Stripe's wire: our sandbox, and localstripe, which others wrote. One suite
//! of what must hold with either ([`contract`]); what localstripe does otherwise stands in [`differences`]; Stripe's own client
//! drives the sandbox in [`sdk`]. What only the sandbox can do (faults) is in `gateway_sandbox.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

mod contract;
mod differences;
mod ground;
#[path = "../support/python.rs"]
mod python;
#[expect(dead_code, reason = "its faults are for gateway_sandbox.rs")]
#[path = "../support/sandbox.rs"]
mod sandbox;
mod sdk;
