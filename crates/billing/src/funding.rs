//! The funding machine: who pays for one sub-account's usage, since when, and what is under way.
//!
//! Read [`state`] for what can be true, [`command`] for what can be asked, [`event`] for what can happen; then [`decide()`]
//! (command → events or a [`Refusal`]) and [`apply()`] (event → state). [`can`] is the dry run behind every button.
//! [`effects`] lists what the outside world has to do about an event. Timers, webhooks, jobs and people all enter as
//! commands; there is no other way to change a state.

mod apply;
pub mod command;
mod decide;
pub mod effect;
pub mod event;
pub mod hash;
pub mod payment;
pub mod refusal;
pub mod state;

pub use apply::{apply, fold};
pub use command::{Actor, Command, Context, ReturnChoice};
pub use decide::{Decision, can, decide, refundable};
pub use effect::{Effect, Letter, effects};
pub use event::{Event, Recorded};
pub use payment::{
    Card, Dispute, DisputeStatus, Payment, PaymentFailure, PaymentStatus, Purpose, Refund,
    RefundKey, RefundStatus,
};
pub use refusal::{DeadLink, Refusal};
pub use state::{
    AskedUsage, BillingRequest, ClosedRequest, Closure, CustomerBilling, Funding, FundingState,
    Payer, Phase, ReturnOrder,
};

#[cfg(test)]
mod tests;
