//! What is kept, by noun: one trait each, implemented once per database. [`Store`] runs the closures that use them, on its
//! own threads: no await inside a transaction, so that a dropped request cannot leave half a command.
//!
//! Whatever belongs to an agency is reached with a [`Scope`], which only authentication (of a person, a link, a job of that
//! agency, or the command line) makes.

pub mod accounts;
pub mod agencies;
pub mod audit;
pub mod brands;
pub mod changes;
pub mod copy;
mod database_url;
pub mod deliveries;
pub mod embed;
pub mod endpoints;
pub mod funding_log;
pub mod idempotency;
pub mod jobs;
pub mod journal;
pub mod keys;
pub mod links;
pub mod mailbox;
pub mod notices;
pub mod payments;
pub mod postgres;
pub mod prices;
pub mod requests;
pub mod second_factors;
pub mod sqlite;
pub mod statements;
mod store;
pub mod tickets;
pub mod top_ups;
pub mod treasuries;
pub mod usage;
pub mod usage_days;
pub mod users;
pub mod wallets;
pub mod webhooks;

use billing::AgencyId;

pub use database_url::{DatabaseUrl, Ends, Opened, Schema};
pub use store::{Connection, Fate, Store};

/// Everything one transaction can do.
pub trait Transaction:
    accounts::Accounts
    + agencies::Agencies
    + audit::Audit
    + brands::Brands
    + changes::Changes
    + deliveries::Deliveries
    + embed::Embedding
    + endpoints::Endpoints
    + funding_log::FundingLog
    + idempotency::Idempotency
    + jobs::Jobs
    + journal::Journal
    + keys::Keys
    + links::Links
    + mailbox::Mailbox
    + notices::Notices
    + payments::Payments
    + prices::Prices
    + requests::Requests
    + second_factors::SecondFactors
    + statements::Statements
    + tickets::Tickets
    + top_ups::TopUps
    + treasuries::Treasuries
    + usage::Usage
    + usage_days::UsageDays
    + users::Users
    + wallets::Wallets
    + webhooks::Webhooks
{
}

/// The right to one agency's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    agency: AgencyId,
}

impl Scope {
    /// For whoever was found to belong to the agency: a session, a link, a job row, or the operator at the command line.
    pub(crate) fn of(agency: AgencyId) -> Self {
        Self { agency }
    }

    /// The agency.
    pub fn agency(self) -> AgencyId {
        self.agency
    }
}

/// Why storage failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Too much is waiting to be written, or another process holds the database: try again in a moment.
    #[error("the database is busy")]
    Busy,
    /// The server is stopping.
    #[error("the database is closed")]
    Closed,
    /// A row with this key exists.
    #[error("already there: {0}")]
    Conflict(String),
    /// What is stored is not what this program writes.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// The database says no.
    #[error("database: {0}")]
    Database(String),
}

/// What storage answers.
pub type Result<T> = std::result::Result<T, StorageError>;
