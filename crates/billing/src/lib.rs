//! The pure heart of Sluice: who pays for a sub-account's usage, and what that does to the books.
//!
//! Start reading at [`funding`]: `decide(&funding, &command, &context)` turns a [`funding::Command`] into events or a
//! [`funding::Refusal`], `apply` folds events into the state. [`ledger`] turns events into balanced entries,
//! [`funding::effects`] into work for the outside world. [`api`] holds the wire types that the server and the browser share,
//! [`drafts`] the one parse from what a person typed, [`plan`] what a dialog promises before the button is pressed.
//!
//! What never appears in here: a clock, randomness, I/O, async, floats, or iteration over a hash map. The crate is compiled
//! for the server and for the browser, and both must come to the same answer.

pub mod access;
pub mod api;
pub mod brand;
pub mod drafts;
pub mod embed;
pub mod funding;
pub mod ids;
pub mod ledger;
pub mod letters;
pub mod money;
pub mod people;
pub mod plan;
pub mod policy;
pub mod pricing;
pub mod quantity;
pub mod runway;
#[cfg(feature = "schema")]
mod schema;
pub mod standing;
pub mod statements;
pub mod text;
pub mod timeline;
pub mod timestamp;
pub mod treasury;
pub mod usage;
pub mod wallet;

pub use ids::{
    AgencyId, EndpointId, JobId, KeyId, MailId, MessageId, PaymentId, RequestId, SetupId,
    SubAccountId, UserId,
};
pub use money::{Currency, Money};
pub use policy::Policy;
pub use quantity::Quantity;
pub use standing::Standing;
pub use timestamp::Timestamp;
