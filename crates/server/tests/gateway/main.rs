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

/// Each of these functions is two tests, one for each server.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sandbox {
            $(#[tokio::test] async fn $name() { super::$name(crate::ground::Ground::sandbox().await).await; })*
        }
        mod localstripe {
            $(#[tokio::test] async fn $name() { super::$name(crate::ground::Ground::localstripe().await).await; })*
        }
    };
}

mod contract;
mod contract_saved;
mod differences;
mod ground;
#[path = "../support/python.rs"]
mod python;
#[path = "../support/sandbox.rs"]
mod sandbox;
mod sdk;
