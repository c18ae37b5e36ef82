//! The server of Sluice: HTTP, storage, the gateway's client, mail, jobs, command line. No business rule lives here; those are
//! in the `billing` crate.
//!
//! Start reading at [`execute`]: the one door through which everything that changes money or funding goes, in one storage
//! transaction. [`http`], [`jobs`] and [`cli`] call it; [`storage`] is what it stands on. [`deps`] is everything that comes
//! from outside: time, chance, the store, the gateway, the mailer.

pub mod balance;
pub mod cli;
pub mod config;
pub mod copy;
pub mod courier;
pub mod demo;
pub mod deps;
mod documents;
pub mod execute;
pub mod gateway;
pub mod http;
pub mod jobs;
pub mod mail;
pub mod metering;
pub mod oidc;
pub mod pay;
pub mod reconcile;
pub mod storage;
pub mod verify;
pub mod zone;
