//! A small payment gateway that speaks the part of Stripe's API and Stripe.js that Sluice uses,
//! with its own books, Stripe's test cards, and switches for faults.
//!
//! Start reading at [`http`](self) (`src/http.rs`): the way of a request. `api/` says which
//! function answers what, `payments.rs` what a payment may become (`setups.rs` a card that is kept, `disputes.rs` a complaint), `books/` what is remembered,
//! `control.rs` what can be made to go wrong, `browser/` what runs at the customer's.
//!
//! What never appears here: anything of Sluice's own (the two meet over HTTP only), a real card
//! number (only Stripe's published test numbers are let in, and the books keep a reference to the
//! table, not the number), real money.

mod api;
mod auth;
mod books;
mod browser;
mod cards;
mod clock;
mod control;
mod desk;
mod disputes;
mod entropy;
mod error;
mod expand;
mod faults;
mod form;
mod http;
mod idempotency;
mod import;
mod payments;
mod refunds;
mod serve;
mod setups;
mod shelf;
mod signature;
mod sources;
mod totals;
mod webhooks;

pub use clock::{Clock, SystemClock};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use http::Sandbox;
pub use serve::serve;
pub use signature::sign;

/// The version of Stripe's API that is spoken here.
pub const API_VERSION: &str = "2026-10-28.endive";
